import { type ChangeCounts, noChanges, noCounts } from '../core/counts.ts'
import type { Example } from '../core/limits/examples.ts'
import type { ReportRow } from '../core/plan-contract.ts'
import type { NotificationKind } from '../store/notifications.ts'
import { optOutsOf } from '../store/plan-reading.ts'
import { type RunRow, waitingChanges } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import type { ReportedWriteBack } from '../store/write-backs.ts'

/** The most rows with problems that an e-mail lists; the spreadsheet has all of them. */
export const ROWS_IN_MESSAGE = 100

/** The subject matter of an e-mail, apart from its run. */
interface Subject {
  source: SourceRow
  problems: { fresh: ReportRow[]; known: ReportRow[]; more: number }
  writeBacks: readonly ReportedWriteBack[]
}

/** The texts of one kind of e-mail. `run` is null for an e-mail about a source. */
interface Message {
  /** Names the source and never a person. `undoing`: the run undoes another one. */
  subject(source: string, undoing: boolean): string
  lines(run: RunRow | null, about: Subject): string[]
}

const number = new Intl.NumberFormat('en')

/** Every kind of e-mail (seeds: Notification, Errors). */
const MESSAGES: Record<NotificationKind, Message> = {
  report: {
    subject: (source, undoing) =>
      undoing ? `Undo of an import of ${source}: finished` : `Import of ${source}: finished`,
    lines: (run, { source, problems }) =>
      run === null ? [] : [...reportLines(run, source), ...problemLines(problems)],
  },
  held: {
    subject: (source) => `Import of ${source}: waiting for you`,
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

/** Returns the subject of an e-mail. */
export function subjectOf(kind: NotificationKind, source: string, undoing: boolean): string {
  return MESSAGES[kind].subject(source, undoing)
}

/**
 * Returns the text of an e-mail: the numbers of contacts that met the criteria, were imported and have errors, then
 * each error with the contact's name and the reason. New errors are listed apart from known ones.
 */
export function messageText(kind: NotificationKind, run: RunRow | null, about: Subject, link: string): string {
  return [...MESSAGES[kind].lines(run, about), link, ''].join('\n')
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

function lateLines({ name, settings, fileChangedAt }: SourceRow): string[] {
  const hours = settings.freshness?.atLeastEveryHours ?? 0
  const days = hours / 24
  const every = Number.isInteger(days) && days > 1 ? `${days} days` : `${hours} hours`
  const since =
    fileChangedAt === null
      ? 'has brought nothing yet'
      : `has had nothing new in it since ${new Date(fileChangedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return [
    `The file of ${name} should change at least every ${every}. It ${since}.`,
    'Check that it is still exported, and that the export puts it where Muster looks.',
    '',
  ]
}

function heldLines(run: RunRow, source: SourceRow, problems: Subject['problems']): string[] {
  const optOuts = run.plan === null ? 0 : optOutsOf(run.plan).statuses
  const applied = [
    changeWords(run.applied ?? noChanges(), DONE),
    optOuts === 0 ? '' : `${number.format(optOuts)} ${optOuts === 1 ? 'opt-out' : 'opt-outs'}`,
  ]
    .filter((words) => words !== '')
    .join(', ')
  return [
    `An import of ${source.name} waits for you.`,
    '',
    applied === '' ? 'Nothing has been changed yet.' : `This has been imported already: ${applied}.`,
    `This waits: ${changeWords(waitingChanges(run), PLANNED) || 'no change'}.`,
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

const DONE = { added: 'added', updated: 'changed', removed: 'removed' }
const PLANNED = { added: 'to add', updated: 'to change', removed: 'to remove' }

/** Returns counts in words: `3 added, 1 removed`; empty if there is nothing to count. */
function changeWords(counts: ChangeCounts, words: Record<keyof ChangeCounts, string>): string {
  return (['added', 'updated', 'removed'] as const)
    .flatMap((key) => (counts[key] === 0 ? [] : [`${number.format(counts[key])} ${words[key]}`]))
    .join(', ')
}

/**
 * Returns the figures of an import. They add up: each contact that met the criteria was imported, waits, was rejected by a
 * person, or has errors.
 */
function figureLines(run: RunRow): string[] {
  const counts = { ...noCounts(), ...run.counts }
  const { matched, unchanged, contactsWithErrors, errors, warnings, leftOut } = counts
  const applied = run.applied ?? noChanges()
  const waiting = run.status === 'held' ? waitingChanges(run) : noChanges()
  const imported = applied.added + applied.updated + unchanged
  const rejected = counts.added + counts.updated - applied.added - applied.updated - waiting.added - waiting.updated
  const figure = (label: string, count: number) => `${label}: ${number.format(count)}`
  const ifAny = (label: string, count: number) => (count <= 0 ? [] : [figure(label, count)])
  return [
    figure('Contacts that met the criteria', matched),
    `${figure('Imported', imported)} (added ${number.format(applied.added)}, updated ${number.format(applied.updated)}, unchanged ${number.format(unchanged)})`,
    ...ifAny('Waiting', waiting.added + waiting.updated),
    ...ifAny('Not imported, because these changes were rejected', rejected),
    figure('Left as they are, because of errors', contactsWithErrors),
    figure('Removed', applied.removed),
    ...ifAny('Waiting to be removed', waiting.removed),
    ...ifAny('Not removed, because the removals were rejected', counts.removed - applied.removed - waiting.removed),
    figure('Rows with errors', errors),
    figure('Rows with warnings', warnings),
    ...ifAny('Rows that are no contact, such as a total or a note', leftOut),
    '',
  ]
}

function failedLines({ position, failure }: RunRow, source: SourceRow): string[] {
  return [
    // A run that fails while it is applied reports its own progress.
    `The import of ${source.name} failed${position === 0 ? ', and nothing was changed' : ''}.`,
    '',
    ...(failure === null ? [] : [failure.message, failure.advice, '']),
  ]
}

function reportLines(run: RunRow, source: SourceRow): string[] {
  const { counts } = run
  if (counts === null || run.status === 'unchanged') {
    const met = counts === null ? [] : [`Contacts that met the criteria: ${number.format(counts.matched)}`]
    return [`The import of ${source.name} found nothing new since the last time.`, '', ...met, '']
  }
  return [reportTitle(run, source), '', ...figureLines(run)]
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
