import { beforeEach, describe, expect, it } from 'vitest'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { NotificationView, SentMailView } from './views/settings.ts'

const EMAILS = ['a@example.org', 'b@example.org']
const BAD: Person = { ID: 'bad', Name: '<b>Bo</b> & “Bad”', Number: '12' }
const MINUTE = 60_000

let world: World
let source: string

beforeEach(async () => {
  world = await World.start()
  source = await world.source({ limits: NO_LIMITS, notify: { emails: EMAILS, when: 'always' } })
})

const list = async () => (await world.api<Page<NotificationView>>('GET', '/api/notifications')).items
const mail = (id: string) => world.api<SentMailView>('GET', `/api/notifications/${id}`)

async function newest(): Promise<NotificationView> {
  const [first] = await list()
  if (first === undefined) throw new Error('There is no e-mail')
  return first
}

async function resend(id: string): Promise<[number, string | null]> {
  const response = await world.request('POST', `/api/notifications/${id}/resend`)
  const { code = null } = await response.json<{ code?: string }>()
  await world.drain()
  return [response.status, code]
}

describe('an e-mail in the list', () => {
  it('an e-mail reads as it was sent, with what became of it for each recipient', async () => {
    await world.import(source, csvOf([...crowd(3), BAD]))
    const { id } = await newest()
    const [sent] = world.mails
    const shown = await mail(id)
    expect(shown).toMatchObject({
      subject: 'Staff: 3 added, 1 row to fix',
      text: sent?.text,
      html: sent?.html,
      recipients: EMAILS.map((email) => ({ email, status: 'sent', code: null, at: expect.any(String) })),
    })
    expect(shown.html).toContain('&#60;b&#62;Bo&#60;/b&#62; &#38; “Bad”')
    expect(shown.html).not.toContain('<b>Bo')
    expect(shown.text).toContain('<b>Bo</b> & “Bad”: 12')
    expect((await world.request('GET', '/api/notifications/nothing')).status).toBe(404)
  })

  it('an e-mail is also a page, which only the pages may frame, which runs no script, and whose links leave the frame', async () => {
    await world.import(source, csvOf(crowd(3)))
    const { id } = await newest()
    const response = await world.request('GET', `/api/notifications/${id}/html`)
    expect(await response.text()).toBe((await mail(id)).html?.replace('<head>', '<head><base target="_top">'))
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('X-Frame-Options')).toBe('SAMEORIGIN')
    const policy = response.headers.get('Content-Security-Policy') ?? ''
    expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; .*frame-ancestors 'self'; sandbox /)
    expect(policy).not.toMatch(/script|allow-popups|allow-forms/)
    expect((await world.request('GET', '/api/notifications/nothing/html')).status).toBe(404)
  })

  it('an e-mail about an import that was held stays as it was after the decision', async () => {
    const strict = await world.source({ notify: { emails: EMAILS } })
    await world.import(strict, csvOf(crowd(20)))
    const run = await world.import(strict, csvOf(crowd(10)))
    const { id } = await newest()
    const before = await mail(id)
    expect(before.subject).toBe('Staff: 10 removals wait')
    expect(before.html).toContain('Review 10 removals')
    await world.api('POST', `/api/runs/${run.id}/reject`)
    expect((await mail(id)).text).toBe(before.text)
  })

  it('a viewer sees the e-mail and no address', async () => {
    await world.import(source, csvOf(crowd(3)))
    const { token } = await world.api<{ token: string }>('POST', '/api/tokens', {
      name: 'A viewer',
      scopes: ['viewer'],
    })
    const { id } = await newest()
    for (const path of ['/api/notifications', `/api/notifications/${id}`]) {
      const response = await app.request(path, { headers: { Authorization: `Bearer ${token}` } }, world.env)
      const body = await response.text()
      expect(body).toContain('Staff: 3 added')
      for (const email of EMAILS) expect(body).not.toContain(email)
    }
    const response = await app.request(
      `/api/notifications/${id}/resend`,
      { method: 'POST', headers: { Authorization: `Bearer ${token}` } },
      world.env,
    )
    expect(response.status).toBe(403)
  })
})

