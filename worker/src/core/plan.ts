import { type ContactDetails, type PackedDetails, packDetails, unpackDetails } from './contact.ts'

/**
 * A change to one contact. Groups stand by key. A plan is line-delimited JSON, a change a line, in three applied in this order so that nobody is ever missing: opt-outs, adds and updates, removals.
 */
export type Change = Add | Update | Remove

interface Add {
  op: 'add'
  /** The key of a removed contact that returns; for a new one -1, -2, …: it is numbered when the plan is applied. */
  key: number
  id: string
  before: null
  after: ContactDetails
  rows: number[]
}

interface Update {
  op: 'update'
  key: number
  id: string
  /** `true` where a contact made by hand becomes the source's. */
  adopts?: true
  before: ContactDetails
  after: ContactDetails
  changed: (keyof ContactDetails)[]
  rows: number[]
}

interface Remove {
  op: 'remove'
  key: number
  id: string
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
