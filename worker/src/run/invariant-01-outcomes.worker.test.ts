import { describe, expect, it } from 'vitest'
import { noCounts } from '../core/counts.ts'
import { directory, ids } from '../testing/current.ts'
import { crowd, csvOf, HEADER, type Person } from '../testing/roster.ts'
import { type Remote, World } from '../testing/world.ts'

const STAFF = crowd(3)
const CUT = csvOf(STAFF).slice(0, -20)
const answer = (body: BodyInit | null, init: ResponseInit) => () => new Response(body, init)

const OUTCOMES: [what: string, remote: Remote, code: string][] = [
  ['unreachable', () => Promise.reject(new TypeError('Network connection lost.')), 'unreachable'],
  ['refused', answer('who are you?', { status: 401 }), 'unauthorized'],
  ['truncated', answer(csvOf(STAFF).slice(0, 90), { headers: { 'Content-Length': '5000' } }), 'truncated'],
  ['cut inside its last row', CUT, 'truncated'],
  [
    'cut inside its last row before it was compressed',
    () => new Response(new Blob([CUT]).stream().pipeThrough(new CompressionStream('gzip'))),
    'truncated',
  ],
  ['empty', '', 'empty'],
  ['empty but for its header', csvOf([]), 'empty'],
  [
    'not a contact file',
    answer('<!doctype html><p>Sign in', { headers: { 'Content-Type': 'text/html' } }),
    'not_a_contact_file',
  ],
  ['without a required header', csvOf(STAFF).replace('Number Type', 'Kind'), 'header_missing'],
  ['with a header twice', csvOf(STAFF).replace('Title', 'Name'), 'header_duplicate'],
  ['garbage', '\u0000\u0001\u0002'.repeat(400), 'not_a_contact_file'],
]

describe('invariant 1: unreachable, refused, truncated, empty, not a contact file and unchanged are different outcomes', () => {
  it.each(OUTCOMES)(
    'a file that is %s fails with its own code, changes nothing, and is reported once',
    async (_, remote, code) => {
      const world = await World.start()
      const source = await world.source({ notify: { emails: ['a@example.org'], when: 'never' } })
      await world.import(source, csvOf(STAFF))
      const before = await directory()
      expect(before).toHaveLength(3)

      const run = await world.import(source, remote)
      expect(run).toMatchObject({ status: 'failed', failure: { code } })
      expect(run.failure?.advice).not.toBe('')
      expect(await directory()).toEqual(before)
      await world.import(source, remote)
      expect(world.mails.map((mail) => mail.subject)).toEqual(['Staff: import failed'])

      expect(await world.import(source, csvOf(crowd(4)))).toMatchObject({ status: 'succeeded', counts: { added: 1 } })
      expect(world.mails.map((mail) => mail.subject)).toEqual([
        'Staff: import failed',
        'Staff: imports are working again',
      ])
    },
  )

  it('a preview that fails is not the first of several failures in a row', async () => {
    const world = await World.start()
    const source = await world.source({ notify: { emails: ['a@example.org'], when: 'never' } })
    expect(await world.import(source, '', 'preview')).toMatchObject({ status: 'failed' })
    await world.import(source, '')
    expect(world.mails.map((mail) => mail.subject)).toEqual(['Staff: import failed'])
  })

  it('an empty file is not kept', async () => {
    const world = await World.start()
    const source = await world.source()
    expect(await world.import(source, '')).toMatchObject({ status: 'failed', file: null })
    expect((await world.env.FILES.list({ prefix: `snapshots/${source}/` })).objects).toEqual([])
  })

  it('an import of the same bytes ends as unchanged, whether or not the server answers 304', async () => {
    const world = await World.start()
    const source = await world.source()
    const tagged = (request: Request) =>
      request.headers.get('If-None-Match') === '"1"'
        ? new Response(null, { status: 304 })
        : new Response(csvOf(STAFF), { headers: { ETag: '"1"' } })
    expect((await world.import(source, tagged)).status).toBe('succeeded')
    const counts = { ...noCounts(), rows: 3, matched: 3, unchanged: 3 }
    expect(await world.import(source, tagged)).toMatchObject({ status: 'unchanged', counts })
    expect(await world.import(source, csvOf(STAFF))).toMatchObject({ status: 'unchanged', counts })
  })

  it('the same bytes are planned again under other settings', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(STAFF))
    await world.api('PATCH', `/api/sources/${source}`, { format: { defaultCountry: 'CA' } })
    expect((await world.import(source, csvOf(STAFF))).status).toBe('succeeded')
  })
})

