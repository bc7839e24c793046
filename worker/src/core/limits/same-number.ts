import { type Example, Examples, type Finding, MOST_EXAMPLES, rankOf } from './examples.ts'
import { MOST_OF_A_LIMIT } from './limit.ts'

/** From so many contacts of a plan on, examples show them. Couples and households have numbers in common. */
const MANY = 3

/** A mobile number that contacts get, and those that did not have it. */
export interface NumberGain {
  number: string
  found: Finding
}

/** The mobile numbers that contacts get and that others have as well. */
export interface NumberGains {
  /** Those that most contacts get, in order. */
  most: readonly NumberGain[]
  /** By number of contacts: how many numbers so many contacts get. */
  numbers: ReadonlyMap<number, number>
}

/** Counts the contacts that get a mobile number which others have as well, one number after the other. */
export class SharedNumberGains {
  readonly #numbers = new Map<number, number>()
  #most: NumberGain[] = []
  #number = 0
  /** How many contacts of the plan have the number, and how many of them get it. */
  #contacts = 0
  #gained = 0
  /** The contacts with the lowest ranks, among others. */
  #kept: { rank: number; example: Example }[] = []

  /** Adds a contact with a number. Those with one number must come one after the other. */
  add(number: number, gained: boolean, example: Example): void {
    if (number !== this.#number) {
      this.#end()
      this.#number = number
    }
    this.#contacts++
    if (!gained) return
    this.#gained++
    this.#kept.push({ rank: rankOf(example.id), example })
    if (this.#kept.length < MOST_EXAMPLES * 2) return
    this.#kept.sort((one, other) => one.rank - other.rank)
    this.#kept.length = MOST_EXAMPLES
  }

  /** Returns what was found, once all contacts have been added. */
  finish(): NumberGains {
    this.#end()
    return { most: this.#most.sort((one, other) => (one.number < other.number ? -1 : 1)), numbers: this.#numbers }
  }

  #end(): void {
    const count = this.#gained
    if (count > 0) {
      this.#numbers.set(count, (this.#numbers.get(count) ?? 0) + 1)
      const last = this.#most[MOST_OF_A_LIMIT - 1]
      const number = `+${this.#number}`
      if (last === undefined || isMore({ number, count }, { number: last.number, count: last.found.count })) {
        this.#most.push({ number, found: { count, examples: this.#contacts < MANY ? [] : this.#examples() } })
        this.#most.sort((one, other) =>
          isMore({ number: one.number, count: one.found.count }, { number: other.number, count: other.found.count })
            ? -1
            : 1,
        )
        this.#most.length = Math.min(this.#most.length, MOST_OF_A_LIMIT)
      }
    }
    this.#contacts = 0
    this.#gained = 0
    this.#kept = []
  }

  #examples(): readonly Example[] {
    const examples = new Examples()
    for (const { rank, example } of this.#kept) examples.add(rank, () => example)
    return examples.examples
  }
}

/** Says whether more contacts get the one number than the other, of two with equally many the lower one. */
function isMore(one: { number: string; count: number }, other: { number: string; count: number }): boolean {
  return one.count === other.count ? one.number < other.number : one.count > other.count
}
