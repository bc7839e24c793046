import type { Fetched } from '../connections/connection.ts'
import { isUploaded } from '../connections/facts.ts'
import { mappingOf, recordColumns } from '../connections/mapping.ts'
import { openGiven, openSource } from '../connections/open.ts'
import { Failure } from '../core/failure.ts'
import type { Env } from '../env.ts'
import { deleteFile, FileWriter, hasFile, type PiecedFile, type Written } from '../store/files.ts'
import { heldRun } from '../store/held-runs.ts'
import { PLAN_FORMAT } from '../store/plan-reading.ts'
import {
  findRun,
  isPlannedAgain,
  moveRun,
  type RunRow,
  reportProgress,
  type Snapshot,
  STALE_AFTER,
} from '../store/runs.ts'
import { type Baseline, decryptConnection, type SourceRow } from '../store/sources.ts'
import { deleteUpload, givenFile } from '../store/uploads.ts'
import { endUnchanged, endWaiting } from './finish.ts'
import { sendStep } from './step.ts'
import { changedSince, watermarksOf } from './watermark.ts'

/** How often the progress of a fetch is reported, in milliseconds. */
const PROGRESS_EVERY = 1000

/** Fetches the remote file into a snapshot and compares it with the baseline. Throws `Failure`, or the signal's reason. */
export async function fetchStep(env: Env, queued: RunRow, source: SourceRow, signal: AbortSignal): Promise<void> {
  const now = Date.now()
  const attempt = queued.attempt + 1
  const change = {
    status: 'fetching',
    attempt,
    holder: queued.holder,
    startedAt: queued.startedAt ?? now,
    staleAt: now + STALE_AFTER,
    settingsHash: source.settingsHash,
    watermark: isPlannedAgain(queued) ? null : watermarksOf(queued, source, now),
  } as const
  if (!(await moveRun(env, queued, change))) return
  const run: RunRow = { ...queued, ...change }

  const baseline = comparable(run, source)
  const arrived = await download(env, run, source, baseline, signal)
  if (arrived === null) return
  if (arrived === 'not_modified') {
    await endUnchanged(env, run, source, baseline)
    return
  }
  const { fetched, written, pieces } = arrived
  const snapshot: Snapshot = {
    ...written,
    pieces,
    name: fetched.name,
    modifiedAt: fetched.modifiedAt,
    validator: fetched.validator,
    ...(fetched.version === undefined ? {} : { version: fetched.version }),
    ...(fetched.charset === undefined ? {} : { charset: fetched.charset }),
    ...(isUploaded(source.connection) && !isPlannedAgain(run) && { uploaded: true as const }),
  }
  if (baseline !== null && baseline.sha256 === snapshot.sha256) {
    await endUnchanged(env, run, source, { ...baseline, validator: snapshot.validator }, snapshot)
    return
  }
  if (await isHeld(env, run, source, snapshot)) {
    await deleteFile(env.FILES, snapshot)
    await endWaiting(env, run, source)
    return
  }
  const moved = await moveRun(env, run, {
    status: 'planning',
    snapshot,
    done: 0,
    total: snapshot.lines ?? 0,
    staleAt: Date.now() + STALE_AFTER,
  })
  if (!moved) {
    await deleteFile(env.FILES, snapshot)
    return
  }
  await sendStep(env, { step: 'plan', run: run.id })
  await deleteUpload(env, run)
}

/**
 * Returns the baseline if the run need not plan the same bytes again. After an undo or a rejection a person may plan
 * them again, and a schedule may not. A preview always plans.
 */
function comparable(run: RunRow, source: SourceRow): Baseline | null {
  const { baseline } = source
  if (baseline === null || run.mode === 'preview' || baseline.settingsHash !== source.settingsHash) return null
  // A full fetch may give the bytes of an earlier fetch of changes. Then they mean that all other contacts have left.
  if (run.fetch === 'all' && baseline.fetch === 'changes') return null
  if (baseline.outcome !== 'applied') return run.trigger === 'manual' ? null : baseline
  return baseline.ignoredRow === true || baseline.somebodyElse === true ? null : baseline
}

