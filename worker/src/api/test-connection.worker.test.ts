import { beforeEach, describe, expect, it } from 'vitest'
import { college, REQUIRED_MAPPING, student } from '../../../local/demo/connect/college.ts'
import { deleteOldSamples, readSample } from '../store/samples.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { FILE_URL, World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { TestView } from './views/source.ts'

const HOUR = 60 * 60_000
const FILE = `No,First,Last,Cell,Team,State,Text
1,Ana,Lee,604 555 0101,"Rope, Search",on,Y
2,Bo,Ray,604 555 0102,rope,off,N
3,Cy,,6.04555E+09,Air,on,N
4,,,604 555 0104,Air,on,
`
const CONNECTION = { kind: 'https', url: FILE_URL }
const MAPPING = [
  { column: 'No', to: 'id' },
  { columns: ['First', 'Last'], to: 'name' },
  { column: 'Cell', to: 'number', type: 'mobile' },
  { column: 'Team', to: 'groups' },
  { column: 'Text', to: 'smsStatus' },
]
const ROWS = [{ column: 'State', leaveOut: ['off'] }]

let world: World
let fetched = 0

beforeEach(async () => {
  world = await World.start()
  fetched = 0
  serve(FILE)
})

function serve(text: string): void {
  world.remote = () => {
    fetched++
    return Promise.resolve(new Response(text))
  }
}

const test = (body: object) =>
  world.api<TestView>('POST', '/api/sources/test', { connection: CONNECTION, mapping: MAPPING, rows: ROWS, ...body })

