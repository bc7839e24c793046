import type { z } from 'zod'
import type { ConnectionView, TestView } from '../../../worker/src/api/views.ts'
import { type connectionSchema, givesRecords } from '../../../worker/src/connections/schema.ts'

/** A connection while it is being edited: what the API takes. A secret left undefined keeps the saved one. */
export type ConnectionDraft = z.input<typeof connectionSchema>

/** One answer to “Where are the contacts?” (seed: four options); a kind may give several. */
export interface ConnectionChoice {
  value: string
  label: string
  hint: string
  /** A connection of this choice; what fits is taken over from the one before. */
  start: (before: ConnectionDraft) => ConnectionDraft
  is: (draft: ConnectionDraft) => boolean
}

/** What the form of a kind is given. `saved` is the connection as the API shows it, null for a new source. */
export interface ConnectionFieldsProps<D extends ConnectionDraft> {
  draft: D
  saved: ConnectionView | null
  onChange: (draft: D) => void
}

/** What the form of a kind is given that has something to choose: `test` is what the last test found, null before it. */
export interface ChoosingFieldsProps<D extends ConnectionDraft> extends ConnectionFieldsProps<D> {
  test: TestView | null
}

/** Whether two addresses have host and port in common: only then may a saved secret be kept (api: Sources). */
export function sameHost(one: string, other: string): boolean {
  const host = URL.parse(one)?.host
  return host !== undefined && host === URL.parse(other)?.host
}

/** The address that was typed before, where it begins with one of the schemes; otherwise none. */
export function urlWith(schemes: readonly string[], { kind, url }: ConnectionDraft): string {
  // No file is where a CRM is.
  if (givesRecords({ kind })) return ''
  return schemes.some((scheme) => url.startsWith(scheme)) ? url : ''
}
