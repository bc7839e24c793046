import type { ContactDetails } from './contact.ts'

/** What tells whether two contacts may be the same person. */
export type PersonDetails = Pick<ContactDetails, 'name' | 'numbers' | 'emails'>

/**
 * Returns a name in the form in which names are compared: without case, accents, punctuation and the order of its
 * words, so that `O’Brien, Ana` and `ana obrien` are equal. Empty if the name has no letter and no digit.
 */
export function nameKey(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\p{M}'’‘`´]/gu, '')
    .toLowerCase()
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).sort().join(' ')
}

/** Returns what belongs to one person only: the numbers in E.164, and the e-mail addresses in lower case. */
export function personValues({ numbers, emails }: Pick<PersonDetails, 'numbers' | 'emails'>): string[] {
  return [...numbers.map(({ number }) => number), ...emails.map((email) => email.toLowerCase())]
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
