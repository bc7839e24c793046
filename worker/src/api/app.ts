import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Failure } from '../core/failure.ts'
import { noteOf } from '../core/note.ts'
import type { Env } from '../env.ts'
import { docsPage } from './docs.ts'
import { describeApi } from './openapi.ts'
import { ApiError, problemResponse } from './problem.ts'
import { routes } from './routes.ts'

/** Returns the answer to a known path with a method that it does not support (RFC 9110, 15.5.6). */
function wrongMethod(path: string): Response {
  const methods = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase())
  const allowed = methods.join(', ')
  const response = problemResponse(new ApiError(405, 'method_not_allowed', `This address takes ${allowed}.`))
  response.headers.set('Allow', allowed)
  return response
}

/** The largest request body, in bytes, except for a file. */
const MAX_BODY = 1024 * 1024
const limit = bodyLimit({
  maxSize: MAX_BODY,
  onError: () => problemResponse(new ApiError(413, 'too_large', 'The request is larger than 1 MB.')),
})

const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The headers of every answer. Only the description of the API is a page; it has a style and a script of the pages. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': NOTHING,
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

export const app = new Hono<{ Bindings: Env }>()

app.use('/*', async (context, next) => {
  await next()
  for (const [name, value] of Object.entries(HEADERS)) if (!context.res.headers.has(name)) context.header(name, value)
  if (new URL(context.req.url).protocol === 'https:') context.header('Strict-Transport-Security', 'max-age=63072000')
})
for (const { method, path, raw, respond } of routes) {
  if (raw === 'stream') app.on(method.toUpperCase(), path, respond)
  else app.on(method.toUpperCase(), path, limit, respond)
}
for (const path of new Set(routes.map((route) => route.path))) app.all(path, () => wrongMethod(path))
app.get('/api/openapi.json', (context) => context.json(describeApi(routes)))
app.get('/api/docs', (context) => {
  context.header('Content-Security-Policy', `${NOTHING}; style-src 'self'; script-src 'self'`)
  return context.html(docsPage(routes, context.env.PUBLIC_URL))
})

app.notFound(() => problemResponse(new ApiError(404, 'not_found', 'There is nothing at this address.')))
app.onError((error, context) => {
  if (error instanceof ApiError) return problemResponse(error)
  if (error instanceof Failure && error.code === 'secret_unreadable') {
    return problemResponse(new ApiError(500, error.code, `${error.message} ${error.advice}`))
  }
  const stack = (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .join('\n')
  console.error(`${context.req.method} ${context.req.routePath} failed: ${noteOf(error)}\n${stack}`)
  return problemResponse(new ApiError(500, 'internal', 'Something went wrong inside Muster. Try again.'))
})
