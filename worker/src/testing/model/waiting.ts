import { PARTS, type Part } from '../../core/plan.ts'
import type { Facts } from './directory.ts'
import type { ModelChange } from './plan.ts'
import type { ModelRun } from './state.ts'

/** A change of a held plan, and the part with which a person approves it. */
export interface Waiting {
  change: ModelChange
  part: Part
}

/** Returns the parts of a plan that its reasons stop. */
export function stoppedParts(reasons: ModelRun['reasons']): readonly Part[] {
  return PARTS.filter((part) => reasons.some(({ parts }) => parts.includes(part)))
}

/** Parts a plan: changes that are applied at once, and changes that wait, alone or together with a removal. */
export function parted(
  changes: readonly ModelChange[],
  stopped: readonly Part[],
): { first: ModelChange[]; waiting: Waiting[] } {
  const together = togetherWithRemovals(changes, stopped)
  const waiting = changes.flatMap((change): Waiting[] => {
    if (together.has(change)) return [{ change, part: 'remove' }]
    const part = partOf(change)
    return stopped.includes(part) ? [{ change, part }] : []
  })
  return { first: changes.filter((one) => waiting.every(({ change }) => change !== one)), waiting }
}

/** A new ID is decided about with the removals. */
function partOf({ op }: ModelChange): Part {
  return op === 'rekey' ? 'remove' : op
}

/** Returns the changes that may be about the same people as removals, where any of these people wait. */
function togetherWithRemovals(changes: readonly ModelChange[], stopped: readonly Part[]): Set<ModelChange> {
  const removals = changes.filter((change) => partOf(change) === 'remove')
  const removed = new Set(removals.flatMap(({ before }) => tokensOf(before)))
  const tokens = new Map(changes.map((change) => [change, gained(change).filter((token) => removed.has(token))]))
  const linked = (one: ModelChange, other: ModelChange) =>
    tokens.get(one)?.some((token) => tokens.get(other)?.includes(token))
  const together = new Set<ModelChange>()
  for (const removal of removals) {
    const people = new Set([removal])
    for (let size = 0; size < people.size; ) {
      size = people.size
      for (const change of changes) if ([...people].some((one) => linked(one, change))) people.add(change)
    }
    const several = [...people].some((change) => partOf(change) !== 'remove')
    if (several && [...people].some((change) => stopped.includes(partOf(change))))
      for (const one of people) together.add(one)
  }
  return together
}

/** What tells who a change is about: for an update, only what its contact did not have. */
function gained({ op, before, after, from, to }: ModelChange): string[] {
  if (op === 'remove' || op === 'rekey') return tokensOf(before)
  const had = from === to && op === 'update' ? tokensOf(before) : []
  return tokensOf(after).filter((token) => !had.includes(token))
}

function tokensOf(facts: Facts | null): string[] {
  return facts === null
    ? []
    : [...facts.numbers, ...facts.emails].map((value) => `${facts.name.toLowerCase()} ${value}`)
}

/** Returns what identifies waiting changes in whatever order; null if nothing waits. */
export function keyOf(waiting: readonly Waiting[]): string | null {
  if (waiting.length === 0) return null
  const texts = waiting.map(({ change: { op, id, contact, before, after, from, to, rekey } }) =>
    JSON.stringify([op, id, contact && numberOf(contact), before, after, from === to, to === 'hand', rekey ?? null]),
  )
  return texts.sort().join('\n')
}

const numbers = new WeakMap<object, number>()
let last = 0

function numberOf(contact: object): number {
  const number = numbers.get(contact) ?? ++last
  numbers.set(contact, number)
  return number
}
