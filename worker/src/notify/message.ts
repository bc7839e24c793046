import { isUploaded } from '../connections/facts.ts'
import { type ChangeCounts, noChanges, noCounts } from '../core/counts.ts'
import type { Example } from '../core/limits/examples.ts'
import type { ReportRow } from '../core/plan-contract.ts'
import { cleanLine } from '../core/values/text.ts'
import type { NotificationKind } from '../store/notifications.ts'
import { changesOf, isOptOuts } from '../store/plan-reading.ts'
import { rekeysOf } from '../store/rekeys.ts'
import { type RunRow, runFigures, waitingChanges } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import type { ReportedWriteBack } from '../store/write-backs.ts'
import type { SortedProblems } from './sorted-problems.ts'

/** The subject matter of an e-mail, apart from its run. */
interface Subject {
  source: SourceRow
  problems: SortedProblems
  writeBacks: readonly ReportedWriteBack[]
}

/** The texts of one kind of e-mail. `run` is null for an e-mail about a source. */
interface Message {
  /** Names the source and the result, and never a person. */
  subject(source: string, run: RunRow | null): string
  lines(run: RunRow | null, about: Subject): string[]
}

const number = new Intl.NumberFormat('en')

/** Every kind of e-mail (seeds: Notification, Errors). */
const MESSAGES: Record<NotificationKind, Message> = {
  report: {
    subject: (source, run) =>
      `${run?.undoes == null ? 'Import' : 'Undo of an import'} of ${source}: ${run === null ? 'finished' : resultWords(run)}`,
    lines: (run, { source, problems }) =>
      run === null ? [] : [...reportLines(run, source), ...problemLines(problems)],
  },
  held: {
    subject: (source, run) => {
      const waiting = run === null ? '' : changeWords(waitingChanges(run), PLANNED)
      return `Import of ${source}: waiting for you${waiting === '' ? '' : ` (${waiting})`}`
    },
    lines: (run, { source, problems }) => (run === null ? [] : heldLines(run, source, problems)),
  },
  failed: {
    subject: (source) => `Import of ${source}: failed`,
    lines: (run, { source }) => (run === null ? [] : failedLines(run, source)),
  },
  working_again: {
    subject: (source) => `Import of ${source}: working again`,
    lines: (_, { source }) => [`The import of ${source.name} is working again.`, ''],
  },
  late: {
    subject: (source) => `File of ${source}: late`,
    lines: (_, { source }) => lateLines(source),
  },
  fresh: {
    subject: (source) => `File of ${source}: changed again`,
    lines: (_, { source }) => [`The file of ${source.name} was late and has something new in it again.`, ''],
  },
  write_back_given_up: {
    subject: (source) => `SMS status in ${source}: could not be set`,
    lines: (_, { source, writeBacks }) => writeBackLines(source, writeBacks),
  },
}

/** Returns the subject of an e-mail. `run`: as it has ended; null for an e-mail about a source. */
export function subjectOf(kind: NotificationKind, source: string, run: RunRow | null): string {
  // An older version took names with line breaks, which would begin another header.
  return MESSAGES[kind].subject(cleanLine(source), run)
}

/**
 * Returns the text of an e-mail: the numbers of contacts that met the criteria, were imported and have errors, then
 * each error with the contact's name and the reason. New errors are listed apart from known ones.
 */
export function messageText(kind: NotificationKind, run: RunRow | null, about: Subject, link: string): string {
  const { name, settings } = about.source
  const why = `${name} has no recipients for its e-mails, so all administrators get this one.`
  return [...MESSAGES[kind].lines(run, about), link, '', ...(settings.notify.emails.length > 0 ? [] : [why, ''])].join(
    '\n',
  )
}

/** Returns the result of a run in a few words: `3 added, 2 rows with errors`. */
function resultWords(run: RunRow): string {
  const { errors } = { ...noCounts(), ...run.counts }
  const changes = changeWords(run.applied ?? noChanges(), DONE)
  const nothing = run.status === 'unchanged' ? 'nothing new' : 'nothing changed'
  return [changes || nothing, ...(errors === 0 ? [] : [plural(errors, 'row with errors', 'rows with errors')])].join(
    ', ',
  )
}

