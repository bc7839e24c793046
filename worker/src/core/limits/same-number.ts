import type { ContactDetails } from '../contact.ts'
import type { SharedNumbers } from '../shared-numbers.ts'
import { ownText } from '../values/memoized.ts'
import { without } from './difference.ts'
import { Examples, type Finding, shown } from './examples.ts'

/**
 * Counts the contacts that get a mobile number which others have as well. It looks only at the numbers that a pass before
 * found to be shared (`NumberSharing`), so the last pass of a plan counts all of them.
 */
export class SharedNumberGains {
  readonly #shared: SharedNumbers | null
  readonly #crowded = new Map<string, Examples>()
  /** Couples and households have numbers in common; of these only the count is kept. */
  readonly #others = new Map<string, number>()

  constructor(shared: SharedNumbers | null) {
    this.#shared = shared?.complete === true ? shared : null
  }

  /** `before`: null for a contact that is added. */
  add({ id, rank }: { id: string; rank: number }, before: ContactDetails | null, after: ContactDetails): void {
    if (this.#shared === null) return
    const had = before === null ? [] : mobilesOf(before)
    for (const number of new Set(without(mobilesOf(after), had))) {
      if (!this.#shared.holders.has(number)) continue
      if (this.#shared.crowded.has(number)) {
        this.#crowd(number).add(rank, () => ({ id, name: after.name, before: shown(had), after: number }))
      } else {
        const count = this.#others.get(number)
        this.#others.set(count === undefined ? ownText(number) : number, (count ?? 0) + 1)
      }
    }
  }

  #crowd(number: string): Examples {
    const known = this.#crowded.get(number)
    if (known !== undefined) return known
    const made = new Examples()
    this.#crowded.set(ownText(number), made)
    return made
  }

  /** The numbers that several contacts get, in order. */
  get found(): NumberGain[] {
    const others = [...this.#others].map(([number, count]) => ({ number, found: { count, examples: [] } }))
    return [...[...this.#crowded].map(([number, found]) => ({ number, found })), ...others].sort((one, other) =>
      one.number < other.number ? -1 : 1,
    )
  }
}

/** A mobile number that contacts get, and those that did not have it. */
export interface NumberGain {
  number: string
  found: Finding
}

function mobilesOf({ numbers }: ContactDetails): string[] {
  return numbers.filter(({ type }) => type === 'mobile').map(({ number }) => number)
}
