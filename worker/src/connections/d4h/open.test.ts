import { describe, expect, it, onTestFinished } from 'vitest'
import { largeTeam, sampleTeam } from '../../../../local/demo/d4h/sample.ts'
import { startD4h } from '../../../../local/demo/d4h/server.ts'
import { D4hService } from '../../../../local/demo/d4h/service.ts'
import { type D4hTeamData, d4hMember, d4hTeam } from '../../../../local/demo/d4h/team.ts'
import { RowReader } from '../../formats/csv/rows.ts'
import { CONTEXT, connectionContract, failureOf, readText, type Stage } from '../../testing/connections/contract.ts'
import { httpStage, sendHalf } from '../../testing/connections/stand-in.ts'
import { recordColumns } from '../mapping.ts'
import type { RecordsWanted } from '../records.ts'
import { D4H_COLUMNS, d4hMapping } from './mapping.ts'
import { openD4h } from './open.ts'
import { type D4hSettings, d4hSchema } from './schema.ts'

const TOKEN = 'eyJ0b2tlbi1vZi1hbmEi.s3cret'
const ALL: RecordsWanted = { columns: null, changedSince: null }
const DEFAULT: RecordsWanted = { columns: recordColumns(d4hMapping({ groups: true })), changedSince: null }

/** Starts a stand-in of D4H with a team, for the running test. */
async function standIn(team: D4hTeamData = sampleTeam()): Promise<{ service: D4hService; url: string }> {
  const service = new D4hService([team], TOKEN)
  const { url, stop } = await startD4h(service, 0)
  onTestFinished(stop)
  return { service, url }
}

function settings(url: string, more: Partial<D4hSettings> = {}): D4hSettings {
  return { ...d4hSchema.parse({ kind: 'd4h', url, token: TOKEN, teamId: 12 }), ...more }
}

/** Returns the records as objects, keyed by the names of the columns. */
async function recordsOf(
  url: string,
  {
    wanted = ALL,
    more = {},
    patience,
  }: { wanted?: RecordsWanted; more?: Partial<D4hSettings>; patience?: number } = {},
): Promise<Record<string, string>[]> {
  const connection = openD4h(settings(url, more), CONTEXT, patience)
  const file = await connection.open({ signal: new AbortController().signal, since: null, records: wanted })
  if (file === 'not_modified') throw new Error('It said that nothing changed')
  const [header = [], ...rows] = new RowReader(',').read(await readText(file), true).batch.cells
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])))
}

const namesOf = (records: Record<string, string>[]) => records.map(({ Name }) => Name)
const since = (time: string): RecordsWanted => ({ ...DEFAULT, changedSince: Date.parse(time) })
const failed = (url: string, more: Partial<D4hSettings> = {}) =>
  failureOf(() => recordsOf(url, { more, patience: 0 }), [TOKEN])

function membersOf(bytes: Uint8Array): D4hTeamData {
  return bytes.length === 0 ? d4hTeam({ id: 12, title: 'Empty' }) : largeTeam(250)
}

function fileOf(bytes: Uint8Array): Uint8Array {
  const header = Object.values(D4H_COLUMNS).join(',')
  const rows = membersOf(bytes).members.map(
    ({ id, name, mobile }) => `${id},${name},Large Team,,${mobile},,,,,,,Group ${(id % 10) + 1},,Operational,`,
  )
  return new TextEncoder().encode([header, ...rows].map((row) => `${row}\r\n`).join(''))
}

async function makeStage(): Promise<Stage> {
  const service = new D4hService([], TOKEN)
  const { url: inner, stop } = await startD4h(service, 0)
  const { origin, close, set } = await httpStage(
    (scene, request, response) => {
      if (scene.is === 'missing') {
        response.writeHead(404).end('{"statusCode":404}')
        return
      }
      const headers = { Authorization: request.headers.authorization ?? '' }
      const pass = async () => {
        const answer = await fetch(`${inner}${request.url}`, { headers })
        const body = new Uint8Array(await answer.arrayBuffer())
        response.writeHead(answer.status, { 'Content-Length': body.length })
        if (scene.is === 'file' || !request.url?.includes('/members')) response.end(body)
        else sendHalf(scene, response, body)
      }
      // The client may have gone, and the service may have ended with the tests.
      pass().catch(() => response.destroy())
    },
    (scene) => {
      service.teams = 'bytes' in scene ? [membersOf(scene.bytes)] : []
    },
  )
  return {
    set,
    connect: (credentials, context) =>
      openD4h(settings(origin, credentials === 'right' ? {} : { token: 'wr0ng' }), context),
    nowhere: (context) => openD4h(settings('http://127.0.0.1:1'), context),
    secrets: [TOKEN, 'wr0ng'],
    conditional: false,
    arriving: fileOf,
    close: async () => {
      await close()
      await stop()
    },
  }
}