function writeBackLines({ name }: SourceRow, reported: readonly ReportedWriteBack[]): string[] {
  const wanted = { opted_in: 'opted in', opted_out: 'opted out' }
  const why = {
    given_up: 'could not be told for a day',
    conflict: 'shows something else',
  }
  return [
    `The SMS status of these contacts was set in Muster, but it is not the same in ${name}:`,
    '',
    ...reported.map(({ id, name: who, status, writeBack, failure }) => {
      const code = writeBack === 'conflict' || failure === null ? '' : ` (${failure})`
      return `- ${who}, ID ${id}: ${wanted[status]} here; the source ${why[writeBack]}${code}`
    }),
    '',
    'Muster keeps to what was set here where somebody opted out. Set the value in the source by hand, or the status here.',
    '',
  ]
}

function lateLines({ name, settings, fileChangedAt, connection }: SourceRow): string[] {
  const hours = settings.freshness?.atLeastEveryHours ?? 0
  const days = hours / 24
  const every = Number.isInteger(days) && days > 1 ? `${days} days` : `${hours} hours`
  const since =
    fileChangedAt === null
      ? 'has brought nothing yet'
      : `has had nothing new in it since ${new Date(fileChangedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return [
    `The file of ${name} should change at least every ${every}. It ${since}.`,
    isUploaded(connection)
      ? 'Check that it is still exported, and that the program which uploads it still runs.'
      : 'Check that it is still exported, and that the export puts it where Muster looks.',
    '',
  ]
}

function heldLines(run: RunRow, source: SourceRow, problems: Subject['problems']): string[] {
  const { optOuts } = { ...noCounts(), ...run.counts }
  const { added, updated, removed } = run.applied ?? noChanges()
  // Contacts that only opt out count as updated. Here they are named as what they are.
  const onlyOptOuts = changesOf(run.plan?.sections.filter(isOptOuts) ?? []).updated
  const applied = [
    changeWords({ added, updated: updated - onlyOptOuts, removed }, DONE),
    optOuts === 0 ? '' : plural(optOuts, 'opt-out', 'opt-outs'),
  ]
    .filter((words) => words !== '')
    .join(', ')
  return [
    `An import of ${source.name} waits for you.`,
    '',
    applied === '' ? 'Nothing has been changed yet.' : `This has been imported already: ${applied}.`,
    `This waits: ${waitingWords(run)}.`,
    '',
    'Why it waits:',
    ...(run.hold?.reasons ?? []).flatMap(({ message, examples }) => [`- ${message}`, ...examples.map(exampleLine)]),
    '',
    ...figureLines(run),
    ...problemLines(problems),
    'Look at what would change, then approve or reject it:',
  ]
}

function exampleLine({ id, name, before, after }: Example): string {
  return `    ${name}, ID ${id}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`
}

/** Returns what waits in words, people under new IDs first: `29 under new IDs, 1 to remove`. */
function waitingWords(run: RunRow): string {
  const { added, updated, removed } = waitingChanges(run)
  const moved = run.plan === null ? 0 : (rekeysOf(run.plan)?.changes ?? 0)
  const words = [
    moved === 0 ? '' : `${number.format(moved)} under new IDs`,
    changeWords({ added, updated: updated - moved, removed }, PLANNED),
  ]
  return words.filter((one) => one !== '').join(', ') || 'no change'
}

const DONE = { added: 'added', updated: 'changed', removed: 'removed' }
const PLANNED = { added: 'to add', updated: 'to change', removed: 'to remove' }

/** Returns counts in words: `3 added, 1 removed`; empty if there is nothing to count. */
function changeWords(counts: ChangeCounts, words: Record<keyof ChangeCounts, string>): string {
  return (['added', 'updated', 'removed'] as const)
    .flatMap((key) => (counts[key] === 0 ? [] : [`${number.format(counts[key])} ${words[key]}`]))
    .join(', ')
}

/** Returns the figures of an import, which add up (`core/figures.ts`). Contacts come first, then rows. */
function figureLines(run: RunRow): string[] {
  const counts = { ...noCounts(), ...run.counts }
  const { added, updated, removed } = run.applied ?? noChanges()
  const { met, imported, waiting, left, withErrors, rest } = runFigures(run)
  const why = run.status === 'failed' ? 'because the import failed' : 'because that was rejected'
  const restOfRemovals = run.status === 'held' ? 'Waiting to be removed' : `Not removed, ${why}`
  const withoutId = `, ${number.format(counts.withoutId)} of them without an ID that can be read`
  return [
    figure('Contacts that met the criteria', met),
    `${figure('Imported', imported)} (added ${number.format(added)}, updated ${number.format(updated)}, unchanged ${number.format(counts.unchanged)})`,
    ...ifAny('Waiting', waiting),
    ...ifAny(`Not imported, ${why}`, left),
    figure('Not imported, because of errors', withErrors),
    '',
    figure('Removed', removed),
    ...ifAny(restOfRemovals, rest.removed),
    ...ifAny('Missing but not removed, because a row with an error may be theirs', counts.protected),
    ...ifAny('Opted out by the source', counts.optOuts),
    '',
    `${figure('Rows with errors', counts.errors)}${counts.withoutId === 0 ? '' : withoutId}`,
    figure('Rows with warnings', counts.warnings),
    ...ifAny('Rows left out: no contact, such as a total, or left out by a rule of the source', counts.leftOut),
    '',
  ]
}

function figure(label: string, count: number): string {
  return `${label}: ${number.format(count)}`
}

function ifAny(label: string, count: number): string[] {
  return count === 0 ? [] : [figure(label, count)]
}

function plural(count: number, one: string, many: string): string {
  return `${number.format(count)} ${count === 1 ? one : many}`
}

function failedLines(run: RunRow, source: SourceRow): string[] {
  const { position, failure } = run
  return [
    // A run that fails while it is applied reports its own progress.
    `The import of ${source.name} failed${position === 0 ? ', and nothing was changed' : ''}.`,
    '',
    ...(failure === null ? [] : [failure.message, failure.advice, '']),
    ...(position === 0 || run.undoes !== null ? [] : figureLines(run)),
  ]
}

function reportLines(run: RunRow, source: SourceRow): string[] {
  if (run.status === 'unchanged') return unchangedLines(run, source)
  return [reportTitle(run, source), '', ...(run.undoes === null ? figureLines(run) : undoLines(run))]
}

function unchangedLines(run: RunRow, source: SourceRow): string[] {
  const { met, withErrors } = runFigures(run)
  return [
    `The import of ${source.name} found nothing new since the last time.`,
    '',
    figure('Contacts that met the criteria', met),
    ...ifAny('Unchanged since the last time', met - withErrors),
    ...ifAny('Not imported, because of errors', withErrors),
    '',
  ]
}

/** Returns the figures of an undo, which has no file and so no criteria. */
function undoLines({ counts, applied }: RunRow): string[] {
  const { added, updated, removed } = applied ?? noChanges()
  return [
    figure('Brought back', added),
    figure('Changed back', updated),
    figure('Removed again', removed),
    ...ifAny('Left as they are', counts?.unchanged ?? 0),
    '',
  ]
}

function reportTitle({ status, undoes }: RunRow, { name }: SourceRow): string {
  if (undoes !== null) return `An import of ${name} has been undone; these are the changes that took it back.`
  if (status === 'held') return `The import of ${name} has finished. What waits for you is the same as before.`
  if (status === 'rejected')
    return `The import of ${name} has finished. The changes that you rejected were left out again.`
  return `The import of ${name} has finished.`
}

function problemLines({ fresh, known, more }: Subject['problems']): string[] {
  const lines: string[] = []
  if (fresh.length > 0) lines.push(known.length > 0 ? 'New problems:' : 'Problems:', ...fresh.flatMap(rowLines), '')
  if (known.length > 0) lines.push('Problems that were there before:', ...known.flatMap(rowLines), '')
  if (more > 0)
    lines.push(`${number.format(more)} more rows have problems; the spreadsheet lists the first of each kind.`, '')
  return lines
}

function rowLines({ row, problems }: ReportRow): string[] {
  return problems.map(({ name, id, column, message, severity }) => {
    const who = name ?? (id === null ? 'no name' : `ID ${id}`)
    const where = column === null ? '' : `${column}: `
    // A contact that an undo leaves unchanged has no row.
    return `- ${row === 0 ? '' : `Row ${row}, `}${who}: ${severity === 'error' ? '' : '(warning) '}${where}${message}`
  })
}
