import { type Decision, Ledger, type OptOut, type Stop } from './ledger.ts'
import {
  alike,
  type Contact,
  type Directory,
  inCommon,
  isSamePerson,
  isSomebodyElse,
  lossesOf,
  type Person,
  type Turn,
} from './person.ts'

/** What a source's column said about a contact, in a row that an import has read. */
export interface Reading {
  /** The key of the contact. */
  contact: string
  value: string
  means: 'opted_in' | 'opted_out' | null
}

/** An opt-out of the source's column, in a row that waits for a person or has an error. */
export interface WaitingOptOut {
  /** The source and the ID of the row. */
  owner: string
  id: string
  /** The key of the contact that has the ID now; null if there is none. */
  contact: string | null
  value: string
  /** Who the contact would be. */
  person: Person
  /** Whether the row has an error. */
  failed: boolean
}

/** A change of the directory by an import, an undo, or a person. */
export interface Change {
  /** The run that makes the change, and the one that it undoes. */
  run: string | null
  undoes: string | null
  after: Directory
  /** All changes of the plan, also those that wait. */
  turns: readonly Turn[]
  readings: readonly Reading[]
  waiting: readonly WaitingOptOut[]
  /** When the fetch of the file began, in milliseconds since 1970. */
  fetchedAt: number
  now: number
}

/** Whether somebody is out. The rules leave `perhaps` open. */
export type Out = 'out' | 'perhaps' | 'not'

/**
 * The rules of consent (design: Consent, invariants 7, 8 and 14), written from the design and without regard to speed.
 * They are told what happened, and how the directory looks after each change.
 */
export class Rules {
  readonly ledger = new Ledger()
  directory: Directory = new Map()
  /** People who were erased. */
  readonly erased: Contact[] = []
  /** For each run, the contacts that it made somebody else, and the values that each of them kept. */
  readonly #others = new Map<string, Map<string, readonly string[]>>()

