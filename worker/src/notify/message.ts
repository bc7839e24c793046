import type { NotificationKind } from '../store/notifications.ts'
import type { RunRow } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import type { ReportedWriteBack } from '../store/write-backs.ts'
import type { Block, Letter } from './letter.ts'
import { failedBlocks, reportBlocks, resultWords } from './message/ended.ts'
import { heldBlocks, heldWords, waitingNouns } from './message/held.ts'
import { problemBlocks } from './message/problems.ts'
import { lateSentences, writeBackBlocks } from './message/source.ts'
import { plain, plural, sentences } from './message/words.ts'
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
  tone(run: RunRow | null): Letter['tone']
  /** The outcome in a few words, which follow the name of the source. It never names a person. */
  outcome(run: RunRow | null): string
  blocks(run: RunRow | null, about: Subject): Block[]
  /** The label of the button that opens the page. */
  button(run: RunRow | null): string
}

const OPEN_SOURCE = 'Open the source'

const OPEN_IMPORT = 'Open the import'

/** Every kind of e-mail (seeds: Notification, Errors). */
const MESSAGES: Record<NotificationKind, Message> = {
  report: {
    tone: (run) => (run?.counts?.errors ? 'problems' : 'done'),
    outcome: (run) => (run === null ? 'import finished' : resultWords(run)),
    blocks: (run, { source, problems }) =>
      run === null ? [] : [...reportBlocks(run, source), ...problemBlocks(problems)],
    button: (run) => (run?.counts?.errors ? `See the ${plural(run.counts.errors, 'row', 'rows')} to fix` : OPEN_IMPORT),
  },
  held: {
    tone: () => 'waits',
    outcome: (run) => (run === null ? 'an import waits for you' : heldWords(run)),
    blocks: (run, { source, problems }) => (run === null ? [] : heldBlocks(run, source, problems)),
    button: (run) => `Review ${(run === null ? '' : waitingNouns(run)) || 'the import'}`,
  },
  failed: {
    tone: () => 'failed',
    outcome: () => 'import failed',
    blocks: (run, { source }) => (run === null ? [] : failedBlocks(run, source)),
    button: () => OPEN_IMPORT,
  },
  working_again: {
    tone: () => 'done',
    outcome: () => 'imports are working again',
    blocks: (_, { source }) => [sentences(`The import of ${source.name} is working again.`)],
    button: () => OPEN_SOURCE,
  },
  late: {
    tone: () => 'late',
    outcome: () => 'the file is late',
    blocks: (_, { source }) => [sentences(...lateSentences(source))],
    button: () => OPEN_SOURCE,
  },
  fresh: {
    tone: () => 'done',
    outcome: () => 'the file has changed again',
    blocks: (_, { source }) => [sentences(`The file of ${source.name} was late and has something new in it again.`)],
    button: () => OPEN_SOURCE,
  },
  write_back_given_up: {
    tone: () => 'failed',
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
    tone: tone(run),
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
