import { givesRecords } from '../connections/facts.ts'
import { mappingOf } from '../connections/mapping.ts'
import { recordFormat } from '../connections/records.ts'
import { ReadAgain } from '../core/bytes.ts'
import { DigestCollision } from '../core/contact-rows.ts'
import { readHeaderRows } from '../core/header-rows.ts'
import { MOST_OF_A_KIND } from '../core/kept-problems.ts'
import { KnownContacts, type SavedKnown, type ScatteredIds } from '../core/known.ts'
import {
  type Directory as AskedDirectory,
  NOTHING_FOUND,
  type Planned,
  restoreFoundOut,
  type SavedFound,
  saveFoundOut,
} from '../core/plan-contract.ts'
import { Planner, type SavedPlanner } from '../core/planning.ts'
import { reportShared } from '../core/shared-report.ts'
import { shapeFor } from '../core/table-shape.ts'
import type { Env } from '../env.ts'
import {
  type FoundInFile,
  restoreFound,
  type SavedInFile,
  saveFound,
  type Table,
  tableOpener,
} from '../formats/table.ts'
import { randomSeed } from '../security/random.ts'
import type { QueryBudget } from '../store/database.ts'
import { directoryOf, type Known, loadKnown, type Seeding } from '../store/directory.ts'
import { storedBytes } from '../store/files.ts'
import { type PausedPlan as PausedFiles, PlanFiles } from '../store/plan-files.ts'
import type { PlanManifest } from '../store/plan-reading.ts'
import { fetchedAt, type RunRow, reportProgress } from '../store/runs.ts'
import type { SourceRow } from '../store/sources.ts'
import { StoredSpill } from '../store/spill.ts'
import { yieldThread } from '../yield-thread.ts'
import { noRows } from './no-rows.ts'
import { columnsOf, type Directory, resumedRows, rowsOf, rulesOf } from './plan-rows.ts'
import type { Basis } from './staging.ts'

/**
 * How many rows are read between two reports of progress. It is not a time, since in a deployed Worker the clock moves
 * only with I/O.
 */
const PROGRESS_EVERY = 5000

/** After how many questions to the directory, and pieces of the plan, the end of a pass reports its progress. */
const PULSE_EVERY = 20

/** How many rows one message reads at most. */
const STAGE_ROWS = 500_000

interface Made {
  planned: Planned
  manifest: PlanManifest
  files: NonNullable<RunRow['problems']>
}

/** A plan that another message goes on making. */
export interface PausedPlan extends Basis {
  seeding: Seeding
  /** What the passes before have found. */
  found: SavedFound
  file: SavedInFile
  scattered: ScatteredIds | null
  /** The last change that the plan includes; null until the contacts have been read. It is read once, like the basis. */
  seq: number | null
  /** Null if the next message begins a pass. */
  pass: PausedPass | null
}

/** A pass over a file that another message goes on with. */
interface PausedPass {
  /** How many rows have been read, the header and what is above it included. */
  rows: number
  /** Whether these are all rows. */
  ended: boolean
  known: Omit<Known, 'contacts' | 'seq'> & { contacts: SavedKnown }
  planner: SavedPlanner
  files: PausedFiles
}

/** A plan, or `nothing_new` if no record has changed, or null for a run that has been cancelled or taken over. */
type Outcome = Made | 'nothing_new' | null

/**
 * Makes one pass over the file, or a part of one, with what the passes before have found. Most files need only one pass. Returns
 * the state for the next message if the plan is not complete.
 */
export async function makePlan(
  env: Env,
  run: RunRow,
  source: SourceRow,
  directory: Directory,
  basis: Basis,
  saved: PausedPlan | null,
  budget: QueryBudget,
): Promise<Outcome | PausedPlan> {
  const begun: PausedPlan = saved ?? { ...basis, ...BEGINNING, seeding: { seed: randomSeed(), anew: false } }
  const inFile = restoreFound(begun.file)
  try {
    const open = openerOf(env, run, source, inFile)
    return await pass(env, run, source, open, directory, begun, budget)
  } catch (error) {
    if (error instanceof ReadAgain) return { ...begun, file: saveFound(inFile), pass: null }
    if (!(error instanceof DigestCollision)) throw error
    return { ...basis, ...BEGINNING, seeding: { seed: randomSeed(), anew: true } }
  }
}

const BEGINNING: Omit<PausedPlan, keyof Basis | 'seeding'> = {
  found: saveFoundOut(NOTHING_FOUND),
  file: saveFound({}),
  scattered: null,
  seq: null,
  pass: null,
}

/** Returns a function that opens the table of the run's snapshot, for every pass over it. */
function openerOf(
  env: Env,
  { snapshot }: RunRow,
  { connection, settings }: SourceRow,
  found: FoundInFile,
): () => Promise<Table> {
  if (snapshot === null) throw new Error('The run has no snapshot')
  const { format, mapping, rows } = settings
  const shapeOf = shapeFor(mappingOf(connection, mapping), rows)
  return tableOpener(storedBytes(env.FILES, snapshot), givesRecords(connection) ? recordFormat(format) : format, {
    shapeOf,
    turn: yieldThread,
    found,
  })
}

/** Returns the known contacts of a pass, as the message before left them if the pass goes on. Throws `DigestCollision`. */
async function knownOf(env: Env, source: SourceRow, { pass, seeding, scattered, seq }: PausedPlan): Promise<Known> {
  if (pass !== null) {
    const { contacts, ...rest } = pass.known
    return { ...rest, contacts: KnownContacts.restore(contacts), seq: seq ?? 0 }
  }
  const known = await loadKnown(env, source, source.settingsHash, seeding)
  if (scattered !== null && !known.contacts.takeScattered(scattered)) throw new DigestCollision()
  return { ...known, seq: seq ?? known.seq }
}

