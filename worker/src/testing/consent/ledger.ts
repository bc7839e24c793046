import type { Person } from './person.ts'

/** A decision to opt out: by a text from a number, by a person or a system here, or by a source's column. */
export interface Decision {
  how: 'text' | 'person' | 'source'
  /** The number that sent the text. */
  from: string | null
  /** In milliseconds since 1970. */
  at: number
}

/** An opt-out about a contact. */
export interface OptOut {
  decision: Decision
  /** The key of the contact. */
  contact: string
  /** Numbers from which START was sent since. */
  except: Set<string>
  /** False if the rules leave open whether the opt-out counts. Then either status is right. */
  sure: boolean
  /** The person who opted out, if the contact has left the directory or has become somebody else; otherwise null. */
  apart: { owner: string; id: string; person: Person } | null
}

/** An opt-out of a number. */
export interface Stop {
  decision: Decision
  number: string
  /** The key of the contact that had the number when it left; null if a text or a row of a file is about the number. */
  of: string | null
  /** The source and the ID of the row that opted out only its numbers. */
  row: { owner: string; id: string } | null
  sure: boolean
}

/** What is known of a contact besides its opt-outs. It outlives the contact. */
export interface Memory {
  optedIn: boolean
  /** The source's value at the last import; null if it showed none. */
  seen: string | null
  /** When the last fetch began that showed an opt-out, in milliseconds since 1970; 0 for none. */
  shownAt: number
  /** Whether the rules leave open if the status is `opted_in` or `unknown`. */
  eitherIn: boolean
  /** The person, when the contact left the directory. */
  last: Person | null
}

/** An SMS status that Muster wrote to the record of a contact. */
interface Write {
  contact: string
  owner: string
  id: string
  value: string
  /** In milliseconds since 1970. */
  at: number
  /** Whether the source has shown another value since. */
  isOver: boolean
  /** Whether the contact has become somebody else since. */
  isOfAnother: boolean
}

/** Whether a value is only what Muster wrote. */
export type Echo = 'yes' | 'perhaps' | 'no'

/** All decisions that count, and those that are kept for when a person returns. */
export class Ledger {
  stops: Stop[] = []
  optOuts: OptOut[] = []
  /** Numbers for which somebody ended an opt-out. */
  readonly freed = new Set<string>()
  /** The statuses that Muster wrote to sources, the oldest first. */
  readonly writes: Write[] = []
  readonly #memories = new Map<string, Memory>()

  memory(contact: string): Memory {
    const known = this.#memories.get(contact)
    const memory = known ?? { optedIn: false, seen: null, shownAt: 0, eitherIn: false, last: null }
    this.#memories.set(contact, memory)
    return memory
  }

  /** Returns the opt-outs about a contact that is in the directory. */
  about(contact: string): OptOut[] {
    return this.optOuts.filter((one) => one.contact === contact && one.apart === null)
  }

  /** Forgets what the source showed of a contact that has become somebody else, and the opt-in. */
  forget(contact: string): void {
    const memory = this.memory(contact)
    Object.assign(memory, { optedIn: false, seen: null, shownAt: 0, eitherIn: true })
    for (const write of this.writes) if (write.contact === contact) write.isOfAnother = true
  }

  /**
   * Returns whether a value that a source shows for a contact is only what Muster wrote there. The rules leave it open if
   * the record or the person has become another since.
   */
  echoes({ key, owner, id }: { key: string; owner: string; id: string }, value: string, fetchedAt: number): Echo {
    const isRecord = (write: Write) => write.owner === owner && write.id === id
    const same = (write: Write) => write.value.toLowerCase() === value.toLowerCase()
    const before = this.writes.filter((write) => write.at <= fetchedAt && (write.contact === key || isRecord(write)))
    const own = before.findLast((write) => write.contact === key && isRecord(write) && !write.isOfAnother)
    if (own !== undefined && own === before.at(-1)) {
      if (!same(own)) own.isOver = true
      return own.isOver ? 'no' : 'yes'
    }
    return before.some(same) ? 'perhaps' : 'no'
  }

  /** Keeps an opt-out for the numbers that the person had, and sets it apart from its contact. */
  setApart(optOut: OptOut, as: { owner: string; id: string; person: Person }): Stop[] {
    optOut.apart = as
    const { decision, contact: of, sure, except } = optOut
    return as.person.numbers
      .filter((number) => !except.has(number))
      .map((number) => ({ decision, number, of, row: null, sure }))
  }

  /** Ends the stops for which the function returns true. */
  free(ends: (stop: Stop) => boolean): void {
    for (const stop of this.stops.filter(ends)) this.freed.add(stop.number)
    this.stops = this.stops.filter((stop) => !ends(stop))
  }

  end(optOuts: readonly OptOut[]): void {
    this.optOuts = this.optOuts.filter((one) => !optOuts.includes(one))
  }
}
