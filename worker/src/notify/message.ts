import { isUploaded } from '../connections/facts.ts'
import { causeWords, isOfFile } from '../core/cause-words.ts'
import type { Cause } from '../core/causes.ts'
import { type ChangeCounts, noChanges, noCounts } from '../core/counts.ts'
import type { Example } from '../core/limits/examples.ts'
import { cleanLine } from '../core/values/text.ts'
import type { NotificationKind } from '../store/notifications.ts'
import { changesOf, isOptOuts } from '../store/plan-reading.ts'
import { rekeysOf } from '../store/rekeys.ts'
import { type RunRow, runFigures, waitingChanges } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import type { ReportedWriteBack } from '../store/write-backs.ts'
import type { Block, Figure, Letter, ListedCause } from './letter.ts'
import type { SortedProblems } from './sorted-problems.ts'

/** The subject matter of an e-mail, apart from its run. */
export interface Subject {
  source: SourceRow
  problems: SortedProblems
  writeBacks: readonly ReportedWriteBack[]
  /** Whether the spreadsheet with the problems is attached or too large to attach; null without problems. */
  spreadsheet: 'attached' | 'too large' | null
}

/** The texts of one kind of e-mail. `run` is null for an e-mail about a source. */
interface Message {
  tone: Letter['tone']
  /** The outcome in a few words, which follow the name of the source. It never names a person. */
  outcome(run: RunRow | null): string
  blocks(run: RunRow | null, about: Subject): Block[]
  /** The label of the button that opens the page. */
  button(run: RunRow | null): string
}

const number = new Intl.NumberFormat('en')
const OPEN_SOURCE = 'Open the source'
const OPEN_IMPORT = 'Open the import'

/** Every kind of e-mail (seeds: Notification, Errors). */
const MESSAGES: Record<NotificationKind, Message> = {
  report: {
    tone: 'done',
    outcome: (run) => (run === null ? 'import finished' : resultWords(run)),
    blocks: (run, { source, problems }) =>
      run === null ? [] : [...reportBlocks(run, source), ...problemBlocks(problems)],
    button: (run) => (run?.counts?.errors ? `See the ${plural(run.counts.errors, 'row', 'rows')} to fix` : OPEN_IMPORT),
  },
  held: {
    tone: 'waits',
    outcome: (run) => (run === null ? 'an import waits for you' : heldWords(run)),
    blocks: (run, { source, problems }) => (run === null ? [] : heldBlocks(run, source, problems)),
    button: (run) => `Review ${(run === null ? '' : waitingNouns(run)) || 'the import'}`,
  },
  failed: {
    tone: 'failed',
    outcome: () => 'import failed',
    blocks: (run, { source }) => (run === null ? [] : failedBlocks(run, source)),
    button: () => OPEN_IMPORT,
  },
  working_again: {
    tone: 'done',
    outcome: () => 'imports are working again',
    blocks: (_, { source }) => [sentences(`The import of ${source.name} is working again.`)],
    button: () => OPEN_SOURCE,
  },
  late: {
    tone: 'waits',
    outcome: () => 'the file is late',
    blocks: (_, { source }) => [sentences(...lateSentences(source))],
    button: () => OPEN_SOURCE,
  },
  fresh: {
    tone: 'done',
    outcome: () => 'the file has changed again',
    blocks: (_, { source }) => [sentences(`The file of ${source.name} was late and has something new in it again.`)],
    button: () => OPEN_SOURCE,
  },
  write_back_given_up: {
    tone: 'failed',
    outcome: () => 'an SMS status could not be set',
    blocks: (_, { source, writeBacks }) => writeBackBlocks(source, writeBacks),
    button: () => OPEN_SOURCE,
  },
}

/** Returns the subject of an e-mail. `run`: as it has ended; null for an e-mail about a source. */
export function subjectOf(kind: NotificationKind, source: string, run: RunRow | null): string {
  // An older version took names with line breaks, which would begin another header.
  return `${plain(source)}: ${MESSAGES[kind].outcome(run)}`
}

