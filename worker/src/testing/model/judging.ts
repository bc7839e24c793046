import type { HoldReason, Limits } from '../../core/limits.ts'
import { ATTRIBUTES, type Facts, type ModelContact, type ModelDirectory } from './directory.ts'
import type { ModelChange, ModelPlan } from './plan.ts'

/** A reason to hold a plan, as far as the model knows it: the words and the examples are left out. */
export type ModelReason = Pick<HoldReason, 'limit' | 'count' | 'of' | 'parts'>

/** The facts about a source that judging needs. */
export interface JudgedFor {
  id: string
  limits: Limits
  /** Whether no import of the source has been applied. */
  first: boolean
  /** How many of its days there have been; they stand still while removals wait. */
  days: number
}

type Numbers = { percent?: number; atLeast?: number; orAtLeast?: number; small?: Numbers } | null
const ALL = ['add', 'update', 'remove'] as const

/** Returns the reasons why a plan must wait for a person (design: Limits), in the order of the limits. */
export function reasonsOf(directory: ModelDirectory, plan: ModelPlan, source: JudgedFor): ModelReason[] {
  const { limits, first } = source
  const later = first ? [] : [changed, blanked, unreachable, emptiedGroups]
  const last = first ? [] : [shrunkGroups]
  return [
    ...removed(directory, plan, source),
    ...later.flatMap((judge) => judge(directory, plan, limits)),
    ...errors(plan, limits),
    ...(first ? [] : rekeyed(plan, limits)),
    ...last.flatMap((judge) => judge(directory, plan, limits)),
    ...identity(plan, source),
    ...(first ? [] : added(plan, limits)),
    ...sameNumber(plan, limits),
  ]
}

function isOver(n: number, of: number, limit: Numbers): boolean {
  if (limit === null) return false
  const { percent = 0, atLeast = 1, orAtLeast = Number.POSITIVE_INFINITY, small = null } = limit
  const large = n >= atLeast && (n / of > percent / 100 || n >= orAtLeast)
  return large || isOver(n, of, small)
}

function ofOp({ changes }: ModelPlan, op: ModelChange['op']): ModelChange[] {
  return changes.filter((change) => change.op === op)
}

/** Returns the changes of contacts that stay, those that get a new ID included. */
function updatesOf({ changes }: ModelPlan): ModelChange[] {
  return changes.filter(({ op }) => op === 'update' || op === 'rekey')
}

function rekeyed(plan: ModelPlan, limits: Limits): ModelReason[] {
  const [count, of] = [ofOp(plan, 'rekey').length, plan.contacts.length]
  return count > 0 && isOver(count, of, limits.rekeyed) ? [{ limit: 'rekeyed', count, of, parts: ['remove'] }] : []
}

function removed(directory: ModelDirectory, plan: ModelPlan, { id, limits, first, days }: JudgedFor): ModelReason[] {
  const removals = ofOp(plan, 'remove')
  const manual = removals.filter(({ from }) => from === 'hand').length
  const all = plan.contacts.length
  const reason = (count: number, of: number, parts: ModelReason['parts']) => [
    { limit: 'removed' as const, count, of, parts },
  ]
  if (all > 0 && removals.length - manual === all) return reason(removals.length, all, ALL)
  if (manual > 0) return reason(removals.length, all + manual, ['remove'])
  if (first || limits.removed === null || removals.length === 0) return []
  const within = limits.removed.withinDays
  const before = directory.contacts.filter(
    ({ owner, live, removedOn }) => owner === id && !live && removedOn !== null && removedOn > days - within + 0.5,
  ).length
  const [count, of] = [removals.length + before, all + before]
  if (!isOver(count, of, limits.removed)) return []
  return reason(count, of, removals.length > all / 2 ? ALL : ['remove'])
}

function changed(_: ModelDirectory, plan: ModelPlan, limits: Limits): ModelReason[] {
  const hit = updatesOf(plan).filter(({ before, after }) =>
    ATTRIBUTES.some((attribute) =>
      listed(before, attribute).some((value) => !listed(after, attribute).includes(value)),
    ),
  ).length
  const of = plan.contacts.length
  return isOver(hit, of, limits.changed) ? [{ limit: 'changed', count: hit, of, parts: ['update'] }] : []
}

function blanked(_: ModelDirectory, plan: ModelPlan, limits: Limits): ModelReason[] {
  return [...ATTRIBUTES].sort().flatMap((attribute) => {
    const has = (facts: Facts | null) => listed(facts, attribute).length > 0
    const count = updatesOf(plan).filter(({ before, after }) => has(before) && !has(after)).length
    const of = Math.max(count, plan.contacts.filter(({ facts }) => has(facts)).length)
    return isOver(count, of, limits.blanked)
      ? [{ limit: 'blanked' as const, count, of, parts: ['update'] as const }]
      : []
  })
}

/** Every number of the model is a mobile number, so the last number and the last mobile number are one. */
function unreachable(_: ModelDirectory, plan: ModelPlan, limits: Limits): ModelReason[] {
  const of = plan.contacts.length
  return (['numbers', 'emails'] as const).flatMap((channel) => {
    const count = updatesOf(plan).filter(
      ({ before, after }) => listed(before, channel).length > 0 && listed(after, channel).length === 0,
    ).length
    return isOver(count, of, limits.unreachable)
      ? [{ limit: 'unreachable' as const, count, of, parts: ['update'] as const }]
      : []
  })
}