  /** A text from a number. A STOP counts for the number and for every contact that has it. */
  text(from: string, words: string, now: number): void {
    const decision: Decision = { how: 'text', from, at: now }
    const ofText = (one: { decision: Decision }) => one.decision.how === 'text' && one.decision.from === from
    const word = words.toUpperCase()
    const stands = this.ledger.stops.some((stop) => stop.number === from && ofText(stop))
    if (word === 'STOP') {
      this.ledger.stops.push({ decision, number: from, of: null, row: null, sure: true })
      for (const { key } of this.#having(from)) this.#optOut(key, decision)
    } else if (word === 'START' || (word === 'YES' && stands)) {
      this.ledger.free((stop) => stop.number === from || ofText(stop))
      this.ledger.end(this.ledger.optOuts.filter(ofText))
      for (const contact of this.#having(from)) {
        for (const optOut of this.ledger.about(contact.key)) {
          optOut.except.add(from)
          if (contact.numbers.every((number) => optOut.except.has(number))) this.ledger.end([optOut])
        }
        const left = this.ledger.about(contact.key)
        if (left.some(({ sure }) => sure)) continue
        Object.assign(this.ledger.memory(contact.key), { optedIn: true, eitherIn: left.length > 0 })
      }
    }
  }

  /** A person or a system opts a contact out or in. */
  set(key: string, status: 'opted_in' | 'opted_out', now: number): void {
    const contact = this.directory.get(key)
    if (contact === undefined) return
    if (status === 'opted_out') {
      this.#optOut(key, { how: 'person', from: null, at: now })
      return
    }
    const ended = this.ledger.about(key)
    this.ledger.end(ended)
    this.#endStops(contact, ended, 'all', this.directory)
    Object.assign(this.ledger.memory(key), { optedIn: true, eitherIn: false })
  }

  /** Muster writes an SMS status to the source of a contact. */
  wrote({ key, owner, id }: Contact, value: string, at: number): void {
    this.ledger.writes.push({ contact: key, owner, id, value, at, isOver: false, isOfAnother: false })
  }

  /** The directory changes. */
  change({ run, undoes, after, turns, readings, waiting, fetchedAt, now }: Change): void {
    const before = this.directory
    const losses = lossesOf(turns)
    const others = (run === null ? undefined : this.#others.get(run)) ?? new Map<string, readonly string[]>()
    if (run !== null) this.#others.set(run, others)
    const undone = undoes === null ? undefined : this.#others.get(undoes)
    // Contacts that had their ID before as somebody else, and those of them that had it until now.
    const renewed = new Set<string>()
    const replaced = new Set<string>()
    const stops: Stop[] = []
    for (const contact of after.values()) {
      const was = before.get(contact.key)
      const memory = this.ledger.memory(contact.key)
      if (was === undefined) {
        if (memory.last !== null && !alike(memory.last, contact)) {
          this.ledger.forget(contact.key)
          renewed.add(contact.key)
        }
        this.#attach(contact, this.ledger.optOuts)
      } else if (was.id === contact.id && this.#becomesOther(was, contact, losses, undoes, undone)) {
        others.set(contact.key, inCommon(was, contact))
        replaced.add(contact.key)
        renewed.add(contact.key)
        const earlier = this.ledger.optOuts.filter(({ apart }) => apart !== null)
        for (const optOut of this.ledger.about(contact.key))
          stops.push(...this.ledger.setApart(optOut, { owner: was.owner, id: was.id, person: was }))
        this.ledger.forget(contact.key)
        this.#attach(contact, earlier)
      } else if (was.owner !== contact.owner || was.id !== contact.id) this.#perhapsAttach(contact)
    }
    this.directory = after
    const source: Decision = { how: 'source', from: null, at: now }
    const forNumbers = ({ owner, id }: { owner: string; id: string }, numbers: readonly string[], sure: boolean) =>
      // Somebody may have ended an opt-out that the same row made before.
      stops.push(
        ...numbers.map((number) => {
          const row = { owner, id }
          return { decision: source, number, of: null, row, sure: sure && !this.ledger.freed.has(number) }
        }),
      )
    for (const row of waiting) {
      const { contact, value, person, failed } = row
      // A row of a person who was erased is left out (design: “Erasing a person”).
      if (this.erased.some((one) => isSamePerson(one, person) || (isAt(row, one) && alike(one, person)))) continue
      const is = contact === null ? undefined : after.get(contact)
      const other = is === undefined || isSomebodyElse(is, person, losses)
      if (is !== undefined && is.owner !== 'hand' && (!other || !failed)) {
        // Muster wrote the value for the person of before, so that it may be nobody's word.
        if (other) forNumbers(row, person.numbers, this.ledger.echoes(is, value, fetchedAt) === 'no')
        else this.#read({ contact: is.key, value, means: 'opted_out' }, fetchedAt, source, before)
        continue
      }
      // Whose opt-out it is is open if the row may be of a contact that it would adopt, or that gets a new ID. A row with an
      // error changes nobody (invariant 2), so it is open too if it would make its ID somebody else.
      forNumbers(row, person.numbers, false)
      const perhaps = [...after.values()].filter((one) => one.key === contact || alike(one, person))
      for (const { key } of perhaps) this.ledger.optOuts.push({ ...optOutOf(key, source), sure: false })
    }
    for (const reading of readings) {
      const person = after.get(reading.contact)
      if (person === undefined) continue
      const { contact, value, means } = reading
      if (means === 'opted_out' && replaced.has(contact))
        forNumbers(person, person.numbers, this.ledger.echoes(person, value, fetchedAt) === 'no')
      else if (means === 'opted_out' || !renewed.has(contact)) this.#read(reading, fetchedAt, source, before)
      else if (means === 'opted_in') this.#doubtSourceOwn(contact, before)
    }
    for (const contact of before.values()) {
      if (after.has(contact.key)) continue
      this.ledger.memory(contact.key).last = contact
      for (const optOut of this.ledger.about(contact.key))
        stops.push(...this.ledger.setApart(optOut, { owner: contact.owner, id: contact.id, person: contact }))
    }
    this.ledger.stops.push(...stops)
  }

  /** An undo makes a contact somebody else if the undone run did, and if the contact keeps no other values now. */
  #becomesOther(
    was: Contact,
    contact: Contact,
    losses: ReadonlySet<string>,
    undoes: string | null,
    undone: ReadonlyMap<string, readonly string[]> | undefined,
  ): boolean {
    if (undoes === null) return isSomebodyElse(was, contact, losses)
    const kept = undone?.get(contact.key)
    return inCommon(was, contact).every((value) => kept?.includes(value) === true)
  }

  /**
   * The three-way rule for a source's value. What Muster wrote to the source shows that the source knows it, and is no word of
   * the source (design: “What ends an opt-out”). `before`: the directory before the import.
   */
  #read({ contact: key, value, means }: Reading, fetchedAt: number, decision: Decision, before: Directory): void {
    const contact = this.directory.get(key)
    if (contact === undefined) return
    const memory = this.ledger.memory(key)
    const about = this.ledger.about(key)
    const sure = about.some((one) => one.sure)
    const made = about.filter(({ decision }) => decision.how !== 'source')
    const echo = this.ledger.echoes(contact, value, fetchedAt)
    const counts = echo !== 'yes' && (value !== memory.seen || (!sure && !memory.optedIn) || memory.eitherIn)
    memory.seen = value
    if (means === 'opted_out') {
      memory.shownAt = fetchedAt
      this.#doubtRow(key, before)
      if (!counts) return
      if (!sure) this.ledger.optOuts.push({ ...optOutOf(key, decision), sure: echo === 'no' })
      if (echo === 'no') memory.optedIn = false
      else memory.eitherIn = true
    } else if (means === 'opted_in' && counts) {
      this.#doubtRow(key, before)
      const shown = made.every(({ decision }) => decision.at < memory.shownAt)
      if (!shown && made.some((one) => one.sure)) return
      const ends = shown && echo === 'no'
      if (ends) {
        this.ledger.end(about)
        this.#endStops(contact, about, 'own', this.directory, before)
      } else for (const one of about) one.sure = false
      Object.assign(memory, { optedIn: true, eitherIn: !ends })
    }
  }

