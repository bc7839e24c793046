import { type ContactDetails, readDetails, type SmsStatus, writeDetails } from './contact.ts'
import type { SmsReading } from './sms.ts'

/** The parts of a plan, of which some can wait for a person while the others are applied. */
export type Part = 'add' | 'update' | 'remove'

/**
 * The sections of a plan and the part that each belongs to, in the order of applying, so that nobody is ever missing.
 * Opt-outs are applied whatever waits (design: invariant 8).
 */
export const SECTIONS = { optOuts: 'optOut', adds: 'add', updates: 'update', removals: 'remove' } as const
export type Section = keyof typeof SECTIONS

/** A change to one contact. Groups stand by key. A plan is line-delimited: a change a line. */
export type Change = Add | Update | Remove | Sms

/**
 * What the source says of the SMS status, and what it is expected to change when the plan is made. What it does change
 * is decided when it is applied (design: invariant 8).
 */
export interface PlannedSms extends SmsReading {
  before: SmsStatus
  after: SmsStatus
}

interface Add {
  op: 'add'
  /** The key of a removed contact that returns; for a new one -1, -2, …: it is numbered when the plan is applied. */
  key: number
  id: string
  /** `hand` where a removed contact returns as one made by hand. */
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
  /** Who has the contact from now on, where that changes: adopted by the source, or given back. */
  owner?: 'source' | 'hand'
  before: ContactDetails
  after: ContactDetails
  changed: (keyof ContactDetails)[]
  sms?: PlannedSms
  rows: number[]
}

/** Nothing but the SMS status, or what is remembered of the source's value, changes; the details stand for reading. */
interface Sms {
  op: 'sms'
  key: number
  id: string
  before: ContactDetails
  after: ContactDetails
  sms: PlannedSms
  rows: number[]
}

interface Remove {
  op: 'remove'
  key: number
  id: string
  /** `hand` where it was made by hand. */
  owner?: 'hand'
  before: ContactDetails
  after: null
  rows: []
}

/** Whether a change is counted and shown: what is only noted of a source's value for the SMS status is not. */
export function shows(change: { op: Exclude<Change['op'], 'sms'> } | { op: 'sms'; sms: PlannedSms }): boolean {
  return change.op !== 'sms' || change.sms.before !== change.sms.after
}

/** A change to the contact itself. */
export type ContactChange = Exclude<Change, Sms>

/** A change whose details are text: applying a plan passes most of them on as they are. */
export type WrittenContactChange = Written<Add> | Written<Update> | Written<Remove>
export type WrittenChange = WrittenContactChange | Written<Sms>

type Written<T extends Change> = Omit<T, 'before' | 'after'> & { before: string | null; after: string | null }

/**
 * A change as a line of a plan file: fields with tabs between, which none of them holds. The ID and the details, after and
 * before, are JSON and pass on as they stand: each byte less to parse counts, for there are hundreds of thousands of lines.
 * What is said of the SMS status stands at the end, where there is something.
 */
export function writeLine(change: Change): string {
  const { op, key, id, rows, before, after } = change
  const owner = op === 'sms' ? undefined : change.owner
  const changed = op === 'update' ? change.changed.join() : ''
  const details = after === null ? '' : writeDetails(after)
  const previous = before === null ? '' : writeDetails(before)
  const line = `${op}\t${key}\t${JSON.stringify(id)}\t${rows.join()}\t${owner ?? ''}\t${changed}\t${details}\t${previous}`
  return op === 'remove' || change.sms === undefined ? line : `${line}\t${JSON.stringify(change.sms)}`
}

/** The change that `writeLine` wrote, its details still as text. */
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
    ...(sms === undefined ? {} : { sms: JSON.parse(sms) }),
  } as WrittenChange
}

/** The change with its details as text. */
export function written(change: ContactChange): WrittenContactChange {
  const { before, after } = change
  return {
    ...change,
    before: before === null ? null : writeDetails(before),
    after: after === null ? null : writeDetails(after),
  }
}

/** The change with its details read. */
export function unwritten(change: WrittenChange): Change {
  const { before, after } = change
  return {
    ...change,
    before: before === null ? null : readDetails(before),
    after: after === null ? null : readDetails(after),
  } as Change
}
