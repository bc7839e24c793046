import type { RunView } from '../../../worker/src/api/views/run.ts'
import type { ChangeCounts } from '../../../worker/src/core/counts.ts'
import { count, countOf } from '../format.ts'

/* The outcome of a run in sentences, which its page begins with. */

/** The part of a run that its outcome says. */
export type ShownRun = Pick<
  RunView,
  'status' | 'trigger' | 'applied' | 'figures' | 'counts' | 'waiting' | 'rekeyed' | 'hold' | 'undoneBy'
>

const list = new Intl.ListFormat('en-GB', { type: 'conjunction' })

const ACTIVE = {
  queued: 'Waiting to start.',
  fetching: 'Fetching the file.',
  planning: 'Comparing the file with the directory.',
  applying: 'Applying the changes.',
} as const

/** Returns the outcome: `52 added and 14 changed are done. 31 removals wait.` */
export function outcomeSentences(run: ShownRun): string {
  if (run.undoneBy !== null) return 'This import was undone.'
  switch (run.status) {
    case 'queued':
    case 'fetching':
    case 'planning':
    case 'applying':
      return ACTIVE[run.status]
    case 'held':
      return `${doneSentence(run) ?? 'Nothing has been changed yet.'} ${waitSentence(run)}`
    case 'succeeded':
      return run.trigger === 'undo' ? undone(run) : imported(run)
    case 'unchanged':
      return 'Nothing new since the last import.'
    case 'previewed':
      return previewed(run)
    case 'failed':
      return doneSentence(run, 'The import stopped: ') ?? 'The import failed, and nothing was changed.'
    case 'rejected':
      return [doneSentence(run), `${restWords(run)} rejected.`].filter((one) => one !== null).join(' ')
    case 'replaced':
      return [doneSentence(run), 'A newer import took its place before anybody decided.']
        .filter((one) => one !== null)
        .join(' ')
    case 'cancelled':
      return `Cancelled. ${doneSentence(run) ?? 'Nothing was changed.'}`
  }
}

/** Returns what waits as nouns: `31 removals`, `7 new IDs and 2 removals`. A run counts new IDs as changes. */
export function waitingNouns({ waiting, rekeyed }: Pick<RunView, 'waiting' | 'rekeyed'>): string {
  if (waiting === null) return ''
  const moved = rekeyed?.count ?? 0
  const others = nouns({ ...waiting, updated: waiting.updated - moved })
  return list.format(moved === 0 ? others : [countOf(moved, 'new ID'), ...others])
}

function nouns({ added, updated, removed }: ChangeCounts): string[] {
  return [
    ...(added === 0 ? [] : [countOf(added, 'addition')]),
    ...(updated === 0 ? [] : [countOf(updated, 'change')]),
    ...(removed === 0 ? [] : [countOf(removed, 'removal')]),
  ]
}

/** `52 added`, `14 changed`. */
function done({ added, updated, removed }: ChangeCounts, words = ['added', 'changed', 'removed']): string[] {
  return [added, updated, removed].flatMap((n, i) => (n === 0 ? [] : [`${count(n)} ${words[i]}`]))
}

/** `52 added and 14 changed are done.`; null if nothing was changed. */
function doneSentence({ applied }: ShownRun, before = ''): string | null {
  const words = done(applied)
  if (words.length === 0) return null
  return `${before}${list.format(words)} ${isOne(applied) ? 'is' : 'are'} done.`
}

function waitSentence(run: ShownRun): string {
  const { waiting } = run
  if (waiting === null || waiting.added + waiting.updated + waiting.removed === 0) return 'No change waits.'
  return `${waitingNouns(run)} ${isOne(waiting) ? 'waits' : 'wait'}.`
}

/** `31 removals were`. */
function restWords({ figures: { rest } }: ShownRun): string {
  const words = nouns(rest)
  return words.length === 0 ? 'The plan was' : `${list.format(words)} ${isOne(rest) ? 'was' : 'were'}`
}

function isOne({ added, updated, removed }: ChangeCounts): boolean {
  return added + updated + removed === 1
}

function imported(run: ShownRun): string {
  const { applied, counts, figures } = run
  const words = done(applied)
  const rest = nouns(figures.rest).length === 0 ? [] : [`${restWords(run)} rejected.`]
  const errors = counts.errors === 0 ? [] : [`${countOf(counts.errors, 'row')} could not be read.`]
  if (words.length === 0 && rest.length === 0) {
    return [`Nothing had to change: ${same(counts.unchanged)}.`, ...errors].join(' ')
  }
  const unchanged = counts.unchanged === 0 ? [] : [`${count(counts.unchanged)} unchanged`]
  return [`${list.format([...words, ...unchanged])}.`, ...rest, ...errors].join(' ')
}

function same(n: number): string {
  return n === 1 ? '1 contact is the same as before' : `${count(n)} contacts are the same as before`
}

function undone({ applied, counts }: ShownRun): string {
  const words = done(applied, ['brought back', 'changed back', 'removed again'])
  const first = words.length === 0 ? 'Nothing was left to take back.' : `Taken back: ${list.format(words)}.`
  if (counts.unchanged === 0) return first
  const left = counts.unchanged === 1 ? '1 contact was' : `${count(counts.unchanged)} contacts were`
  return `${first} ${left} left alone.`
}

function previewed(run: ShownRun): string {
  const { added, updated, removed } = run.figures.rest
  const all = [
    ['add', added],
    ['change', updated],
    ['remove', removed],
  ] as const
  const words = all
    .filter(([, n]) => n > 0)
    .map(([verb, n], i) => `${verb} ${i === 0 ? countOf(n, 'contact') : count(n)}`)
  if (words.length === 0) return 'An import would change nothing.'
  const wait = run.hold === null ? '' : ' Some of it would wait for your decision.'
  return `An import would ${list.format(words)}.${wait}`
}
