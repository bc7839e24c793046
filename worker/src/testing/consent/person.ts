import type { ContactView, DetailsView } from '../../api/views/contact.ts'
import type { NumberType } from '../../core/contact.ts'

/** What tells who a person is. */
export interface Person {
  name: string
  /** Numbers in E.164. */
  numbers: readonly string[]
  emails: readonly string[]
}

/** A contact of the directory, as the API shows it. */
export interface Contact extends Person {
  key: string
  /** The ID of its source; `hand` for a manual contact. */
  owner: string
  id: string
  title: string | null
  types: readonly NumberType[]
  status: ContactView['sms']['status']
}

/** All contacts of the directory at one time, by key. */
export type Directory = ReadonlyMap<string, Contact>

/** A contact before and after a change; null if it was not in the directory then. */
export interface Turn {
  before: Person | null
  after: Person | null
}

export function contactOf({ key, sourceId, id, title, sms, ...details }: ContactView): Contact {
  const types = details.numbers.map(({ type }) => type)
  return { key, owner: sourceId ?? 'hand', id, title, types, status: sms.status, ...personOf(details) }
}

export function personOf({ name, numbers, emails }: Pick<DetailsView, 'name' | 'numbers' | 'emails'>): Person {
  return { name, numbers: numbers.map(({ number }) => number), emails }
}

/** Returns the name, the numbers and the e-mails of a person as texts that can be compared. A blank name is none. */
function valuesOf({ name, numbers, emails }: Person): string[] {
  const words = name.toLowerCase().split(' ').sort()
  const names = name === '' ? [] : [`name ${words.join(' ')}`]
  return [...names, ...numbers, ...emails.map((email) => email.toLowerCase())]
}

/** Returns whether two people have a name, a number or an e-mail in common. */
export function alike(one: Person, other: Person): boolean {
  return inCommon(one, other).length > 0
}

/** Returns whether two people have the same name, and a number or an e-mail in common. */
export function isSamePerson(one: Person, other: Person): boolean {
  const nobody = { numbers: [], emails: [] }
  return alike({ ...one, ...nobody }, other) && alike({ ...one, name: '' }, other)
}

/** Returns the values that a person has before and after a change. */
export function inCommon(before: Person, after: Person): string[] {
  const values = valuesOf(after)
  return valuesOf(before).filter((value) => values.includes(value))
}

/**
 * Returns whether a change makes a contact somebody else. `losses`: the values that other contacts of the same plan lose.
 * If the contact gains one of them, rows may have moved, and those that it keeps do not count.
 */
export function isSomebodyElse(before: Person, after: Person, losses: ReadonlySet<string>): boolean {
  const kept = inCommon(before, after)
  const gains = valuesOf(after).some((value) => !kept.includes(value) && losses.has(value))
  return kept.every((value) => gains && losses.has(value))
}

/** Returns the values that a contact loses which these turns change or remove. */
export function lossesOf(turns: readonly Turn[]): Set<string> {
  return new Set(
    turns.flatMap(({ before, after }) => {
      const kept = after === null ? [] : valuesOf(after)
      return before === null ? [] : valuesOf(before).filter((value) => !kept.includes(value))
    }),
  )
}
