import * as z from 'zod'
import { noteOf } from '../core/note.ts'
import type { Env } from '../env.ts'
import { areKeysValid, keysOf } from '../security/secrets.ts'
import { lastMigration, type Pulse, readPulse } from '../store/heartbeats.ts'
import { hasUnsentNotifications } from '../store/notifications.ts'
import { keyState } from '../store/sealed.ts'
import { readSettings } from '../store/settings.ts'
import { requireActor } from './access.ts'
import { type Checks, NEWEST_MIGRATION, sentenceOf } from './alarms.ts'
import { VERSION } from './openapi.ts'
import { isLoopback, isOwnOrigin } from './person.ts'
import { route } from './route.ts'

const MINUTE = 60_000
/** How late the cron may be before it is an alarm, in milliseconds. A single tick may be missing. */
const CRON_LATE = 10 * MINUTE
/** How long a message that was given up is an alarm, in milliseconds. */
const GIVEN_UP_FOR = 24 * 60 * MINUTE

/** Whether every part of Muster works. Each alarm has its section in docs/alarms.md. */
export const healthRoutes = [
  route({
    method: 'get',
    path: '/api/health',
    summary: 'Whether every part of Muster works; the reasons are told to those who are signed in',
    role: null,
    answer: z.object({
      ok: z.boolean(),
      version: z.string(),
      checks: z
        .record(z.string(), z.string())
        .describe('`ok` or `failed`; for those who are signed in, the name of the alarm'),
      reasons: z
        .record(z.string(), z.string())
        .optional()
        .describe('A sentence for each alarm, for those who are signed in'),
    }),
    async handle({ env, request }) {
      const checks = await examined(env, request, Date.now())
      const alarms = Object.entries(checks).filter(([, word]) => word !== 'ok')
      const [ok, status] = alarms.length === 0 ? [true, 200] : [false, 503]
      if (!(await isSomebody(env, request))) {
        const words = Object.entries(checks).map(([check, word]) => [check, word === 'ok' ? 'ok' : 'failed'])
        return Response.json({ ok, version: VERSION, checks: Object.fromEntries(words) }, { status })
      }
      const reasons = Object.fromEntries(alarms.map(([check, word]) => [check, sentenceOf(check, word)]))
      return Response.json({ ok, version: VERSION, checks, ...(ok ? {} : { reasons }) }, { status })
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

/** Returns what the health check says now. */
async function examined(env: Env, request: Request, now: number): Promise<Checks> {
  const pulse = await readPulse(env).catch(silently)
  return {
    database: pulse === null ? 'failed' : 'ok',
    files: (await env.FILES.head('health').then(() => true, silently)) === null ? 'failed' : 'ok',
    migrations: await lastMigration(env).then((last) => (last < NEWEST_MIGRATION ? 'behind' : 'ok'), failed),
    encryptionKey: keysOf(env).length === 0 ? 'missing' : areKeysValid(keysOf(env)) ? 'ok' : 'invalid',
    publicUrl: isPublicAddress(env, request) ? 'ok' : 'another',
    email: await hasUnsentNotifications(env, now).then((unsent) => (unsent ? 'unsent' : 'ok'), failed),
    ...(pulse === null ? UNKNOWN : workOf(env, pulse, now)),
    sender: pulse?.senderRefused === true ? 'refused' : await senderOf(env).catch(() => 'ok' as const),
  }
}

type Work = Pick<Checks, 'cron' | 'queue' | 'deadLetters' | 'bridge'>
/** A database that does not answer is one alarm, not five. */
const UNKNOWN: Work = { cron: 'ok', queue: 'ok', deadLetters: 'ok', bridge: 'ok' }

function workOf(env: Env, { tick, deadLetter, stalled, needsBridge, bridgeFails }: Pulse, now: number): Work {
  const hasBridge = env.BRIDGE_URL !== undefined || env.BRIDGE !== undefined
  return {
    cron: now - tick > CRON_LATE ? 'late' : 'ok',
    queue: stalled ? 'stalled' : 'ok',
    deadLetters: deadLetter !== null && now - deadLetter < GIVEN_UP_FOR ? 'some' : 'ok',
    bridge: needsBridge && !hasBridge ? 'missing' : bridgeFails ? 'failing' : 'ok',
  }
}

/** The domains that stand for others (RFC 2606). Nobody can send from them. */
const EXAMPLE = /@(?:[^@]*\.)?example\.(?:com|net|org)$/i

/** Says whether the sender's address is still the one of the example. On one machine, e-mails are files. */
async function senderOf(env: Env): Promise<Checks['sender']> {
  if (env.ALLOW_LOOPBACK === '1' || isLoopback(new URL(env.PUBLIC_URL))) return 'ok'
  return EXAMPLE.test((await readSettings(env)).sender ?? env.SENDER) ? 'placeholder' : 'ok'
}

/** Returns whether a request is by somebody who is signed in, or by a system with a token. */
async function isSomebody(env: Env, request: Request): Promise<boolean> {
  const needs = { role: 'viewer', passive: true } as const
  return requireActor(env, request, needs).then(
    () => true,
    () => false,
  )
}

function silently(error: unknown): null {
  console.error(`health: ${noteOf(error)}`)
  return null
}

function failed(error: unknown): 'failed' {
  silently(error)
  return 'failed'
}
