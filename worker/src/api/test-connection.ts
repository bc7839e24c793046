import { HostKeyFailure } from '../../../sftp-bridge/hostkey.ts'
import type { Choice, Choices, GivenFile } from '../connections/connection.ts'
import { givesRecords } from '../connections/facts.ts'
import { lookAt } from '../connections/first-look.ts'
import { type RecordColumn, recordColumns } from '../connections/mapping.ts'
import { openSource } from '../connections/open.ts'
import type { ConnectionSettings } from '../connections/schema.ts'
import { type TestedSettings, testRows } from '../connections/test-rows.ts'
import type { ByteSource } from '../core/bytes.ts'
import { Failure } from '../core/failure.ts'
import type { MappingColumn, RowRule } from '../core/mapping.ts'
import { readHeader } from '../core/suggestion/header.ts'
import { suggestColumns } from '../core/suggestion.ts'
import type { Env } from '../env.ts'
import { randomSeed } from '../security/random.ts'
import { readErased } from '../store/erasures.ts'
import { readFields } from '../store/fields.ts'
import { keepSample, type Sample } from '../store/samples.ts'
import { userIds } from '../store/users.ts'
import { yieldThread } from '../yield-thread.ts'
import type { ChoicesView, TestView } from './views/source.ts'

/** The most bytes of a file that a test reads. Only a run fetches a larger workbook whole. */
const MOST = 32 * 1024 * 1024
/** The most attributes of a CRM that a test without a mapping requests. */
const MOST_LIKELY = 20
/** How long a test may take, in milliseconds. */
const PATIENCE = 20_000

/** What a test of a connection reads besides the connection. */
interface Tested {
  settings: TestedSettings
  /** The saved source; null if it is not saved. */
  sourceId: string | null
  /** The bytes that a test before has read; null to read the remote file. */
  sample: (Sample & { id: string }) | null
  /** The last file of a source whose file is uploaded. */
  given?: GivenFile | undefined
}

/**
 * Connects to the remote side, signs in, finds the file, reads its first rows and names its columns. With a mapping or the
 * template's headers, it also reads the contacts, and keeps the bytes for a test with other settings, which then connects
 * to nothing.
 */
export async function testConnection(
  env: Env,
  connection: ConnectionSettings,
  { settings, sourceId, sample, given }: Tested,
): Promise<TestView> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(tooSlow()), PATIENCE)
  const { mapping } = settings
  let choices: Choices = {}
  try {
    const read = sample ?? (await fetchSample(env, connection, settings, { stop, given, onChoices }))
    if (read === null) return { ok: true, ...choices, columns: [], rows: [] }
    const { fields } = await readFields(env)
    const by = { connection, ...settings, fields: fields.values() }
    const source = held(read)
    const { sheet, wrong, ...table } = await lookAt(source, by, stop.signal)
    // Other attributes of a CRM must be fetched.
    if (sample?.records === true && wrong?.code === 'header_missing') {
      return await testConnection(env, connection, { settings, sourceId, sample: null, given })
    }
    // Records need a mapping to be contacts; a file may have the template's headers.
    const readable = mapping !== null || (!read.records && wrong === null)
    const found: TestView = {
      ok: true,
      ...choices,
      file: {
        name: read.name,
        bytes: read.bytes.length,
        modifiedAt: read.modifiedAt,
        ...(sheet !== undefined && { sheet }),
      },
      ...table,
      ...(readable && { sample: sample?.id ?? (await keepSample(env, read)) }),
    }
    if (wrong !== null) return { ...found, ...failed(wrong) }
    if (!readable) return found
    const { goesOn } = read
    const tested = {
      source,
      connection,
      settings,
      columns: table.columns.map(({ name }) => name),
      fields,
      known: await knownOf(env, sourceId),
      goesOn,
      cut: goesOn && !read.records,
      seed: randomSeed(),
      turn: yieldThread,
      signal: stop.signal,
    }
    try {
      return { ...found, ...(await testRows(tested)) }
    } catch (error) {
      return { ...found, ...failed(error) }
    }
  } catch (error) {
    return { ...choices, columns: [], rows: [], ...failed(error) }
  } finally {
    clearTimeout(timer)
    stop.abort()
  }

  function onChoices(offered: Choices): void {
    choices = offered
  }
}

