import type { RunView } from '../../worker/src/api/views/run.ts'
import type { SourceView } from '../../worker/src/api/views/source.ts'
import { ATTRIBUTES, columnOf, isAttribute } from '../../worker/src/core/attributes.ts'
import { keysOf } from '../../worker/src/core/keys.ts'
import type { WebhookKind } from '../../worker/src/core/source.ts'
import { count, countOf } from './format.ts'
import type { StateKind } from './parts/state.tsx'

/** How serious a state is. The pages show it as a colour, and always in words too. */
export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'quiet'

interface Word {
  text: string
  kind: StateKind
}

const STATUS: Record<RunView['status'], Word> = {
  queued: { text: 'Waiting to start', kind: 'busy' },
  fetching: { text: 'Fetching the file', kind: 'busy' },
  planning: { text: 'Comparing with the directory', kind: 'busy' },
  held: { text: 'Waiting for your decision', kind: 'waiting' },
  applying: { text: 'Applying the changes', kind: 'busy' },
  succeeded: { text: 'Imported', kind: 'ok' },
  unchanged: { text: 'Nothing new', kind: 'ok' },
  previewed: { text: 'Preview ready', kind: 'ok' },
  failed: { text: 'Failed', kind: 'bad' },
  rejected: { text: 'Rejected', kind: 'quiet' },
  replaced: { text: 'Replaced by a newer run', kind: 'quiet' },
  cancelled: { text: 'Cancelled', kind: 'quiet' },
}

const HEALTH: Record<SourceView['health'], Word> = {
  new: { text: 'Never imported', kind: 'quiet' },
  running: { text: 'Importing', kind: 'busy' },
  ok: { text: 'Up to date', kind: 'ok' },
  undone: { text: 'Undone; the file differs', kind: 'warning' },
  problems: { text: 'Rows with problems', kind: 'warning' },
  held: { text: 'Waiting for your decision', kind: 'waiting' },
  failing: { text: 'Failing', kind: 'bad' },
  late: { text: 'File is late', kind: 'bad' },
  disabled: { text: 'Disabled', kind: 'quiet' },
}

const TRIGGER: Record<RunView['trigger'], string> = {
  schedule: 'by schedule',
  manual: 'by hand',
  webhook: 'by webhook',
  api: 'through the API',
  undo: 'to undo a run',
}

/** The statuses and the triggers of runs with their words, to choose from. */
export const STATUS_OPTIONS = keysOf(STATUS).map((status) => [status, STATUS[status].text] as const)
export const TRIGGER_OPTIONS = keysOf(TRIGGER).map((trigger) => [trigger, TRIGGER[trigger]] as const)

const ACTIVE: ReadonlySet<RunView['status']> = new Set(['queued', 'fetching', 'planning', 'applying'])

/** Returns whether a run is active. A held run is not (design: One active run per source). */
export function isActive(status: RunView['status']): boolean {
  return ACTIVE.has(status)
}

/** Returns a run’s status in words. */
export function statusWord(run: Pick<RunView, 'status' | 'counts' | 'trigger' | 'undoneBy'>): Word {
  if (run.undoneBy !== null) return { text: 'Undone', kind: 'quiet' }
  if (run.status !== 'succeeded') return STATUS[run.status]
  const done = run.trigger === 'undo' ? 'Undone' : 'Imported'
  if (run.counts.errors === 0) return { text: done, kind: 'ok' }
  return { text: `${done}, ${countOf(run.counts.errors, 'row')} with errors`, kind: 'warning' }
}

/** Returns a source’s health in words. */
export function healthWord(source: Pick<SourceView, 'health'>): Word {
  return HEALTH[source.health]
}

/** Returns how long a file may stay the same: `36 hours`, `8 days`. */
export function freshnessWord(hours: number): string {
  return hours % 24 === 0 && hours > 24 ? countOf(hours / 24, 'day') : countOf(hours, 'hour')
}

/** Returns the trigger of a run, as the end of “Started …”. */
export function triggerWord(trigger: RunView['trigger']): string {
  return TRIGGER[trigger]
}

