import * as z from 'zod'
import { noteOf } from '../core/note.ts'
import type { Env } from '../env.ts'
import { areKeysValid, keysOf } from '../security/secrets.ts'
import { currentValue } from '../store/counters.ts'
import { hasUnsentNotifications } from '../store/notifications.ts'
import { keyState } from '../store/sealed.ts'
import { VERSION } from './openapi.ts'
import { isLoopback, isOwnOrigin } from './person.ts'
import { route } from './route.ts'

/** Whether the services that the Worker needs respond, and whether e-mails are sent. */
export const healthRoutes = [
  route({
    method: 'get',
    path: '/api/health',
    summary: 'Whether Muster works: its database, its files and its e-mails',
    role: null,
    answer: z.object({ ok: z.boolean(), version: z.string(), checks: z.record(z.string(), z.string()) }),
    async handle({ env, request }) {
      const checks = {
        database: await answers(() => currentValue(env, 'seq')),
        files: await answers(() => env.FILES.head('health')),
        email: await answers(
          () => hasUnsentNotifications(env, Date.now()),
          (unsent) => (unsent ? 'unsent' : 'ok'),
        ),
        encryptionKey: keysOf(env).length === 0 ? 'missing' : areKeysValid(keysOf(env)) ? 'ok' : 'invalid',
        publicUrl: isPublicAddress(env, request) ? 'ok' : 'another',
      }
      const ok = Object.values(checks).every((check) => check === 'ok')
      return Response.json({ ok, version: VERSION, checks }, { status: ok ? 200 : 503 })
    },
  }),
  route({
    method: 'get',
    path: '/api/encryption',
    summary: 'The keys that encrypt stored secrets, by ID; once nothing is `left`, the other keys can be taken away',
    role: 'administrator',
    answer: z.object({
      key: z.string(),
      others: z.array(z.string()),
      left: z.number().int(),
      unreadable: z.number().int(),
    }),
    handle: ({ env }) => keyState(env),
  }),
]

/**
 * Returns whether the request came to the public address of Muster. From another one, nobody can sign in. On loopback the
 * parts of the local system call each other directly.
 */
function isPublicAddress(env: Env, request: Request): boolean {
  const url = new URL(request.url)
  return isLoopback(url) || isOwnOrigin(env, url.origin)
}

/** Returns the word for the result of `call`, or `failed` if it throws. */
async function answers<T>(call: () => Promise<T>, word: (found: T) => string = () => 'ok'): Promise<string> {
  try {
    return word(await call())
  } catch (error) {
    console.error(`health: ${noteOf(error)}`)
    return 'failed'
  }
}
