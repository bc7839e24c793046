import { request } from '../connections/network.ts'
import { retryAfterSeconds } from '../connections/status.ts'
import { Failure } from '../core/failure.ts'
import { noteOf } from '../core/note.ts'
import { pauseAfter } from '../core/retry.ts'
import type { WebhookKind } from '../core/source.ts'
import type { Env } from '../env.ts'
import { refuseAddress } from '../security/address.ts'
import { newId } from '../security/random.ts'
import { sign } from '../security/signature.ts'
import { claimDelivery, type DeliveryRow, endDelivery, failDelivery, skipDelivery } from '../store/deliveries.ts'
import { findNotification } from '../store/notifications.ts'
import { findRun } from '../store/runs.ts'
import { findSource } from '../store/sources.ts'
import { readWebhook, type StoredWebhook } from '../store/webhooks.ts'
import { bodyOf, isEvent, testBodyOf } from './events.ts'
import { MOST_ATTEMPTS, nextAttempt } from './refusals.ts'

/** How long a call may take in all, in milliseconds. */
const WITHIN = 10_000

/** What became of a call: `done`, or why not, with the pause until the next attempt; null if that would be of no use. */
type Outcome = 'done' | { code: string; pause: number | null }

/** Sends an event to the addresses for which it is due. Each attempt has a claim, and refusals are retried like e-mails. */
export async function webhookStep(env: Env, id: string): Promise<void> {
  const row = await findNotification(env, id)
  const run = row === null || row.run === null ? null : await findRun(env, row.run)
  const source = run === null ? null : await findSource(env, run.source)
  if (row === null) return
  for (;;) {
    const delivery = await claimDelivery(env, id, 'webhooks', Date.now())
    if (delivery === null) return
    const { channel: kind, attempts } = delivery
    // The source, or its address, has been taken away in the meantime.
    if (run === null || source === null || kind === 'email' || !isEvent(row.kind)) {
      await skipDelivery(env, delivery)
      continue
    }
    const link = `${env.PUBLIC_URL}/runs/${run.id}`
    const event = { kind: row.kind, id: `${id}.${delivery.place}`, row, run, source, link }
    const outcome: Outcome =
      attempts > MOST_ATTEMPTS ? { code: 'unfinished', pause: null } : await call(env, delivery, bodyOf(kind, event))
    if (outcome === 'done') {
      await endDelivery(env, delivery, Date.now())
      continue
    }
    const { code, pause } = outcome
    console.error(`notification ${id} to webhook ${delivery.address} could not be sent: ${code}`)
    const now = Date.now()
    await failDelivery(
      env,
      delivery,
      { code, nextAt: nextAttempt(row, delivery.attempts, pause, now), all: false },
      now,
    )
  }
}

/** Sends the body to the address of a delivery. */
async function call(env: Env, { notification, place, address, attempts }: DeliveryRow, json: object): Promise<Outcome> {
  try {
    const webhook = await readWebhook(env, address)
    if (webhook === null) return { code: 'removed', pause: null }
    // The same ID for each attempt, so that the receiver can tell a repeated one.
    return outcomeOf(await postTo(env, webhook, `${notification}.${place}`, json), attempts)
  } catch (error) {
    const final = error instanceof Failure && error.code === 'address_refused'
    return { code: noteOf(error), pause: final ? null : pauseAfter(attempts) }
  }
}

/**
 * Posts JSON to a webhook, signed if it has a secret. Returns the answer, which counts by its status only. Throws `Failure` if the
 * address is refused or does not answer.
 */
async function postTo(env: Env, { url, secret }: StoredWebhook, id: string, json: object): Promise<Response> {
  const target = new URL(url)
  refuseAddress(target, { allowLoopback: env.ALLOW_LOOPBACK === '1' })
  const body = new TextEncoder().encode(JSON.stringify(json))
  const headers = new Headers({ 'Content-Type': 'application/json', 'User-Agent': 'Muster' })
  if (secret !== null) {
    headers.set('Muster-Signature', await sign(body, secret, Math.floor(Date.now() / 1000)))
    headers.set('Muster-Delivery', id)
  }
  const bounds = { firstByteMs: WITHIN, signal: AbortSignal.timeout(WITHIN) }
  const response = await request(target, { method: 'POST', headers, body }, bounds)
  await response.body?.cancel()
  return response
}

/** Sends a test to a webhook. Returns whether it was taken, and otherwise why not. */
export async function testWebhook(env: Env, kind: WebhookKind, webhook: StoredWebhook) {
  const { host } = new URL(webhook.url)
  const id = newId()
  try {
    const { ok, status } = await postTo(env, webhook, id, testBodyOf(kind, id, Date.now(), env.PUBLIC_URL))
    if (ok) return { ok, code: null, detail: null }
    const gone = status === 404 || status === 410
    const why = gone ? ': there is no webhook at this address. Copy it again from where it was made' : ''
    return { ok, code: codeOf(status), detail: `${host} answered ${status}${why}.` }
  } catch (error) {
    const detail = error instanceof Failure ? error.message : `${host} did not answer.`
    return { ok: false, code: noteOf(error), detail }
  }
}

const codeOf = (status: number) => `http_${status}`

function outcomeOf({ status, ok, headers }: Response, attempts: number): Outcome {
  if (ok) return 'done'
  const code = codeOf(status)
  const busy = status === 408 || status === 429 || status >= 500
  // Any other answer stays the same: the address is wrong or was taken back, or it has moved elsewhere.
  if (!busy) return { code, pause: null }
  const wanted = retryAfterSeconds(headers.get('Retry-After'), Date.now()) ?? 0
  return { code, pause: Math.max(pauseAfter(attempts), wanted * 1000) }
}