/** The counts of a run that its changes are told from. */
export interface Counted extends Pick<RunView, 'applied' | 'status'> {
  figures: Pick<RunView['figures'], 'rest'>
}
type ChangeTile = [label: string, value: number, tone: Tone]

const KINDS = [
  { key: 'added', tone: 'good', done: 'added', planned: 'to add', left: 'not added' },
  { key: 'updated', tone: 'busy', done: 'changed', planned: 'to change', left: 'not changed' },
  { key: 'removed', tone: 'bad', done: 'removed', planned: 'to remove', left: 'not removed' },
] as const

/**
 * Returns the counts of a run’s changes: what it has applied, and then what of its plan it has not: planned or waiting
 * changes, or changes that were left out.
 */
export function changeTiles({ figures, applied, status }: Counted): ChangeTile[] {
  const planned = status === 'previewed' || status === 'held'
  const rest = KINDS.map(({ key, tone, ...words }): ChangeTile => {
    return [planned ? words.planned : words.left, figures.rest[key], tone]
  })
  const done = KINDS.map(({ key, tone, done: label }): ChangeTile => [label, applied[key], tone])
  if (done.every(([, value]) => value === 0) && planned) return rest
  return [...done, ...rest.filter(([, value]) => value > 0)]
}

/** Returns a run’s changes in one line: `3 added, 1,994 unchanged`, `3 to add, 1,994 unchanged`. */
export function outcome(run: Counted & { counts: Pick<RunView['counts'], 'unchanged'> }): string {
  const parts = [...changeTiles(run), ['unchanged', run.counts.unchanged] as const]
  return parts.flatMap(([word, number]) => (number === 0 ? [] : [`${count(number)} ${word}`])).join(', ')
}

/** Returns the words for an attribute of a contact, or for the SMS status. A custom field is named by its key. */
export function attributeWord(attribute: string): string {
  if (attribute === 'smsStatus' || attribute === 'sms') return targetWord('smsStatus')
  return isAttribute(attribute) ? ATTRIBUTES[attribute].label : attribute.replace(/^fields?[.:]/, '')
}

/** The SMS statuses in words. */
export const SMS_WORDS = { opted_in: 'Opted in', opted_out: 'Opted out', unknown: 'Unknown' } as const

const ACTORS: Record<string, string> = { contact: 'the contact', source: 'the source', system: 'Muster' }

/** Returns the words for an actor: a role in words, a person by e-mail address. */
export function byWord(by: string): string {
  return ACTORS[by] ?? by
}

/** The states of a write-back in words. */
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

/** The kinds of planned change in words. */
export const PLANNED_WORDS = { add: 'To add', update: 'To change', rekey: 'New ID', remove: 'To remove' } as const

/** The kinds of a change that was left out, in words. */
export const LEFT_WORDS = { add: 'Not added', update: 'Not changed', rekey: 'Same ID', remove: 'Not removed' } as const

/** The kinds of change in words. */
export const OP_WORDS = {
  add: 'Added',
  update: 'Changed',
  rekey: 'New ID',
  remove: 'Removed',
  sms: 'SMS status',
} as const

/** The days of a weekly schedule in words, in the order of the week. */
export const DAY_WORDS = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' } as const

/** Returns a target of the mapping in words: `number2` is `Number 2`, `field:major` is `major`. */
export function targetWord(target: string): string {
  const found = columnOf(target)
  if (found === null) return target.replace(/^field:/, '')
  const { column, place } = found
  return place === 1 ? column.label : `${column.label} ${place}`
}

/**
 * Returns the lines of a change in words, as the audit has them: `limits.removed.atLeast: 6 → 9` becomes `limits ›
 * removed › at least: 6 → 9`.
 */
export function changeLines(detail: string): string[] {
  return detail.split('\n').map((line) => {
    const [, path = line, values = ''] = /^([^:]*)(:.*)$/.exec(line) ?? []
    const words = path.replaceAll('.', ' › ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    return `${words.replace(/\b(sms|url|id)\b/g, (word) => word.toUpperCase())}${values}`
  })
}

/** The kinds of webhooks that get a message when an import waits or fails. */
export const WEBHOOK_NAMES: Readonly<Record<WebhookKind, string>> = {
  muster: 'Program',
  slack: 'Slack',
  teams: 'Teams',
}
