import { type ContactDetails, readDetails, type SmsStatus, writeDetails } from './contact.ts'
import type { SmsReading } from './sms.ts'

/** The parts of a plan. One part can wait for a person while the others are applied. */
export const PARTS = ['add', 'update', 'remove'] as const
export type Part = (typeof PARTS)[number]

/**
 * The sections of a plan and the part that each belongs to. They are applied in this order, so that no contact is ever
 * missing. Opt-outs are applied even while other parts wait (design: invariant 8).
 */
export const SECTIONS = {
  optOuts: 'optOut',
  adds: 'add',
  updates: 'update',
  rekeys: 'remove',
  removals: 'remove',
} as const
export type Section = keyof typeof SECTIONS

/** A change to one contact. Groups are named by key. A plan file has one change on each line. */
export type Change = Add | Update | Rekey | Remove | Sms

/**
 * The source's value of the SMS status, and the change that is expected when the plan is made. The actual change is
 * decided when the plan is applied (design: invariant 8).
 */
export interface PlannedSms extends SmsReading {
  before: SmsStatus
  after: SmsStatus
}

interface Add {
  op: 'add'
  /**
   * The key of a removed contact that returns. A new contact has -1, -2, …: it gets its number when the plan is
   * applied.
   */
  key: number
  id: string
  /** `hand` if a removed contact returns as a manual one. */
  owner?: 'hand'
  before: null
  after: ContactDetails
  sms?: PlannedSms
  rows: number[]
}

interface Update {
  op: 'update'
  key: number
  id: string
  /** The contact's new owner, if that changes: the source adopts the contact, or gives it back. */
  owner?: 'source' | 'hand'
  before: ContactDetails
  after: ContactDetails
  changed: (keyof ContactDetails)[]
  sms?: PlannedSms
  rows: number[]
}

/** Gives a contact a new ID, under which its source now has the person (design: New IDs for the same people). */
interface Rekey {
  op: 'rekey'
  key: number
  id: string
  /** The ID that the contact has before the change. */
  fromId: string
  /** The contact's new owner, if that changes: the source adopts the contact, or gives it back. */
  owner?: 'source' | 'hand'
  before: ContactDetails
  after: ContactDetails
  changed: (keyof ContactDetails)[]
  /** What happens if a person decides that the two are not the same; null for an undo, which asks nobody. */
  otherwise: Otherwise | null
  sms?: PlannedSms
  rows: number[]
}

/** A new contact, and perhaps a removal, in place of a new ID. */
interface Otherwise {
  /** 1, 2, … for the first, second, … such contact of the plan, which has a key of its own. */
  number: number
  /** What the rows alone say, written as details: values of the known contact may be those of somebody else. */
  after: string
  sms?: PlannedSms
  /** Whether the known contact is then removed. */
  removes: boolean
}

/** A person that comes under a new ID. */
export interface Pair {
  from: string
  to: string
}

/** Which people are moved to their new IDs: all, none or these. */
export type RekeyDecision = boolean | Pair[]

/**
 * The keys of opt-outs that count only for the numbers in `after`, since their ID has no contact of the source yet: those of
 * rows with errors always, the others while the part waits that brings the contact.
 */
export const NUMBERS_OF = { failed: 0, add: -1, update: -2, remove: -3 } as const

/**
 * Changes only the SMS status, or the stored value of the source for it. The details are there only to be read. An
 * opt-out has those after its row in `after`, if the row may make the ID somebody else.
 */
interface Sms {
  op: 'sms'
  key: number
  id: string
  before: ContactDetails | null
  after: ContactDetails
  sms: PlannedSms
  rows: number[]
}

interface Remove {
  op: 'remove'
  key: number
  id: string
  /** `hand` if the contact was manual. */
  owner?: 'hand'
  before: ContactDetails
  after: null
  rows: []
}

/**
 * Returns whether a change is counted and shown. A change that only stores the source's value for the SMS status is
 * not, nor is an opt-out that is there only for the person whom the ID may name now.
 */
export function shows(change: { op: Exclude<Change['op'], 'sms'> } | { op: 'sms'; sms: PlannedSms }): boolean {
  return change.op !== 'sms' || change.sms.before !== change.sms.after
}

/** A change to the contact itself. */
export type ContactChange = Exclude<Change, Sms>

/** A change whose details are text: most of them are passed on unread when a plan is applied. */
export type WrittenContactChange = Written<Add> | Written<Update> | WrittenRekey | Written<Remove>
export type WrittenRekey = Written<Rekey>
export type WrittenChange = WrittenContactChange | Written<Sms>

type Written<T extends Change> = Omit<T, 'before' | 'after'> & { before: string | null; after: string | null }

/**
 * Writes a change as a line of a plan file: fields separated by tabs, which no field contains. The ID and the details,
 * after and before, are JSON and are passed on unread: with hundreds of thousands of lines, each byte that need not be
 * parsed counts. The SMS status is at the end, if the change has one.
 */
export function writeLine(change: Change): string {
  const { op, key, id, rows, before, after } = change
  const owner = op === 'sms' ? undefined : change.owner
  const changed = op === 'update' ? change.changed.join() : op === 'rekey' ? rekeying(change) : ''
  const details = after === null ? '' : writeDetails(after)
  const previous = before === null ? '' : writeDetails(before)
  const line = `${op}\t${key}\t${JSON.stringify(id)}\t${rows.join()}\t${owner ?? ''}\t${changed}\t${details}\t${previous}`
  return op === 'remove' || change.sms === undefined ? line : `${line}\t${JSON.stringify(change.sms)}`
}

/** Returns what a new ID has besides what every change has. JSON contains no tab and no line break. */
function rekeying({ fromId, changed, otherwise }: Rekey): string {
  return JSON.stringify({ fromId, changed, otherwise })
}

/** Reads a change that `writeLine` wrote, with its details still as text. */
export function readLine(line: string): WrittenChange {
  let end = -1
  const next = () => {
    const start = end + 1
    end = line.indexOf('\t', start)
    return line.slice(start, end)
  }
  const op = next()
  const key = Number(next())
  const id = next()
  const rows = next()
  const owner = next()
  const changed = next()
  const after = next()
  const more = line.indexOf('\t', end + 1)
  const before = more === -1 ? line.slice(end + 1) : line.slice(end + 1, more)
  const sms = more === -1 ? undefined : line.slice(more + 1)
  return {
    op,
    key,
    id: id.includes('\\') ? JSON.parse(id) : id.slice(1, -1),
    rows: rows === '' ? [] : rows.split(',').map(Number),
    before: before === '' ? null : before,
    after: after === '' ? null : after,
    ...(owner === '' ? {} : { owner }),
    ...(op === 'update' ? { changed: changed === '' ? [] : changed.split(',') } : {}),
    ...(op === 'rekey' ? JSON.parse(changed) : {}),
    ...(sms === undefined ? {} : { sms: JSON.parse(sms) }),
  } as WrittenChange
}

/** Returns the change with its details as text. */
export function written(change: ContactChange): WrittenContactChange {
  const { before, after } = change
  return {
    ...change,
    before: before === null ? null : writeDetails(before),
    after: after === null ? null : writeDetails(after),
  }
}

/** Returns the change with its details parsed. */
export function unwritten(change: WrittenChange): Change {
  const { before, after } = change
  return {
    ...change,
    before: before === null ? null : readDetails(before),
    after: after === null ? null : readDetails(after),
  } as Change
}
