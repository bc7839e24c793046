import { describe, expect, it } from 'vitest'
import { numberOf, OPTED_MAPPING, optedFile, people, reached, statuses } from '../testing/opted.ts'
import { crowd, csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'
import type { Page } from './views/answer.ts'
import type { SmsChangeView } from './views/consent.ts'
import type { ContactView } from './views/contact.ts'
import type { AuditView } from './views/settings.ts'

interface Answer {
  changed: number
  unchanged: number
  missing: string[]
}

/** Returns a Muster with contacts that share numbers, and what sets the status of several of them. */
async function start(
  rows = [
    { id: 'ana', sms: 'Y' },
    { id: 'eva', sms: 'Y', number: numberOf('ana') },
    { id: 'ben', sms: 'N' },
    { id: 'cat', sms: '' },
  ],
) {
  const world = await World.start()
  const source = await world.source({ ...OPTED_MAPPING, limits: NO_LIMITS })
  await world.import(source, optedFile(rows))
  const found = await people(world)
  const keyOf = (id: string) => found.get(id)?.key ?? ''
  const set = (ids: string[], status: 'opted_in' | 'opted_out', reason?: string) =>
    world.api<Answer>('POST', '/api/contacts/sms-status', { keys: ids.map(keyOf), status, reason })
  return { world, source, keyOf, set }
}

async function changesOf(world: World, key: string): Promise<SmsChangeView[]> {
  return (await world.api<Page<SmsChangeView>>('GET', `/api/contacts/${key}/sms-changes`)).items
}

describe('the SMS status of several contacts', () => {
  it('a bulk opt-out gives each contact its decision, history, reason, audit entry and place in the changes feed', async () => {
    const { world, keyOf, set } = await start()
    const feed = await world.api<Page<{ cursor: string }>>('GET', '/api/changes?limit=500')
    expect(await set(['ana', 'cat'], 'opted_out', 'Left the team')).toEqual({ changed: 2, unchanged: 0, missing: [] })
    expect(await statuses(world)).toEqual({ ana: 'opted_out', eva: 'opted_out', ben: 'opted_out', cat: 'opted_out' })
    for (const id of ['ana', 'cat']) {
      expect(await changesOf(world, keyOf(id))).toMatchObject([
        { status: 'opted_out', by: 'admin@example.org', reason: 'Left the team' },
        ...(id === 'ana' ? [{ status: 'opted_in' }] : []),
      ])
      const contact = await world.api<ContactView>('GET', `/api/contacts/${keyOf(id)}`)
      expect(contact.history?.[0]).toMatchObject({ op: 'sms' })
      const audit = await world.api<Page<AuditView>>('GET', `/api/audit?subject=${keyOf(id)}`)
      expect(audit.items).toMatchObject([
        { action: 'sms_opted_out', detail: 'Left the team', actor: 'admin@example.org' },
      ])
      const consent = await world.api<{ current: unknown[] }>('GET', `/api/contacts/${keyOf(id)}/consent`)
      expect(consent.current).toMatchObject([{ status: 'opted_out', how: 'person' }])
    }
    const later = await world.api<Page<{ key: string }>>(
      'GET',
      `/api/changes?limit=500&cursor=${feed.items.at(-1)?.cursor}`,
    )
    expect(later.items.map(({ key }) => key).sort()).toEqual(['ana', 'cat', 'eva'].map(keyOf).sort())
    expect(await reached(world)).toEqual([])
  })

  it('a bulk decision that is sent again changes nothing and records nothing', async () => {
    const { world, set, keyOf } = await start()
    for (const status of ['opted_out', 'opted_in'] as const) {
      expect(await set(['ana', 'eva', 'ben'], status)).toMatchObject({ changed: 3, unchanged: 0 })
      const before = await world.api<Page<AuditView>>('GET', '/api/audit')
      const history = await changesOf(world, keyOf('ana'))
      expect(await set(['eva', 'ben', 'ana', 'ana'], status)).toEqual({ changed: 0, unchanged: 3, missing: [] })
      expect(await world.api('GET', '/api/audit')).toEqual(before)
      expect(await changesOf(world, keyOf('ana'))).toEqual(history)
      expect(await statuses(world)).toMatchObject({ ana: status, eva: status, ben: status })
    }
  })

  it.each([true, false])('decisions come to the same statuses, whether made in one call: %s', async (together) => {
    const { world, set } = await start()
    const decide = async (ids: string[], status: 'opted_in' | 'opted_out') => {
      if (together) await set(ids, status)
      else for (const id of ids) await set([id], status)
    }
    await decide(['ana', 'eva', 'ben', 'cat'], 'opted_out')
    await decide(['eva', 'ben'], 'opted_in')
    // Ana's opt-out counts for the number that she shares with Eva.
    expect(await statuses(world)).toEqual({ ana: 'opted_out', eva: 'opted_out', ben: 'opted_in', cat: 'opted_out' })
    expect(await reached(world)).toEqual(['ben'])
  })

  it('a bulk decision names the keys of no contact, and refuses none, too many, and what is no key', async () => {
    const { world, keyOf } = await start()
    const send = (keys: unknown) => world.request('POST', '/api/contacts/sms-status', { keys, status: 'opted_out' })
    expect(await (await send([keyOf('ana'), '999999'])).json()).toEqual({
      changed: 1,
      unchanged: 0,
      missing: ['999999'],
    })
    for (const keys of [[], ['ana'], [1], 'all', Array.from({ length: 501 }, (_, i) => String(i))]) {
      expect((await send(keys)).status).toBe(400)
    }
  })

  it('500 contacts are decided about in one call, within the queries of one invocation', async () => {
    const world = await World.start()
    await world.import(await world.source(), csvOf(crowd(500)))
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
    const keys = items.map(({ key }) => key)
    expect(keys).toHaveLength(500)
    expect(await world.api('POST', '/api/contacts/sms-status', { keys, status: 'opted_out' })).toMatchObject({
      changed: 500,
    })
    const after = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500&smsStatus=opted_out')
    expect(after.items).toHaveLength(500)
  })
})
