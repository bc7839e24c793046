import { env as bindings } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RunView } from '../api/views/run.ts'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const CREW = crowd(40)
const BAD: Person = { ID: 'bad', Name: 'Bo Bad', Number: '12' }
const WORSE: Person = { ID: 'worse', Name: 'Wes Worse', Number: '' }
/** A warning and no error. */
const ODD: Person = { ID: 'odd', 'Email Address': 'not an e-mail' }

let world: World
beforeEach(async () => {
  world = await World.start()
})

const subjects = () => world.mails.map(({ subject }) => subject)
/** Starts a run as the schedule does, and delivers its messages. */
async function nightly(source: string, people: readonly Person[]): Promise<RunView> {
  world.remote = csvOf(people)
  const { id } = await (await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')).json<{ id: string }>()
  await world.drain()
  return world.run(id)
}

describe('a source without recipients', () => {
  const silent = { limits: NO_LIMITS }

  it('every administrator gets the errors once when they are new, and nothing else about imports that went well', async () => {
    await world.api('POST', '/api/users', { email: 'second@example.org', name: 'Second', role: 'administrator' })
    await world.api('POST', '/api/users', { email: 'viewer@example.org', name: 'Viewer', role: 'viewer' })
    const source = await world.source(silent)
    await nightly(source, CREW)
    await nightly(source, [...CREW, ODD])
    expect(world.mails).toEqual([])
    await nightly(source, [...CREW, ODD, BAD])
    expect(world.mails.map(({ to, subject }) => [to, subject])).toEqual([
      [['admin@example.org'], 'Staff: nothing changed, 1 row to fix'],
      [['second@example.org'], 'Staff: nothing changed, 1 row to fix'],
    ])
    expect(world.mails[0]?.text).toContain('Bo Bad')
    expect(world.mails[0]?.text).toContain(
      'Staff has no recipients for its e-mails, so all administrators get this one.',
    )
    expect(world.mails[0]?.attachments).toHaveLength(1)
    await nightly(source, [...CREW, ODD, BAD])
    await nightly(source, [...CREW, ODD, BAD, { ID: 'new' }])
    expect(world.mails).toHaveLength(2)
    await nightly(source, [...CREW, ODD, WORSE, BAD, { ID: 'new' }])
    expect(world.mails).toHaveLength(4)
    const text = world.mails[2]?.text ?? ''
    expect(text.slice(text.indexOf('New problems'), text.indexOf('Problems that were'))).toContain('Wes Worse')
    expect(text.slice(text.indexOf('Problems that were'))).toContain('Bo Bad')
  })

  it('an administrator who signs in through Access and has no password gets the errors', async () => {
    await bindings.DB.prepare('UPDATE user SET password = NULL').run()
    await nightly(await world.source(silent), [...CREW, BAD])
    expect(world.mails.map(({ to }) => to)).toEqual([['admin@example.org']])
  })

  it('administrators get an import that waits, with its errors, and hear of these errors only once', async () => {
    const source = await world.source()
    await nightly(source, CREW)
    const run = await nightly(source, [...CREW.slice(0, 20), BAD])
    expect(subjects()).toEqual(['Staff: 20 removals wait'])
    expect(world.mails[0]?.text).toContain('Bo Bad')
    // The same removals wait, and there is a new error.
    await nightly(source, [...CREW.slice(0, 20), BAD, WORSE])
    const again = await nightly(source, [...CREW.slice(0, 20), WORSE, BAD])
    expect(subjects().slice(1)).toEqual(['Staff: nothing changed, 2 rows to fix'])
    expect(world.mails[1]?.text).toContain('What waits for you is the same as before.')
    await world.api('POST', `/api/runs/${again.id}/approve`, { planHash: again.plan?.hash })
    await world.drain()
    expect([run.status, (await world.run(again.id)).status, world.mails.length]).toEqual(['held', 'succeeded', 2])
  })

  it('administrators hear that imports fail, once, and that they work again', async () => {
    const source = await world.source(silent)
    const fails = () => new Response('', { status: 404 })
    for (const remote of [fails, fails, csvOf(CREW)]) await world.import(source, remote)
    expect(subjects()).toEqual(['Staff: import failed', 'Staff: imports are working again'])
    expect(world.mails.every(({ to }) => to.join() === 'admin@example.org')).toBe(true)
  })

  it('no reports at all also means none about errors, and still all the other e-mails', async () => {
    const source = await world.source({ notify: { when: 'never' } })
    await nightly(source, [...CREW, BAD])
    expect(world.mails).toEqual([])
    await nightly(source, [...CREW.slice(0, 20), BAD])
    await world.import(source, () => new Response('', { status: 404 }))
    expect(subjects()).toEqual(['Staff: 20 removals wait', 'Staff: import failed'])
  })
})

describe('a source with recipients', () => {
  it('they get the e-mails and the administrators get none', async () => {
    const source = await world.source({ limits: NO_LIMITS, notify: { emails: ['a@example.org'] } })
    await nightly(source, [...CREW, BAD])
    await world.import(source, () => new Response('', { status: 404 }))
    expect(world.mails.map(({ to, subject }) => [...to, subject])).toEqual([
      ['a@example.org', 'Staff: 40 added, 1 row to fix'],
      ['a@example.org', 'Staff: import failed'],
    ])
    expect(world.mails[0]?.text).not.toContain('administrators')
  })

  it('with only new problems, a second row with the same problem as another is new', async () => {
    const source = await world.source({ limits: NO_LIMITS, notify: { emails: ['a@example.org'], when: 'problems' } })
    const nameless: Person = { ID: '', Name: '', Number: '6045550199' }
    await nightly(source, CREW)
    await nightly(source, [...CREW, nameless])
    await nightly(source, [nameless, ...CREW])
    expect(world.mails).toHaveLength(1)
    await nightly(source, [...CREW, nameless, nameless])
    expect(subjects()).toEqual(['Staff: nothing changed, 1 row to fix', 'Staff: nothing changed, 2 rows to fix'])
  })
})
