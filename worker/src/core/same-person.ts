import type { ContactDetails } from './contact.ts'
import { without } from './limits/difference.ts'

/** What tells whether two contacts may be the same person. */
export type PersonDetails = Pick<ContactDetails, 'name' | 'numbers' | 'emails'>

/**
 * Returns a name in the form in which names are compared: without case, accents, punctuation and the order of its
 * words, so that `O’Brien, Ana` and `ana obrien` are equal. Empty if the name has no letter and no digit.
 */
export function nameKey(name: string): string {
  const words = ASCII.test(name) ? wordsOfAscii(name) : wordsOf(name)
  return words === null ? '' : words.sort().join(' ')
}

const ASCII = /^[\x20-\x7e]*$/

function wordsOf(name: string): string[] | null {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{M}'’‘`´]/gu, '')
    .toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu)
}

/** Returns what `wordsOf` does in a fifth of its time: every contact of a large plan is compared by its name. */
function wordsOfAscii(name: string): string[] | null {
  return name
    .replace(/['`]/g, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
}

/** Returns what belongs to one person only: the numbers in E.164, and the e-mail addresses in lower case. */
export function personValues({ numbers, emails }: Pick<PersonDetails, 'numbers' | 'emails'>): string[] {
  return [...numbers.map(({ number }) => number), ...emails.map((email) => email.toLowerCase())]
}

/** What a contact is recognised by: its name, its numbers and its e-mail addresses. */
export const PERSON_KINDS = ['names', 'numbers', 'emails'] as const
export type PersonKind = (typeof PERSON_KINDS)[number]

/** What a contact is recognised by, in the form in which it is compared. Each value occurs once. */
export type PersonValues = Record<PersonKind, string[]>

/** What a contact is recognised by, before and after a change. */
export interface PersonChange {
  was: PersonValues
  becomes: PersonValues
}

/** Returns what a contact is recognised by: `nameKey`, numbers in E.164, and e-mail addresses in lower case. */
export function valuesOf({ name, numbers, emails }: PersonDetails): PersonValues {
  const key = nameKey(name)
  return {
    names: key === '' ? [] : [key],
    numbers: [...new Set(numbers.map(({ number }) => number))],
    emails: [...new Set(emails.map((email) => email.toLowerCase()))],
  }
}

/** Returns a change as it is judged who the contact is. */
export function personChange(before: PersonDetails, after: PersonDetails): PersonChange {
  return { was: valuesOf(before), becomes: valuesOf(after) }
}

/** Returns whether a change of these attributes can change who a contact is. */
export function mayChangePerson(changed: readonly (keyof ContactDetails)[]): boolean {
  return changed.some((attribute) => attribute === 'name' || attribute === 'numbers' || attribute === 'emails')
}

/**
 * Returns whether a change makes a contact somebody else: its name, numbers and e-mail addresses all become others at
 * once (design: Consent, “The same person”). A contact that had none of them was nobody, and becomes nobody else. Use it
 * for a single change; `SomebodyElse` judges the changes of a plan together.
 */
export function isSomebodyElse(before: PersonDetails, after: PersonDetails): boolean {
  return keepsNothing(personChange(before, after))
}

/** Returns what `isSomebodyElse` does. */
export function keepsNothing({ was, becomes }: PersonChange): boolean {
  const had = PERSON_KINDS.some((kind) => was[kind].length > 0)
  return had && PERSON_KINDS.every((kind) => without(was[kind], becomes[kind]).length === was[kind].length)
}

/**
 * Returns whether two contacts may be the same person: they have the same name, and a number or an e-mail address in
 * common (design: Only what is dangerous waits).
 */
export function isSamePerson(one: PersonDetails, other: PersonDetails): boolean {
  const tokens = personTokens(other)
  return personTokens(one).some((token) => tokens.includes(token))
}

/** Returns the name together with each value. Two contacts may be the same person if they have one of these in common. */
export function personTokens(details: PersonDetails): string[] {
  const name = nameKey(details.name)
  return name === '' ? [] : personValues(details).map((value) => `${name}\n${value}`)
}
