import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import { docsPage } from './docs.ts'
import { exampleOf } from './example.ts'
import { answerSchema, bodySchema } from './openapi.ts'
import { ERRORS } from './problem.ts'
import { routes } from './routes.ts'

const page = docsPage(routes, 'https://muster.example.org')

describe('the page of the API', () => {
  it('every call is on the page once, with who may make it and an example', () => {
    const calls = page.split('<details class="call"').slice(1)
    expect(calls).toHaveLength(routes.length)
    for (const call of calls) {
      expect(call).toMatch(/Needs no sign-in|Who may call it: \w+/)
      expect(call).toContain('<code>curl ')
    }
    for (const { path } of routes) expect(page).toContain(`<code>${path.replace(/:(\w+)/g, '{$1}')}</code>`)
  })

  it('every code of a refusal has an entry, to which the refusal links', () => {
    for (const code of new Set(Object.values(ERRORS).flat())) expect(page.split(`<dt id="${code}">`)).toHaveLength(2)
  })

  it('no two parts of the page have the same address', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(ids).toEqual([...new Set(ids)])
  })

  it('the page runs only the script of the pages, and other answers run none', async () => {
    const { env } = await World.start()
    const [docs, description] = await Promise.all(
      ['/api/docs', '/api/openapi.json'].map(async (path) => {
        const response = await app.request(path, {}, env)
        await response.body?.cancel()
        return response.headers.get('Content-Security-Policy') ?? ''
      }),
    )
    expect(docs).toMatch(/^default-src 'none'.*; style-src 'self'; script-src 'self'$/)
    expect(description).toMatch(/^default-src 'none'/)
    expect(description).not.toContain('script-src')
    expect(page.match(/<script[^>]*>/g)).toEqual(['<script src="/api-docs.js">'])
  })

  it('the example of each body and answer fits its schema', () => {
    const wrong = routes.flatMap((route) => {
      const { method, path, body, answer, raw } = route
      const sent = body === undefined || raw !== undefined ? true : fits(body, exampleOf(bodySchema(route), true))
      const got = answer === undefined ? true : typeof exampleOf(answerSchema(route), false) === 'object'
      return sent && got ? [] : [`${method} ${path}`]
    })
    // Secrets of these have a form that no reader needs to see.
    expect(wrong).toEqual([])
  })
})

function fits(schema: z.ZodType, example: unknown): boolean {
  const { error } = schema.safeParse(example)
  if (error !== undefined) console.log(JSON.stringify(example), z.prettifyError(error))
  return error === undefined
}
