import { describe, expect, it } from 'vitest'
import { checkAnswer, checkRequest } from './check.ts'
import { ITEMS, LISTS, type ListName } from './description.ts'
import { sampleTeam } from './sample.ts'
import { D4hService } from './service.ts'

const TOKEN = 'a-token'
const TEAM = 'https://d4h.example.org/v3/team/12'

function ask(url: string, service = new D4hService([sampleTeam()], TOKEN), token = TOKEN): Promise<Response> {
  return service.handle(new Request(url, { headers: { Authorization: `Bearer ${token}` } }))
}

const lists = Object.keys(LISTS) as ListName[]

describe('The stand-in for D4H', () => {
  it.each(lists)('the stand-in for D4H answers %s with exactly the members in the description', async (list) => {
    const answer = await (await ask(`${TEAM}/${list}?size=100`)).json<{ results: unknown[] }>()
    expect(answer.results.length).toBeGreaterThan(2)
    expect(checkAnswer({ of: list, context: 'team', contextId: 12, query: new URLSearchParams() }, answer)).toEqual([])
  })

  it('the stand-in for D4H answers whoami with exactly the members in the description', async () => {
    const answer = await (await ask('https://d4h.example.org/v3/whoami')).json()
    expect(checkAnswer({ of: 'whoami' }, answer)).toEqual([])
  })

  it('the check of an answer finds each difference from the description', () => {
    const shown = (results: unknown) =>
      checkAnswer(
        { of: 'members', context: 'team', contextId: 12, query: new URLSearchParams() },
        { results, page: 0, pageSize: 25, totalSize: 1 },
      )
    const nothing = Object.fromEntries(Object.keys(ITEMS.members).map((name) => [name, null]))
    expect(shown([nothing])).toEqual([])
    expect(shown([{ ...nothing, mobile: '604' }])).toEqual(['members.results.0.mobile is no object'])
    expect(shown([{ ...nothing, mobile: { phone: 604, verified: null } }])).toEqual([
      'members.results.0.mobile.phone is no text',
    ])
    expect(shown([{ ...nothing, nickname: 'Ann' }])).toEqual(['members.results.0.nickname is not described'])
    const { home: _, ...homeless } = nothing
    expect(shown([homeless])).toEqual(['members.results.0.home is missing'])
  })

  it.each([
    ['members?page=-1', 'a page before the first'],
    ['members?page=one', 'a page that is not a number'],
    ['members?pageSize=10', 'an unknown parameter'],
    ['members?status=operational', 'a status in lower case'],
    ['members?status=', 'no status'],
    ['members?sort=title', 'an order that this list does not have'],
    ['members?order=asc&order=desc', 'two orders'],
    ['members?team_id=1&team_id=2', 'a parameter that may not be repeated'],
    ['members?id=0', 'an impossible ID'],
    ['members?id=1,2', 'IDs in one value'],
    ['members?name=An', 'a name that is too short'],
    ['members?deleted=yes', 'neither true nor false'],
    ['members?updated_since=2026-11-01', 'a filter that D4H does not have'],
    ['member-groups?sort=name', 'an order that groups do not have'],
    ['member-group-memberships?member_status=ACTIVE', 'a status that D4H does not have'],
    ['custom-fields?target_resource_type=member', 'a type in lower case'],
    ['custom-fields?resource_bundle_id=none', 'neither an ID nor null'],
  ])('the stand-in for D4H refuses %s: %s', async (path) => {
    const response = await ask(`${TEAM}/${path}`)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ statusCode: 400, message: expect.any(String) })
  })

  it.each([
    'members?page=0&size=100&sort=updatedAt&order=desc&id=1&id=2&status=RETIRED&status=OBSERVER&status_label_id=null',
    'member-groups?title=&team_id=1&team_id=2',
    'member-group-memberships?member_status=DELETED&group_id=1',
    'custom-fields?target_resource_type=Member&archived=&exclude_org_data=1&resource_bundle_id=null&restricted=RESTRICTED',
  ])('the stand-in for D4H accepts %s', (path) => {
    expect(checkRequest({ method: 'GET', url: `${TEAM}/${path}` })).toMatchObject({ context: 'team', contextId: 12 })
  })

  it('the stand-in for D4H refuses an unknown list, another team, another method and another token', async () => {
    expect((await ask(`${TEAM}/animals`)).status).toBe(404)
    expect((await ask('https://d4h.example.org/v2/team/12/members')).status).toBe(404)
    expect((await ask('https://d4h.example.org/v3/teams/12/members')).status).toBe(404)
    expect((await ask('https://d4h.example.org/v3/team/13/members')).status).toBe(403)
    expect((await ask(`${TEAM}/members`, undefined, 'another')).status).toBe(401)
    expect(checkRequest({ method: 'POST', url: `${TEAM}/members` })).toMatchObject({ status: 405 })
    expect((await ask(`${TEAM}/members?deleted=true`)).status).toBe(501)
  })

  it('the stand-in for D4H may send fewer items than requested, and omits a label’s members unless the request wants them', async () => {
    const service = new D4hService([sampleTeam()], TOKEN)
    service.pageSize = 2
    const page = await (await ask(`${TEAM}/members?size=50&page=1`, service)).json()
    expect(page).toMatchObject({ page: 1, pageSize: 2, totalSize: 5, results: [{ id: 103 }, { id: 104 }] })
    const total = async (query: string) =>
      (await (await ask(`${TEAM}/members?${query}`, service)).json<{ totalSize: number }>()).totalSize
    expect(await total('status=OPERATIONAL')).toBe(2)
    expect(await total('status=OPERATIONAL&status_excludes_label_ids=false')).toBe(3)
  })

  it('the stand-in for D4H counts requests, reports how many are left, and refuses those over the limit', async () => {
    let now = 0
    const service = new D4hService([sampleTeam()], TOKEN, () => now)
    service.limit = { requests: 2, seconds: 300 }
    const limits = async () => {
      const { status, headers } = await ask(`${TEAM}/members`, service)
      return [status, headers.get('RateLimit'), headers.get('Retry-After')]
    }
    expect(await limits()).toEqual([200, 'limit=2, remaining=1, reset=300', null])
    now = 100_000
    expect(await limits()).toEqual([200, 'limit=2, remaining=0, reset=200', null])
    expect(await limits()).toEqual([429, 'limit=2, remaining=0, reset=200', '200'])
    now = 300_000
    expect(await limits()).toEqual([200, 'limit=2, remaining=1, reset=300', null])
  })
})
