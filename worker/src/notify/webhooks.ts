import { request } from '../connections/network.ts'
import { retryAfterSeconds } from '../connections/status.ts'
import { Failure } from '../core/failure.ts'
import { noteOf } from '../core/note.ts'
import { pauseAfter } from '../core/retry.ts'
import type { WebhookKind } from '../core/source.ts'
import type { Env } from '../env.ts'
import { refuseAddress } from '../security/address.ts'
import { sign } from '../security/signature.ts'
import { claimDelivery, type DeliveryRow, endDelivery, failDelivery, skipDelivery } from '../store/deliveries.ts'
import { findNotification } from '../store/notifications.ts'
import { findRun } from '../store/runs.ts'
import { findSource } from '../store/sources.ts'
import { readWebhook } from '../store/webhooks.ts'
import { type Event, isEvent, musterBody, slackBody, teamsBody } from './events.ts'
import { MOST_ATTEMPTS, nextAttempt } from './refusals.ts'

/** How long a call may take in all, in milliseconds. */
const WITHIN = 10_000

/** The body for each kind of address. */
const BODIES: Record<WebhookKind, (event: Event) => object> = {
  muster: musterBody,
  slack: slackBody,
  teams: teamsBody,
}

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
      attempts > MOST_ATTEMPTS ? { code: 'unfinished', pause: null } : await call(env, delivery, BODIES[kind](event))
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

/** Sends the body to the address of a delivery. The answer counts by its status only. */
async function call(env: Env, { notification, place, address, attempts }: DeliveryRow, json: object): Promise<Outcome> {
  try {
    const webhook = await readWebhook(env, address)
    if (webhook === null) return { code: 'removed', pause: null }
    const url = new URL(webhook.url)
    refuseAddress(url, { allowLoopback: env.ALLOW_LOOPBACK === '1' })
    const body = new TextEncoder().encode(JSON.stringify(json))
    const headers = new Headers({ 'Content-Type': 'application/json', 'User-Agent': 'Muster' })
    if (webhook.secret !== null) {
      headers.set('Muster-Signature', await sign(body, webhook.secret, Math.floor(Date.now() / 1000)))
      // The same for each attempt, so that the receiver can tell a repeated one.
      headers.set('Muster-Delivery', `${notification}.${place}`)
    }
    const bounds = { firstByteMs: WITHIN, signal: AbortSignal.timeout(WITHIN) }
    const response = await request(url, { method: 'POST', headers, body }, bounds)
    await response.body?.cancel()
    return outcomeOf(response, attempts)
  } catch (error) {
    const final = error instanceof Failure && error.code === 'address_refused'
    return { code: noteOf(error), pause: final ? null : pauseAfter(attempts) }
  }
}

function outcomeOf({ status, ok, headers }: Response, attempts: number): Outcome {
  if (ok) return 'done'
  const code = `http_${status}`
  const busy = status === 408 || status === 429 || status >= 500
  // Any other answer stays the same: the address is wrong or was taken back, or it has moved elsewhere.
  if (!busy) return { code, pause: null }
  const wanted = retryAfterSeconds(headers.get('Retry-After'), Date.now()) ?? 0
  return { code, pause: Math.max(pauseAfter(attempts), wanted * 1000) }
}
