import type { ModelChange } from './plan.ts'
import { personOf } from './roll.ts'

/** The attributes of a person in the model. */
export interface Facts {
  name: string
  title: string | null
  emails: string[]
  numbers: string[]
  /** Group keys, sorted. */
  groups: string[]
}

/** The owner of a contact: the ID of a source, or `hand` for a manual contact. */
export type Owner = string | 'hand'

/** A contact. It is the same object as long as its key is the same. */
export interface ModelContact {
  owner: Owner
  id: string
  facts: Facts
  live: boolean
  /** On which day of its source a run removed it without approval; null if none has since it came. */
  removedOn: number | null
  /** The status that a person set here last. */
  sms: 'opted_in' | 'opted_out' | null
}

export interface ModelGroup {
  name: string
}

/** Contacts and groups, in lists that are searched from the beginning. */
export class ModelDirectory {
  readonly contacts: ModelContact[] = []
  /** The people and numbers of contacts that have opted out. The opt-out may reach other contacts by them. */
  readonly optedOut = new Set<string>()
  readonly groups = new Map<string, ModelGroup>()
  /** The revision of the manual contacts. It changes with every change to them. */
  hand = 0

  live(): ModelContact[] {
    return this.contacts.filter((contact) => contact.live)
  }

  owned(owner: Owner): ModelContact[] {
    return this.live().filter((contact) => contact.owner === owner)
  }

  /** Returns the contact of an owner with the ID, even if it has been removed. */
  find(owner: Owner, id: string): ModelContact | undefined {
    return this.contacts.find((contact) => contact.owner === owner && contact.id === id)
  }

  members(key: string): ModelContact[] {
    return this.live().filter((contact) => contact.facts.groups.includes(key))
  }

  /** Creates the groups that are missing. Existing groups keep their spelling. */
  makeGroups(names: ReadonlyMap<string, string>): void {
    for (const [key, name] of names) if (!this.groups.has(key)) this.groups.set(key, { name })
  }

  /** Moves a contact to another owner. A removed contact with the same ID there is deleted. */
  give(contact: ModelContact, owner: Owner): void {
    if (contact.owner === owner) return
    this.#makeWay(owner, contact.id, contact)
    contact.owner = owner
  }

  /** Applies the changes of a plan. `removedOn`: the day on which its removals count for the limit; null if they do not. */
  apply(changes: readonly ModelChange[], removedOn: number | null): void {
    for (const change of changes) {
      const { op, id, after, to } = change
      if (op === 'remove' && change.contact !== null) Object.assign(change.contact, { live: false, removedOn })
      if (after === null) continue
      if (change.contact === null) {
        change.contact = { owner: to, id, facts: after, live: true, removedOn: null, sms: null }
        this.contacts.push(change.contact)
      } else {
        if (op === 'rekey') {
          this.#makeWay(to, id, change.contact)
          change.contact.id = id
        }
        this.give(change.contact, to)
        Object.assign(change.contact, { facts: after, live: true, removedOn: null })
      }
    }
  }

  /** Deletes a removed contact whose ID the contact `by` gets. */
  #makeWay(owner: Owner, id: string, by: ModelContact): void {
    const gone = this.contacts.find((one) => !one.live && one.owner === owner && one.id === id && one !== by)
    if (gone === undefined) return
    this.contacts.splice(this.contacts.indexOf(gone), 1)
  }

  /** Records the people and numbers of the contacts that are opted out. */
  recordOptOuts(): void {
    for (const { id, facts, sms } of this.live()) {
      if (sms !== 'opted_out') continue
      for (const value of [personOf(id), ...facts.numbers]) this.optedOut.add(value)
    }
  }

  /** Lets the limit on removals forget what it has counted for a source. */
  forgetRemovals(source: string): void {
    for (const contact of this.contacts) if (contact.owner === source) contact.removedOn = null
  }

  /** Removes the contacts of a deleted source, or keeps them as manual contacts unless their ID is taken there. */
  release(source: string, contacts: 'keep' | 'remove'): void {
    for (const contact of this.owned(source)) {
      const taken = this.find('hand', contact.id)?.live === true
      if (contacts === 'remove' || taken) contact.live = false
      else this.give(contact, 'hand')
    }
    this.hand++
  }

  /** Adds a manual contact. */
  write(id: string, facts: Facts, names: readonly string[]): void {
    this.makeGroups(new Map(names.map((name) => [groupKey(name), name])))
    this.hand++
    const known = this.find('hand', id)
    if (known === undefined) this.contacts.push({ owner: 'hand', id, facts, live: true, removedOn: null, sms: null })
    else Object.assign(known, { facts, live: true })
  }
}

export const groupKey = (name: string) => name.toLowerCase()

export const ATTRIBUTES = ['name', 'title', 'emails', 'numbers', 'groups'] as const satisfies (keyof Facts)[]

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
