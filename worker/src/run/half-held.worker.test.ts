import { describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView, GroupView, RecipientView } from '../api/views/contact.ts'
import type { ChangeView, RunView } from '../api/views/run.ts'
import type { SourceView } from '../api/views/source.ts'
import { directory, ids } from '../testing/current.ts'
import { crowd, csvOf, type Person } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const TEAM = [{ ID: 'P001', Title: 'Member' }, ...crowd(40).slice(1)]
const STAYING = TEAM.slice(0, 30)
const NEW: Person = { ID: 'new', Name: 'Nina New', Number: '6045559999' }
const RENAMED: Person = { ID: 'P001', Title: 'Lead' }
/** A file that adds a contact, updates another and lacks ten. */
const NEXT = csvOf([RENAMED, ...STAYING.slice(1), NEW])
/** The same people, in another order and thus in other bytes. */
const NEXT_AGAIN = csvOf([NEW, ...STAYING.slice(1).reverse(), RENAMED])
const NOTIFY = { emails: ['a@example.org'], when: 'never' }

/** Imports 40 people, then a file with a new one, a changed one and ten missing. */
async function halfHeld(settings: Record<string, unknown> = { notify: NOTIFY }) {
  const world = await World.start()
  const source = await world.source(settings)
  const first = await world.import(source, csvOf(TEAM))
  expect(first.status).toBe('succeeded')
  const before = await directory()
  const run = await world.import(source, NEXT)
  expect(run.status).toBe('held')
  const decide = async (what: 'approve' | 'reject' | 'undo', of: RunView = run, body: object = {}) => {
    const planHash = what === 'approve' ? { planHash: of.plan?.hash } : {}
    const response = await world.request('POST', `/api/runs/${of.id}/${what}`, { ...planHash, ...body })
    const answer = await response.json<{ code?: string; id: string }>()
    await world.drain()
    return response.ok ? answer.id : `${response.status} ${answer.code}`
  }
  /** Imports as a system does, without anybody asking for it. */
  const nightly = async (file: string) => {
    world.remote = file
    const response = await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')
    const { id } = await response.json<{ id: string }>()
    await world.drain()
    return world.run(id)
  }
  return { world, source, first, before, run, decide, nightly }
}

