import { beforeEach, describe, expect, it } from 'vitest'
import { college, REQUIRED_MAPPING, student } from '../../../local/demo/connect/college.ts'
import { sampleTeam } from '../../../local/demo/d4h/sample.ts'
import { D4hService } from '../../../local/demo/d4h/service.ts'
import type { Page } from '../api/views/answer.ts'
import type { ContactView } from '../api/views/contact.ts'
import type { ChangeView } from '../api/views/run.ts'
import type { AuditView } from '../api/views/settings.ts'
import type { SourceView, TestView } from '../api/views/source.ts'
import { csvRow } from '../formats/csv-write.ts'
import { collegeSource, remoteOf } from '../testing/connect-source.ts'
import { FILE_URL, World } from '../testing/world.ts'

const CANVAS = `user_id,login_id,first_name,last_name,email,status
01103,bsmith01,Bob,Smith,bob@example.org,active
13834,jdoe03,Jane,Doe,jane@example.org,deleted
13835,xdoe,Xi,Doe,xi@example.org,suspended
`
const CANVAS_MAPPING = [
  { column: 'user_id', to: 'id' },
  { columns: ['first_name', 'last_name'], to: 'name' },
  { column: 'email', to: 'email' },
  { constant: 'Students', to: 'groups' },
  { column: 'status', to: 'groups', values: { active: 'Active users' } },
]
const LEAVERS = [{ column: 'status', leaveOut: ['deleted', 'suspended'] }]

let world: World

beforeEach(async () => {
  world = await World.start()
})

async function contacts(): Promise<ContactView[]> {
  return (await world.api<Page<ContactView>>('GET', '/api/contacts')).items
}

