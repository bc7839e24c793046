import type { ComponentChildren } from 'preact'
import type { ConnectionView, TestView } from '../../../worker/src/api/views/source.ts'
import { givesRecords } from '../../../worker/src/connections/facts.ts'
import type { DraftOf, Kind } from '../../../worker/src/connections/kind.ts'
import type { ConnectionDraft } from '../../../worker/src/connections/schema.ts'
import type { IconName } from '../parts/icon.tsx'

/** A connection of a kind as the API shows it. */
export type ViewOf<K extends Kind> = Extract<ConnectionView, { kind: K }>

/**
 * The forms and words of a kind of source, beside its facts. A draft is a connection while it is edited: an undefined
 * secret keeps the saved one.
 */
export interface KindForm<K extends Kind> {
  /** The kind's answers to “Where are the contacts?” (seed: four options). */
  choices: readonly KindChoice<K>[]

  /** Returns a saved connection as a draft that keeps the saved secrets. */
  draft(view: ViewOf<K>): DraftOf<K>

  /** How the source is reached. */
  Fields(props: KindFieldsProps<K>): ComponentChildren

  /** A further step of this kind, for choices that are known only after a successful test. */
  criteria?: { title: string; Fields(props: Omit<KindFieldsProps<K>, 'saved'>): ComponentChildren }

  /** Returns what must be chosen before anything can be read, in words; null if nothing is missing. */
  waitsFor?(draft: DraftOf<K>): string | null

  /** Returns a saved connection in words, as names and values. A null value is left out. */
  summary(view: ViewOf<K>): [string, string | null][]

  /** The best time to import a source of this kind, in a sentence. */
  scheduleAdvice?: string

  /** The draft with the key that the server showed in a test, for kinds that pin it. */
  trusting?(draft: DraftOf<K>, hostKey: string): DraftOf<K>
}

export interface KindChoice<K extends Kind> {
  value: string
  label: string
  hint: string
  /** The name on its tile, beside those of the other kinds. */
  short: string
  icon: IconName
  /** Returns a new connection of this choice. Takes over the values of the previous one that fit. */
  start(before: ConnectionDraft): DraftOf<K>
  /** Returns whether a draft is of this choice. */
  is(draft: DraftOf<K>): boolean
}

export interface KindFieldsProps<K extends Kind> {
  draft: DraftOf<K>
  /** The saved connection if it is to the same server, so that its secrets can be kept; otherwise null. */
  saved: ViewOf<K> | null
  /** The result of the last test, with the values to choose from; null before a test. */
  test: TestView | null
  onChange(draft: DraftOf<K>): void
}

/** Returns the address that was typed before if it begins with one of the schemes; otherwise an empty text. */
export function urlWith(schemes: readonly string[], before: ConnectionDraft): string {
  const url = 'url' in before ? before.url : ''
  // The address of a CRM is not the address of a file.
  return !givesRecords(before) && schemes.some((scheme) => url.startsWith(scheme)) ? url : ''
}