function emptiedGroups(directory: ModelDirectory, plan: ModelPlan, limits: Limits): ModelReason[] {
  return judgedGroups(directory, plan).flatMap(({ members, after, changeOf }) => {
    const adrift = members.every((contact) => {
      const change = changeOf(contact)
      return change !== undefined && (change.after === null || change.after.groups.length === 0)
    })
    const [count, of] = [members.length, members.length]
    if (members.length === 0 || after > 0 || !adrift || !isOver(count, of, limits.emptiedGroups)) return []
    const gone = members.filter((contact) => changeOf(contact)?.op === 'remove').length
    return [{ limit: 'emptiedGroups' as const, count, of, parts: partsOf(gone === count) }]
  })
}

function shrunkGroups(directory: ModelDirectory, plan: ModelPlan, limits: Limits): ModelReason[] {
  return judgedGroups(directory, plan).flatMap(({ members, after, changeOf }) => {
    const of = members.length
    const count = of - after
    if (!isOver(count, of, limits.shrunkGroups)) return []
    const gone = members.filter((contact) => changeOf(contact)?.op === 'remove').length
    return [
      { limit: 'shrunkGroups' as const, count, of, parts: partsOf(!isOver(count - gone, of, limits.shrunkGroups)) },
    ]
  })
}

function partsOf(onlyByRemovals: boolean): ModelReason['parts'] {
  return onlyByRemovals ? ['remove'] : ['update', 'remove']
}

function judgedGroups(directory: ModelDirectory, { changes }: ModelPlan) {
  const changeOf = (contact: ModelContact) => changes.find((change) => change.contact === contact)
  return [...directory.groups.keys()].sort().map((key) => {
    const members = directory.members(key)
    const staying = members.filter((contact) => {
      const change = changeOf(contact)
      return change === undefined || (change.after?.groups.includes(key) ?? false)
    }).length
    const coming = changes.filter(
      ({ before, after }) => after?.groups.includes(key) === true && before?.groups.includes(key) !== true,
    ).length
    return { members, after: staying + coming, changeOf }
  })
}

function errors({ counts }: ModelPlan, limits: Limits): ModelReason[] {
  const rows = counts.rows - counts.leftOut
  if (limits.errors === null || counts.errors === 0 || !isOver(counts.errors, rows, limits.errors)) return []
  return [{ limit: 'errors', count: counts.errors, of: rows, parts: ALL }]
}

/** How many contacts may lose or get a value before it is taken for one that people share. */
const SHARED_BY = 3

function identity(plan: ModelPlan, { limits, first }: JudgedFor): ModelReason[] {
  const updates = updatesOf(plan)
  const adoptions = updates.filter(({ from }) => from === 'hand')
  const others = updates.filter(({ before, after }) => {
    const kept = valuesOf(after)
    return valuesOf(before).length > 0 && !valuesOf(before).some((value) => kept.includes(value))
  })
  const losers = (value: string) =>
    [...updates, ...ofOp(plan, 'remove')].filter(
      ({ before, after }) => valuesOf(before).includes(value) && !valuesOf(after).includes(value),
    ).length
  const getters = (value: string) =>
    updates.filter(({ before, after }) => valuesOf(after).includes(value) && !valuesOf(before).includes(value)).length
  const getting = updates.filter(({ before, after }) =>
    valuesOf(after)
      .filter((value) => !valuesOf(before).includes(value))
      .some((value) => losers(value) > 0 && losers(value) <= SHARED_BY && getters(value) <= SHARED_BY),
  )
  const hit = first ? others.filter((change) => adoptions.includes(change)) : [...new Set([...others, ...getting])]
  const count = hit.length
  const of = first ? adoptions.length : plan.contacts.length + adoptions.length
  return isOver(count, of, limits.identity) ? [{ limit: 'identity', count, of, parts: ['update'] }] : []
}

/** Returns whether a plan makes a contact somebody else (design: Consent, “The same person”). */
export function makesSomebodyElse({ changes }: ModelPlan): boolean {
  const losses = changes.flatMap(({ before, after }) =>
    valuesOf(before).filter((value) => !valuesOf(after).includes(value)),
  )
  const isLost = (value: string) => losses.includes(value)
  return changes.some(({ op, before, after }) => {
    const kept = valuesOf(before).filter((value) => valuesOf(after).includes(value))
    const gained = valuesOf(after).filter((value) => !kept.includes(value))
    return op === 'update' && (kept.length === 0 || (gained.some(isLost) && kept.every(isLost)))
  })
}

/** What tells one person from another. */
function valuesOf(facts: Facts | null): string[] {
  return facts === null ? [] : [facts.name.toLowerCase(), ...facts.numbers, ...facts.emails]
}

function added(plan: ModelPlan, limits: Limits): ModelReason[] {
  const [count, of] = [ofOp(plan, 'add').length, plan.contacts.length]
  if (of === 0 || !isOver(count, of, limits.added)) return []
  return [{ limit: 'added', count, of, parts: ['add'] }]
}

function sameNumber(plan: ModelPlan, limits: Limits): ModelReason[] {
  const getting = [...ofOp(plan, 'add'), ...updatesOf(plan)]
  const gained = ({ before, after }: ModelChange) =>
    (after?.numbers ?? []).filter((number) => before?.numbers.includes(number) !== true)
  return [...new Set(getting.flatMap(gained))].sort().flatMap((number) => {
    const count = getting.filter((change) => gained(change).includes(number)).length
    const of = Math.max(plan.contacts.length, count)
    if (count < 2 || !isOver(count, count, limits.sameNumber)) return []
    return [{ limit: 'sameNumber' as const, count, of, parts: ['add', 'update'] as const }]
  })
}

function listed(facts: Facts | null, attribute: keyof Facts): string[] {
  const value = facts?.[attribute] ?? []
  return typeof value === 'string' ? [value] : value
}
