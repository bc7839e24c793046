import { Digest } from './digest.ts'
import { DigestTable, type SavedDigests } from './digest-table.ts'
import { nameKey, type PersonDetails, personValues } from './same-person.ts'
import { placeOf } from './somebody-else.ts'
import { RecordSorter, type SortedRecords, type Spill } from './sorted-records.ts'

/** A value of more people than this, such as the number of an office, does not tell which of them a person is. */
const MOST_WITH_A_VALUE = 5
const NONE = -1

/** A known contact that a file does not have. */
interface MissingPerson {
  key: number
  details: PersonDetails
}

/** What another message needs to go on. */
export type SavedRekeying = ReturnType<Rekeying['save']>

/**
 * Finds the people that come under new IDs: a new contact and a missing one that are the same person, one to one. Two
 * contacts are the same person if they have the same name, and a number or an e-mail address in common
 * (`isSamePerson`). If several may be the same, those with the most in common are; if that does not decide, none is.
 *
 * Contacts with a value in common come together when they are sorted by it. Names and values are digests. Equal digests
 * are only a hint, so the caller must compare the names and values of a pair.
 */
export class Rekeying {
  readonly #seed: number
  readonly #spill: Spill
  readonly #digest = new Digest()
  /** The IDs of the new contacts, which are numbered in the order in which they come. */
  readonly #ids: DigestTable
  readonly #values: RecordSorter

  /** `seed`: a random integer of 32 bits. `saved`: what an earlier message, with the same seed, saved. */
  constructor(seed: number, spill: Spill, saved?: SavedRekeying | null) {
    this.#seed = seed
    this.#spill = spill
    this.#ids = new DigestTable(saved?.ids)
    this.#values = new RecordSorter(spill, saved?.values)
  }

  /** Returns what another message needs to go on. */
  save() {
    return { ids: this.#ids.save(), values: this.#values.save() }
  }

  /** The number of new contacts that have a name. */
  get added(): number {
    return this.#ids.size
  }

  /** Adds a new contact. */
  add(id: string, details: PersonDetails): void {
    const name = nameKey(details.name)
    if (name !== '') this.#add(this.#ids.add(this.#digest.reset(this.#seed).add(id)), name, details, false)
  }

  /** Moves contacts out of memory if there are too many. */
  flush(): Promise<void> {
    return this.#values.flush()
  }

  /** Returns the pairs of new contacts and missing people. Call it once, after all contacts have been added. */
  async pairs(missing: AsyncIterable<MissingPerson>): Promise<RekeyedPeople> {
    const keys: number[] = []
    for await (const { key, details } of missing) {
      const name = nameKey(details.name)
      if (name === '') continue
      this.#add(keys.push(key) - 1, name, details, true)
      await this.flush()
    }
    const links = await this.#links()
    return new RekeyedPeople(this.#seed, this.#ids, await matched(links, this.added, keys))
  }

  #add(person: number, name: string, details: PersonDetails, isMissing: boolean): void {
    const ofName = this.#digestOf(name)
    for (const text of new Set(personValues(details))) {
      this.#values
        .begin(this.#digestOf(text))
        .float(ofName)
        .int(person * 2 + (isMissing ? 1 : 0))
    }
  }

  /** Returns a record for each value that a missing person and a new contact of the same name have in common. */
  async #links(): Promise<SortedRecords> {
    const links = new RecordSorter(this.#spill)
    const values = this.#values.sorted()
    let value = -1
    let added: Named[] = []
    let missing: Named[] = []
    const end = () => {
      if (added.length <= MOST_WITH_A_VALUE && missing.length <= MOST_WITH_A_VALUE) {
        for (const one of missing) {
          for (const other of added) {
            if (one.name === other.name) links.begin(one.person * MOST_PEOPLE + other.person)
          }
        }
      }
      added = []
      missing = []
    }
    do {
      while (values.next()) {
        if (values.number !== value) {
          end()
          value = values.number
        }
        const name = values.float()
        const person = values.int()
        const side = (person & 1) === 1 ? missing : added
        if (side.length <= MOST_WITH_A_VALUE) side.push({ name, person: person >>> 1 })
        await links.flush()
      }
    } while (await values.more())
    end()
    return links.sorted()
  }

  #digestOf(text: string): number {
    const { high, low } = this.#digest.reset(this.#seed).add(text)
    return (high >>> 0) * 2 ** 21 + (low >>> 11)
  }
}

/** A contact by its number, and the digest of its name. */
interface Named {
  name: number
  person: number
}

/** More than the new contacts of a file. */
const MOST_PEOPLE = 2 ** 24

/**
 * Returns the keys of the people by new contact; 0 for a contact that nobody, or nobody for certain, has become. `keys`: of
 * the missing people.
 */
async function matched(links: SortedRecords, contacts: number, keys: readonly number[]): Promise<Float64Array> {
  const ofContacts = new Nearest(contacts)
  const ofPeople = new Nearest(keys.length)
  let link = -1
  let common = 0
  const end = () => {
    if (common === 0) return
    const person = Math.floor(link / MOST_PEOPLE)
    ofPeople.take(person, link % MOST_PEOPLE, common)
    ofContacts.take(link % MOST_PEOPLE, person, common)
    common = 0
  }
  do {
    while (links.next()) {
      if (links.number !== link) {
        end()
        link = links.number
      }
      common++
    }
  } while (await links.more())
  end()
  return Float64Array.from({ length: contacts }, (_, contact) => {
    const person = ofContacts.of(contact)
    return person !== NONE && ofPeople.of(person) === contact ? (keys[person] ?? 0) : 0
  })
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

/** What another message needs to know of the people. */
export interface SavedPeople {
  seed: number
  ids: SavedDigests
  keys: Float64Array
}

/** People that come under new IDs. */
export class RekeyedPeople {
  readonly #seed: number
  readonly #ids: DigestTable
  /** By new contact: the key of the person; 0 for none. */
  readonly #keys: Float64Array
  /** The keys of the people in order, and which of them were taken out. */
  readonly #from: Float64Array
  readonly #out: Uint8Array
  readonly #digest = new Digest()
  /** The number of people. */
  size: number

  constructor(seed: number, ids: DigestTable, keys: Float64Array) {
    this.#seed = seed
    this.#ids = ids
    this.#keys = keys
    this.#from = keys.filter((key) => key !== 0).sort()
    this.#out = new Uint8Array(this.#from.length)
    this.size = this.#from.length
  }

  /** Returns the people for another message. */
  save(): SavedPeople {
    return { seed: this.#seed, ids: this.#ids.save(), keys: this.#keys }
  }

  static restore({ seed, ids, keys }: SavedPeople): RekeyedPeople {
    return new RekeyedPeople(seed, new DigestTable(ids), keys)
  }

  /** Returns the key of the contact that comes under a new ID; null if none does. */
  keyOf(id: string): number | null {
    return this.#keys[this.#contactOf(id)] || null
  }

  /** Takes out the person that comes under this new ID. */
  leaveOut(id: string): void {
    const contact = this.#contactOf(id)
    const at = placeOf(this.#from, this.#keys[contact] ?? 0)
    if (at === NONE) return
    this.#keys[contact] = 0
    this.#out[at] = 1
    this.size--
  }

  /** Returns whether the contact with the key comes under a new ID. */
  has(key: number): boolean {
    const at = placeOf(this.#from, key)
    return at !== NONE && this.#out[at] === 0
  }

  #contactOf(id: string): number {
    return this.#ids.find(this.#digest.reset(this.#seed).add(id))
  }
}
