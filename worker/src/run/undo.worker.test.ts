import { describe, expect, it } from 'vitest'
import type { Page } from '../api/views/answer.ts'
import type { ContactView, GroupView } from '../api/views/contact.ts'
import type { ProblemView, RunView } from '../api/views/run.ts'
import { csvOf } from '../testing/roster.ts'
import { NO_LIMITS } from '../testing/versions.ts'
import { World } from '../testing/world.ts'

const BEFORE = csvOf([{ ID: 'ana', Groups: 'Rope' }, { ID: 'ben' }, { ID: 'cleo' }])
const AFTER = csvOf([{ ID: 'ana', Title: 'Team Lead', Groups: 'Search' }, { ID: 'ben' }, { ID: 'dora' }])

async function undo(world: World, run: RunView): Promise<RunView> {
  const { id } = await world.api<{ id: string }>('POST', `/api/runs/${run.id}/undo`)
  await world.drain()
  return world.run(id)
}

/** Starts a run as a system, not as a person, and returns it once it has ended. */
async function overnight(world: World, source: string): Promise<RunView> {
  const token = await world.request('POST', `/api/sources/${source}/runs`, {}, 'system')
  const { id } = await token.json<{ id: string }>()
  await world.drain()
  return world.run(id)
}

async function exported(world: World): Promise<string[]> {
  const text = await (await world.request('GET', '/api/contacts.csv')).text()
  return text.split('\r\n').sort()
}

/** Returns a Muster in which a second file has been applied: one contact added, one updated, one removed. */
async function twoFiles() {
  const world = await World.start()
  const source = await world.source({ limits: NO_LIMITS })
  await world.import(source, BEFORE)
  const before = await exported(world)
  const run = await world.import(source, AFTER)
  expect(run.counts).toMatchObject({ added: 1, updated: 1, removed: 1 })
  return { world, source, before, run, after: await exported(world) }
}

