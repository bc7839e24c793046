import type { ContactDetails } from './contact.ts'
import { isBlank } from './limits/values.ts'

/** By what contacts can be reached; `nobody`: by nothing. A contact that has opted out gets no text. */
type ReachCounts = Record<'sms' | 'voice' | 'email' | 'nobody', number>

/** For how many known contacts an attribute, `field:KEY` for a custom field, is filled, changed or blanked. */
export interface AttributeChanges {
  filled: number
  changed: number
  blanked: number
}

/** How many contacts come into a group and leave it. */
export interface MovedGroup {
  key: string
  gained: number
  lost: number
}

/** What another message needs to go on counting. */
export interface SavedMeaning {
  attributes: ReadonlyMap<string, AttributeChanges>
  reach: PlannedReach
}

/** How many of the contacts that a plan adds, changes or removes each channel reaches before and after it. */
export interface PlannedReach {
  before: ReachCounts
  after: ReachCounts
}

/** What a plan would do, in numbers. */
export interface PlannedMeaning {
  attributes: readonly (AttributeChanges & { attribute: string })[]
  reach: PlannedReach
}

/** A contact with its SMS status, as far as it decides how the contact can be reached. */
interface Reachable {
  details: Pick<ContactDetails, 'numbers' | 'emails'>
  isOut: boolean
}

/**
 * Counts what a plan would do, for the people who look at it: which attributes change, and how many contacts can be reached.
 * It looks only at contacts that change.
 */
export class Meaning {
  readonly #attributes: Map<string, AttributeChanges>
  readonly #reach: PlannedReach

  /** `saved`: what an earlier message saved. */
  constructor(saved?: SavedMeaning) {
    this.#attributes = new Map(
      [...(saved?.attributes ?? [])].map(([attribute, changes]) => [attribute, { ...changes }]),
    )
    this.#reach = { before: { ...(saved?.reach.before ?? NOBODY) }, after: { ...(saved?.reach.after ?? NOBODY) } }
  }

  save(): SavedMeaning {
    return { attributes: this.#attributes, reach: this.#reach }
  }

  /** Counts the attributes that differ in a known contact. */
  updated(before: ContactDetails, after: ContactDetails, changed: readonly (keyof ContactDetails)[]): void {
    for (const attribute of changed) {
      if (attribute === 'fields') this.#fields(before.fields, after.fields)
      else this.#count(attribute, isBlank(attribute, before), isBlank(attribute, after))
    }
  }

  /** Counts how a contact can be reached before and after the plan; null if it is not in the directory then. */
  reached(before: Reachable | null, after: Reachable | null): void {
    if (before !== null) countReach(before, this.#reach.before)
    if (after !== null) countReach(after, this.#reach.after)
  }

  /** Returns what was found, the attributes in the order of their names. */
  get all(): PlannedMeaning {
    const attributes = [...this.#attributes].map(([attribute, changes]) => ({ attribute, ...changes }))
    return {
      attributes: attributes.sort((one, other) => (one.attribute < other.attribute ? -1 : 1)),
      reach: { before: { ...this.#reach.before }, after: { ...this.#reach.after } },
    }
  }

  #fields(before: ContactDetails['fields'], after: ContactDetails['fields']): void {
    for (const [key, values] of Object.entries(after)) {
      const old = before[key]
      if (old === undefined) this.#count(`field:${key}`, true, false)
      else if (JSON.stringify(old) !== JSON.stringify(values)) this.#count(`field:${key}`, false, false)
    }
    for (const key of Object.keys(before)) if (after[key] === undefined) this.#count(`field:${key}`, false, true)
  }

  #count(attribute: string, wasBlank: boolean, isBlank: boolean): void {
    let changes = this.#attributes.get(attribute)
    if (changes === undefined) {
      changes = { filled: 0, changed: 0, blanked: 0 }
      this.#attributes.set(attribute, changes)
    }
    changes[wasBlank ? 'filled' : isBlank ? 'blanked' : 'changed']++
  }
}

/** Counts a contact by what it can be reached. */
function countReach({ details: { numbers, emails }, isOut }: Reachable, reach: ReachCounts): void {
  let mobile = false
  let voice = false
  for (const { type } of numbers) {
    if (type === 'mobile') mobile = true
    if (type !== 'pager') voice = true
  }
  if (mobile && !isOut) reach.sms++
  if (voice) reach.voice++
  if (emails.length > 0) reach.email++
  else if (numbers.length === 0) reach.nobody++
}

const NOBODY: ReachCounts = { sms: 0, voice: 0, email: 0, nobody: 0 }
