import { beforeEach, describe, expect, it } from 'vitest'
import { csvRow } from '../formats/csv-write.ts'
import { directory } from '../testing/current.ts'
import { World } from '../testing/world.ts'
import { app } from './app.ts'
import type { Page } from './views/answer.ts'
import type { ContactView } from './views/contact.ts'
import type { UnmatchedView, UserView } from './views/person.ts'
import type { ProblemView } from './views/run.ts'

let world: World
beforeEach(async () => {
  world = await World.start()
})

const JDOE = { email: 'jdoe@example.org', name: 'Jo Doe', role: 'viewer', userId: 'jdoe' }
const PASSWORD = 'correct horse battery'

const makeUser = (user: Record<string, unknown> = {}) => world.api<UserView>('POST', '/api/users', { ...JDOE, ...user })

async function refusal(method: string, path: string, body?: unknown) {
  const response = await world.request(method, path, body)
  const { code, errors } = await response.json<{ code: string; errors?: { path: string }[] }>()
  return { status: response.status, code, paths: errors?.map(({ path }) => path) ?? [] }
}

/** Signs in as the pages do. Returns the session's cookie, or the status of the refusal. */
async function signIn(email: string, password: string): Promise<string | number> {
  const answer = await as('', 'POST', '/api/session', { email, password })
  return answer.ok ? (answer.headers.getSetCookie()[0]?.split(';')[0] ?? '') : answer.status
}