/** Returns the choices that the service of a saved connection offers; nothing else is read. */
export async function readChoices(env: Env, connection: ConnectionSettings): Promise<ChoicesView> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(tooSlow()), PATIENCE)
  try {
    const offered = await openSource(connection, env).choices?.(stop.signal)
    return { ok: true, ...offered?.choices }
  } catch (error) {
    return failed(error)
  } finally {
    clearTimeout(timer)
    stop.abort()
  }
}

/** Returns what the directory knows besides its fields: the staff's User IDs, and who was erased from a source. */
async function knownOf(env: Env, sourceId: string | null) {
  const { people } = await readErased(env, sourceId ?? '')
  return { userIds: await userIds(env), ...(people && { erased: people }) }
}

interface Fetching {
  stop: AbortController
  given: GivenFile | undefined
  /** Called with the options that a CRM offers. */
  onChoices: (choices: Choices) => void
}

/** Reads the beginning of the remote file; null if a CRM's options must be chosen first. */
async function fetchSample(
  env: Env,
  connection: ConnectionSettings,
  { mapping, rows }: TestedSettings,
  { stop, given, onChoices }: Fetching,
): Promise<Sample | null> {
  const remote = openSource(connection, env)
  const offered = await remote.choices?.(stop.signal)
  const choices = offered?.choices ?? {}
  onChoices(choices)
  if (offered?.chosen === false) return null
  const wanted = { columns: columnsToShow(choices, mapping, rows), changedSince: null }
  const fetched = await remote.open({ signal: stop.signal, since: null, records: wanted, ...(given && { given }) })
  if (fetched === 'not_modified') throw new Error('An unconditional request was answered as unmodified')
  const records = givesRecords(connection)
  const { name, modifiedAt, charset = null } = fetched
  return { name, modifiedAt, charset, records, ...(await beginning(fetched.body, records ? 1 : MOST)) }
}

/**
 * Returns the columns to request from a service. If it lists its attributes, they are the mapped ones or, before
 * anything is mapped, those that look like an attribute of a contact. Otherwise returns null, for all attributes.
 */
function columnsToShow(
  { attributes }: Choices,
  mapping: MappingColumn[] | null,
  rules: readonly RowRule[],
): RecordColumn[] | null {
  if (attributes === undefined) return null
  return mapping === null ? likelyColumns(attributes) : recordColumns(mapping, rules)
}

function likelyColumns(attributes: readonly Choice[]): RecordColumn[] {
  const suggestions = suggestColumns(
    attributes.map(({ name }) => ({ name, values: [] })),
    'US',
  )
  return (
    attributes
      // Whether a column is the SMS status is certain only by its values.
      .filter(({ name }, i) => suggestions[i] !== null || readHeader(name).hints.some(({ yes }) => yes !== undefined))
      .slice(0, MOST_LIKELY)
      .map(({ name }) => ({ name, list: false }))
  )
}

function failed(error: unknown): Pick<TestView, 'ok' | 'code' | 'detail' | 'advice' | 'hostKey'> {
  if (!(error instanceof Failure)) throw error
  const shown = error instanceof HostKeyFailure ? { hostKey: error.hostKey } : {}
  return { ok: false, code: error.code, detail: error.message, advice: error.advice, ...shown }
}

function tooSlow(): Failure {
  return new Failure('timeout', 'The file did not arrive within 20 seconds.', 'A run waits longer; try Import now.')
}

/**
 * Reads a file up to so many bytes; of records only the first block, since each block may cost a request. `goesOn`: whether
 * there is more, as far as is known.
 */
async function beginning(body: ReadableStream<Uint8Array>, most: number): Promise<Pick<Sample, 'bytes' | 'goesOn'>> {
  const chunks: Uint8Array[] = []
  let size = 0
  let goesOn = true
  const reader = body.getReader()
  while (size < most) {
    const { done, value } = await reader.read()
    if (done) {
      goesOn = false
      break
    }
    chunks.push(value)
    size += value.length
  }
  await reader.cancel()
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return { bytes, goesOn }
}

function held({ name, charset, bytes }: Sample): ByteSource {
  return {
    name,
    charset,
    size: bytes.length,
    read: async (offset = 0, length = bytes.length - offset) =>
      new Blob([bytes.subarray(offset, offset + length)]).stream(),
  }
}
