import type { ComponentChildren } from 'preact'
import type { ConnectionView, TestView } from '../../../worker/src/api/views.ts'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import type { DraftOf, Kind } from '../../../worker/src/connections/kind.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'

/** A connection of a kind as the API shows it. */
type ViewOf<K extends Kind> = Extract<ConnectionView, { kind: K }>

/**
 * What the pages need of a kind of source beside its facts. A draft is a connection while it is edited: a secret that is left
 * undefined keeps the saved one.
 */
export interface KindForm<K extends Kind> {
  /** The kind's answers to “Where are the contacts?” (seed: four options). */
  choices: readonly KindChoice<K>[]

  /** A saved connection as a draft: its secrets stay where they are. */
  draft(view: ViewOf<K>): DraftOf<K>

  /** How the source is reached. */
  Fields(props: KindFieldsProps<K>): ComponentChildren

  /** A step of the kind's own, for what is chosen once the source answers. */
  criteria?: { title: string; Fields(props: Omit<KindFieldsProps<K>, 'saved'>): ComponentChildren }

  /** A saved connection in words: names and values; a value of null says nothing. */
  summary(view: ViewOf<K>): [string, string | null][]

  /** When such a source is best imported. */
  scheduleAdvice?: string

  /** The draft with the key that the server showed in a test, for kinds that pin it. */
  trusting?(draft: DraftOf<K>, hostKey: string): DraftOf<K>
}

export interface KindChoice<K extends Kind> {
  value: string
  label: string
  hint: string
  /** A connection of this choice; what fits is taken over from the one before. */
  start(before: ConnectionDraft): DraftOf<K>
  /** Which of the kind's choices a draft is. */
  is(draft: DraftOf<K>): boolean
}

export interface KindFieldsProps<K extends Kind> {
  draft: DraftOf<K>
  /** The saved connection where it is to the same server, so that its secrets can be kept; otherwise null. */
  saved: ViewOf<K> | null
  /** What the last test found to choose from; null before it. */
  test: TestView | null
  onChange(draft: DraftOf<K>): void
}

/** Returns the address that was typed before if it begins with one of the schemes; otherwise an empty text. */
export function urlWith(schemes: readonly string[], before: ConnectionDraft): string {
  const { url = '' }: { url?: string } = before
  // No file is where a CRM is.
  return !givesRecords(before) && schemes.some((scheme) => url.startsWith(scheme)) ? url : ''
}
