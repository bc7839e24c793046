import { env as bindings } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { NotificationView, SentMailView } from '../api/views/settings.ts'
import { claimDelivery } from '../store/deliveries.ts'
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

/**
 * Makes the mail server refuse messages as `refusal` says, by their recipient; null for a message that it takes. Returns the
 * minutes of all attempts.
 */
function refusing(refusal: (to: string) => Error | null): number[] {
  const began = world.now
  const asked: number[] = []
  const send: SendEmail['send'] = async (message: EmailMessage | EmailMessageBuilder) => {
    asked.push((Date.now() - began) / MINUTE)
    const error = refusal(String(message.to))
    if (error !== null) throw error
    return mailbox.send(message as EmailMessageBuilder)
  }
  world.env.EMAIL = { ...mailbox, send }
  return asked
}

const outage = () => refusing(() => new Error('no mail server'))
const coded = (code: string) => Object.assign(new Error('to a@example.org'), { code })

/** Gives the report in the outbox three recipients. */
async function toThree(): Promise<void> {
  await bindings.DB.prepare('UPDATE notification SET recipients = ?')
    .bind(JSON.stringify(['a@example.org', 'gone@example.org', 'c@example.org']))
    .run()
}

/** Returns the state of the e-mail for each recipient. */
async function recipients(): Promise<[string | null, string, string | null][]> {
  const { id } = await notification()
  const mail = await world.api<SentMailView>('GET', `/api/notifications/${id}`)
  return mail.recipients.map(({ email, status, code }) => [email, status, code])
}

/** Sends the e-mail to the recipients for whom it is due. */
async function send(): Promise<void> {
  await world.tick(0)
  await world.drain()
}

/** Lets time pass until the e-mail is not pending any more. */
async function untilOver(): Promise<void> {
  await send()
  while ((await notification()).status === 'pending') {
    await world.tick(await wait())
    await world.drain()
  }
}

it('an e-mail that cannot be sent is tried for a day with growing pauses and then given up, and the health check reports it', async () => {
  const asked = outage()
  await untilOver()
  expect(asked.slice(0, 8)).toEqual([0, 1, 3, 8, 18, 48, 108, 168])
  expect(asked.at(-1)).toBeGreaterThanOrEqual(24 * 60)
  expect(asked).toHaveLength(5 + 1 + 24)
  expect(await notification()).toMatchObject({ status: 'failed', error: 'Error', sentAt: null })
  const checks = { database: 'ok', files: 'ok', email: 'unsent', encryptionKey: 'ok', publicUrl: 'ok' }
  expect(await health()).toMatchObject({ status: 503, ...checks })
  await world.tick(7 * 24 * 60 + 1)
  await world.drain()
  expect(await health()).toMatchObject({ status: 200, email: 'ok' })
  expect((await notification()).status).toBe('failed')
})

// Found by npm run faults.
it('an e-mail whose first attempt fails after an outage of more than a day is tried again', async () => {
  outage()
  world.messages = []
  await world.tick(26 * 60)
  await world.drain()
  expect((await notification()).status).toBe('pending')
  world.env.EMAIL = mailbox
  await world.tick(await wait())
  await world.drain()
  expect((await notification()).status).toBe('sent')
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
  expect(await claimDelivery(world.env, id, 'email', Date.now())).toMatchObject({ notification: id, attempts: 1 })
  await notifyStep(world.env, id)
  await world.tick(14)
  expect([notifies(), world.mails]).toEqual([[], []])
  await world.tick(1)
  await world.drain()
  expect(world.mails).toHaveLength(1)
  expect((await notification()).status).toBe('sent')
})