connectionContract('d4h', makeStage)

describe('the members of a D4H team', () => {
  it('the members of a D4H team are the operational ones with their numbers, e-mail addresses, groups and custom fields', async () => {
    const { url } = await standIn()
    const [ana, bjorn, ...others] = await recordsOf(url)
    expect(ana).toEqual({
      ID: '101',
      Name: 'Ana O’Brien',
      Team: 'Northern Ridge Rescue',
      Position: 'Team Lead',
      'Mobile phone': '604-555-0100',
      // The home number is the mobile number.
      'Home phone': '',
      'Home phone description': '',
      'Work phone': '604-555-0101',
      'Work phone description': 'work',
      Pager: '604-555-0102',
      Email: 'ana@example.org',
      Groups: 'Rope\nSearch, Ground',
      Reference: 'NR-7',
      Status: 'Operational',
      'Pager email': '',
      'Radio call sign': 'Ridge 7',
      // Choices are shown by their labels. A field titled like a built-in column has its ID in its name.
      'Shirt size': 'Large',
      Languages: 'French, Canadian\nEnglish',
      'Name (34)': 'Annie',
    })
    expect(bjorn).toMatchObject({ ID: '102', 'Home phone': '604-555-0103', 'Home phone description': 'home' })
    expect(bjorn).toMatchObject({ 'Shirt size': '', Languages: 'French, Canadian\nFrench, Canadian' })
    expect(namesOf(others)).toEqual(['Priya Singh'])
  })

  it('the members of all chosen statuses come, with or without a status of the team’s own', async () => {
    const { url, service } = await standIn()
    expect(namesOf(await recordsOf(url, { more: { statuses: ['NON_OPERATIONAL', 'RETIRED'] } }))).toEqual([
      'Liam Wong',
      'Grace Fraser',
    ])
    expect(service.requests.at(-1)).toContain('status=NON_OPERATIONAL&status=RETIRED&status_excludes_label_ids=false')
  })

  it('D4H is asked for no more than the mapping needs', async () => {
    const { url, service } = await standIn()
    const columns = recordColumns([
      { column: 'id', to: 'id' },
      { column: 'NAME', to: 'name' },
    ])
    const records = await recordsOf(url, { wanted: { columns, changedSince: null } })
    expect(records[0]).toEqual({ ID: '101', Name: 'Ana O’Brien' })
    expect(service.requests.map((request) => request.split('?')[0])).toEqual(['/v3/whoami', '/v3/team/12/members'])
    expect(d4hMapping({ groups: false }).map(({ column }) => column)).not.toContain('Groups')
  })

  it('members come without groups if the source is set to import none', async () => {
    const { url, service } = await standIn()
    service.forbidden = 'member-groups'
    const [ana] = await recordsOf(url, { more: { groups: false } })
    expect(ana).toHaveProperty('Name')
    expect(ana).not.toHaveProperty('Groups')
  })

  it('the only team is found without a choice; one of several teams must be chosen', async () => {
    const { url, service } = await standIn()
    expect(await recordsOf(url, { more: { teamId: null } })).toHaveLength(3)
    const connection = openD4h(settings(url, { teamId: null }), CONTEXT)
    const { signal } = new AbortController()
    const first = { id: 12, name: 'Northern Ridge Rescue' }
    expect(await connection.choices?.(signal)).toEqual({ choices: { teams: [first] }, chosen: true })
    service.teams = [...service.teams, d4hTeam({ id: 13, title: 'Coast Valley Search' })]
    const teams = [first, { id: 13, name: 'Coast Valley Search' }]
    expect(await connection.choices?.(signal)).toEqual({ choices: { teams }, chosen: false })
    expect(await failed(url, { teamId: null })).toMatchObject({ code: 'not_found' })
  })

  it('the API is found at the root of its host, even if the address has a path', async () => {
    const { url } = await standIn()
    expect(await recordsOf(`${url}/v3/`)).toHaveLength(3)
  })
})