describe('rows that a source leaves out', () => {
  it('of a file of users, only those whose status counts come in, with what the mapping makes of their columns', async () => {
    const source = await world.source({ mapping: CANVAS_MAPPING, rows: LEAVERS })
    const run = await world.import(source, CANVAS)
    expect(run).toMatchObject({
      status: 'succeeded',
      counts: { rows: 3, leftOut: 2, added: 1, errors: 0, warnings: 0 },
    })
    expect(await contacts()).toMatchObject([{ id: '01103', name: 'Bob Smith', groups: ['Active users', 'Students'] }])
  })

  it('another rule or another translation plans the same bytes again, and the audit shows it', async () => {
    const source = await world.source({ mapping: CANVAS_MAPPING, rows: LEAVERS })
    const path = `/api/sources/${source}`
    await world.import(source, CANVAS)
    expect((await world.import(source, CANVAS)).status).toBe('unchanged')
    const rows = [{ column: 'Status', keep: ['active', 'Suspended'] }]
    expect(await world.api<SourceView>('PATCH', path, { rows })).toMatchObject({ rows, mappingVersion: 1 })
    expect(await world.import(source, CANVAS)).toMatchObject({ status: 'succeeded', counts: { added: 1, leftOut: 1 } })
    const mapping = CANVAS_MAPPING.map((entry) =>
      'values' in entry ? { ...entry, values: { active: 'Here' } } : entry,
    )
    expect(await world.api<SourceView>('PATCH', path, { mapping })).toMatchObject({ rows, mapping, mappingVersion: 2 })
    expect(await world.import(source, CANVAS)).toMatchObject({ counts: { updated: 1, unchanged: 1 } })
    expect(await world.api<SourceView>('PATCH', path, { rows: null })).toMatchObject({ rows: [], mapping })
    expect(await world.import(source, CANVAS)).toMatchObject({ counts: { added: 1, leftOut: 0 } })
    const { items } = await world.api<Page<AuditView>>('GET', '/api/audit')
    const details = items.filter(({ action }) => action === 'source_changed').map(({ detail }) => detail)
    expect(details.reverse()).toEqual([
      expect.stringMatching(
        /rows: without column status, leaveOut deleted, suspended.*rows: with column Status, keep active, Suspended/s,
      ),
      expect.stringMatching(/mapping: without .*values active Active users.*mapping: with .*values active Here/s),
      'rows: without column Status, keep active, Suspended',
    ])
  })

  it('a file of which every row is left out removes nobody and says why', async () => {
    const source = await world.source({ mapping: CANVAS_MAPPING, rows: LEAVERS })
    await world.import(source, CANVAS)
    const run = await world.import(source, CANVAS.replace('active', 'Suspended'))
    expect(run).toMatchObject({ status: 'failed', failure: { code: 'empty' } })
    expect(run.failure?.message).toContain('rules for rows leave out every row: 3')
    expect(await contacts()).toHaveLength(1)
  })

  it('a held run names the rule that would remove contacts', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => [`${100 + n}`, 'x', `A${n}`, 'B', `a${n}@example.org`, 'active'])
    const file = (left: number) =>
      [['user_id', 'login_id', 'first_name', 'last_name', 'email', 'status'], ...rows]
        .map((row, n) => csvRow(n > 0 && n <= left ? [...row.slice(0, 5), 'deleted'] : row))
        .join('')
    const source = await world.source({ mapping: CANVAS_MAPPING.slice(0, 4), rows: LEAVERS })
    await world.import(source, file(0))
    const run = await world.import(source, file(12))
    expect(run).toMatchObject({ status: 'held', waiting: { removed: 12 } })
    const message = run.hold?.reasons.find(({ limit }) => limit === 'removed')?.message
    expect(message).toContain('left out by the rule to leave out those where “status” is “deleted” or “suspended”')
  })

  it('an opt-out in a row that is left out holds although its contact goes, or waits to go', async () => {
    const mapping = [
      { column: 'ID', to: 'id' },
      { column: 'Name', to: 'name' },
      { column: 'Phone', to: 'number', type: 'mobile' },
      { column: 'Text', to: 'smsStatus' },
    ]
    const file = (...ana: string[]) =>
      [
        ['ID', 'Name', 'Phone', 'Text', 'State'],
        ['a', 'Ana', '604 555 0101', ...ana],
        ['b', 'Bo', '604 555 0102', 'Y', 'on'],
        ['c', 'Cy', '604 555 0103', 'Y', 'on'],
      ]
        .map((row) => csvRow(row))
        .join('')
    const rows = [{ column: 'State', leaveOut: ['off'] }]
    const limits = { removed: { percent: 0, atLeast: 1 } }
    const source = await world.source({ mapping, rows, limits })
    await world.import(source, file('Y', 'on'))
    const run = await world.import(source, file('N', 'off'))
    expect(run).toMatchObject({ status: 'held', counts: { leftOut: 1, removed: 1, optOuts: 1 } })
    const one = (await contacts()).find(({ id }) => id === 'a')
    expect(one?.sms.status).toBe('opted_out')
    await world.api('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash })
    await world.drain()
    expect((await contacts()).map(({ id }) => id)).toEqual(['b', 'c'])
    // The source’s own new opt-in ends its own opt-out.
    await world.import(source, file('Y', 'on'))
    expect((await contacts()).find(({ id }) => id === 'a')?.sms.status).toBe('opted_in')
    const { items } = await world.api<Page<ChangeView>>('GET', `/api/runs/${run.id}/changes?op=remove`)
    expect(items).toMatchObject([{ id: 'a' }])
  })
})

