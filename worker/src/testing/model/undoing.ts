import { ATTRIBUTES, type Facts, type ModelDirectory, same } from './directory.ts'
import type { ModelChange } from './plan.ts'

/** Returns the changes that undo the applied ones, and how many contacts have a value that is left as it is. */
export function inverseOf(
  directory: ModelDirectory,
  source: string,
  applied: readonly ModelChange[],
): { changes: ModelChange[]; left: number } {
  const changes: ModelChange[] = []
  let left = 0
  for (const change of applied) {
    const inverse = invert(directory, source, change)
    if (inverse === 'nothing') continue
    if (inverse.left) left++
    if (inverse.change !== null) changes.push(inverse.change)
  }
  return { changes, left }
}

function invert(
  directory: ModelDirectory,
  source: string,
  { op, id, contact, before, after, from, to, rekey }: ModelChange,
): { change: ModelChange | null; left: boolean } | 'nothing' {
  if (contact === null) throw new Error('A change that was applied has a contact')
  const { live, facts, owner } = contact
  const known = directory.contacts.includes(contact) && (owner === source || owner === 'hand')
  const taken = directory.live().some((other) => other !== contact && other.owner === from && other.id === contact.id)
  const left = { change: null, left: true }
  if (op === 'add') {
    if (!known || !live) return 'nothing'
    if (owner !== to || !same(facts, after)) return left
    return { change: { op: 'remove', id: contact.id, contact, before: facts, after: null, from: to, to }, left: false }
  }
  if (op === 'remove') {
    if (!known || live || taken) return left
    return { change: { op: 'add', id: contact.id, contact, before: null, after: before, from, to: from }, left: false }
  }
  if (!known || !live || before === null || after === null) return left
  if (rekey !== undefined) {
    const old = directory.live().some((other) => other !== contact && other.owner === from && other.id === rekey.from)
    if (contact.id !== id || old) return left
    const values = takenBack(before, after, facts)
    const back = { from: id, otherwise: null }
    const whole = {
      op,
      id: rekey.from,
      contact,
      before: facts,
      after: values.facts,
      from: owner,
      to: from,
      rekey: back,
    }
    return { change: whole, left: values.left }
  }
  const values = takenBack(before, after, facts)
  const back = taken ? owner : from === to ? owner : from
  const change: ModelChange = {
    op: 'update',
    id: contact.id,
    contact,
    before: facts,
    after: values.facts,
    from: owner,
    to: back,
  }
  const nothing = same(facts, values.facts) && owner === back
  return { change: nothing ? null : change, left: values.left || (from !== to && taken) }
}

/** Restores each value that the run changed and that has not changed since. */
function takenBack(before: Facts, after: Facts, now: Facts): { facts: Facts; left: boolean } {
  const facts: Record<string, unknown> = { ...now }
  let left = false
  for (const attribute of ATTRIBUTES) {
    const [was, became, is] = [before[attribute], after[attribute], now[attribute]]
    if (same(was, became)) continue
    if (same(became, is)) facts[attribute] = was
    else if (Array.isArray(was) && Array.isArray(became) && Array.isArray(is)) {
      const added = became.filter((one) => !was.includes(one))
      const taken = was.filter((one) => !became.includes(one))
      const kept = is.filter((one) => !added.includes(one))
      const back = [...kept, ...taken.filter((one) => !kept.includes(one))]
      facts[attribute] = attribute === 'groups' ? back.sort() : back
      left ||= added.some((one) => !is.includes(one)) || taken.some((one) => kept.includes(one))
    } else left = true
  }
  return { facts: facts as unknown as Facts, left }
}
