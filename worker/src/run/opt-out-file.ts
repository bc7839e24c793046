import { createHash } from 'node:crypto'
import type { NewFile } from '../connections/connection.ts'
import { optOutFileOf } from '../connections/facts.ts'
import { openSource, writeFile } from '../connections/open.ts'
import type { WritableConnection } from '../connections/schema.ts'
import type { SmsStatus } from '../core/contact.ts'
import { Failure } from '../core/failure.ts'
import { formatSchema } from '../core/source.ts'
import type { Env } from '../env.ts'
import { blockDecoder, detectEncoding } from '../formats/csv/encoding.ts'
import { csvBatches, detectDialect } from '../formats/csv/table.ts'
import { csvStream } from '../formats/csv-write.ts'
import { guarded } from '../formats/notation.ts'
import { chunksOf } from '../formats/reading.ts'
import { currentValue } from '../store/counters.ts'
import {
  ATTEMPT_WITHIN,
  claimOptOutFile,
  endOptOutFile,
  forgetOptOutFile,
  type OpenWriteBack,
  type OptOutFileRow,
  type Outcome,
  openWriteBacks,
  postponeOptOutFile,
} from '../store/opt-out-files.ts'
import { ID_COLUMN, optOutRows, STATUS_COLUMN, STATUS_WORDS } from '../store/opt-out-list.ts'
import { decryptConnection, findSource } from '../store/sources.ts'

/** The longest list that is kept in memory between its two readings, in bytes. */
const MOST_KEPT = 4 * 1024 * 1024

/**
 * Reads back the file of a source for the statuses that were set here, and writes it if it is no longer what it should be
 * (design: Opt-outs as a file). Only one attempt runs at a time, so that an older file never replaces a newer one.
 */
export async function optOutFileStep(env: Env, id: string): Promise<void> {
  const claimed = await claimOptOutFile(env, id, Date.now())
  const source = claimed === null ? null : await findSource(env, id)
  if (claimed === null || source === null) return
  const file = optOutFileOf(await decryptConnection(env, source))
  // The statuses that are still to be sent are given up after a day.
  if (file === null) return forgetOptOutFile(env, id)
  if (!source.enabled) return postponeOptOutFile(env, claimed, 'not_writable', null, Date.now())
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(tooSlow()), ATTEMPT_WITHIN)
  try {
    await bringUpToDate(env, claimed, file, stop.signal)
  } catch (error) {
    const failure = error instanceof Failure ? error : unexpected()
    const { code, message, advice } = failure
    await postponeOptOutFile(env, claimed, code, { code, message, advice }, Date.now())
    if (failure !== error) throw error
  } finally {
    clearTimeout(timer)
  }
}

async function bringUpToDate(
  env: Env,
  claimed: OptOutFileRow,
  file: WritableConnection,
  signal: AbortSignal,
): Promise<void> {
  const { open, more } = await openWriteBacks(env, claimed.source)
  const sent = open.filter(({ newest, here, writeBack }) => newest === 1 && here === 1 && writeBack === 'sent')
  // At another address, nothing was written yet.
  const before = claimed.url === file.url ? claimed : null
  const shown = before === null ? 'nothing' : await readBack(env, file, new Set(sent.map(({ id }) => id)), signal)
  const complete = shown === 'unreadable' || (shown !== 'nothing' && sent.every(({ id }) => shown.has(id)))

  const seq = await currentValue(env, 'seq')
  const idle = before?.seq === seq && complete && sent.length === open.length
  const list = idle ? null : await listOf(env, claimed.source, new Set(open.map(({ contact }) => contact)), signal)
  const write = list !== null && !(complete && list.file.sha256 === before?.sha256)
  if (write) await writeFile(file, env, list.file, signal)

  const now = Date.now()
  const outcomes = open.flatMap((one) => outcomeOf(one, shown, list?.statuses ?? null))
  const written = write ? { sha256: list.file.sha256, writtenAt: now } : null
  const { sha256, writtenAt } = written ?? claimed
  await endOptOutFile(env, claimed, { url: file.url, sha256, writtenAt, seq }, { outcomes, more }, now)
}

/** What a file shows of some contacts, by ID: a status, or anything else. Nothing if there is no such file. */
type Shown = ReadonlyMap<string, SmsStatus | 'other'> | 'nothing' | 'unreadable'