describe('a run of which a part waits', () => {
  it('a new member is among the recipients after the same run that holds thirty removals', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(crowd(100)))
    const run = await world.import(source, csvOf([...crowd(70), NEW]))
    expect(run).toMatchObject({ status: 'held', counts: { added: 1, removed: 30 }, waiting: { removed: 30 } })
    const { items: groups } = await world.api<Page<GroupView>>('GET', '/api/groups')
    const path = `/api/groups/${groups[0]?.id}/recipients?channel=sms&limit=500`
    const { items } = await world.api<Page<RecipientView>>('GET', path)
    expect(items).toHaveLength(101)
    expect(items).toContainEqual(expect.objectContaining({ id: 'new', number: '+16045559999' }))
    const { items: feed } = await world.api<Page<{ op: string; runId: string }>>('GET', '/api/changes?limit=500')
    expect(feed.filter(({ runId }) => runId === run.id).map(({ op }) => op)).toEqual(['add'])
  })

  it('a held run has applied what does not wait, and says what it has applied and what waits', async () => {
    const { world, source, run } = await halfHeld()
    expect(run).toMatchObject({
      hold: { reasons: [{ limit: 'removed', parts: ['remove'], count: 10, of: 40 }] },
      counts: { added: 1, updated: 1, removed: 10, unchanged: 29 },
      applied: { added: 1, updated: 1, removed: 0 },
      waiting: { added: 0, updated: 0, removed: 10 },
      plan: { undoable: true, stale: null },
      finishedAt: null,
    })
    expect(await ids()).toHaveLength(41)
    const held = { runId: run.id, reasons: run.hold?.reasons, waiting: run.waiting }
    expect(await world.api<SourceView>('GET', `/api/sources/${source}`)).toMatchObject({ held, health: 'held' })
    const list = async (query: string) => {
      const { items } = await world.api<Page<ChangeView>>('GET', `/api/runs/${run.id}/changes?limit=500&${query}`)
      return items.map(({ op, id, waits }) => `${op} ${id} ${waits}`)
    }
    expect(await list('part=applied')).toEqual(['add new false', 'update P001 false'])
    expect(await list('part=waiting')).toHaveLength(10)
    expect(await list('part=remove')).toEqual(await list('part=waiting'))
    expect((await list('part=waiting'))[0]).toBe('remove P031 true')
    expect(await list('')).toHaveLength(12)
  })

  it('an approval applies what waited, and the run then has changed all of its plan', async () => {
    const { world, run, decide } = await halfHeld()
    expect(await decide('approve')).toBe(run.id)
    expect(await world.run(run.id)).toMatchObject({
      status: 'succeeded',
      applied: { added: 1, updated: 1, removed: 10 },
      waiting: null,
    })
    expect(await ids()).toHaveLength(31)
  })

  it('a rejection leaves what was applied, and the same bytes are planned again only for a person', async () => {
    const { world, source, run, decide, nightly } = await halfHeld()
    await decide('reject')
    expect(await world.run(run.id)).toMatchObject({
      status: 'rejected',
      applied: { added: 1 },
      plan: { undoable: true },
    })
    expect(await ids()).toHaveLength(41)
    expect((await nightly(NEXT)).status).toBe('unchanged')
    expect(await world.import(source, NEXT)).toMatchObject({ status: 'held', counts: { added: 0, removed: 10 } })
  })

  it.each(['held', 'rejected', 'replaced'] as const)(
    'an undo of a run that is %s takes back what the run applied',
    async (status) => {
      const { world, source, before, run, decide } = await halfHeld()
      if (status === 'rejected') await decide('reject')
      if (status === 'replaced') await world.import(source, NEXT_AGAIN)
      expect(await world.run(run.id)).toMatchObject({ status, plan: { undoable: true } })
      const undo = await decide('undo')
      expect(await world.run(undo)).toMatchObject({ status: 'succeeded', applied: { updated: 1, removed: 1 } })
      expect(await directory()).toEqual(before)
      const after = status === 'held' ? 'rejected' : status
      expect(await world.run(run.id)).toMatchObject({ status: after, undoneBy: undo, plan: { undoable: false } })
      expect(await decide('approve')).toBe('409 not_held')
    },
  )

  it('an undo of a run of which only some parts were approved takes back these', async () => {
    const { world, before, run, decide } = await halfHeld({ hold: 'whole' })
    await decide('approve', run, { parts: ['remove', 'add'] })
    const undo = await decide('undo')
    expect(await world.run(undo)).toMatchObject({ status: 'succeeded', applied: { added: 10, updated: 0, removed: 1 } })
    expect(await directory()).toEqual(before)
  })

  it('a plan goes stale when somebody else changes contacts, and its own changes do not make it stale', async () => {
    const { world, source, run, decide } = await halfHeld()
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    await world.api('POST', '/api/contacts', { id: 'H001', name: 'By hand' })
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true })
    expect(await decide('approve')).toBe('409 plan_stale')
    expect((await world.run(run.id)).plan?.stale).toMatchObject({ why: 'contacts', since: expect.any(String) })
    await world.api('PATCH', `/api/sources/${source}`, { removal: 'keep' })
    expect((await world.run(run.id)).plan?.stale).toMatchObject({ why: 'settings' })
    expect(await ids()).toContain('P040')
  })

  it('a source that is set to it lets the whole plan wait', async () => {
    const { world, run } = await halfHeld({ hold: 'whole' })
    expect(run).toMatchObject({
      applied: { added: 0, updated: 0, removed: 0 },
      waiting: { added: 1, updated: 1, removed: 10 },
    })
    expect(await ids()).toHaveLength(40)
    const approve = (parts: string[]) =>
      world.request('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash, parts })
    expect((await approve(['add', 'update'])).status).toBe(202)
    await world.drain()
    expect(await world.run(run.id)).toMatchObject({
      status: 'succeeded',
      applied: { added: 1, updated: 1, removed: 0 },
      decision: { what: 'approved', parts: ['add', 'update'] },
    })
    expect(await ids()).toHaveLength(41)
    const ops = async (part: string) => {
      const path = `/api/runs/${run.id}/changes?part=${part}`
      return (await world.api<Page<ChangeView>>('GET', path)).items.map(({ op, waits }) => `${op} ${waits}`)
    }
    expect(await ops('applied')).toEqual(['add false', 'update false'])
    expect(new Set(await ops('waiting'))).toEqual(new Set(['remove true']))
  })

  it('an approval of a part that does not wait is refused, and so is one of no part or of an unknown one', async () => {
    const { run, decide } = await halfHeld()
    expect(await decide('approve', run, { parts: ['add'] })).toBe('409 part_not_waiting')
    expect(await decide('approve', run, { parts: ['remove', 'update'] })).toBe('409 part_not_waiting')
    expect(await decide('approve', run, { parts: [] })).toBe('400 invalid')
    expect(await decide('approve', run, { parts: ['everything'] })).toBe('400 invalid')
    expect(await decide('approve', run, { parts: ['remove'] })).toBe(run.id)
  })
})