describe('invariant 1: only a complete file with the required headers and at least one valid row can remove anybody', () => {
  const lax = { limits: { removed: null, errors: null, changed: null } }

  it('a file that ends inside a row removes nobody, wherever it was cut', async () => {
    const world = await World.start()
    const source = await world.source(lax)
    const whole = csvOf(STAFF)
    await world.import(source, whole)
    const before = await directory()
    const second = whole.indexOf('P002')
    for (const end of [1, 4, 7, 12, 24, 30]) {
      const run = await world.import(source, whole.slice(0, second + end))
      expect(run, `${end}`).toMatchObject({ status: 'failed', failure: { code: 'truncated' } })
      expect(run.failure?.message).toContain('row 3')
    }
    expect(await directory()).toEqual(before)
  })

  it('a file whose rows leave out blank cells at their ends, even in the last row, is complete', async () => {
    const world = await World.start()
    const source = await world.source(lax)
    const header = 'ID,Name,Number,Number Type,Groups,Title'
    const row = (id: string) => `${id},Ana,6045550101,mobile,Rope`
    const full = [header, row('a'), `${row('b')},Lead`, row('c')].join('\n')
    expect((await world.import(source, full)).counts).toMatchObject({ added: 3, errors: 0 })
    const fewer = await world.import(source, [header, row('a'), row('c')].join('\n'))
    expect(fewer).toMatchObject({ status: 'succeeded', counts: { removed: 1 } })
  })

  it('removals of a file whose end is doubtful wait, and its last row does not change its contact', async () => {
    const world = await World.start()
    const source = await world.source(lax)
    const people = crowd(8, { Groups: 'Search and Rescue' })
    await world.import(source, csvOf(people))
    const cut = csvOf(people.slice(0, 6)).replace(/ and Rescue\r?\n$/, '')
    const run = await world.import(source, cut)
    expect(run).toMatchObject({
      status: 'held',
      counts: { removed: 2, updated: 0, errors: 1 },
      hold: { reasons: [{ limit: 'incomplete', count: 2, of: 8, parts: ['remove'] }] },
    })
    expect(run.hold?.reasons[0]?.message).toContain('no longer ends in a line break')
    expect(await ids()).toHaveLength(8)
    const again = await world.import(source, csvOf(people))
    expect(again).toMatchObject({ status: 'unchanged', counts: { unchanged: 8, removed: 0 } })
  })

  it('a file that is older than the one before removes nobody before a person approves', async () => {
    const world = await World.start()
    const source = await world.source(lax)
    const dated = (people: Person[], day: number) => () =>
      new Response(csvOf(people), { headers: { 'Last-Modified': `Mon, 0${day} Jun 2026 08:00:00 GMT` } })
    await world.import(source, dated(crowd(8), 2))
    const run = await world.import(source, dated(crowd(7), 1))
    expect(run).toMatchObject({ status: 'held', hold: { reasons: [{ limit: 'incomplete' }] } })
    const newer = await world.import(source, dated(crowd(6), 3))
    expect(newer).toMatchObject({ status: 'succeeded', counts: { removed: 2 } })
  })

  it('the next import takes the row that was ignored, even from the same bytes', async () => {
    const world = await World.start()
    const source = await world.source(lax)
    await world.import(source, csvOf(crowd(8)))
    const trimmed = csvOf([...crowd(8), { ID: 'NEW' }]).replace(/\r?\n$/, '')
    const first = await world.import(source, trimmed)
    expect(first).toMatchObject({ status: 'succeeded', counts: { added: 0, errors: 1, contactsWithErrors: 1 } })
    const second = await world.import(source, trimmed)
    expect(second).toMatchObject({ status: 'succeeded', counts: { added: 1, errors: 0 } })
    expect(await world.import(source, trimmed)).toMatchObject({ status: 'unchanged' })
  })

  it('a file in which every row has an error removes nobody', async () => {
    const world = await World.start()
    const source = await world.source(lax)
    await world.import(source, csvOf(STAFF))
    const run = await world.import(
      source,
      csvOf([
        { ID: 'P009', Number: '' },
        { ID: '', Name: 'Nobody' },
      ]),
    )
    expect(run).toMatchObject({ status: 'succeeded', counts: { rows: 2, errors: 2, removed: 0, added: 0 } })
    expect(await ids()).toEqual(['P001', 'P002', 'P003'])
  })

  it('a file with one valid row removes the contacts that are missing from it', async () => {
    const world = await World.start()
    const source = await world.source(lax)
    await world.import(source, csvOf(STAFF))
    const run = await world.import(source, csvOf([{ ID: 'P001' }, { ID: '', Name: 'Nobody' }]))
    expect(run).toMatchObject({ status: 'succeeded', counts: { errors: 1, removed: 2 } })
    expect(await ids()).toEqual(['P001'])
  })

  it('a source that keeps missing contacts removes nobody', async () => {
    const world = await World.start()
    const source = await world.source({ removal: 'keep' })
    await world.import(source, csvOf(STAFF))
    expect((await world.import(source, csvOf(crowd(1)))).counts.removed).toBe(0)
    expect(await ids()).toHaveLength(3)
  })

  it('a run that would remove every contact is held, even with the limits off', async () => {
    const world = await World.start()
    const source = await world.source(lax)
    await world.import(source, csvOf(STAFF))
    const run = await world.import(source, csvOf(crowd(2, {}, 'X')))
    expect(run).toMatchObject({ status: 'held', counts: { removed: 3 }, hold: { reasons: [{ limit: 'removed' }] } })
    expect(await ids()).toHaveLength(3)
  })

  it('a header of the template is recognised in another case and spacing', async () => {
    const world = await World.start()
    const source = await world.source()
    const file = csvOf(STAFF).replace(
      HEADER.join(','),
      `\uFEFF${HEADER.map((name) => ` ${name.toUpperCase()} *`).join(',')}`,
    )
    expect(await world.import(source, file)).toMatchObject({ status: 'succeeded', counts: { added: 3 } })
  })
})