describe('a list in pages', () => {
  it('a paged list is read to its end, even if the pages are shorter than requested', async () => {
    const { url, service } = await standIn(largeTeam(1234))
    service.pageSize = 60
    const records = await recordsOf(url, { wanted: DEFAULT })
    expect(new Set(namesOf(records)).size).toBe(1234)
    expect(records).toHaveLength(1234)
    expect(records[233]).toMatchObject({ Name: 'Member 234', Groups: 'Group 5' })
  })

  it('a list that loses a member while it is read is read again, and every member comes exactly once', async () => {
    const { url, service } = await standIn(largeTeam(450))
    const [team] = service.teams
    service.instead = (request) => {
      // Member 3 leaves after page 1 was read, so every later member moves up by one.
      if (request.url.includes('/members') && request.url.includes('page=2') && team?.members.length === 450) {
        team.members.splice(2, 1)
      }
      return null
    }
    const names = namesOf(await recordsOf(url, { wanted: DEFAULT }))
    expect(names).toHaveLength(450)
    expect(new Set(names).size).toBe(450)
    expect(names).toContain('Member 201')
  })

  it.each([
    ['gives one page again and again', (page: number, total: number) => ({ page: Math.min(page, 1), total })],
    ['ends before all that it announced', (page: number, total: number) => ({ page: page > 1 ? 99 : page, total })],
    ['announces another number with each page', (page: number, total: number) => ({ page, total: total + page })],
  ])('a list that %s is not taken for the whole list', async (_, spoil) => {
    const { url, service } = await standIn(largeTeam(450))
    service.instead = (request) => {
      const asked = new URL(request.url)
      if (!asked.pathname.endsWith('/members')) return null
      const { page, total } = spoil(Number(asked.searchParams.get('page')), 450)
      const members = service.teams[0]?.members.slice(page * 100, page * 100 + 100) ?? []
      return Response.json({ results: members.map(({ id, name }) => ({ id, name })), totalSize: total })
    }
    expect(await failed(url)).toMatchObject({ code: 'truncated', retryable: true })
  })

  it('a list of unknown length ends with an empty page', async () => {
    const { url, service } = await standIn(largeTeam(250))
    service.instead = (request) => {
      const asked = new URL(request.url)
      if (!asked.pathname.endsWith('/members')) return null
      const page = Number(asked.searchParams.get('page'))
      const members = service.teams[0]?.members.slice(page * 100, page * 100 + 100) ?? []
      return Response.json({ results: members.map(({ id, name }) => ({ id, name })), totalSize: -1 })
    }
    expect(await recordsOf(url)).toHaveLength(250)
  })
})

describe('changes alone', () => {
  const later = '2026-11-20T10:00:00.000Z'
  const watermark = '2026-11-20T09:00:00.000Z'

  it('an import of changes fetches the members changed since, and the members who joined a group', async () => {
    const { url, service } = await standIn(largeTeam(450))
    const [team] = service.teams
    for (const id of [7, 300]) Object.assign(team?.members[id - 1] ?? {}, { position: 'Lead', updatedAt: later })
    team?.memberships.push({ id: 9001, group: 1, member: 42, updatedAt: later })
    team?.memberships.push({ id: 9002, group: 1, member: 7, updatedAt: later })
    const records = await recordsOf(url, { wanted: since(watermark) })
    expect(namesOf(records).sort()).toEqual(['Member 300', 'Member 42', 'Member 7'])
    expect(records.find(({ Name }) => Name === 'Member 42')).toMatchObject({ Groups: 'Group 1\nGroup 3' })
    expect(service.requests.filter((request) => request.includes('/members?'))).toHaveLength(2)
  })

  it('an import of changes fetches all members if a group was renamed, and no member if nothing has changed', async () => {
    const { url, service } = await standIn(largeTeam(120))
    expect(await recordsOf(url, { wanted: since(watermark) })).toEqual([])
    Object.assign(service.teams[0]?.groups[0] ?? {}, { title: 'Renamed', updatedAt: later })
    expect(await recordsOf(url, { wanted: since(watermark) })).toHaveLength(120)
  })
})

