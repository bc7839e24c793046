import type { ContactDetails } from './contact.ts'

/**
 * One line of a plan file: a change to one contact. Groups stand by key. A plan is line-delimited JSON in three
 * sections, applied in this order so that nobody is ever missing: opt-outs, adds and updates, removals.
 */
export type Change = Add | Update | Remove

export interface Add {
  op: 'add'
  /** The key of a removed contact that returns; for a new one -1, -2, …: it is numbered when the plan is applied. */
  key: number
  id: string
  before: null
  after: ContactDetails
  rows: number[]
}

export interface Update {
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

export interface Remove {
  op: 'remove'
  key: number
  id: string
  before: ContactDetails
  after: null
  rows: []
}

export const SECTIONS = ['optOuts', 'changes', 'removals'] as const
export type Section = (typeof SECTIONS)[number]