describe('waiting changes that are known already', () => {
  it('a newer run with the same waiting changes replaces the held run without an e-mail, and has the same hash', async () => {
    const { world, run, nightly } = await halfHeld()
    expect(world.mails).toHaveLength(1)
    const newer = await nightly(NEXT_AGAIN)
    expect(newer).toMatchObject({ status: 'held', plan: { hash: run.plan?.hash }, waiting: { removed: 10 } })
    expect(await world.run(run.id)).toMatchObject({ status: 'replaced', replacedBy: newer.id })
    expect(world.mails).toHaveLength(1)
  })

  it('a newer run with other waiting changes is reported', async () => {
    const { world, run, nightly } = await halfHeld()
    const newer = await nightly(csvOf(TEAM.slice(0, 29)))
    expect(newer).toMatchObject({ status: 'held', waiting: { removed: 12 } })
    expect(newer.plan?.hash).not.toBe(run.plan?.hash)
    expect(world.mails).toHaveLength(2)
  })

  it('a run whose waiting changes a person rejected last is rejected at once without an e-mail, and the rest is applied', async () => {
    const { world, source, run, decide, nightly } = await halfHeld()
    await decide('reject')
    const newer = await nightly(csvOf([RENAMED, ...STAYING.slice(1), NEW, { ID: 'newer' }]))
    expect(newer).toMatchObject({ status: 'rejected', decision: null, applied: { added: 1, removed: 0 } })
    expect(newer.plan?.hash).toBe(run.plan?.hash)
    expect(await nightly(NEXT_AGAIN)).toMatchObject({ status: 'held', waiting: { removed: 11 } })
    expect(world.mails).toHaveLength(2)
    expect(await world.import(source, csvOf([RENAMED, ...STAYING.slice(1), NEW, { ID: 'newer' }]))).toMatchObject({
      status: 'held',
    })
  })

  it('rejected changes wait again once a file without them has been imported', async () => {
    const { decide, nightly } = await halfHeld()
    await decide('reject')
    expect((await nightly(csvOf([RENAMED, ...TEAM.slice(1), NEW]))).status).toBe('succeeded')
    expect((await nightly(NEXT_AGAIN)).status).toBe('held')
  })
})

describe('the e-mails about a run of which a part waits', () => {
  const always = { notify: { emails: ['a@example.org'], when: 'always' } }
  const BROKEN: Person = { ID: 'broken', Number: '' }

  it('one e-mail says what was imported and what waits, and its figures add up', async () => {
    const { world, source } = await halfHeld({ ...always, limits: { changed: { percent: 0, atLeast: 1 } } })
    world.mails.length = 0
    await world.import(
      source,
      csvOf([{ ID: 'P001', Title: 'Head' }, ...STAYING.slice(1), NEW, { ID: 'newer' }, BROKEN]),
    )
    expect(world.mails.map(({ subject }) => subject)).toEqual(['Staff: 1 added, 1 change and 10 removals wait'])
    const text = world.mails[0]?.text ?? ''
    for (const line of [
      'This has been imported already: 1 added.',
      'This waits: 1 to change, 10 to remove.',
      '10 of 41 contacts are missing from the file',
      'Contacts that met the criteria: 33',
      'Imported: 31 (added 1, updated 0, unchanged 30)',
      'Waiting: 1\n',
      'Not imported, because of errors: 1',
      'Removed: 0',
      'Waiting to be removed: 10',
      'Person broken',
    ])
      expect(text).toContain(line)
  })

  it('the report after an approval of some parts says what was not imported', async () => {
    const { world, run, decide } = await halfHeld({ ...always, limits: { changed: { percent: 0, atLeast: 1 } } })
    await decide('approve', run, { parts: ['remove'] })
    const report = world.mails.at(-1)
    expect(report?.subject).toBe('Staff: 1 added, 10 removed')
    expect(report?.text).toContain('Imported: 30 (added 1, updated 0, unchanged 29)')
    expect(report?.text).toContain('Not imported, because that was rejected: 1')
    expect(report?.text).toContain('Removed: 10')
  })

  it('a run that repeats waiting or rejected changes sends a report only if it has imported something else', async () => {
    const { world, decide, nightly } = await halfHeld(always)
    const more = (...ids: string[]) => nightly(csvOf([RENAMED, ...STAYING.slice(1), NEW, ...ids.map((ID) => ({ ID }))]))
    world.mails.length = 0
    await nightly(NEXT_AGAIN)
    expect(world.mails).toEqual([])
    const held = await more('a')
    expect(world.mails.map(({ subject }) => subject)).toEqual(['Staff: 1 added'])
    expect(world.mails[0]?.text).toContain('What waits for you is the same as before.')
    await decide('reject', held)
    await more('b', 'a')
    expect(world.mails[1]?.text).toContain('The changes that you rejected were left out again.')
    await nightly(csvOf([{ ID: 'b' }, { ID: 'a' }, NEW, RENAMED, ...STAYING.slice(1)]))
    expect(world.mails).toHaveLength(2)
  })
})