describe('undo', () => {
  it('an undo restores the directory byte for byte, and can itself be undone', async () => {
    const { world, before, run, after } = await twoFiles()
    const undoing = await undo(world, run)
    expect(undoing).toMatchObject({ trigger: 'undo', status: 'succeeded', undoes: run.id })
    expect(await exported(world)).toEqual(before)
    expect(await world.run(run.id)).toMatchObject({ undoneBy: undoing.id, plan: { undoable: false } })
    await undo(world, undoing)
    expect(await exported(world)).toEqual(after)
    expect(await world.run(run.id)).toMatchObject({ undoneBy: null, plan: { undoable: true } })
  })

  it('an undo keeps and names the values that have changed since the import', async () => {
    const { world, source, run } = await twoFiles()
    await world.import(
      source,
      csvOf([{ ID: 'ana', Title: 'Chief', Groups: 'Search' }, { ID: 'ben' }, { ID: 'dora', Title: 'Medic' }]),
    )
    const undoing = await undo(world, run)
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts')
    expect(items.map(({ id, title, groups }) => [id, title, groups]).sort()).toEqual([
      ['ana', 'Chief', ['Rope']],
      ['ben', null, expect.anything()],
      ['cleo', null, expect.anything()],
      ['dora', 'Medic', expect.anything()],
    ])
    const problems = await world.api<Page<ProblemView>>('GET', `/api/runs/${undoing.id}/problems`)
    expect(problems.items.map(({ id, column, code }) => [id, column, code]).sort()).toEqual([
      ['ana', 'title', 'changed_since'],
      ['dora', null, 'changed_since'],
    ])
  })

  it('the changes that an undo took back do not return overnight', async () => {
    const { world, source, before, run } = await twoFiles()
    await undo(world, run)
    expect(await overnight(world, source)).toMatchObject({ status: 'unchanged' })
    const next = await world.import(source, csvOf([{ ID: 'ana', Title: 'Other' }, { ID: 'ben' }, { ID: 'cleo' }]))
    expect(next).toMatchObject({ status: 'held', hold: { reasons: [{ limit: 'afterUndo' }] } })
    expect(await exported(world)).toEqual(before)
    const again = await world.import(source, AFTER)
    expect(again).toMatchObject({ status: 'succeeded', counts: { added: 1, updated: 1, removed: 1 } })
  })

  it.each([
    ['the settings change', { removal: 'keep' }],
    ['the source is disabled and enabled again', { enabled: true }],
  ])('the changes that an undo took back do not return overnight when %s', async (_, settings) => {
    const { world, source, before, run } = await twoFiles()
    await undo(world, run)
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    await world.api('PATCH', `/api/sources/${source}`, { enabled: true, ...settings })
    const night = await overnight(world, source)
    expect(night).toMatchObject({ status: 'held', hold: { reasons: [{ limit: 'afterUndo' }] } })
    expect(await exported(world)).toEqual(before)
  })

  it('the undo of an undo leaves the changes that another undo took back, and plans bytes other than the last ones', async () => {
    const { world, source, before, run } = await twoFiles()
    const { items } = await world.api<Page<RunView>>('GET', `/api/runs?source=${source}`)
    const [, first] = items
    if (first === undefined) throw new Error('There was a first import')
    await undo(world, run)
    await undo(world, await undo(world, first))
    expect(await exported(world)).toEqual(before)
    expect(await overnight(world, source)).toMatchObject({ status: 'unchanged' })
    const again = await world.import(source, AFTER)
    await undo(world, await undo(world, first))
    world.remote = BEFORE
    expect([again.status, (await overnight(world, source)).status]).toEqual(['succeeded', 'succeeded'])
  })

  it('an undo brings back a group under the name it had before it was renamed', async () => {
    const { world, source, run } = await twoFiles()
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    const { items } = await world.api<Page<GroupView>>('GET', '/api/groups')
    // Ana was in Rope before. Rope has no members now, so it is listed only as a manual group.
    await world.api('POST', '/api/groups', { name: 'Rope' })
    const rope = (await world.api<Page<GroupView>>('GET', '/api/groups')).items.find(({ name }) => name === 'Rope')
    await world.api('PATCH', `/api/groups/${rope?.id}`, { name: 'Climb' })
    expect(await undo(world, run)).toMatchObject({ status: 'succeeded' })
    const ana = (await world.api<Page<ContactView>>('GET', '/api/contacts?search=ana')).items
    expect([items.length, ana.map(({ groups }) => groups)]).toEqual([2, [['rope']]])
  })

  it('an undo leaves an adopted contact with its source if a manual contact now has its ID', async () => {
    const world = await World.start()
    await world.api('POST', '/api/contacts', { id: 'ana', name: 'Ana by hand' })
    const source = await world.source({ limits: NO_LIMITS })
    const run = await world.import(source, csvOf([{ ID: 'ana' }]))
    await world.api('PATCH', `/api/sources/${source}`, { enabled: false })
    await world.api('POST', '/api/contacts', { id: 'ana', name: 'Ana again' })
    expect(await undo(world, run)).toMatchObject({ status: 'succeeded', counts: { updated: 1, warnings: 1 } })
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts')
    expect(items.map(({ sourceId, name }) => [sourceId, name])).toEqual([
      [source, 'Ana by hand'],
      [null, 'Ana again'],
    ])
  })

  it('an undo changes only the values of a contact that has become manual', async () => {
    const world = await World.start()
    await world.api('POST', '/api/contacts', { id: 'ana', name: 'Ana', title: 'Medic' })
    const source = await world.source({ limits: NO_LIMITS })
    const adopting = await world.import(source, csvOf([{ ID: 'ana', Name: 'Ana', Title: 'Medic' }]))
    const second = await world.import(source, csvOf([{ ID: 'ana', Name: 'Ana', Title: 'Lead' }]))
    await undo(world, adopting)
    await undo(world, second)
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts')
    expect(items.map(({ sourceId, title }) => [sourceId, title])).toEqual([[null, 'Medic']])
  })

  it('an opted-out contact stays opted out when an adoption is undone and the undo is undone', async () => {
    const world = await World.start()
    const made = await world.api<ContactView>('POST', '/api/contacts', { id: 'ana', name: 'Ana' })
    await world.api('PUT', `/api/contacts/${made.key}/sms-status`, { status: 'opted_out' })
    const source = await world.source({ limits: NO_LIMITS })
    const run = await world.import(source, csvOf([{ ID: 'ana', Name: 'Ana' }]))
    expect(await undo(world, await undo(world, run))).toMatchObject({ status: 'succeeded' })
    expect(await world.api('GET', `/api/contacts/${made.key}`)).toMatchObject({
      sourceId: source,
      sms: { status: 'opted_out' },
    })
  })

  it('the history of a contact tells undos from imports', async () => {
    const { world, run } = await twoFiles()
    const undoing = await undo(world, run)
    const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?search=ana')
    expect(await world.api('GET', `/api/contacts/${items[0]?.key}`)).toMatchObject({
      history: [
        { op: 'update', runId: undoing.id, undo: true },
        { op: 'update', runId: run.id, undo: false },
        { op: 'add', undo: false },
      ],
    })
  })

  it('an undo is refused, and not offered, once the source is deleted', async () => {
    const { world, source, run } = await twoFiles()
    await world.api('DELETE', `/api/sources/${source}`)
    const { items } = await world.api<Page<RunView>>('GET', '/api/runs')
    expect([await world.run(run.id), ...items].map(({ plan }) => plan?.undoable)).toEqual([false, false, false])
    const response = await world.request('POST', `/api/runs/${run.id}/undo`)
    expect([response.status, (await response.json<{ code: string }>()).code]).toEqual([409, 'not_undoable'])
  })

  it('an undo makes an adopted contact manual again', async () => {
    const world = await World.start()
    const made = await world.api<ContactView>('POST', '/api/contacts', { id: 'ana', name: 'Ana by hand' })
    const source = await world.source({ limits: NO_LIMITS })
    const run = await world.import(source, csvOf([{ ID: 'ana' }, { ID: 'ben' }]))
    expect(await world.api('GET', `/api/contacts/${made.key}`)).toMatchObject({ sourceId: source })
    await undo(world, run)
    expect(await world.api('GET', `/api/contacts/${made.key}`)).toMatchObject({ sourceId: null, name: 'Ana by hand' })
  })

  it('an undo is refused while an import runs, and for a run that changed nothing', async () => {
    const { world, source, run } = await twoFiles()
    const unchanged = await world.import(source, AFTER)
    expect((await world.request('POST', `/api/runs/${unchanged.id}/undo`)).status).toBe(409)
    await world.api('POST', `/api/sources/${source}/runs`, {})
    const refused = await world.request('POST', `/api/runs/${run.id}/undo`)
    expect(refused.status).toBe(409)
    expect(await refused.json()).toMatchObject({ code: 'run_active' })
  })
})
