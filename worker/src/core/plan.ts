import { type ContactDetails, readDetails, writeDetails } from './contact.ts'

/**
 * A change to one contact. Groups stand by key. A plan is line-delimited, a change a line, in three sections, applied
 * in this order so that nobody is ever missing: opt-outs, adds and updates, removals.
 */
export type Change = Add | Update | Remove

interface Add {
  op: 'add'
  /** The key of a removed contact that returns; for a new one -1, -2, …: it is numbered when the plan is applied. */
  key: number
  id: string
  /** `hand` where a removed contact returns as one made by hand. */
  owner?: 'hand'
  before: null
  after: ContactDetails
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

export const SECTIONS = ['optOuts', 'changes', 'removals'] as const
export type Section = (typeof SECTIONS)[number]

/** A change whose details are text: applying a plan passes most of them on as they are. */
export type WrittenChange = Written<Add> | Written<Update> | Written<Remove>

type Written<T extends Change> = Omit<T, 'before' | 'after'> & { before: string | null; after: string | null }

/**
 * A change as a line of a plan file: fields with tabs between, which none of them holds. The ID and the details, after and
 * before, are JSON and pass on as they stand: each byte less to parse counts, for there are hundreds of thousands of lines.
 */
export function writeLine(change: Change): string {
  const { op, key, id, rows, owner, before, after } = change
  const changed = op === 'update' ? change.changed.join() : ''
  const details = after === null ? '' : writeDetails(after)
  const previous = before === null ? '' : writeDetails(before)
  return `${op}\t${key}\t${JSON.stringify(id)}\t${rows.join()}\t${owner ?? ''}\t${changed}\t${details}\t${previous}`
}

/** The change that `writeLine` wrote, its details still as text. */
export function readLine(line: string): WrittenChange {
  const [op, key, id = '""', rows = '', owner, changed = '', after, before] = line.split('\t')
  return {
    op,
    key: Number(key),
    id: id.includes('\\') ? JSON.parse(id) : id.slice(1, -1),
    rows: rows === '' ? [] : rows.split(',').map(Number),
    before: before === '' ? null : before,
    after: after === '' ? null : after,
    ...(owner === '' ? {} : { owner }),
    ...(op === 'update' ? { changed: changed === '' ? [] : changed.split(',') } : {}),
  } as WrittenChange
}

/** The change with its details as text. */
export function written(change: Change): WrittenChange {
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
