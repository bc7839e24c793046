import { type ContactDetails, type PackedDetails, packDetails, unpackDetails } from './contact.ts'

/**
 * A change to one contact. Groups stand by key. A plan is line-delimited JSON, a change a line, in three sections, applied
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

type Line = Omit<Change, 'before' | 'after'> & { before?: PackedDetails; after?: PackedDetails }

/** A change as a line of a plan file. */
export function writeLine(change: Change): string {
  const { before, after, ...rest } = change
  const line: Line = rest
  if (before !== null) line.before = packDetails(before)
  if (after !== null) line.after = packDetails(after)
  return JSON.stringify(line)
}

/** The change that `writeLine` wrote. */
export function readLine(text: string): Change {
  const { before, after, ...rest }: Line = JSON.parse(text)
  return {
    ...rest,
    before: before === undefined ? null : unpackDetails(before),
    after: after === undefined ? null : unpackDetails(after),
  } as Change
}
