import { env as bindings } from 'cloudflare:workers'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { NotificationView, Page } from '../api/views.ts'
import { claimNotification } from '../store/notifications.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { World } from '../testing/world.ts'
import { notifyStep } from './send.ts'

const MINUTE = 60_000
let world: World
let mailbox: SendEmail

// A run has ended and its report is pending in the outbox.
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  world = await World.start()
  mailbox = world.env.EMAIL
  const source = await world.source({ notify: { emails: ['a@example.org'], when: 'always' } })
  world.remote = csvOf(crowd(3))
  await world.api('POST', `/api/sources/${source}/runs`, {})
  for (let next = world.messages.shift(); next?.step.step !== 'notify'; next = world.messages.shift()) {
    if (next === undefined) throw new Error('The run told nobody')
    await world.deliver(next.step)
  }
})
afterEach(() => void vi.useRealTimers())

async function notification(): Promise<NotificationView> {
  const { items } = await world.api<Page<NotificationView>>('GET', '/api/notifications')
  const [only] = items
  if (only === undefined || items.length > 1) throw new Error(`There are ${items.length} notifications`)
  return only
}

async function health() {
  const response = await world.request('GET', '/api/health')
  return { status: response.status, ...(await response.json<{ checks: Record<string, string> }>()).checks }
}

/** Returns the queued messages for the e-mail's next attempt. */
const notifies = () => world.messages.map(({ step }) => step).filter(({ step }) => step === 'notify')

/** Returns the minutes until the next attempt to send the e-mail. */
async function wait(): Promise<number> {
  const next = await bindings.DB.prepare('SELECT next_at FROM notification').first<number>('next_at')
  return Math.max(0, ((next ?? 0) - world.now) / MINUTE)
}

/** Makes the mail server refuse everything, and returns the minutes of the attempts. */
function outage(): number[] {
  const began = world.now
  const asked: number[] = []
  const send = () => {
    asked.push((Date.now() - began) / MINUTE)
    return Promise.reject(new Error('no mail server'))
  }
  world.env.EMAIL = { ...mailbox, send }
  return asked
}

it('an e-mail that cannot be sent is tried for a day with growing pauses and then given up, and the health check reports it', async () => {
  const asked = outage()
  while ((await notification()).status === 'pending') {
    await world.tick(await wait())
    await world.drain()
  }
  expect(asked.slice(0, 8)).toEqual([0, 1, 3, 8, 18, 48, 108, 168])
  expect(asked.at(-1)).toBeGreaterThanOrEqual(24 * 60)
  expect(asked).toHaveLength(5 + 1 + 24)
  expect(await notification()).toMatchObject({ status: 'failed', error: 'Error', sentAt: null })
  const checks = { database: 'ok', files: 'ok', email: 'unsent', encryptionKey: 'ok', publicUrl: 'ok' }
  expect(await health()).toEqual({ status: 503, ...checks })
  await world.tick(7 * 24 * 60 + 1)
  await world.drain()
  expect(await health()).toMatchObject({ status: 200, email: 'ok' })
  expect((await notification()).status).toBe('failed')
})

it('an e-mail that is pending during an outage is sent once when the outage is over', async () => {
  const asked = outage()
  while (asked.length < 5) {
    await world.tick(await wait())
    await world.drain()
  }
  expect([await health(), await notification()]).toMatchObject([
    { status: 503, email: 'unsent' },
    { status: 'pending', error: 'Error' },
  ])
  world.env.EMAIL = mailbox
  await world.tick((await wait()) - 1)
  expect(notifies()).toEqual([])
  await world.tick(1)
  await world.drain()
  await world.tick(60)
  await world.drain()
  expect(world.mails.map(({ to }) => to)).toEqual([['a@example.org']])
  expect([await health(), await notification()]).toMatchObject([
    { status: 200, email: 'ok' },
    { status: 'sent', error: null },
  ])
})

it('two simultaneous ticks and a message that is delivered twice at once send an e-mail only once', async () => {
  await Promise.all([world.tick(0), world.tick(0)])
  const steps = notifies()
  expect(steps).toHaveLength(2)
  world.messages = []
  await Promise.all([...steps, ...steps].map((step) => world.deliver(step)))
  expect(world.mails).toHaveLength(1)
})

it('an e-mail whose attempt crashed is not tried for 15 minutes and is then sent', async () => {
  const { id } = await notification()
  expect(await claimNotification(world.env, id, Date.now())).toMatchObject({ id, attempts: 1 })
  await notifyStep(world.env, id)
  await world.tick(14)
  expect([notifies(), world.mails]).toEqual([[], []])
  await world.tick(1)
  await world.drain()
  expect(world.mails).toHaveLength(1)
  expect((await notification()).status).toBe('sent')
})