async function pass(
  env: Env,
  run: RunRow,
  source: SourceRow,
  open: () => Promise<Table>,
  directory: Directory,
  begun: PausedPlan,
  budget: QueryBudget,
): Promise<Outcome | PausedPlan> {
  const records = givesRecords(source.connection)
  const table = await open()
  const rows = table.batches[Symbol.asyncIterator]()
  const { first, seen } = await readHeaderRows(rows)
  const columns = columnsOf(first, source, table)
  const known = await knownOf(env, source, begun)
  const { seq } = known
  const found = restoreFoundOut(begun.found)
  const files = new PlanFiles(env, run, columns, begun.pass?.files)
  const spill = new StoredSpill(env, run)
  let paused = false
  try {
    const own = rulesOf(source, columns, known)
    const whole = {
      records: records || table.type === 'json',
      fullRows: table.type === 'csv',
      complete: run.fetch === 'all',
    }
    const rules = {
      ...directory,
      ...own,
      ...found,
      ...whole,
      fetchedAt: fetchedAt(run),
      modifiedAt: run.snapshot?.modifiedAt ?? null,
      details: table.details,
    }
    const total = table.type === 'csv' ? (run.snapshot?.lines ?? 0) : 0
    /** While rows are read, these are the progress. */
    let reading = true
    let pulses = 0
    const pulse = async (): Promise<void> => {
      if (reading || ++pulses % PULSE_EVERY !== 0) return
      await reportProgress(env, run, { done: files.changes, total: 0, unit: 'changes' }, Date.now())
    }
    files.flushed = pulse
    const directoryAsked = pulsing(directoryOf(env, source.id), pulse)
    const planner = new Planner(known.contacts, rules, directoryAsked, files, spill, begun.pass?.planner)
    const pause = async (read: number, ended: boolean): Promise<PausedPlan> => {
      const { contacts, lookUpNew, lookUpNumbers } = known
      const state = { known: { contacts: contacts.save(), lookUpNew, lookUpNumbers }, planner: planner.save() }
      paused = true
      return { ...begun, seq, pass: { rows: read, ended, ...state, files: await files.pause() } }
    }
    const from = begun.pass?.rows ?? 0
    const most = env.STAGE?.rows ?? STAGE_ROWS
    let read = 0
    let reported = planner.rows
    if (begun.pass?.ended === true) await rows.return?.()
    else {
      for await (const batch of resumedRows(seen, rows)) {
        const start = read
        read = Math.min(start + batch.cells.length, from + most)
        const next = rowsOf(batch, Math.max(0, from - start), read - start)
        if (next !== null) await planner.take(next)
        await yieldThread()
        if (read > from && (read - from >= most || !budget.has(OF_A_BATCH))) return await pause(read, false)
        if (planner.rows - reported < PROGRESS_EVERY) continue
        reported = planner.rows
        const progress = { done: read, total: total === 0 ? 0 : Math.max(read, total) }
        if (!(await reportProgress(env, run, progress, Date.now()))) {
          await files.abort()
          return null
        }
      }
      if (!budget.has(queriesAtTheEnd(known.contacts))) return await pause(read, true)
    }
    reading = false
    const planned = await planner.finish()
    if ('again' in planned) {
      await files.abort()
      const scattered = known.contacts.scatteredIds()
      return { ...begun, found: saveFoundOut(planned.found), scattered, seq, pass: null }
    }
    if (planned.counts.rows === planned.counts.leftOut && planned.erased === 0) {
      if (run.fetch === 'all') throw noRows(planned, records)
      if (run.mode === 'apply' && planned.counts.optOuts === 0) {
        await files.abort()
        return 'nothing_new'
      }
    }
    const { shared, newGroups, newContacts, optOuts, somebodyElse, fileEnd, ignoredRow, erased } = planned
    if (shared !== null) await reportShared(shared, (await open()).batches, rules, files, MOST_OF_A_KIND)
    const made = await files.close(source, {
      newGroups,
      newContacts,
      optOuts,
      somebodyElse,
      current: begun.current,
      fingerprints: { known: known.contacts, seq },
      fileEnd,
      ignoredRow,
      erased,
      shared: shared?.added ?? 0,
    })
    return { planned, ...made }
  } catch (error) {
    await files.abort()
    throw error
  } finally {
    if (!paused) await spill.clear()
  }
}

/** Returns the directory, with a call of `pulse` after each question. */
function pulsing(directory: AskedDirectory, pulse: () => Promise<void>): AskedDirectory {
  const then = async <T>(answer: Promise<T>): Promise<T> => {
    const found = await answer
    await pulse()
    return found
  }
  return {
    byKeys: (keys) => then(directory.byKeys(keys)),
    byIds: (ids) => then(directory.byIds(ids)),
    byMobileNumbers: (numbers) => then(directory.byMobileNumbers(numbers)),
    manualContacts: () => directory.manualContacts(),
  }
}

/** The most queries of a batch of rows, with those of a report of progress. */
const OF_A_BATCH = 20

/** Returns the most queries that the end of a pass makes: it may ask for all contacts several times. */
function queriesAtTheEnd({ size }: KnownContacts): number {
  return Math.min(400, 60 + Math.ceil(size / 1000) * 4)
}
