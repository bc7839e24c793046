import { Digest } from './digest.ts'
import { DigestTable, IntList } from './digest-table.ts'
import { nameKey, type PersonDetails, personValues } from './same-person.ts'

/** A value of more people than this, such as the number of an office, does not tell which of them a person is. */
const MOST_WITH_A_VALUE = 5
const NONE = -1

/** A known contact that a file does not have. */
interface MissingPerson {
  key: number
  details: PersonDetails
}

/**
 * Finds the people that come under new IDs: a new contact and a missing one that are the same person, one to one. Two
 * contacts are the same person if they have the same name, and a number or an e-mail address in common
 * (`isSamePerson`). If several may be the same, those with the most in common are; if that does not decide, none is.
 *
 * Everything is kept as digests and integers. Equal digests are only a hint, so the caller must compare the names and
 * values of a pair.
 */
export class Rekeying {
  readonly #seed: number
  readonly #digest = new Digest()
  /** The IDs of the new contacts, which are numbered in the order in which they come. */
  readonly #ids = new DigestTable()
  readonly #values = new DigestTable()
  /** By value: how many new contacts have it. */
  readonly #newWith = new IntList()
  /** A token is a name with a value. By token: the last of the places where it occurs. */
  readonly #tokens = new DigestTable()
  readonly #last = new IntList()
  /** By place: the new contact, the value, and the place before. */
  readonly #contact = new IntList()
  readonly #value = new IntList()
  readonly #before = new IntList()

  /** `seed`: a random integer of 32 bits. */
  constructor(seed: number) {
    this.#seed = seed
  }

  /** The number of new contacts that have a name. */
  get added(): number {
    return this.#ids.size
  }

  /** Adds a new contact. */
  add(id: string, details: PersonDetails): void {
    const name = nameKey(details.name)
    if (name === '') return
    const contact = this.#ids.add(this.#digestOf(id))
    for (const text of new Set(personValues(details))) {
      const value = this.#values.add(this.#digestOf(text))
      if (value === this.#newWith.length) this.#newWith.push(0)
      this.#newWith.set(value, this.#newWith.at(value) + 1)
      const token = this.#tokens.add(this.#digestOf(name, text))
      if (token === this.#last.length) this.#last.push(NONE)
      const place = this.#contact.push(contact)
      this.#value.push(value)
      this.#before.push(this.#last.at(token))
      this.#last.set(token, place)
    }
  }

  /** Returns the pairs of new contacts and missing people. Call it once, after all contacts have been added. */
  async pairs(missing: AsyncIterable<MissingPerson>): Promise<RekeyedPeople> {
    const people = new People(this.#values.size)
    for await (const { key, details } of missing) {
      const name = nameKey(details.name)
      if (name === '') continue
      people.begin(key)
      for (const text of new Set(personValues(details))) {
        const value = this.#values.find(this.#digestOf(text))
        if (value === NONE) continue
        people.countValue(value)
        if (this.#newWith.at(value) > MOST_WITH_A_VALUE) continue
        const token = this.#tokens.find(this.#digestOf(name, text))
        for (let place = token === NONE ? NONE : this.#last.at(token); place !== NONE; place = this.#before.at(place)) {
          people.link(this.#contact.at(place), value)
        }
      }
    }
    return new RekeyedPeople(this.#seed, this.#ids, people.matched(this.added))
  }

  #digestOf(...texts: string[]): Digest {
    const digest = this.#digest.reset(this.#seed)
    for (const text of texts) digest.add(text)
    return digest
  }
}

/** The missing people that have something in common with a new contact, and what. */
class People {
  readonly #keys: number[] = []
  /** By value: how many missing people have it. */
  readonly #with: IntList
  /** By link: the person, the new contact and the value that they have in common. */
  readonly #person = new IntList()
  readonly #contact = new IntList()
  readonly #value = new IntList()
  #key = 0

  constructor(values: number) {
    this.#with = new IntList()
    for (let value = 0; value < values; value++) this.#with.push(0)
  }

  begin(key: number): void {
    this.#key = key
  }

  countValue(value: number): void {
    this.#with.set(value, this.#with.at(value) + 1)
  }

  link(contact: number, value: number): void {
    if (this.#keys.at(-1) !== this.#key) this.#keys.push(this.#key)
    this.#person.push(this.#keys.length - 1)
    this.#contact.push(contact)
    this.#value.push(value)
  }

  /** Returns the keys of the people by new contact; 0 for a contact that nobody, or nobody for certain, has become. */
  matched(contacts: number): Float64Array {
    const ofContacts = new Nearest(contacts)
    const ofPeople = new Nearest(this.#keys.length)
    for (let link = 0; link < this.#person.length; ) {
      const person = this.#person.at(link)
      const common = new Map<number, number>()
      for (; link < this.#person.length && this.#person.at(link) === person; link++) {
        if (this.#with.at(this.#value.at(link)) > MOST_WITH_A_VALUE) continue
        const contact = this.#contact.at(link)
        common.set(contact, (common.get(contact) ?? 0) + 1)
      }
      for (const [contact, count] of common) {
        ofPeople.take(person, contact, count)
        ofContacts.take(contact, person, count)
      }
    }
    return Float64Array.from({ length: contacts }, (_, contact) => {
      const person = ofContacts.of(contact)
      return person !== NONE && ofPeople.of(person) === contact ? (this.#keys[person] ?? 0) : 0
    })
  }
}

/** By number: which other one has the most in common. */
class Nearest {
  readonly #most: Int32Array
  readonly #other: Int32Array

  constructor(size: number) {
    this.#most = new Int32Array(size)
    this.#other = new Int32Array(size).fill(NONE)
  }

  /** Compares another one, which has `common` values in common. */
  take(one: number, other: number, common: number): void {
    const most = this.#most[one] ?? 0
    if (common < most) return
    this.#most[one] = common
    this.#other[one] = common > most ? other : NONE
  }

  /** Returns the other one; -1 if nothing is in common, or if several have as much in common. */
  of(one: number): number {
    return this.#other[one] ?? NONE
  }
}

/** People that come under new IDs. */
export class RekeyedPeople {
  readonly #seed: number
  readonly #ids: DigestTable
  readonly #keys: Float64Array
  readonly #from: Set<number>
  readonly #digest = new Digest()

  constructor(seed: number, ids: DigestTable, keys: Float64Array) {
    this.#seed = seed
    this.#ids = ids
    this.#keys = keys
    this.#from = new Set(keys.filter((key) => key !== 0))
  }

  /** The number of people. */
  get size(): number {
    return this.#from.size
  }

  /** Returns the key of the contact that comes under a new ID; null if none does. */
  keyOf(id: string): number | null {
    const contact = this.#ids.find(this.#digest.reset(this.#seed).add(id))
    return this.#keys[contact] || null
  }

  /** Takes out the person that comes under this new ID. */
  leaveOut(id: string): void {
    const contact = this.#ids.find(this.#digest.reset(this.#seed).add(id))
    this.#from.delete(this.#keys[contact] ?? 0)
    if (contact !== NONE) this.#keys[contact] = 0
  }

  /** Returns whether the contact with the key comes under a new ID. */
  has(key: number): boolean {
    return this.#from.has(key)
  }
}
