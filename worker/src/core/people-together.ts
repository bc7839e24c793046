import { Digest } from './digest.ts'
import { DigestTable, IntList } from './digest-table.ts'
import type { Part } from './plan.ts'
import { type PersonDetails, personTokens } from './same-person.ts'

/** A change as it is compared with removals. `before` is null for an add; an adoption is compared by all that it gives. */
interface Compared {
  before: PersonDetails | null
  after: PersonDetails
}

/**
 * The most names with a value (`personTokens`) that are kept in memory. If a plan removes people with more, all of its
 * changes wait together.
 */
const MOST_TOKENS = 250_000

/**
 * Finds the removals and the adds or updates of a plan that may be about the same people, and so must wait together:
 * otherwise a person would be in the directory twice, or not at all (design: Only what is dangerous waits). First takes all
 * removals, then all other changes.
 *
 * Names and values are digests. If two should be equal by chance, more waits than needs to.
 */
export class PeopleTogether {
  readonly #waiting: ReadonlySet<Part>
  readonly #most: number
  readonly #seed: number
  readonly #digest = new Digest()
  /** The tokens of removed people, by number. */
  readonly #tokens = new DigestTable()
  /** By token: another token of a group of people who are linked by what they have in common; the group's first has itself. */
  readonly #links = new IntList()
  /** By the first token of a group: whether a change is among it, and whether such a change waits. */
  readonly #changes: boolean[] = []
  readonly #waits: boolean[] = []

  /** `seed`: a random integer of 32 bits. */
  constructor(waiting: Iterable<Part>, seed: number, most = MOST_TOKENS) {
    this.#waiting = new Set(waiting)
    this.#seed = seed
    this.#most = most
  }

  /** Whether there are too many removals to compare. Then all removals, adds and updates are together. */
  get tooMany(): boolean {
    return this.#tokens.size > this.#most
  }

  /** Whether any change waits together with a removal. Only to be asked once all changes were added. */
  get any(): boolean {
    if (this.tooMany) return true
    for (let token = 0; token < this.#tokens.size; token++) if (this.#isTogether([token])) return true
    return false
  }

  addRemoval(before: PersonDetails): void {
    if (this.tooMany) return
    const numbers = personTokens(before).map((token) => {
      const number = this.#tokens.add(this.#digestOf(token))
      if (number === this.#links.length) {
        this.#links.push(number)
        this.#changes.push(false)
        this.#waits.push(false)
      }
      return number
    })
    this.#link(numbers)
  }

  addChange(part: 'add' | 'update', change: Compared): void {
    const group = this.#link(this.#numbersOf(change))
    if (group === null) return
    this.#changes[group] = true
    if (this.#waiting.has(part)) this.#waits[group] = true
  }

  /** Returns whether an add or an update waits together with a removal. Only to be asked once all changes were added. */
  isChangeTogether(change: Compared): boolean {
    return this.tooMany || this.#isTogether(this.#numbersOf(change))
  }

  /** Returns whether a removal waits together with an add or an update. Only to be asked once all changes were added. */
  isRemovalTogether(before: PersonDetails): boolean {
    return this.tooMany || this.#isTogether(this.#known(personTokens(before)))
  }

  #isTogether([first]: readonly number[]): boolean {
    if (first === undefined) return false
    const group = this.#groupOf(first)
    return this.#changes[group] === true && (this.#waiting.has('remove') || this.#waits[group] === true)
  }

  /** The tokens that a change gives to a contact which did not have them, and that a removed person has. */
  #numbersOf({ before, after }: Compared): number[] {
    const tokens = personTokens(after)
    if (before === null) return this.#known(tokens)
    const had = personTokens(before)
    return this.#known(tokens.filter((token) => !had.includes(token)))
  }

  #known(tokens: readonly string[]): number[] {
    return tokens.map((token) => this.#tokens.find(this.#digestOf(token))).filter((number) => number !== -1)
  }

  #digestOf(token: string): Digest {
    return this.#digest.reset(this.#seed).add(token)
  }

  /** Makes one group of the people with these tokens. Returns its first token; null without tokens. */
  #link([first, ...others]: readonly number[]): number | null {
    if (first === undefined) return null
    const group = this.#groupOf(first)
    for (const other of others) {
      const joining = this.#groupOf(other)
      this.#links.set(joining, group)
      this.#changes[group] ||= this.#changes[joining] ?? false
      this.#waits[group] ||= this.#waits[joining] ?? false
    }
    return group
  }

  #groupOf(token: number): number {
    let at = token
    for (let next = this.#links.at(at); next !== at; next = this.#links.at(at)) {
      // Each look makes the way of the next one shorter.
      this.#links.set(at, this.#links.at(next))
      at = next
    }
    return at
  }
}
