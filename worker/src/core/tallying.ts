import type { ContactDetails } from './contact.ts'
import { Examples, rankOf, shown } from './limits/examples.ts'
import { GarbledTexts } from './limits/garbled.ts'
import { GroupChanges } from './limits/groups.ts'
import { IdentityChanges } from './limits/identity.ts'
import { digestOf } from './limits/kept-values.ts'
import { Resubscriptions } from './limits/resubscribed.ts'
import type { NumberGains } from './limits/same-number.ts'
import type { Effects, PlannedRemoval, PlannedUpdate } from './limits/tally.ts'
import { ValueLosses } from './limits/values.ts'
import { Meaning, type MovedGroup } from './meaning.ts'
import type { Directory } from './plan-contract.ts'
import type { RuleRemovals } from './row-rules.ts'
import {
  mayChangePerson,
  PERSON_KINDS,
  type PersonChange,
  type PersonDetails,
  type PersonValues,
  personChange,
  valuesOf,
} from './same-person.ts'
import { SomebodyElse } from './somebody-else.ts'

/** What another message needs to go on counting. */
export type SavedTallying = ReturnType<Tallying['save']>

/**
 * Counts the effects of a plan that the limits need, and finds the contacts that become somebody else. Receives one change
 * at a time.
 */
export class Tallying {
  readonly resubscribed: Resubscriptions
  readonly meaning: Meaning
  readonly #somebodyElse: SomebodyElse
  readonly #values: ValueLosses
  readonly #groups: GroupChanges
  readonly #identity: IdentityChanges
  readonly #updatedValues: UpdatedValues
  readonly #garbled: GarbledTexts
  readonly #added: Examples
  readonly #removed = new Examples()
  readonly #rekeyed: Examples
  /** How many contacts each rule for rows removes. */
  readonly #ruled = new Map<string, number>()

  /** `seed`: a random integer of 32 bits. `saved`: what an earlier message, with the same seed, saved. */
  constructor(seed: number, saved?: SavedTallying) {
    this.resubscribed = new Resubscriptions(saved?.resubscribed)
    this.meaning = new Meaning(saved?.meaning)
    this.#somebodyElse = new SomebodyElse(seed, saved?.somebodyElse)
    this.#values = new ValueLosses(saved?.values)
    this.#groups = new GroupChanges(saved?.groups)
    this.#identity = new IdentityChanges(saved?.identity)
    this.#updatedValues = new UpdatedValues(saved?.updatedValues)
    this.#garbled = new GarbledTexts(saved?.garbled)
    this.#added = new Examples(saved?.added)
    this.#rekeyed = new Examples(saved?.rekeyed)
  }

  /** Returns what another message needs to go on. Removals come after all rows, so none has been counted yet. */
  save() {
    return {
      resubscribed: this.resubscribed.save(),
      meaning: this.meaning.save(),
      somebodyElse: this.#somebodyElse.save(),
      values: this.#values.save(),
      groups: this.#groups.save(),
      identity: this.#identity.save(),
      updatedValues: this.#updatedValues.save(),
      garbled: this.#garbled.found.save(),
      added: this.#added.save(),
      rekeyed: this.#rekeyed.save(),
    }
  }

  added(id: string, after: ContactDetails): void {
    const rank = rankOf(id)
    this.#added.add(rank, () => ({ id, name: after.name, before: null, after: reachOf(after) }))
    this.#groups.added(after.groups)
  }

  updated(update: Omit<PlannedUpdate, 'rank'>): void {
    const change = this.#updated(update)
    if (change !== null) this.#somebodyElse.updated(update.key, change)
  }

