import { ATTRIBUTE_KEYS } from './attributes.ts'
import { changedAttributes } from './comparing.ts'
import type { ContactDetails } from './contact.ts'

/** The result of undoing an update as far as possible. */
export interface Undone {
  details: ContactDetails
  /** Attributes that were left unchanged, in whole or in part, because they have changed since the run. */
  left: (keyof ContactDetails)[]
}

/**
 * Undoes an update value by value (design: Undo). A value that the run changed and that has not changed since becomes
 * what it was before. A value that has changed since is kept, and its attribute is named. Each number, e-mail, group
 * and custom field counts by itself.
 */
export function undoUpdate(before: ContactDetails, after: ContactDetails, current: ContactDetails): Undone {
  const details = { ...current }
  const left: (keyof ContactDetails)[] = []
  for (const attribute of changedAttributes(before, after)) {
    if (!changedAttributes(after, current).includes(attribute)) {
      Object.assign(details, { [attribute]: before[attribute] })
      continue
    }
    const undone = undoParts(attribute, before, after, current)
    if (undone === null) left.push(attribute)
    else {
      Object.assign(details, { [attribute]: undone.value })
      if (undone.left) left.push(attribute)
    }
  }
  return { details, left: ATTRIBUTE_KEYS.filter((attribute) => left.includes(attribute)) }
}

/**
 * Undoes an attribute of several values, some of which have changed since; returns null for an attribute of a single
 * value.
 */
function undoParts(
  attribute: keyof ContactDetails,
  before: ContactDetails,
  after: ContactDetails,
  current: ContactDetails,
): { value: unknown; left: boolean } | null {
  switch (attribute) {
    case 'groups': {
      const { value, left } = undoList(before.groups, after.groups, current.groups)
      return { value: isSorted(before.groups) && isSorted(after.groups) ? value.sort() : value, left }
    }
    case 'emails':
      return undoList(before.emails, after.emails, current.emails)
    case 'numbers':
      return undoList(before.numbers, after.numbers, current.numbers)
    case 'fields':
      return undoFields(before.fields, after.fields, current.fields)
    default:
      return null
  }
}

/**
 * Removes the values that the run added, if they are still there, and restores the values that it removed, after the
 * others.
 */
function undoList<T>(before: readonly T[], after: readonly T[], current: readonly T[]): { value: T[]; left: boolean } {
  const key = (value: T) => JSON.stringify(value)
  const without = (list: readonly T[], others: readonly T[]) => {
    const keys = new Set(others.map(key))
    return list.filter((value) => !keys.has(key(value)))
  }
  const added = without(after, before)
  const taken = without(before, after)
  const kept = without(current, added)
  const back = without(taken, kept)
  return { value: [...kept, ...back], left: without(added, current).length > 0 || back.length < taken.length }
}

function isSorted(list: readonly unknown[]): boolean {
  return list.every((value, i) => i === 0 || String(list[i - 1]) <= String(value))
}

function undoFields(
  before: ContactDetails['fields'],
  after: ContactDetails['fields'],
  current: ContactDetails['fields'],
): { value: ContactDetails['fields']; left: boolean } {
  const value = { ...current }
  let left = false
  const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (same(before[key], after[key])) continue
    if (!same(current[key], after[key])) left = true
    else if (before[key] === undefined) delete value[key]
    else value[key] = before[key]
  }
  return { value: Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))), left }
}