/**
 * Returns an e-mail: the numbers of contacts that met the criteria, were imported and have errors, then the errors by their
 * causes, with the contacts' names. New errors are listed apart from known ones. `pages`: the address of the pages.
 */
export function letterOf(kind: NotificationKind, run: RunRow | null, about: Subject, pages: string): Letter {
  const { tone, outcome, blocks, button } = MESSAGES[kind]
  const { source, spreadsheet } = about
  const name = plain(source.name)
  const hasRecipients = source.settings.notify.emails.length > 0
  const sourcePage = `${pages}/sources/${source.id}`
  return {
    tone,
    about: name,
    headline: outcome(run),
    blocks: blocks(run, { ...about, source: { ...source, name } }),
    button: { label: button(run), url: run === null ? sourcePage : `${pages}/runs/${run.id}` },
    attachment: spreadsheet === null ? null : SPREADSHEET[spreadsheet],
    footer: hasRecipients
      ? `You get this e-mail because you are a recipient of the e-mails about ${name}.`
      : `${name} has no recipients for its e-mails, so all administrators get this one.`,
    settings: { label: hasRecipients ? 'Change who gets these e-mails' : 'Add recipients', url: sourcePage },
  }
}

const SPREADSHEET = {
  attached: 'The rows with problems are in the attached spreadsheet, as they came, each with what is wrong with it.',
  'too large':
    'The spreadsheet of the rows with problems is too large for an e-mail. Download it on the page of the import.',
}

/** Returns a text of a file or of a setting on one line, without the characters that reverse the text around them. */
function plain(text: string): string {
  return cleanLine(text).replace(/[\u202a-\u202e\u2066-\u2069]/gu, '')
}

function sentences(...lines: string[]): Block {
  return { kind: 'sentences', sentences: lines }
}

/** Returns the result of a run in a few words: `3 added, 2 rows to fix`. */
function resultWords(run: RunRow): string {
  const { errors } = { ...noCounts(), ...run.counts }
  const changes = changeWords(run.applied ?? noChanges(), DONE)
  const nothing = run.status === 'unchanged' ? 'nothing new' : 'nothing changed'
  const toFix = errors === 0 ? [] : [plural(errors, 'row to fix', 'rows to fix')]
  return [...(run.undoes === null ? [] : ['import undone']), changes || nothing, ...toFix].join(', ')
}

/** Returns what a held run has done and what waits: `52 added, 31 removals wait`. */
function heldWords(run: RunRow): string {
  const nouns = waitingNouns(run)
  const { added, updated, removed } = waitingChanges(run)
  const verb = added + updated + removed === 1 ? 'waits' : 'wait'
  const waits = nouns === '' ? 'an import waits for you' : `${nouns} ${verb}`
  return [changeWords(appliedChanges(run), DONE), waits].filter((words) => words !== '').join(', ')
}

/** Returns what waits as nouns, people under new IDs first: `29 new IDs and 1 removal`; empty for nothing. */
function waitingNouns(run: RunRow): string {
  const { added, updated, removed } = waitingChanges(run)
  const moved = movedPeople(run)
  const nouns = [
    [moved, 'new ID', 'new IDs'],
    [added, 'addition', 'additions'],
    [updated - moved, 'change', 'changes'],
    [removed, 'removal', 'removals'],
  ] as const
  return new Intl.ListFormat('en').format(
    nouns.flatMap(([count, one, many]) => (count === 0 ? [] : [plural(count, one, many)])),
  )
}

function movedPeople({ plan }: RunRow): number {
  return plan === null ? 0 : (rekeysOf(plan)?.changes ?? 0)
}

/** Returns the changes of a held run that have been made, without contacts that only opt out. */
function appliedChanges(run: RunRow): ChangeCounts {
  const { added, updated, removed } = run.applied ?? noChanges()
  const onlyOptOuts = changesOf(run.plan?.sections.filter(isOptOuts) ?? []).updated
  return { added, updated: updated - onlyOptOuts, removed }
}