  /**
   * Ends stops when a contact is opted in: those that are left of the contact's own opt-outs, and those of its numbers,
   * except of numbers that another contact has in one of the directories. `which`: whether stops of its numbers end that
   * have another cause. The rules leave open what an opt-in does to a text's stop of a number that the contact no longer
   * has, and to the numbers of other contacts that the same text was about. Where they leave open if an opt-out was the
   * contact's own, they also leave open if its stops end.
   */
  #endStops(contact: Contact, ended: readonly OptOut[], which: 'own' | 'all', ...directories: Directory[]): void {
    const others = directories.flatMap((directory) => [...directory.values()]).filter(({ key }) => key !== contact.key)
    const shared = new Set(others.flatMap(({ numbers }) => numbers))
    const isPerhapsOf = (stop: Stop) => ended.some(({ decision }) => decision === stop.decision)
    const isOf = (stop: Stop) => ended.some(({ decision, sure }) => sure && decision === stop.decision)
    const has = ({ number }: Stop) => contact.numbers.includes(number)
    const ends = (stop: Stop) => !shared.has(stop.number) && has(stop) && (which === 'all' || isOf(stop))
    this.ledger.free((stop) => ends(stop) || (isOf(stop) && stop.of === contact.key && !shared.has(stop.number)))
    for (const stop of this.ledger.stops) {
      if (isPerhapsOf(stop) && (!shared.has(stop.number) || stop.of === contact.key)) stop.sure = false
    }
  }

  /**
   * A row gives an ID to another person and opts that person in. The opt-in ends opt-outs of the source's column, if the
   * person had the ID before (design: “What ends an opt-out”). What the source showed is forgotten, and the rules leave open
   * if a value is a change already in this import or only in the next.
   */
  #doubtSourceOwn(key: string, before: Directory): void {
    this.#doubtRow(key, before)
    const about = this.ledger.about(key)
    if (about.some(({ decision }) => decision.how !== 'source')) return
    const ends = ({ decision }: Stop) => about.some((one) => one.decision === decision)
    for (const one of [...about, ...this.ledger.stops.filter(ends)]) one.sure = false
  }

  /** The rules leave open if the opt-out of a row's numbers ends when the source's value counts for the contact. */
  #doubtRow(key: string, before: Directory): void {
    const contacts = [this.directory.get(key), before.get(key)].filter((one) => one !== undefined)
    for (const stop of this.ledger.stops) {
      const { row, number } = stop
      if (contacts.some((one) => one.numbers.includes(number) && row?.owner === one.owner && row.id === one.id))
        stop.sure = false
    }
  }

  #optOut(key: string, decision: Decision): void {
    this.ledger.optOuts.push(optOutOf(key, decision))
    Object.assign(this.ledger.memory(key), { optedIn: false, eitherIn: false })
  }

  /** A person who opted out comes back: the opt-outs are about the contact again. */
  #attach(contact: Contact, optOuts: readonly OptOut[]): void {
    for (const optOut of optOuts) {
      const { apart } = optOut
      if (apart === null || !(optOut.contact === contact.key || isAt(apart, contact))) continue
      if (alike(apart.person, contact)) Object.assign(optOut, { contact: contact.key, apart: null })
    }
  }

  /** A contact comes to an ID, without a change of who it is, under which an alike person once opted out. */
  #perhapsAttach(contact: Contact): void {
    for (const { apart, decision, except } of [...this.ledger.optOuts]) {
      if (apart === null || !isAt(apart, contact) || !alike(apart.person, contact)) continue
      const perhaps = { ...optOutOf(contact.key, decision), except: new Set(except), sure: false }
      this.ledger.optOuts.push(perhaps)
    }
  }

  #having(number: string): Contact[] {
    return [...this.directory.values()].filter(({ numbers }) => numbers.includes(number))
  }

  /** Returns whether a number is out by an opt-out of its own or of a contact that has it. */
  numberOut(number: string): Out {
    const having = this.#having(number).flatMap(({ key }) => this.ledger.about(key))
    return outBy([
      ...this.ledger.stops.filter((stop) => stop.number === number),
      ...having.filter(({ except }) => !except.has(number)),
    ])
  }

  contactOut({ key, numbers }: Contact): Out {
    const own = this.ledger
      .about(key)
      .filter(({ except }) => numbers.length === 0 || numbers.some((number) => !except.has(number)))
    return worst([outBy(own), ...numbers.map((number) => this.numberOut(number))])
  }

  /** Returns whether `sms` leaves a number out: somebody who has it is out. */
  unreachable(number: string): Out {
    return worst([this.numberOut(number), ...this.#having(number).map((contact) => this.contactOut(contact))])
  }
}

function optOutOf(contact: string, decision: Decision): OptOut {
  return { decision, contact, except: new Set(), sure: true, apart: null }
}

function isAt(apart: { owner: string; id: string }, contact: Contact): boolean {
  return apart.owner === contact.owner && apart.id === contact.id
}

function outBy(decisions: readonly { sure: boolean }[]): Out {
  return decisions.length === 0 ? 'not' : decisions.some(({ sure }) => sure) ? 'out' : 'perhaps'
}

function worst(outs: readonly Out[]): Out {
  return outs.includes('out') ? 'out' : outs.includes('perhaps') ? 'perhaps' : 'not'
}