describe('sending an e-mail again', () => {
  it('an e-mail is sent again as it was, with its spreadsheet, and is recorded', async () => {
    await world.import(source, csvOf([...crowd(3), BAD]))
    const { id } = await newest()
    await world.import(source, csvOf(crowd(3)))
    const before = world.mails.length
    world.passTime(2 * MINUTE)
    expect(await resend(id)).toEqual([202, null])
    expect(world.mails).toHaveLength(before + 2)
    expect(world.mails.slice(-2)).toEqual(world.mails.slice(0, 2))
    expect(world.mails[0]?.attachments).toHaveLength(1)
    expect((await mail(id)).status).toBe('sent')
    const audit = await world.api<Page<{ subject: string }>>('GET', '/api/audit?action=notification_resent')
    expect(audit.items.map(({ subject }) => subject)).toEqual([id])
  })

  it('a request to send again that comes twice sends one to each recipient', async () => {
    await world.import(source, csvOf(crowd(3)))
    const { id } = await newest()
    world.passTime(2 * MINUTE)
    await Promise.all([resend(id), resend(id), resend(id)])
    expect(await resend(id)).toEqual([202, null])
    expect(world.mails.map(({ to }) => to.join())).toEqual([...EMAILS, ...EMAILS])
  })

  it('an e-mail that was given up is named by its code and is sent again once the reason is gone', async () => {
    const mailbox = world.env.EMAIL
    const refused = Object.assign(new Error('a@example.org is suppressed'), { code: 'E_RECIPIENT_SUPPRESSED' })
    world.env.EMAIL = { ...mailbox, send: () => Promise.reject(refused) }
    await world.import(source, csvOf(crowd(3)))
    const { id } = await newest()
    const failed = EMAILS.map((email) => ({ email, status: 'failed', code: 'E_RECIPIENT_SUPPRESSED', at: null }))
    expect((await mail(id)).recipients).toEqual(failed)
    await world.env.DB.prepare('UPDATE notification SET created_at = 1').run()
    const outage = Object.assign(new Error('later'), { code: 'E_INTERNAL_SERVER_ERROR' })
    world.env.EMAIL = { ...mailbox, send: () => Promise.reject(outage) }
    expect(await resend(id)).toEqual([202, null])
    // It is tried for another day, though it is old.
    expect(await mail(id)).toMatchObject({ status: 'pending', error: 'E_INTERNAL_SERVER_ERROR' })
    world.env.EMAIL = mailbox
    world.passTime(10 * MINUTE)
    await world.tick(0)
    await world.drain()
    expect((await mail(id)).status).toBe('sent')
    expect(world.mails).toHaveLength(2)
  })

  it('an e-mail that was not needed is not sent', async () => {
    await world.env.DB.prepare('DELETE FROM notification').run()
    const quiet = await world.source({ limits: NO_LIMITS, notify: { emails: EMAILS, when: 'problems' } })
    await world.import(quiet, csvOf(crowd(3)))
    const { id, status } = await newest()
    expect(status).toBe('not_needed')
    expect(await resend(id)).toEqual([409, 'not_needed'])
    expect(await mail(id)).toMatchObject({ text: null, html: null })
  })

  it('the text of an e-mail goes when its run expires, and when somebody of its source is erased', async () => {
    await world.import(source, csvOf([...crowd(3), BAD]))
    const first = (await newest()).id
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts')
    await world.api('POST', `/api/contacts/${items[0]?.key}/erase`, { reason: 'asked for it' })
    await world.drain()
    expect(await mail(first)).toMatchObject({ text: null, html: null })
    world.passTime(2 * MINUTE)
    expect(await resend(first)).toEqual([410, 'expired'])
    world.passTime(1)
    await world.import(source, csvOf([...crowd(3), BAD, { ID: 'new' }]))
    const second = (await newest()).id
    expect((await mail(second)).text).toContain('Bo')
    await world.env.DB.prepare('UPDATE run SET expired_at = 1').run()
    expect((await mail(second)).text).toBeNull()
    // Retention deletes the objects.
    world.passTime(7 * 60 * MINUTE)
    await world.tick(7 * 60)
    await world.drain()
    expect((await world.env.FILES.list({ prefix: 'mails/' })).objects).toEqual([])
  })
})
