import { optOutFileOf } from '../connections/facts.ts'
import { hashedNumber } from '../core/erased.ts'
import { readTextRequest } from '../core/text-message.ts'
import type { Env } from '../env.ts'
import { currentValue } from '../store/counters.ts'
import { type Statement, write } from '../store/database.ts'
import type { About, JointDecision } from '../store/deciding.ts'
import { decisions } from '../store/decisions.ts'
import { erasedHash } from '../store/erased-hash.ts'
import { movingNumbers } from '../store/erasures.ts'
import { addToJournal, DECISIONS } from '../store/journal.ts'
import { requestingOptOutFiles } from '../store/opt-out-files.ts'
import { recordingText, webhookCalls } from '../store/requests.ts'
import { decidingHere, stoppedByText } from '../store/sms.ts'
import { listSources } from '../store/sources.ts'
import { sendWriteBacks, smsColumn } from './write-back.ts'

const MOST_SOURCES = 1000

/** How many entries of the journal are written at once. */
const AT_ONCE = 20

/**
 * Records a decision of a person or a system about contacts (invariant 7), and starts to write it to their sources. `people`: by
 * the key, with whom it is about.
 */
export async function decideAbout(
  env: Env,
  decision: Omit<JointDecision, 'contacts'>,
  people: ReadonlyMap<number, About>,
): Promise<void> {
  const entries = [...people].map(([key, about]) => ({
    decision: { ...decision, key, name: crypto.randomUUID() },
    about,
  }))
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    await Promise.all(entries.slice(at, at + AT_ONCE).map((entry) => addToJournal(env, DECISIONS, entry)))
  }
  const telling = await tellableSources(env)
  const contacts = entries.map(({ decision: { name, key } }) => ({ name, key }))
  await write(env, [...decidingHere({ ...decision, contacts }, telling.all), ...requesting(telling, decision.at)])
  if (telling.all.length > 0) await sendWriteBacks(env, decision.at)
}

/**
 * The IDs of the sources to which an SMS status can be written, and of those with a file for it. `seq`: the last place in the
 * order of changes.
 */
interface Telling {
  all: string[]
  files: string[]
  seq: number
}

/** Returns the sources to which an SMS status can be written now. */
export async function tellableSources(env: Env): Promise<Telling> {
  const sources = await listSources(env, '', MOST_SOURCES)
  const files = sources.filter(({ connection }) => optOutFileOf(connection) !== null)
  const all = sources.filter((source) => files.includes(source) || smsColumn(source) !== null)
  const seq = files.length === 0 ? 0 : await currentValue(env, 'seq')
  return { all: all.map(({ id }) => id), files: files.map(({ id }) => id), seq }
}

/**
 * Returns the statements that request the files of opt-outs after a decision. It may change other contacts as well: those
 * that share a number.
 */
export function requesting({ files, seq }: Telling, now: number): Statement[] {
  return files.length === 0 ? [] : [requestingOptOutFiles(files, now, { changedAfter: seq })]
}

/** The outcome of an inbound text: the status that it set, or null if it asked for none. */
export type TextOutcome = { status: 'opted_in' | 'opted_out' | null } | 'replayed'

/**
 * Processes an inbound text (api: `/hooks/sms`). `from` is in E.164, and `id` identifies the text. The decision is also
 * kept for a number that no contact has. Recording the text and its effect is one transaction, so that neither is lost.
 */
export async function takeText(
  env: Env,
  text: { id: string; from: string; body: string },
  now: number,
): Promise<TextOutcome> {
  const request = readTextRequest(text.body)
  const hidden = hashedNumber(await erasedHash(env), text.from)
  const lifts = request === 'yes' && (await stoppedByText(env, text.from, hidden))
  const status = request === 'yes' ? (lifts ? 'opted_in' : null) : request
  const telling = status === null ? { all: [], files: [], seq: 0 } : await tellableSources(env)
  const { id: name, from: number, body: words } = text
  const decision = status === null ? null : { name, number, words, status, at: now }
  if (decision !== null) await addToJournal(env, DECISIONS, { decision, about: null })
  // An opt-out of a person who was erased counts for the number, and a START ends it.
  const recalling = movingNumbers({ [hidden]: number }, 'true')
  const deciding = decision === null ? [] : [...recalling, ...decidingHere(decision, telling.all)]
  const { failed } = await write(
    env,
    [recordingText(env, text.id, now), ...deciding, ...requesting(telling, now)],
    webhookCalls.signature,
    decisions.name,
  )
  if (failed !== null) return 'replayed'
  if (telling.all.length > 0) await sendWriteBacks(env, now)
  return { status }
}