function writeBackBlocks({ name }: SourceRow, reported: readonly ReportedWriteBack[]): Block[] {
  const wanted = { opted_in: 'opted in', opted_out: 'opted out' }
  const why = {
    given_up: 'could not be told for a day',
    conflict: 'shows something else',
  }
  return [
    sentences(`The SMS status of these contacts was set in Muster, but it is not the same in ${name}:`),
    {
      kind: 'items',
      items: reported.map(({ id, name: who, status, writeBack, failure }) => {
        const code = writeBack === 'conflict' || failure === null ? '' : ` (${failure})`
        return `${plain(who)}, ID ${plain(id)}: ${wanted[status]} here; the source ${why[writeBack]}${code}`
      }),
    },
    sentences(
      'Muster keeps to what was set here where somebody opted out. Set the value in the source by hand, or the status here.',
    ),
  ]
}

function lateSentences({ name, settings, fileChangedAt, connection }: SourceRow): string[] {
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
  ]
}

function heldBlocks(run: RunRow, source: SourceRow, problems: SortedProblems): Block[] {
  const { optOuts } = { ...noCounts(), ...run.counts }
  const applied = [
    changeWords(appliedChanges(run), DONE),
    // Contacts that only opt out count as updated. Here they are named as what they are.
    optOuts === 0 ? '' : plural(optOuts, 'opt-out', 'opt-outs'),
  ]
    .filter((words) => words !== '')
    .join(', ')
  return [
    sentences(`An import of ${source.name} waits for you.`),
    sentences(
      applied === '' ? 'Nothing has been changed yet.' : `This has been imported already: ${applied}.`,
      `This waits: ${waitingWords(run)}.`,
    ),
    {
      kind: 'reasons',
      title: 'Why it waits',
      reasons: (run.hold?.reasons ?? []).map(({ limit, message, examples }) => ({
        sentence: plain(message),
        examples: examples.map(limit === 'removed' || limit === 'incomplete' ? missingLine : exampleLine),
      })),
    },
    figureBlock(run),
    ...problemBlocks(problems),
  ]
}

/** Names a contact that is missing from the file: what it has is not what matters. */
function missingLine({ id, name }: Example): string {
  return plain(`${name}, ID ${id}`)
}

function exampleLine({ id, name, before, after }: Example): string {
  return plain(`${name}, ID ${id}: ${before ?? 'nothing'} → ${after ?? 'nothing'}`)
}

