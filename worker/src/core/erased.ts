import { type ContactDetails, detailsWith } from './contact.ts'
import { isSamePerson, isSomebodyElse, nameKey, type PersonDetails } from './same-person.ts'

/** Marks a keyed hash in place of an ID, a name, a number or an e-mail. No E.164 number begins with it. */
export const HASHED = '#'

type Hash = (text: string) => string

/** A person who was erased. All values are hashed. */
export interface ErasedPerson {
  id: string
  details: ContactDetails
}

/** Returns the hash by which a number in E.164 is recognised. */
export function hashedNumber(hash: Hash, number: string): string {
  return HASHED + hash(`number\n${number}`)
}

/** Returns the hashed ID of a contact. `source` is '' for a manual contact. */
export function hashedId(hash: Hash, source: string, id: string): string {
  return HASHED + hash(`id\n${source}\n${id}`)
}

/** Returns who a contact is, hashed: its name, numbers and e-mails can be compared with those of others, and nothing else. */
export function hashedDetails(hash: Hash, { name, numbers, emails }: PersonDetails): ContactDetails {
  return detailsWith({
    name: hashedName(hash, name),
    numbers: numbers.map(({ number, type }) => ({
      number: hashedNumber(hash, number),
      type,
      description: null,
      extension: null,
    })),
    emails: emails.map((email) => HASHED + hash(`email\n${email.toLowerCase()}`)),
  })
}

function hashedName(hash: Hash, name: string): string {
  const key = nameKey(name)
  return key === '' ? '' : HASHED + hash(`name\n${key}`)
}

/** Recognises people who were erased among the contacts of one source (design: Consent, “Erasing a person”). */
export class ErasedPeople {
  readonly #hash: Hash
  readonly #source: string
  readonly #keys: ReadonlySet<number>
  readonly #byId: ReadonlyMap<string, readonly ErasedPerson[]>
  readonly #byName: ReadonlyMap<string, readonly ErasedPerson[]>

  /** `keys`: the contacts that the people were. `source` is '' for manual contacts. */
  constructor(hash: Hash, source: string, people: readonly ErasedPerson[], keys: Iterable<number>) {
    this.#hash = hash
    this.#source = source
    this.#keys = new Set(keys)
    this.#byId = Map.groupBy(people, ({ id }) => id)
    this.#byName = Map.groupBy(people, ({ details }) => details.name)
  }

  /** Returns whether a contact with the key was erased. */
  hasKey(key: number): boolean {
    return this.#keys.has(key)
  }

  /**
   * Returns whether this is a person who was erased: one with the same name and a number or an e-mail in common, or, for a
   * contact that the directory does not have, with the same source and ID. Like any ID, this one may have gone to somebody
   * else; but rows that cannot be read (`details` is null) are taken for those of the person.
   */
  has(id: string, details: PersonDetails | null, isNew: boolean): boolean {
    const named = details === null ? [] : (this.#byName.get(hashedName(this.#hash, details.name)) ?? [])
    const under = isNew ? (this.#byId.get(hashedId(this.#hash, this.#source, id)) ?? []) : []
    if (named.length + under.length === 0) return false
    if (details === null) return true
    const hashed = hashedDetails(this.#hash, details)
    return (
      named.some((person) => isSamePerson(person.details, hashed)) ||
      under.some((person) => !isSomebodyElse(person.details, hashed))
    )
  }
}