/** Says whether a run that no person asked for finds the bytes of the held run, of which an e-mail was already sent. */
async function isHeld(env: Env, run: RunRow, source: SourceRow, { sha256 }: Snapshot): Promise<boolean> {
  if (run.trigger === 'manual' || run.mode === 'preview') return false
  const held = await heldRun(env, source.id)
  if (held?.plan?.format !== PLAN_FORMAT || held.fetch !== run.fetch) return false
  return held.snapshot?.sha256 === sha256 && held.settingsHash === source.settingsHash
}

/** Returns the file of the baseline. While the same bytes arrive, they need not be stored again. */
async function originalOf(env: Env, baseline: Baseline): Promise<PiecedFile | null> {
  const snapshot = (await findRun(env, baseline.run))?.snapshot ?? null
  if (snapshot?.pieces === undefined || !(await hasFile(env.FILES, snapshot))) return null
  return { ...snapshot, pieces: snapshot.pieces }
}

/** The file as it arrived, and where it was stored. */
interface Arrived {
  fetched: Fetched
  written: Written & Pick<Snapshot, 'lines'>
  pieces: string[]
}

/** Fetches the file and stores it. Returns null if the run was taken over. Throws `Failure`, or the signal's reason. */
async function download(
  env: Env,
  run: RunRow,
  source: SourceRow,
  baseline: Baseline | null,
  signal: AbortSignal,
): Promise<Arrived | 'not_modified' | null> {
  const connection = run.given === null ? openSource(await decryptConnection(env, source), env) : openGiven(env)
  const columns = recordColumns(mappingOf(source.connection, source.settings.mapping), source.settings.rows)
  const fetched = await connection.open({
    signal,
    since: baseline?.validator ?? null,
    records: { columns, changedSince: changedSince(run, source) },
    ...(run.given !== null && { given: givenFile(env, run.given) }),
  })
  if (fetched === 'not_modified') return fetched
  const original = baseline === null ? null : await originalOf(env, baseline)
  const writer = new FileWriter(env.FILES, `snapshots/${run.source}/${run.id}.${run.attempt}`, original)
  const written = await store(env, run, fetched, writer)
  return written === null ? null : { fetched, written, pieces: writer.pieces }
}

async function store(env: Env, run: RunRow, fetched: Fetched, writer: FileWriter): Promise<Arrived['written'] | null> {
  const lines = new LineBreaks()
  const reader = fetched.body.getReader()
  let reported = Date.now()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      lines.take(value)
      await writer.write(value)
      if (Date.now() - reported > PROGRESS_EVERY) {
        reported = Date.now()
        const total = fetched.bytes ?? run.given?.bytes ?? 0
        if (!(await reportProgress(env, run, { done: writer.bytes, total }, reported))) {
          await reader.cancel()
          await writer.abort()
          return null
        }
      }
    }
  } catch (error) {
    await writer.abort()
    throw error
  }
  if (writer.bytes === 0) {
    await writer.abort()
    throw new Failure('empty', 'The file is empty.', 'Check that the export has finished and that it wrote its rows.')
  }
  const written = await writer.close()
  return lines.count === null ? written : { ...written, lines: lines.count }
}

/** The first two bytes of files whose line breaks say nothing: gzip, zip and the workbooks of old. */
const NO_TEXT = [0x1f8b, 0x504b, 0xd0cf]
const LF = 10

/** Counts the line breaks of a text while it arrives, which are about as many as its rows. */
class LineBreaks {
  /** Null if the file is no text. */
  count: number | null = 0
  #begun = false

  take(bytes: Uint8Array): void {
    if (!this.#begun && NO_TEXT.includes(((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0))) this.count = null
    this.#begun = true
    if (this.count === null) return
    for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) this.count++
  }
}