/** Returns what waits in words, people under new IDs first: `29 under new IDs, 1 to remove`. */
function waitingWords(run: RunRow): string {
  const { added, updated, removed } = waitingChanges(run)
  const moved = movedPeople(run)
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
function figureBlock(run: RunRow): Block {
  const counts = { ...noCounts(), ...run.counts }
  const { added, updated, removed } = run.applied ?? noChanges()
  const { met, imported, waiting, left, withErrors, rest } = runFigures(run)
  const why = run.status === 'failed' ? 'because the import failed' : 'because that was rejected'
  const restOfRemovals = run.status === 'held' ? 'Waiting to be removed' : `Not removed, ${why}`
  const withoutId = `${number.format(counts.withoutId)} of them without an ID that can be read`
  const parts = [`added ${number.format(added)}`, `updated ${number.format(updated)}`]
  return {
    kind: 'figures',
    groups: [
      [
        { label: 'Contacts that met the criteria', count: met },
        {
          label: 'Imported',
          count: imported,
          note: [...parts, `unchanged ${number.format(counts.unchanged)}`].join(', '),
        },
        ...ifAny('Waiting', waiting),
        ...ifAny(`Not imported, ${why}`, left),
        { label: 'Not imported, because of errors', count: withErrors },
      ],
      [
        { label: 'Removed', count: removed },
        ...ifAny(restOfRemovals, rest.removed),
        ...ifAny('Missing but not removed, because a row with an error may be theirs', counts.protected),
        ...ifAny('Opted out by the source', counts.optOuts),
      ],
      [
        { label: 'Rows with errors', count: counts.errors, ...(counts.withoutId > 0 && { note: withoutId }) },
        { label: 'Rows with warnings', count: counts.warnings },
        ...ifAny('Rows left out: no contact, such as a total, or left out by a rule of the source', counts.leftOut),
      ],
    ],
  }
}

function ifAny(label: string, count: number): Figure[] {
  return count === 0 ? [] : [{ label, count }]
}

function plural(count: number, one: string, many: string): string {
  return `${number.format(count)} ${count === 1 ? one : many}`
}

function failedBlocks(run: RunRow, source: SourceRow): Block[] {
  const { position, failure } = run
  return [
    // A run that fails while it is applied reports its own progress.
    sentences(`The import of ${source.name} failed${position === 0 ? ', and nothing was changed' : ''}.`),
    ...(failure === null ? [] : [sentences(failure.message, failure.advice)]),
    ...(position === 0 || run.undoes !== null ? [] : [figureBlock(run)]),
  ]
}

function reportBlocks(run: RunRow, source: SourceRow): Block[] {
  if (run.status === 'unchanged') return unchangedBlocks(run, source)
  return [sentences(reportTitle(run, source)), run.undoes === null ? figureBlock(run) : undoBlock(run)]
}

function unchangedBlocks(run: RunRow, source: SourceRow): Block[] {
  const { met, withErrors } = runFigures(run)
  const figures = [
    { label: 'Contacts that met the criteria', count: met },
    ...ifAny('Unchanged since the last time', met - withErrors),
    ...ifAny('Not imported, because of errors', withErrors),
  ]
  return [
    sentences(`The import of ${source.name} found nothing new since the last time.`),
    { kind: 'figures', groups: [figures] },
  ]
}

/** Returns the figures of an undo, which has no file and so no criteria. */
function undoBlock({ counts, applied }: RunRow): Block {
  const { added, updated, removed } = applied ?? noChanges()
  return {
    kind: 'figures',
    groups: [
      [
        { label: 'Brought back', count: added },
        { label: 'Changed back', count: updated },
        { label: 'Removed again', count: removed },
        ...ifAny('Left as they are', counts?.unchanged ?? 0),
      ],
    ],
  }
}

function reportTitle({ status, undoes }: RunRow, { name }: SourceRow): string {
  if (undoes !== null) return `An import of ${name} has been undone; these are the changes that took it back.`
  if (status === 'held') return `The import of ${name} has finished. What waits for you is the same as before.`
  if (status === 'rejected')
    return `The import of ${name} has finished. The changes that you rejected were left out again.`
  return `The import of ${name} has finished.`
}

/** How many rows an e-mail names of the new problems, and of the known ones. The spreadsheet has all of them. */
const NAMED = { fresh: 100, known: 50 }

function problemBlocks({ fresh, known, more }: SortedProblems): Block[] {
  const rest =
    more === 0 ? null : `${number.format(more)} more rows have problems; the spreadsheet lists the first of each kind.`
  const blocks: Block[] = []
  if (fresh.length > 0)
    blocks.push({
      kind: 'causes',
      title: known.length > 0 ? 'New problems' : 'Problems',
      causes: listed(fresh, NAMED.fresh),
      more: known.length > 0 ? null : rest,
    })
  if (known.length > 0)
    blocks.push({
      kind: 'causes',
      title: 'Problems that were there before',
      causes: listed(known, NAMED.known),
      more: rest,
    })
  return blocks
}

/** Returns the causes with the rows that an e-mail names, at most `most` in all. */
function listed(causes: readonly Cause[], most: number): ListedCause[] {
  let left = most
  return causes.map(({ code, column, severity, rows, message, examples }) => {
    const named = isOfFile(code) ? [] : examples.slice(0, left)
    left -= named.length
    return {
      words: causeWords(code, rows),
      isError: severity === 'error',
      column: column === null ? null : plain(column),
      message: plain(message),
      rows: named.map(rowLine),
      more: isOfFile(code) ? 0 : rows - named.length,
    }
  })
}

function rowLine({ row, id, name, value }: Cause['examples'][number]): string {
  const who = name ?? (id === null ? 'no name' : `ID ${id}`)
  // A contact that an undo leaves unchanged has no row.
  return plain(`${row === 0 ? '' : `Row ${row}, `}${who}${value === null || value === '' ? '' : `: ${value}`}`)
}
