import type { Page } from '../../api/views/answer.ts'
import type { ContactView, GroupView } from '../../api/views/contact.ts'
import type { RunView } from '../../api/views/run.ts'
import { insistOnNumbers } from '../kept-numbers.ts'
import type { Muster } from '../muster.ts'
import type { ModelContact, ModelGroup } from './directory.ts'
import type { Model } from './model.ts'
import type { ModelChange } from './plan.ts'
import { personOf } from './roll.ts'
import type { ModelRun } from './state.ts'

/** The keys and IDs that the API gave to the contacts, groups and runs of the model. They never change. */
export interface Names {
  contacts: Map<ModelContact, string>
  groups: Map<ModelGroup, string>
  runs: Map<ModelRun, string>
}

/** Throws if the API does not show what the model predicts, or the table of numbers is wrong. */
export async function compare(world: Muster, model: Model, names: Names): Promise<void> {
  await compareContacts(world, model, names)
  await compareGroups(world, model, names)
  await compareRuns(world, model, names)
  await insistOnNumbers(world.env)
}

async function compareContacts(world: Muster, model: Model, names: Names): Promise<void> {
  const { items } = await world.api<Page<ContactView>>('GET', '/api/contacts?limit=500')
  const ought = model.directory.live()
  model.directory.recordOptOuts()
  const whose = (sourceId: string | null, id: string) => `${sourceId ?? 'hand'}/${id}`
  const found = new Map(items.map((view) => [whose(view.sourceId, view.id), view]))
  insist(
    'contacts',
    items.map((view) => whose(view.sourceId, view.id)).sort(),
    ought.map(({ owner, id }) => whose(owner, id)).sort(),
  )
  for (const contact of ought) {
    const view = found.get(whose(contact.owner, contact.id))
    if (view === undefined) continue
    const what = whose(contact.owner, contact.id)
    const { name, title, emails, numbers, groups } = contact.facts
    const spelt = groups.map((key) => model.directory.groups.get(key)?.name ?? key)
    const is = [view.name, view.title, view.emails, view.numbers.map(({ number }) => number), view.groups]
    insist(what, is, [name, title, emails, numbers, spelt])
    insistStable(`the key of ${what}`, names.contacts, contact, view.key)
    insistSms(what, model, contact, view)
  }
}

/**
 * Compares the SMS status of a contact that no decision reaches. An opt-out may reach others by a number or as the same person,
 * and ends with the person of an ID: the histories of consent judge these.
 */
function insistSms(what: string, model: Model, contact: ModelContact, { sms }: ContactView): void {
  const { optedOut } = model.directory
  const mayBeReached = [personOf(contact.id), ...contact.facts.numbers].some((value) => optedOut.has(value))
  if (contact.sms === null && !mayBeReached) insist(`SMS status of ${what}`, sms.status, 'unknown')
}

async function compareGroups(world: Muster, model: Model, names: Names): Promise<void> {
  const { items } = await world.api<Page<GroupView>>('GET', '/api/groups?limit=500')
  const ought = [...model.directory.groups].filter(([key]) => model.directory.members(key).length > 0)
  insist(
    'groups',
    items.filter(({ contacts }) => contacts > 0).map(({ name, contacts }) => `${name} ${contacts}`),
    ought
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, { name }]) => `${name} ${model.directory.members(key).length}`),
  )
  for (const [, group] of ought) {
    const view = items.find(({ name }) => name === group.name)
    if (view === undefined) continue
    insistStable(`the ID of ${group.name}`, names.groups, group, view.id)
  }
}

async function compareRuns(world: Muster, model: Model, names: Names): Promise<void> {
  const { items } = await world.api<Page<RunView>>('GET', '/api/runs?limit=500')
  insist('how many runs there are', items.length, model.runs.length)
  for (const [at, run] of model.runs.entries()) {
    const view = items.find(({ id }) => id === names.runs.get(run))
    const what = `run ${at + 1}`
    insist(`${what}, status`, view?.status, run.status)
    if (view === undefined) continue
    if (run.counts !== null && run.status !== 'unchanged') insist(`${what}, counts`, view.counts, run.counts)
    insist(`${what}, applied`, view.applied, countsOf(run.changes.slice(0, run.made)))
    insistFigures(what, view, countsOf(run.waiting.map(({ change }) => change)))
    insist(`${what}, replaced by`, view.replacedBy, run.replacedBy === null ? null : names.runs.get(run.replacedBy))
    const waiting = countsOf(run.waiting.map(({ change }) => change))
    insist(`${what}, what waits`, view.waiting, run.status === 'held' ? waiting : null)
    insist(`${what}, stale`, (view.plan?.stale ?? null) !== null, run.status === 'held' && model.stale(run))
    if (run.status === 'held' || run.status === 'previewed') {
      const reasons = (view.hold?.reasons ?? []).map(({ limit, count, of, parts }) => ({ limit, count, of, parts }))
      insist(`${what}, why it waits`, reasons, run.reasons)
    }
    insist(`${what}, undoable`, view.plan?.undoable ?? false, model.undoable(run))
    insist(`${what}, undone by`, view.undoneBy, run.undoneBy === null ? null : names.runs.get(run.undoneBy))
  }
}

/** Compares the figures of a run, which add up in every state. `waiting`: the changes that wait or were rejected. */
function insistFigures(what: string, view: RunView, waiting: RunView['applied']): void {
  const { counts, applied, figures, status } = view
  const { met, imported, waiting: pending, left, withErrors } = figures
  insist(
    `${what}, the counts of contacts`,
    counts.matched,
    sumOf(counts) + counts.unchanged + counts.contactsWithErrors,
  )
  insist(`${what}, the figures`, met, imported + pending + left + withErrors)
  const ought = [counts.matched, sumOf(applied) + counts.unchanged, counts.contactsWithErrors]
  insist(`${what}, who met the criteria, was imported or has errors`, [met, imported, withErrors], ought)
  if (status === 'held') insist(`${what}, what waits`, [pending, figures.rest], [sumOf(waiting), waiting])
  if (status === 'succeeded' || status === 'rejected')
    insist(`${what}, what was rejected`, [left, figures.rest], [sumOf(waiting), waiting])
}

/** Returns how many contacts are in the directory because of the changes, or differ. */
function sumOf({ added, updated }: Pick<RunView['applied'], 'added' | 'updated'>): number {
  return added + updated
}

function countsOf(changes: readonly ModelChange[]): RunView['applied'] {
  const count = (op: ModelChange['op']) => changes.filter((change) => change.op === op).length
  return { added: count('add'), updated: count('update') + count('rekey'), removed: count('remove') }
}

function insistStable<T>(what: string, names: Map<T, string>, of: T, name: string): void {
  const before = names.get(of)
  if (before === undefined && [...names.values()].includes(name)) throw new Error(`${what} is another's: ${name}`)
  names.set(of, name)
  if (before !== undefined) insist(what, name, before)
}

export function insist(what: string, is: unknown, ought: unknown): void {
  if (JSON.stringify(is) === JSON.stringify(ought)) return
  throw new Error(`${what}: ${JSON.stringify(is)}\nwhere the model says: ${JSON.stringify(ought)}`)
}