  /** Counts an update. Returns the change of name, numbers and e-mails; null if none of them may change. */
  #updated(update: Omit<PlannedUpdate, 'rank'>): PersonChange | null {
    const { before, after, changed } = update
    const change = mayChangePerson(changed) ? personChange(before, after) : null
    if (change !== null) this.#updatedValues.add(change.becomes)
    const rank = rankOf(update.id)
    const ranked = { ...update, rank }
    this.meaning.updated(before, after, changed)
    this.#values.updated(ranked)
    this.#groups.updated(ranked)
    this.#identity.updated(ranked, change)
    this.#garbled.updated(ranked)
    return change
  }

  /** Receives an update of a contact that gets a new ID, the ID of the update. */
  rekeyed(update: Omit<PlannedUpdate, 'rank'>, fromId: string): void {
    const { id, after } = update
    this.#rekeyed.add(rankOf(id), () => ({ id, name: after.name, before: fromId, after: id }))
    const change = this.#updated(update)
    if (change !== null) this.#somebodyElse.rekeyed(change)
  }

  /** Receives a removal. All updates must have been received before. */
  removed(removal: Omit<PlannedRemoval, 'rank'>): void {
    const { id, details, rule } = removal
    const rank = rankOf(id)
    const ranked = { ...removal, rank }
    if (rule !== null) this.#ruled.set(rule, (this.#ruled.get(rule) ?? 0) + 1)
    this.#removed.add(rank, () => ({ id, name: details.name, before: reachOf(details), after: null }))
    this.#groups.removed(ranked)
    const values = this.#updatedValues.in(details)
    if (values === null) return
    this.#identity.removed(ranked, values)
    this.#somebodyElse.removed(values)
  }

  /** Returns the keys of the contacts that become somebody else, in order, once all changes have been received. */
  somebodyElse(): Float64Array {
    return this.#somebodyElse.finish()
  }

  /** Returns how many contacts come into each group and leave it, once all changes have been received. */
  get groups(): MovedGroup[] {
    return this.#groups.all.map(({ key, gained, lost }) => ({ key, gained, lost: lost.count }))
  }

  #removedByRules(): RuleRemovals[] {
    const all = [...this.#ruled].map(([rule, count]) => ({ rule, count }))
    return all.sort((one, other) => other.count - one.count || (one.rule < other.rule ? -1 : 1))
  }

  /** Returns what was found, once all changes have been received. `removedManual`: how many manual contacts are removed. */
  async finish(directory: Pick<Directory, 'byKeys'>, removedManual: number, sameNumber: NumberGains): Promise<Effects> {
    const { changed, most, blanked, unreachable } = this.#values
    return {
      changed: { count: changed.count, examples: changed.examples, most },
      blanked,
      unreachable,
      losing: this.#groups.losing,
      identity: await this.#identity.finish(directory),
      garbled: this.#garbled.found,
      resubscribed: this.resubscribed,
      sameNumber,
      added: this.#added,
      rekeyed: this.#rekeyed,
      removed: this.#removed,
      removedByRules: this.#removedByRules(),
      removedManual,
    }
  }
}

/** Returns how a contact is reached, in words. */
function reachOf({ numbers, emails }: ContactDetails): string | null {
  return shown([...numbers.map(({ number }) => number), ...emails])
}

/** The most digests that are kept. With more, every removed contact counts as one that has such a value. */
const MOST_VALUES = 50_000

/**
 * The values that updated contacts are recognised by after the update, as digests. What a removed contact was recognised by
 * matters only if an updated contact has it. Most plans with many removals have few updates, so this saves most of the work.
 */
class UpdatedValues {
  readonly #digests: Set<number>

  /** `saved`: what an earlier message saved. */
  constructor(saved?: Float64Array) {
    this.#digests = new Set(saved)
  }

  /** Returns the digests for another message. */
  save(): Float64Array {
    return Float64Array.from(this.#digests)
  }

  add(values: PersonValues): void {
    if (this.#digests.size > MOST_VALUES) return
    for (const kind of PERSON_KINDS) for (const value of values[kind]) this.#digests.add(digestOf(value))
  }

  /** Returns what a contact is recognised by if it may have one of the values; otherwise null. */
  in(details: PersonDetails): PersonValues | null {
    const { size } = this.#digests
    if (size === 0) return null
    const values = valuesOf(details)
    if (size > MOST_VALUES) return values
    const has = PERSON_KINDS.some((kind) => values[kind].some((value) => this.#digests.has(digestOf(value))))
    return has ? values : null
  }
}