describe('the limits of requests', () => {
  it('the limit of requests is respected: once none are left, the next request waits for the time that D4H gives', async () => {
    const { url, service } = await standIn(largeTeam(450))
    service.limit = { requests: 4, seconds: 1 }
    expect(await recordsOf(url, { wanted: DEFAULT, patience: 10_000 })).toHaveLength(450)
    expect(service.refused).toBe(0)
  })

  it('a refused request is sent again after the time that D4H gives', async () => {
    const { url, service } = await standIn()
    let refusals = 0
    service.instead = () =>
      refusals++ === 0 ? new Response('{}', { status: 429, headers: { 'Retry-After': '1' } }) : null
    const began = Date.now()
    expect(await recordsOf(url, { patience: 5000 })).toHaveLength(3)
    expect(Date.now() - began).toBeGreaterThan(900)
  })

  it.each([
    ['Retry-After in seconds', { 'Retry-After': '240' }, 240],
    ['the reset time of the limit', { RateLimit: 'limit=200, remaining=0, reset=120' }, 120],
    ['nothing', {}, 30],
  ])('a run that would wait too long ends with the time to wait, given by %s', async (_, headers, seconds) => {
    const { url, service } = await standIn()
    service.instead = () => new Response('{}', { status: 429, headers })
    expect(await failed(url)).toMatchObject({ code: 'rate_limited', retryable: true, retryAfter: seconds })
  })

  it('a run that is cancelled while it waits for the limit stops', async () => {
    const { url, service } = await standIn()
    service.instead = () => new Response('{}', { status: 429, headers: { 'Retry-After': '30' } })
    const stop = new AbortController()
    const opening = openD4h(settings(url), CONTEXT).open({ signal: stop.signal, since: null, records: ALL })
    setTimeout(() => stop.abort(new Error('cancelled')), 50)
    await expect(opening).rejects.toThrow('cancelled')
  })
})

describe('a refusal', () => {
  it('a refused token says how to make another', async () => {
    const { url } = await standIn()
    expect(await failed(url, { token: 'wr0ng' })).toMatchObject({ code: 'unauthorized', retryable: false })
    expect(await failed(url, { token: null })).toMatchObject({ code: 'unauthorized' })
  })

  it('a refused team names the teams that the token may read', async () => {
    const { url } = await standIn()
    const failure = await failed(url, { teamId: 99 })
    expect(failure).toMatchObject({ code: 'forbidden', retryable: false })
    expect(failure.advice).toContain('Northern Ridge Rescue (12)')
  })

  it('a token that may read no team is forbidden', async () => {
    const { url, service } = await standIn()
    service.teams = []
    expect(await failed(url)).toMatchObject({ code: 'forbidden' })
    service.instead = () =>
      Response.json({ officers: [{ owner: { id: 4, resourceType: 'Organisation', title: 'Org' } }], members: [] })
    expect((await failed(url)).message).toContain('officer')
  })

  it.each([
    ['members', 'statuses'],
    ['member-groups', 'Groups module'],
    ['member-group-memberships', 'Groups module'],
  ] as const)('the refusal of %s says what may be switched off', async (list, word) => {
    const { url, service } = await standIn()
    service.forbidden = list
    const failure = await failed(url)
    expect(failure).toMatchObject({ code: 'forbidden', retryable: false })
    expect(failure.advice).toContain(word)
  })

  it('the refusal of custom fields stops only an import that needs them', async () => {
    const { url, service } = await standIn()
    service.forbidden = 'custom-fields'
    expect(Object.keys((await recordsOf(url))[0] ?? {})).not.toContain('Languages')
    const columns = recordColumns([...d4hMapping({ groups: true }), { column: 'Languages', to: 'field:languages' }])
    const failure = await failureOf(() => recordsOf(url, { wanted: { columns, changedSince: null } }))
    expect(failure).toMatchObject({ code: 'forbidden' })
  })

  it.each([
    [302, 'redirect_refused', false],
    [400, 'crm_error', false],
    [404, 'not_found', false],
    [500, 'server_error', true],
    [503, 'server_error', true],
    [504, 'timeout', true],
    [522, 'timeout', true],
  ])('an answer with status %i is %s', async (status, code, retryable) => {
    const { url, service } = await standIn()
    service.instead = () => new Response('{}', { status, headers: { Location: 'https://example.org/' } })
    expect(await failed(url)).toMatchObject({ code, retryable })
  })

  it.each([
    ['a web page', '<!doctype html><title>Sign in</title>', 'not_a_contact_file'],
    ['half an answer', '{"members": [{"owner": {"id"', 'truncated'],
    ['an answer of another kind', '{"members": "none"}', 'crm_error'],
  ])('an answer that is %s is %s', async (_, body, code) => {
    const { url, service } = await standIn()
    service.instead = () => new Response(body)
    expect(await failed(url)).toMatchObject({ code })
  })
})

it('a member with nearly no data in D4H still becomes a record', async () => {
  const { url, service } = await standIn(d4hTeam({ id: 12, title: 'T', members: [d4hMember({ id: 1, name: 'Ana' })] }))
  service.instead = (request) =>
    request.url.includes('/members') ? Response.json({ results: [{ id: 1 }], totalSize: 1 }) : null
  expect(await recordsOf(url)).toMatchObject([{ ID: '1', Name: '', 'Mobile phone': '' }])
})