function as(cookie: string | number, method = 'GET', path = '/api/session', body?: unknown) {
  const headers = { Cookie: String(cookie), Origin: world.env.PUBLIC_URL, 'Content-Type': 'application/json' }
  return app.request(
    path,
    { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
    world.env,
  )
}

describe('a user', () => {
  it('a user is created, listed, changed and deleted, and the password is never returned', async () => {
    const made = await makeUser({ email: ' JDoe@example.org ', password: PASSWORD })
    expect(made).toEqual({
      ...JDOE,
      email: 'JDoe@example.org',
      id: made.id,
      hasPassword: true,
      signIn: { hasFactor: false, seenAt: null },
      contacts: 0,
      createdAt: made.createdAt,
    })
    expect(await world.api('PATCH', `/api/users/${made.id}`, { ...made, name: 'Jo', userId: null })).toMatchObject({
      name: 'Jo',
      userId: null,
      hasPassword: true,
    })
    const { items } = await world.api<Page<UserView>>('GET', '/api/users')
    expect(items.map(({ email }) => email)).toEqual(['admin@example.org', 'JDoe@example.org'])
    await world.api('DELETE', `/api/users/${made.id}`)
    expect(await refusal('GET', `/api/users/${made.id}`)).toMatchObject({ status: 404 })
    const audit = JSON.stringify(await world.api('GET', '/api/audit'))
    expect(audit).toContain('user_deleted')
    expect(audit + JSON.stringify(items)).not.toContain(PASSWORD)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['no address', { email: 'jdoe' }, 'email'],
    ['no name', { name: ' ' }, 'name'],
    ['an unknown role', { role: 'owner' }, 'role'],
    ['a short password', { password: 'short' }, 'password'],
    ['a User ID that a file takes for a blank', { userId: 'n/a' }, 'userId'],
  ])('a user cannot have %s', async (_, change, path) => {
    expect(await refusal('POST', '/api/users', { ...JDOE, ...change })).toMatchObject({ status: 400, paths: [path] })
  })

  it('a user has a unique e-mail address, ignoring case, and a unique User ID of exactly this value', async () => {
    await makeUser()
    const other = { ...JDOE, email: 'other@example.org' }
    expect(await refusal('POST', '/api/users', { ...other, email: 'JDOE@example.org', userId: 'x' })).toMatchObject({
      status: 409,
      code: 'email_taken',
      paths: ['email'],
    })
    expect(await refusal('POST', '/api/users', other)).toMatchObject({ status: 409, code: 'user_id_taken' })
    const { id } = await makeUser({ ...other, userId: 'JDOE' })
    expect(await refusal('PATCH', `/api/users/${id}`, { userId: ' jdoe ' })).toMatchObject({ code: 'user_id_taken' })
    await makeUser({ email: 'none@example.org', userId: '' })
    await makeUser({ email: 'nobody@example.org', userId: null })
  })

  it('a user is changed only by an administrator, and can be seen by all', async () => {
    await makeUser({ role: 'manager', password: PASSWORD })
    const cookie = await signIn(JDOE.email, PASSWORD)
    expect((await as(cookie, 'GET', '/api/users')).status).toBe(200)
    expect((await as(cookie, 'POST', '/api/users', { ...JDOE, email: 'x@example.org' })).status).toBe(403)
    expect((await as(cookie, 'DELETE', '/api/users/admin')).status).toBe(403)
  })
})

describe('signing in', () => {
  it('a user signs in with a password; a user without one can have contacts but cannot sign in', async () => {
    const { id } = await makeUser()
    expect(await signIn(JDOE.email, '')).toBe(401)
    await world.api('PATCH', `/api/users/${id}`, { password: PASSWORD })
    expect((await as(await signIn(JDOE.email, PASSWORD))).status).toBe(200)
  })

  it.each<[string, (id: string) => Promise<unknown>]>([
    ['deleted', (id) => world.api('DELETE', `/api/users/${id}`)],
    ['given another password', (id) => world.api('PATCH', `/api/users/${id}`, { password: `${PASSWORD}!` })],
    ['left without a password', (id) => world.api('PATCH', `/api/users/${id}`, { password: null })],
  ])('a session ends for a user who is %s', async (_, change) => {
    const { id } = await makeUser({ password: PASSWORD })
    const cookie = await signIn(JDOE.email, PASSWORD)
    expect((await as(cookie)).status).toBe(200)
    await change(id)
    expect((await as(cookie)).status).toBe(401)
    expect(await signIn(JDOE.email, PASSWORD)).toBe(401)
  })

  it('a session continues for a user who gets another name or role', async () => {
    const { id } = await makeUser({ password: PASSWORD })
    const cookie = await signIn(JDOE.email, PASSWORD)
    await world.api('PATCH', `/api/users/${id}`, { role: 'manager', name: 'Jo' })
    expect(await (await as(cookie)).json()).toMatchObject({ role: 'manager', name: 'Jo' })
  })

  it('a user changes their own password with the old one; other sessions end, this one continues', async () => {
    await makeUser({ password: PASSWORD })
    const [here, elsewhere] = [await signIn(JDOE.email, PASSWORD), await signIn(JDOE.email, PASSWORD)]
    const change = (current: string, password: string) =>
      as(here, 'PUT', '/api/session/password', { current, password })
    expect(await (await change('wrong', `${PASSWORD}!`)).json()).toMatchObject({ status: 400, code: 'wrong_password' })
    expect((await change(PASSWORD, 'short')).status).toBe(400)
    expect((await change(PASSWORD, `${PASSWORD}!`)).status).toBe(200)
    expect([(await as(here)).status, (await as(elsewhere)).status]).toEqual([200, 401])
    expect(await signIn(JDOE.email, PASSWORD)).toBe(401)
    for (let i = 0; i < 8; i++) await change('wrong', PASSWORD)
    expect((await change(`${PASSWORD}!`, PASSWORD)).status).toBe(429)
  })

  it('a user cannot change their own password without the old one', async () => {
    expect(await refusal('PATCH', '/api/users/admin', { password: PASSWORD })).toMatchObject({ code: 'own_password' })
  })
})

describe('the last administrator', () => {
  const last = { status: 409, code: 'last_administrator' }

  it('the last administrator cannot be deleted or get another role; one without a password does not count', async () => {
    const { id } = await makeUser({ role: 'administrator' })
    expect(await refusal('DELETE', '/api/users/admin')).toMatchObject(last)
    expect(await refusal('PATCH', '/api/users/admin', { role: 'manager' })).toMatchObject(last)
    await world.api('PATCH', '/api/users/admin', { name: 'Still here' })
    await world.api('PATCH', `/api/users/${id}`, { password: PASSWORD })
    await world.api('PATCH', '/api/users/admin', { role: 'manager' })
    const cookie = await signIn(JDOE.email, PASSWORD)
    expect((await as(cookie, 'DELETE', `/api/users/${id}`)).status).toBe(409)
    expect((await as(cookie, 'DELETE', '/api/users/admin')).status).toBe(204)
  })

  it('one administrator remains when the last two get another role at the same time', async () => {
    const { id } = await makeUser({ role: 'administrator', password: PASSWORD })
    const answers = await Promise.all([
      world.request('PATCH', '/api/users/admin', { role: 'viewer' }, 'system'),
      world.request('PATCH', `/api/users/${id}`, { role: 'viewer' }, 'system'),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })
})

describe('the assigned user', () => {
  const MAPPING = [
    { column: 'Key', to: 'id' },
    { column: 'Name', to: 'name' },
    { column: 'Advisor', to: 'assignedUser' },
  ]
  const csv = (...people: string[][]) => [['Key', 'Name', 'Advisor'], ...people].map((row) => csvRow(row)).join('')
  const PEOPLE = csv(['1', 'Ana', 'jdoe'], ['2', 'Bo', ''], ['3', 'Cy', 'JDoe'], ['4', 'Di', 'zz'], ['5', 'Ed', 'zz'])

  async function contact(id: string): Promise<ContactView> {
    const { items } = await world.api<Page<ContactView>>('GET', `/api/contacts?search=${id}`)
    return world.api('GET', `/api/contacts/${items.find((one) => one.id === id)?.key}`)
  }
  const unmatched = async () => (await world.api<Page<UnmatchedView>>('GET', '/api/users/unmatched')).items
  const problems = async (run: { id: string }) =>
    (await world.api<Page<ProblemView>>('GET', `/api/runs/${run.id}/problems`)).items.map(({ id, code }) => [id, code])

  // Seed, Standard Fields: “If a contact in Connect has a blank value in the field you specify as the User
  // Identification, Mongoose will still import that contact, but the contact will not be assigned to any specific users
  // in Mongoose.”
  it('a contact with a blank User ID is imported unassigned, without a warning', async () => {
    const run = await world.import(await world.source({ mapping: MAPPING }), csv(['2', 'Bo', '']))
    expect(run).toMatchObject({ status: 'succeeded', counts: { added: 1, errors: 0, warnings: 0 } })
    expect(await contact('2')).toMatchObject({ assignedUser: null, assignedTo: null })
  })

  // Seed, Standard Fields: “The User Identification field looks at the actual value within the attribute in Connect, so
  // it is important to also make sure the User ID on your Mongoose user accounts matches each person's User ID value in
  // Connect.”
  it('a User ID is matched by exact value, and a contact with an unknown one is imported unassigned, with a warning', async () => {
    const jo = await makeUser()
    const run = await world.import(await world.source({ mapping: MAPPING }), PEOPLE)
    expect(run).toMatchObject({ status: 'succeeded', counts: { added: 5, errors: 0, warnings: 3 } })
    expect(await contact('1')).toMatchObject({ assignedUser: 'jdoe', assignedTo: { id: jo.id, name: 'Jo Doe' } })
    expect(await contact('3')).toMatchObject({ assignedUser: 'JDoe', assignedTo: null })
    expect(await problems(run)).toEqual(['3', '4', '5'].map((id) => [id, 'assigned_user_unmatched']))
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?assignedUser=jdoe')
    expect(items.map(({ id }) => id)).toEqual(['1'])
    expect((await world.api<UserView>('GET', `/api/users/${jo.id}`)).contacts).toBe(1)
  })

  it('User IDs that match nobody are listed with the number of their contacts', async () => {
    await makeUser()
    const source = await world.source({ mapping: MAPPING })
    await world.import(source, PEOPLE)
    expect(await unmatched()).toEqual([
      { userId: 'JDoe', contacts: 1 },
      { userId: 'zz', contacts: 2 },
    ])
    const { items, next } = await world.api<Page<UnmatchedView>>('GET', '/api/users/unmatched?limit=1')
    expect([items.map(({ userId }) => userId), next]).toEqual([['JDoe'], 'JDoe'])
    const rest = await world.api<Page<UnmatchedView>>('GET', '/api/users/unmatched?limit=1&cursor=JDoe')
    expect(rest).toEqual({ items: [{ userId: 'zz', contacts: 2 }], next: null })
    // Removed contacts are no longer counted.
    await world.api('PATCH', `/api/sources/${source}`, { limits: { removed: null } })
    await world.import(source, csv(['1', 'Ana', 'jdoe'], ['2', 'Bo', ''], ['4', 'Di', 'zz']))
    expect(await unmatched()).toEqual([{ userId: 'zz', contacts: 1 }])
  })

  it('the assigned user follows a change of users, and no contact is written for it', async () => {
    const source = await world.source({ mapping: MAPPING })
    await world.import(source, PEOPLE)
    const before = await directory()
    const written = world.faults.rowsWritten
    const { id } = await makeUser({ userId: 'zz' })
    expect(await contact('4')).toMatchObject({ assignedTo: { id, name: 'Jo Doe' } })
    expect((await unmatched()).map(({ userId }) => userId)).toEqual(['JDoe', 'jdoe'])
    await world.api('PATCH', `/api/users/${id}`, { userId: 'jdoe' })
    expect([(await contact('4')).assignedTo, (await contact('1')).assignedTo?.id]).toEqual([null, id])
    await world.api('DELETE', `/api/users/${id}`)
    expect(await contact('1')).toMatchObject({ assignedUser: 'jdoe', assignedTo: null })
    expect((await unmatched()).map(({ userId }) => userId)).toEqual(['JDoe', 'jdoe', 'zz'])
    expect(await directory()).toEqual(before)
    expect(world.faults.rowsWritten - written).toBeLessThan(20)
  })

  it('a change of users makes no plan stale, and every run names the User IDs that match nobody', async () => {
    const source = await world.source({ mapping: MAPPING })
    await world.import(source, csv(['1', 'Ana', 'jdoe']))
    const again = await world.import(source, csv(['1', 'Ana', 'jdoe'], ['2', 'Bo', '']))
    expect(await problems(again)).toEqual([['1', 'assigned_user_unmatched']])
    await makeUser()
    const matched = await world.import(source, csv(['1', 'Ana', 'jdoe'], ['3', 'Cy', '']))
    expect(matched.counts.warnings).toBe(0)
    const preview = await world.import(source, csv(['1', 'Ana', 'jdoe']), 'preview')
    await makeUser({ email: 'x@example.org', userId: 'x' })
    const same = await world.import(source, csv(['1', 'Ana', 'jdoe']), 'preview')
    expect(same.plan?.hash).toBe(preview.plan?.hash)
  })
})