/** Returns what becomes of a status, once the file is up to date; nothing if it stays as it is. */
function outcomeOf(
  { contact, seq, status, writeBack, id, current, newest, here }: OpenWriteBack,
  shown: Shown,
  list: ReadonlyMap<number, SmsStatus> | null,
): Outcome[] {
  const becomes = (state: Outcome['writeBack']) => [{ contact, seq, writeBack: state }]
  if (newest === 0 || here === 0) return becomes('superseded')
  const listed = list === null ? status : list.get(contact)
  // The source has given a status in the meantime: the same one or another.
  if (listed === undefined) return becomes(current === status ? 'confirmed' : 'conflict')
  if (listed !== status) return becomes('conflict')
  if (writeBack !== 'sent') return becomes('sent')
  const found = typeof shown === 'string' ? undefined : shown.get(id)
  if (found === undefined) return []
  return becomes(found === status ? 'confirmed' : 'conflict')
}

/** Reads a source's list of the statuses that were set here. Returns those of `wanted`, and the file that it makes. */
async function listOf(env: Env, source: string, wanted: ReadonlySet<number>, signal: AbortSignal) {
  const statuses = new Map<number, SmsStatus>()
  const hash = createHash('sha256')
  const kept: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  const rows = optOutRows(env, source, ({ key, smsStatus }) => wanted.has(key) && statuses.set(key, smsStatus))
  for await (const chunk of chunksOf(csvStream(rows), signal)) {
    hash.update(chunk)
    bytes += chunk.length
    if (bytes <= MOST_KEPT) kept.push(new Uint8Array(chunk))
  }
  // A longer list is read again. If it has changed by then, the file is not written, and the next attempt has its turn.
  const again = () => csvStream(optOutRows(env, source))
  const content = () => (bytes <= MOST_KEPT ? new Blob(kept).stream() : again())
  const file: NewFile = { bytes, sha256: hash.digest('hex'), content }
  return { statuses, file }
}

/**
 * Reads what the file shows of the contacts with these IDs. A file that cannot be read is no failure: it may lie where
 * Muster may only write.
 */
async function readBack(
  env: Env,
  file: WritableConnection,
  ids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Shown> {
  try {
    const fetched = await openSource(file, env).open({ signal, since: null })
    if (fetched === 'not_modified') return 'unreadable'
    return await statusesIn(fetched.body, ids, signal)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.code === 'not_found') return 'nothing'
    return error.code === 'empty' || error.code === 'not_a_contact_file' ? new Map() : 'unreadable'
  }
}

async function statusesIn(body: ReadableStream<Uint8Array>, ids: ReadonlySet<string>, signal: AbortSignal) {
  const shown = new Map<string, SmsStatus | 'other'>()
  const known = new Map([...ids].flatMap((id) => [id, guarded(id)].map((text) => [text, id] as const)))
  let columns: { id: number; status: number } | null = null
  for await (const { cells } of batchesOf(body, signal)) {
    for (const row of cells) {
      columns ??= columnsOf(row)
      const id = known.get(row[columns.id]?.trim() ?? '')
      const word = row[columns.status]?.trim().toLowerCase() ?? ''
      if (id === undefined || word === '') continue
      const status = statusOf(word)
      shown.set(id, (shown.get(id) ?? status) === status ? status : 'other')
    }
  }
  return shown
}

async function* batchesOf(body: ReadableStream<Uint8Array>, signal: AbortSignal) {
  const chunks = chunksOf(body, signal)
  const { value: first = new Uint8Array() } = await chunks.next()
  // Somebody may have saved the file with another program, which writes another delimiter.
  const encoding = { ...detectEncoding(first, { declared: null, chosen: null }, false), open: null }
  const dialect = detectDialect(blockDecoder(encoding).decode(first, false), false, formatSchema.parse({}))
  async function* whole() {
    yield first
    yield* chunks
  }
  yield* csvBatches({ chunks: whole(), encoding, dialect })
}

/** Returns the places of the columns; -1 for one that is missing. */
function columnsOf(header: readonly string[]) {
  const names = header.map((cell) => cell.trim())
  return { id: names.indexOf(ID_COLUMN), status: names.indexOf(STATUS_COLUMN) }
}

function statusOf(word: string): SmsStatus | 'other' {
  if (word === STATUS_WORDS.opted_in.toLowerCase()) return 'opted_in'
  return word === STATUS_WORDS.opted_out.toLowerCase() ? 'opted_out' : 'other'
}

function tooSlow(): Failure {
  return new Failure('timeout', 'The file could not be written within 5 minutes.', 'Muster tries again by itself.')
}

function unexpected(): Failure {
  return new Failure(
    'internal',
    'Something went wrong inside Muster while the file was written.',
    'Muster tries again by itself. If this keeps happening, tell the operator of Muster.',
  )
}
