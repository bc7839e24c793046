import { isEmpty } from './comparing.ts'
import type { ContactDetails } from './contact.ts'
import { LimitCounts, type Tally } from './limits.ts'
import { ownText } from './values/memoized.ts'

/**
 * Counts the effects of a plan that the limits need besides the number of its changes. Receives one change at a time.
 */
export class Tallying {
  readonly #limits = new LimitCounts()
  /** By attribute, `field:KEY` for custom fields: how many contacts would lose it. */
  readonly blanked = new Map<string, number>()
  readonly #losses = new Map<string, number>()
  readonly #gains = new Set<string>()

  /** Returns by group key how many contacts leave it. Groups that also gain a contact are left out. */
  get losing(): Map<string, number> {
    return new Map([...this.#losses].filter(([key]) => !this.#gains.has(key)))
  }

  /** Returns by limit how many updates it counts. */
  get counted(): Tally['counted'] {
    return this.#limits.counted
  }

  added(after: ContactDetails): void {
    for (const key of after.groups) this.#gain(key)
  }

  updated(before: ContactDetails, after: ContactDetails, changed: readonly (keyof ContactDetails)[]): void {
    for (const attribute of changed) {
      if (attribute === 'fields') {
        for (const key of Object.keys(before.fields))
          if (after.fields[key] === undefined) count(this.blanked, `field:${key}`)
      } else if (!isEmpty(before[attribute]) && isEmpty(after[attribute])) count(this.blanked, attribute)
    }
    this.#limits.add(before, after)
    if (!changed.includes('groups')) return
    for (const key of without(after.groups, before.groups)) this.#gain(key)
    for (const key of without(before.groups, after.groups)) count(this.#losses, key)
  }

  #gain(key: string): void {
    if (!this.#gains.has(key)) this.#gains.add(ownText(key))
  }

  removed(before: ContactDetails): void {
    for (const key of before.groups) count(this.#losses, key)
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Returns the groups that are in the first list only. */
function without(groups: readonly string[], others: readonly string[]): string[] {
  const other = new Set(others)
  return groups.filter((key) => !other.has(key))
}