describe('what becomes of contacts whose changes wait', () => {
  it('rejected changes are planned again, night after night, and nobody is asked about them again', async () => {
    const { world, run, decide, nightly } = await halfHeld({
      limits: { changed: { percent: 0, atLeast: 1 } },
      notify: NOTIFY,
    })
    expect(run).toMatchObject({ applied: { added: 1 }, waiting: { added: 0, updated: 1, removed: 10 } })
    await decide('approve', run, { parts: ['remove'] })
    expect(await ids()).toHaveLength(31)
    for (const file of [NEXT_AGAIN, `${NEXT}\r\n`, NEXT_AGAIN]) {
      const night = await nightly(file)
      const again = { added: 0, updated: 1, removed: 0, unchanged: 30 }
      expect(night).toMatchObject({ status: 'rejected', counts: again, applied: { added: 0, updated: 0, removed: 0 } })
    }
    expect(world.mails).toHaveLength(1)
    await world.api('PATCH', `/api/sources/${run.sourceId}`, { limits: NO_LIMITS })
    expect(await world.import(run.sourceId, NEXT)).toMatchObject({
      status: 'succeeded',
      applied: { added: 0, updated: 1 },
    })
  })

  it('rejected removals are planned again, night after night, and the rest of each file is applied', async () => {
    const { run, decide, nightly } = await halfHeld()
    await decide('reject')
    for (let night = 1; night <= 3; night++) {
      const more = Array.from({ length: night }, (_, i) => ({ ID: `night${i}` }))
      expect(await nightly(csvOf([RENAMED, ...STAYING.slice(1), NEW, ...more]))).toMatchObject({
        status: 'rejected',
        counts: { added: 1, updated: 0, removed: 10 },
        applied: { added: 1, updated: 0, removed: 0 },
        plan: { hash: run.plan?.hash },
      })
    }
    expect(await nightly(csvOf([RENAMED, ...TEAM.slice(1), NEW]))).toMatchObject({
      status: 'succeeded',
      counts: { added: 0, updated: 0, removed: 3, unchanged: 41 },
    })
  })

  it('a removal and the add that may be the same person wait together', async () => {
    const world = await World.start()
    const source = await world.source()
    await world.import(source, csvOf(TEAM))
    // Ten people are missing. The file has two of their names under new IDs, one of them with the same number.
    const numbers = await world.api<Page<ContactView>>('GET', '/api/contacts?search=P031')
    const number = numbers.items[0]?.numbers[0]?.number ?? ''
    const moved = { ID: 'XP031', Name: 'Person P031', Number: number }
    const file = [...STAYING, moved, { ID: 'XP032', Name: 'Person P032' }, NEW]
    const run = await world.import(source, csvOf(file))
    expect(run).toMatchObject({
      status: 'held',
      counts: { added: 3, removed: 10 },
      applied: { added: 2, removed: 0 },
      waiting: { added: 1, removed: 10 },
    })
    const { items } = await world.api<Page<ChangeView>>('GET', `/api/runs/${run.id}/changes?part=remove&op=add`)
    expect(items).toMatchObject([{ op: 'add', id: 'XP031', waits: true }])
    const approve = (parts: string[]) =>
      world.request('POST', `/api/runs/${run.id}/approve`, { planHash: run.plan?.hash, parts })
    // The add is decided with the removals, so it may be named beside them and not by itself.
    expect((await approve(['add'])).status).toBe(409)
    expect((await approve(['update', 'remove'])).status).toBe(409)
    expect((await approve(['add', 'remove'])).status).toBe(202)
    await world.drain()
    const now = await ids()
    expect(now).toHaveLength(33)
    expect(now).toEqual(expect.arrayContaining(['XP031', 'XP032', 'new']))
  })
})