describe('what the API says of a mapping and of rules for rows', () => {
  it.each([
    [{ rows: [{ column: 'status' }] }, 'rows.0', 'exactly one of “leaveOut” and “keep”'],
    [{ rows: [{ column: 'status', leaveout: ['x'] }] }, 'rows.0.leaveout', 'leaveOut'],
    [{ rows: [{ column: 'status', leaveOut: [1] }] }, 'rows.0.leaveOut.0', 'string'],
    [{ rows: { column: 'status', leaveOut: ['x'] } }, 'rows', 'array'],
    [{ mapping: [{ to: 'id' }] }, 'mapping.0', 'exactly one of'],
    [{ mapping: [{ to: 'id', column: 'ID', collumns: ['a', 'b'] }] }, 'mapping.0.collumns', 'columns'],
    [{ mapping: [{ to: 'number', constant: '1' }] }, 'mapping.0.constant', 'cannot be the same in each row'],
    [{ mapping: [{ to: 'priority', constant: 'urgent' }] }, 'mapping.0.constant', 'not a priority'],
    [{ mapping: [{ to: 'email', column: 'x', values: { a: 'b' } }] }, 'mapping.0.values', 'as they are written'],
    [{ mapping: [...CANVAS_MAPPING, { to: 'field:year', constant: 'soon' }] }, 'mapping.5.constant', 'not a number'],
  ])('%j is refused and the member is named', async (settings, path, message) => {
    await world.api('POST', '/api/fields', { key: 'year', label: 'Year', type: 'number' })
    const source = await world.source({ mapping: CANVAS_MAPPING })
    for (const [method, target, body] of [
      ['PATCH', `/api/sources/${source}`, settings],
      ['POST', '/api/sources', { name: 'x', connection: { kind: 'https', url: FILE_URL }, ...settings }],
    ] as const) {
      const answer = await world.request(method, target, body)
      expect(answer.status).toBe(400)
      const { errors } = await answer.json<{ errors: { path: string; message: string }[] }>()
      const found = errors.find((error) => error.path === path)
      expect(found?.message).toContain(message)
    }
  })

  it('a test of a connection names each column that a rule, a join or a translation needs', async () => {
    world.remote = CANVAS
    const connection = { kind: 'https', url: FILE_URL }
    const test = (settings: object) =>
      world.api<TestView>('POST', '/api/sources/test', { connection, mapping: CANVAS_MAPPING, ...settings })
    expect(await test({ rows: LEAVERS })).toMatchObject({ ok: true, columns: { length: 6 }, rows: { length: 3 } })
    const lacks = await test({ rows: [{ column: 'State', keep: ['x'] }] })
    expect(lacks).toMatchObject({ ok: false, code: 'header_missing', detail: 'The file has no column “State”.' })
    expect(lacks.rows).toHaveLength(3)
    const joined = await test({ mapping: [...CANVAS_MAPPING, { columns: ['login_id', 'Desk'], to: 'title' }] })
    expect(joined).toMatchObject({ code: 'header_missing', detail: 'The file has no column “Desk”.' })
  })
})

describe('records of a service that a source leaves out', () => {
  it('members of a D4H team are left out by an attribute that the mapping does not name', async () => {
    const answer = (request: Request) => new D4hService([sampleTeam()], 'token').handle(request)
    world.remote = answer
    const connection = { kind: 'd4h', url: 'https://api.team-manager.ca.d4h.com', token: 'token', teamId: 12 }
    const source = await world.source({ connection, rows: [{ column: 'Reference', keep: [''] }] })
    const kept = await world.import(source, answer)
    expect(kept.counts.added + kept.counts.leftOut).toBe(3)
    const named = [{ column: 'Name', leaveOut: ['ana o’brien'] }]
    await world.api('PATCH', `/api/sources/${source}`, { rows: named, limits: { removed: null, added: null } })
    const run = await world.import(source, answer)
    expect(run.counts).toMatchObject({ rows: 3, leftOut: 1 })
    await world.api('PATCH', `/api/sources/${source}`, { rows: [{ column: 'Shoe size', keep: ['x'] }] })
    expect(await world.import(source, answer)).toMatchObject({
      status: 'failed',
      failure: { code: 'header_missing', message: expect.stringContaining('“Shoe size”') },
    })
  })

  it('contacts of Connect are left out by an attribute, and a missing one is named', async () => {
    const service = college()
    service.contacts = [student(1), student(2), student(3)]
    world.remote = remoteOf(service)
    const rows = [{ column: 'First Name', leaveOut: [' '] }]
    const settings = collegeSource(service, {
      mapping: [...REQUIRED_MAPPING, { constant: 'Students', to: 'groups' }],
      rows,
    })
    const { id } = await world.api<SourceView>('POST', '/api/sources', settings)
    expect(await world.import(id, world.remote)).toMatchObject({ counts: { added: 3, leftOut: 0 } })
    expect((await contacts()).map(({ groups }) => groups)).toEqual([['Students'], ['Students'], ['Students']])
    await world.api('PATCH', `/api/sources/${id}`, { rows: [{ column: 'Enrolment state', keep: ['x'] }] })
    const failed = await world.import(id, world.remote)
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'header_missing' } })
    expect(failed.failure?.message).toContain('“Enrolment state”')
  })
})