describe('an e-mail to several recipients', () => {
  beforeEach(toThree)

  it('every recipient gets a message without the addresses of the others', async () => {
    await untilOver()
    expect(world.mails.map(({ to }) => to)).toEqual([['a@example.org'], ['gone@example.org'], ['c@example.org']])
    expect(new Set(world.mails.map(({ text }) => text)).size).toBe(1)
  })

  it('a suppressed recipient is named by its code and not tried again, and the others get their e-mail', async () => {
    const asked = refusing((to) => (to === 'gone@example.org' ? coded('E_RECIPIENT_SUPPRESSED') : null))
    await untilOver()
    expect(await recipients()).toEqual([
      ['a@example.org', 'sent', null],
      ['gone@example.org', 'failed', 'E_RECIPIENT_SUPPRESSED'],
      ['c@example.org', 'sent', null],
    ])
    expect(await notification()).toMatchObject({ status: 'failed', error: 'E_RECIPIENT_SUPPRESSED' })
    await world.tick(24 * 60)
    await world.drain()
    expect(asked).toEqual([0, 0, 0])
    // Somebody has got it, so e-mails are sent.
    expect(await health()).toMatchObject({ status: 200, email: 'ok' })
  })

  it('sending again reaches only the recipient who has not got it', async () => {
    refusing((to) => (to === 'gone@example.org' ? coded('E_RECIPIENT_SUPPRESSED') : null))
    await untilOver()
    world.env.EMAIL = mailbox
    const { id } = await notification()
    await world.api('POST', `/api/notifications/${id}/resend`)
    await untilOver()
    expect(world.mails.map(({ to }) => to.join())).toEqual(['a@example.org', 'c@example.org', 'gone@example.org'])
    expect(await notification()).toMatchObject({ status: 'sent', error: null })
  })

  it('a delivery that fails at one recipient does not keep the others waiting', async () => {
    let failing = true
    const asked = refusing((to) => (to === 'a@example.org' && failing ? coded('E_DELIVERY_FAILED') : null))
    await send()
    expect((await recipients()).map(([, status]) => status)).toEqual(['pending', 'sent', 'sent'])
    await world.tick(12)
    await world.drain()
    // Somebody has got it, so e-mails are sent.
    expect(await health()).toMatchObject({ status: 200, email: 'ok' })
    failing = false
    await untilOver()
    expect(asked).toEqual([0, 0, 0, 12, 14])
  })

  it('in an outage only one recipient is tried at a time', async () => {
    const asked = outage()
    await send()
    await world.tick(await wait())
    await world.drain()
    expect(asked).toEqual([0, 1])
    expect(await recipients()).toEqual([
      ['a@example.org', 'pending', 'Error'],
      ['gone@example.org', 'pending', 'Error'],
      ['c@example.org', 'pending', 'Error'],
    ])
  })
})

it('an e-mail that waits for the quota of the next day is tried a last time after a day, and the code is kept', async () => {
  const asked = refusing(() => coded('E_DAILY_LIMIT_EXCEEDED'))
  await untilOver()
  expect(asked).toEqual([0, 240, 480, 720, 960, 1200, 1440])
  expect(await recipients()).toEqual([['a@example.org', 'failed', 'E_DAILY_LIMIT_EXCEEDED']])
})

it('an e-mail whose attempts crash is given up in the end', async () => {
  const { id } = await notification()
  expect(await claimDelivery(world.env, id, 'email', Date.now())).not.toBeNull()
  await bindings.DB.prepare('UPDATE delivery SET attempts = 100, next_at = 0').run()
  await notifyStep(world.env, id)
  expect([await recipients(), world.mails]).toEqual([[['a@example.org', 'failed', 'unfinished']], []])
})

it('an e-mail that an earlier version sent to all in one message shows its state for each recipient', async () => {
  await toThree()
  await bindings.DB.prepare(
    `UPDATE notification SET status = 'failed', error = 'E_RECIPIENT_SUPPRESSED', attempts = 5`,
  ).run()
  const before = await recipients()
  expect(before.map(([, status, code]) => [status, code])).toEqual(Array(3).fill(['failed', 'E_RECIPIENT_SUPPRESSED']))
  const { id } = await notification()
  world.messages = []
  await world.api('POST', `/api/notifications/${id}/resend`)
  await untilOver()
  expect(world.mails).toHaveLength(3)
})
