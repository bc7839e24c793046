import type { RunView, SourceView } from '../../worker/src/api/views.ts'
import { ATTRIBUTES, columnOf, isAttribute } from '../../worker/src/core/attributes.ts'
import { count, countOf } from './format.ts'

/** How serious a state is; the page colours by it, and always says it in words too. */
export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'quiet'

interface Word {
  text: string
  tone: Tone
}

const STATUS: Record<RunView['status'], Word> = {
  queued: { text: 'Waiting to start', tone: 'busy' },
  fetching: { text: 'Fetching the file', tone: 'busy' },
  planning: { text: 'Comparing with the directory', tone: 'busy' },
  held: { text: 'Waiting for your decision', tone: 'wait' },
  applying: { text: 'Applying the changes', tone: 'busy' },
  succeeded: { text: 'Imported', tone: 'good' },
  unchanged: { text: 'Nothing new', tone: 'good' },
  previewed: { text: 'Preview ready', tone: 'good' },
  failed: { text: 'Failed', tone: 'bad' },
  rejected: { text: 'Rejected', tone: 'quiet' },
  replaced: { text: 'Replaced by a newer run', tone: 'quiet' },
  cancelled: { text: 'Cancelled', tone: 'quiet' },
}

const HEALTH: Record<SourceView['health'], Word> = {
  new: { text: 'Never imported', tone: 'quiet' },
  running: { text: 'Importing', tone: 'busy' },
  ok: { text: 'Up to date', tone: 'good' },
  undone: { text: 'Undone: differs from its file', tone: 'wait' },
  problems: { text: 'Rows with problems', tone: 'wait' },
  held: { text: 'Waiting for your decision', tone: 'wait' },
  failing: { text: 'Failing', tone: 'bad' },
  late: { text: 'File is late', tone: 'bad' },
  disabled: { text: 'Disabled', tone: 'quiet' },
}

const TRIGGER: Record<RunView['trigger'], string> = {
  schedule: 'by schedule',
  manual: 'by hand',
  webhook: 'by webhook',
  api: 'through the API',
  undo: 'to undo a run',
}

const ACTIVE: ReadonlySet<RunView['status']> = new Set(['queued', 'fetching', 'planning', 'applying'])

/** Whether a run is still at work; a held one is not (design: One active run per source). */
export function isActive(status: RunView['status']): boolean {
  return ACTIVE.has(status)
}

/** Whether a run’s changes have been made, or are being made. */
export function isApplied({ status }: Pick<RunView, 'status'>): boolean {
  return status === 'succeeded' || status === 'applying' || status === 'failed'
}

/** A run’s status in words. */
export function statusWord(run: Pick<RunView, 'status' | 'counts' | 'trigger' | 'undoneBy'>): Word {
  if (run.undoneBy !== null) return { text: 'Undone since', tone: 'quiet' }
  if (run.status !== 'succeeded') return STATUS[run.status]
  const done = run.trigger === 'undo' ? 'Undone' : 'Imported'
  if (run.counts.errors === 0) return { text: done, tone: 'good' }
  return { text: `${done}, ${countOf(run.counts.errors, 'row')} with errors`, tone: 'wait' }
}

/** A source’s health in words. */
export function healthWord(source: Pick<SourceView, 'health'>): Word {
  return HEALTH[source.health]
}

/** How long a file may stay the same: `36 hours`, `8 days`. */
export function freshnessWord(hours: number): string {
  return hours % 24 === 0 && hours > 24 ? countOf(hours / 24, 'day') : countOf(hours, 'hour')
}

/** What started a run, as the end of “Started …”. */
export function triggerWord(trigger: RunView['trigger']): string {
  return TRIGGER[trigger]
}

const PLANNED: ReadonlySet<RunView['status']> = new Set(['held', 'previewed', 'rejected', 'replaced'])

/** Whether a run’s counts are of what it would do, not of what it did. */
export function isPlanned(status: RunView['status']): boolean {
  return PLANNED.has(status)
}

/** What a run did or would do, in one line: `3 added, 1,994 unchanged`, `3 to add, 1,994 unchanged`. */
export function outcome({ counts, status }: Pick<RunView, 'counts' | 'status'>): string {
  const planned = isPlanned(status)
  const parts = [
    [counts.added, planned ? 'to add' : 'added'],
    [counts.updated, planned ? 'to change' : 'changed'],
    [counts.removed, planned ? 'to remove' : 'removed'],
    [counts.unchanged, 'unchanged'],
  ] as const
  return parts.flatMap(([number, word]) => (number === 0 ? [] : [`${count(number)} ${word}`])).join(', ')
}

/** A contact’s attribute in words, the SMS status among them; a custom field by its key. */
export function attributeWord(attribute: string): string {
  if (attribute === 'smsStatus' || attribute === 'sms') return targetWord('smsStatus')
  return isAttribute(attribute) ? ATTRIBUTES[attribute].label : attribute.replace(/^fields?[.:]/, '')
}

/** The SMS statuses in words. */
export const SMS_WORDS = { opted_in: 'Opted in', opted_out: 'Opted out', unknown: 'Unknown' } as const

const ACTORS: Record<string, string> = { contact: 'the contact', source: 'the source', system: 'Muster' }

/** Who did something: a role in words, a person by address. */
export function byWord(by: string): string {
  return ACTORS[by] ?? by
}

/** What became of telling a source an SMS status, in words. */
export const WRITE_BACK_WORDS = {
  pending: 'The source has not been told yet.',
  sent: 'The source has been told; the next import reads it back.',
  confirmed: 'The source has been told, and shows it.',
  conflict: 'The source shows something else.',
  given_up: 'The source could not be told for a day. Set the value there by hand.',
  superseded: 'A newer status was told instead.',
} as const

/** The number types in words (seed: Number Type). */
export const NUMBER_TYPE_WORDS = { mobile: 'Mobile', landline: 'Landline', pager: 'Pager' } as const

/** The priorities in words (seed: Notification Priority). */
export const PRIORITY_WORDS = { high: 'High', normal: 'Normal', low: 'Low' } as const

/** What a plan that is not applied would do. */
export const PLANNED_WORDS = { add: 'To add', update: 'To change', remove: 'To remove' } as const

/** The kinds of change in words. */
export const OP_WORDS = { add: 'Added', update: 'Changed', remove: 'Removed', sms: 'SMS status' } as const

/** The days of a weekly schedule in words, in the order of the week. */
export const DAY_WORDS = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' } as const

/** A target of the mapping in words: `number2` is `Number 2`, `field:major` is `major`. */
export function targetWord(target: string): string {
  const found = columnOf(target)
  if (found === null) return target.replace(/^field:/, '')
  const { column, place } = found
  return place === 1 ? column.label : `${column.label} ${place}`
}

/** The names of settings, as a program lists them, in words: `name, defaultTimeZone` → `name, default time zone`. */
export function settingWords(names: string): string {
  return names.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