describe('a test of a connection with a mapping', () => {
  it('shows the contacts as they would be, the counts, and the problems by their causes', async () => {
    const found = await test({})
    expect(found).toMatchObject({
      ok: true,
      partial: false,
      counts: { rows: 4, leftOut: 1, matched: 3, added: 2, errors: 1, warnings: 1, contactsWithErrors: 1 },
      sample: expect.stringMatching(/^[a-z0-9]+$/),
    })
    expect(found.contacts).toMatchObject([
      {
        id: '1',
        name: 'Ana Lee',
        numbers: [{ number: '+16045550101', type: 'mobile' }],
        groups: ['Rope', 'Search'],
        sms: { status: 'opted_in' },
        rows: [2],
      },
      { id: '3', name: 'Cy', numbers: [], groups: ['Air'], sms: { status: 'opted_out' }, rows: [4] },
    ])
    expect(found.causes).toMatchObject([
      { code: 'name_blank', column: 'First + Last', severity: 'error', rows: 1, examples: [{ row: 5, id: '4' }] },
      {
        code: 'number_lost_digits',
        column: 'Cell',
        severity: 'warning',
        rows: 1,
        examples: [{ row: 4, value: '6.04555E+09' }],
      },
    ])
    expect(await world.api<Page<unknown>>('GET', '/api/contacts')).toMatchObject({ items: [] })
  })

  it('without a mapping shows no contacts, and keeps nothing', async () => {
    const found = await test({ mapping: null, rows: [] })
    for (const member of ['contacts', 'counts', 'causes', 'sample']) expect(found).not.toHaveProperty(member)
    expect((await world.env.FILES.list({ prefix: 'samples/' })).objects).toEqual([])
  })

  it('shows the first ten contacts in the order of the file, also if the rows of one are far apart', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i + 1},A${i},B,,T,on,`)
    serve(`No,First,Last,Cell,Team,State,Text\n${rows.join('\n')}\n1,A0,B,,U,on,\n`)
    const found = await test({})
    expect(found.contacts?.map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, i) => String(i + 1)))
    expect(found.contacts?.[0]).toMatchObject({ groups: ['T', 'U'], rows: [2, 32] })
  })

  it('reads only the beginning of a large file, and says so', async () => {
    const rows = Array.from({ length: 45_000 }, (_, i) => `${i + 1},A,B,,T,on,`)
    serve(`No,First,Last,Cell,Team,State,Text\n${rows.join('\n')}\n`)
    const found = await test({})
    expect(found).toMatchObject({ ok: true, partial: true, counts: { errors: 0 } })
    expect(found.counts?.rows).toBeGreaterThan(15_000)
    expect(found.counts?.rows).toBeLessThan(30_000)
  })

  it('fails as an import would, and shows the first rows all the same', async () => {
    serve(FILE.slice(0, FILE.indexOf('Air,on,N') + 3))
    expect(await test({})).toMatchObject({
      ok: false,
      code: 'truncated',
      rows: { length: 3 },
      sample: expect.any(String),
    })
  })
})

describe('a test of a sample', () => {
  it('reads the same bytes with other settings, and fetches nothing', async () => {
    const { sample } = await test({})
    serve('the file is another one now')
    fetched = 0
    const again = await test({
      sample,
      rows: [],
      mapping: MAPPING.map((one) => (one.to === 'groups' ? { ...one, values: { rope: 'Ropes' } } : one)),
    })
    expect(again).toMatchObject({ ok: true, sample, file: { bytes: FILE.length }, counts: { leftOut: 0, added: 3 } })
    expect(again.contacts?.[1]).toMatchObject({ id: '2', groups: ['Ropes'] })
    const wrong = await test({ sample, rows: [{ column: 'Stat', keep: ['x'] }] })
    expect(wrong).toMatchObject({ ok: false, code: 'header_missing', sample })
    expect(fetched).toBe(0)
  })

  it('can be made for a saved source, whose own settings count where the body has none', async () => {
    const source = await world.source({ mapping: MAPPING, rows: ROWS })
    const { sample } = await world.api<TestView>('POST', `/api/sources/${source}/test`, {})
    fetched = 0
    const again = await world.api<TestView>('POST', `/api/sources/${source}/test`, { sample, rows: [] })
    expect([again.counts?.added, fetched]).toEqual([3, 0])
  })

  it('is kept for an hour, and deleted by the tick', async () => {
    const { sample = '' } = await test({})
    const now = Date.now()
    expect(await readSample(world.env, sample, now + HOUR - 60_000)).toMatchObject({ goesOn: false, records: false })
    expect(await readSample(world.env, sample, now + HOUR + 60_000)).toBeNull()
    await deleteOldSamples(world.env, now + HOUR - 60_000)
    expect(await readSample(world.env, sample, now)).not.toBeNull()
    await deleteOldSamples(world.env, now + HOUR + 60_000)
    expect((await world.env.FILES.list({ prefix: 'samples/' })).objects).toEqual([])
    const answer = await world.request('POST', '/api/sources/test', {
      connection: CONNECTION,
      mapping: MAPPING,
      sample,
    })
    expect([answer.status, (await answer.json<{ code: string }>()).code]).toEqual([410, 'expired'])
  })

  it.each(['../plans/x', 'A B', '', 7])('%j is no ID of a sample', async (sample) => {
    const answer = await world.request('POST', '/api/sources/test', {
      connection: CONNECTION,
      mapping: MAPPING,
      sample,
    })
    expect(answer.status).toBe(400)
  })

  it('of records is read again, and fetched anew if the mapping needs another attribute', async () => {
    const service = college()
    service.contacts = [student(1, { stage: 'Inquiry' }), student(2, { stage: 'Applied' })]
    const remote = remoteOf(service)
    world.remote = (request) => {
      fetched++
      return remote(request)
    }
    const { connection } = collegeSource(service)
    const body = (mapping: object[], more: object = {}) => ({ connection, mapping, rows: [], ...more })
    const first = await test(body(REQUIRED_MAPPING))
    expect(first).toMatchObject({
      ok: true,
      counts: { added: 2 },
      contacts: [{ id: '100001', firstName: 'Given1' }, {}],
    })
    fetched = 0
    const { sample } = first
    expect(await test(body([...REQUIRED_MAPPING, { constant: 'X', to: 'title' }], { sample }))).toMatchObject({
      sample,
      contacts: [{ title: 'X' }, { title: 'X' }],
    })
    expect(fetched).toBe(0)
    const more = await test(body([...REQUIRED_MAPPING, { column: 'Stage', to: 'groups' }], { sample }))
    expect(more.contacts?.map(({ groups }) => groups)).toEqual([['Inquiry'], ['Applied']])
    expect(more.sample).not.toBe(sample)
    const other = await world.request('POST', '/api/sources/test', { connection: CONNECTION, mapping: MAPPING, sample })
    expect(other.status).toBe(400)
  })
})
