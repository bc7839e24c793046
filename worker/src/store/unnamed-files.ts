import { inArray, sql } from 'drizzle-orm'
import type { Env } from '../env.ts'
import { database } from './database.ts'
import { partsOf } from './files.ts'
import { keptMails, mailOf } from './mails.ts'
import { ACTIVE_STATUSES, type RunRow, runs } from './runs.ts'
import { sources } from './sources.ts'
import { neededFiles, sourceOfUpload } from './uploads.ts'

/** The objects in one listing: few enough that a few queries can look up all of their runs. */
const PAGE = 250
/** The age below which an object may belong to a step that has not committed yet, in milliseconds. */
const FINAL_AFTER = 2 * 24 * 60 * 60_000
/** The age below which an upload that no run names may still be arriving, in milliseconds. */
const UPLOADED_AFTER = 12 * 60 * 60_000

/** Matches a run's files: `snapshots/SOURCE/RUN.ATTEMPT.PIECE`, and the files in `plans/SOURCE/RUN.ATTEMPT.RANDOM/`. */
const OF_A_RUN = /^(?:snapshots|plans)\/([^/]+)\/([^/.]+)\./

type Named = Pick<RunRow, 'id' | 'source' | 'status' | 'snapshot' | 'plan' | 'problems' | 'finishedAt' | 'expiredAt'>

/**
 * Deletes the objects of one page of R2 that no run names: those of expired runs, those that a crash left, and the fetched
 * bytes that have people who were erased, uploads that no run needs, and e-mails from before the time `before`. `after` is the
 * last key of the previous page. Returns the last key of this page; null at the end. Running it twice has the
 * same effect as once.
 */
export async function deleteUnnamed(env: Env, after: string, now: number, before: number): Promise<string | null> {
  const page = await env.FILES.list({ limit: PAGE, ...(after === '' ? {} : { startAfter: after }) })
  const found = page.objects.flatMap((object) => {
    const [, source = sourceOfUpload(object.key), run = null] = OF_A_RUN.exec(object.key) ?? []
    return source === null ? [] : [{ object, source, run }]
  })
  if (found.length > 0) {
    const named = await namesOf(env, found)
    const unnamed = found.filter(({ object, run }) => !named.keeps(object.key, run, object.uploaded.getTime(), now))
    if (unnamed.length > 0) await env.FILES.delete(unnamed.map(({ object }) => object.key))
  }
  const mails = page.objects.flatMap(({ key }) => mailOf(key) ?? [])
  if (mails.length > 0) {
    const kept = await keptMails(env, mails, before)
    const expired = page.objects.filter(({ key }) => mailOf(key) !== null && !kept.has(mailOf(key) ?? ''))
    if (expired.length > 0) await env.FILES.delete(expired.map(({ key }) => key))
  }
  return page.truncated ? (page.objects.at(-1)?.key ?? null) : null
}

/** Returns the files that the runs of some objects name. */
async function namesOf(env: Env, found: { source: string; run: string | null }[]) {
  const db = database(env)
  const { id, source, status, snapshot, plan, problems, finishedAt, expiredAt } = runs
  const columns = { id, source, status, snapshot, plan, problems, finishedAt, expiredAt }
  const list = (values: (string | null)[]) => JSON.stringify([...new Set(values)])
  const needed = await neededFiles(env, [...new Set(found.map((one) => one.source))])
  const sourceIds = sql`(SELECT value FROM json_each(${list(found.map((one) => one.source))}))`
  const [own, sharing, current] = await db.batch([
    db
      .select(columns)
      .from(runs)
      .where(sql`${id} IN (SELECT value FROM json_each(${list(found.map((one) => one.run))}))`),
    // A run that found the same bytes names the file of the run that first fetched them.
    db
      .select({ snapshot, problems })
      .from(runs)
      .where(sql`${source} IN ${sourceIds} AND ${status} = 'unchanged' AND ${expiredAt} IS NULL`),
    db.select({ fingerprints: sources.fingerprints }).from(sources).where(inArray(sources.id, sourceIds)),
  ])
  const runsById = new Map<string, Named>(own.map((row) => [row.id, row]))
  const shared = new Set(sharing.flatMap(placesOf))
  const fingerprints = new Set(current.map((row) => row.fingerprints?.file))
  return {
    keeps(key: string, runId: string | null, uploaded: number, at: number): boolean {
      if (fingerprints.has(key) || needed.has(placeOf(key))) return true
      if (runId === null) return uploaded > at - UPLOADED_AFTER
      const run = runsById.get(runId)
      if (run !== undefined && namesErased(run) && (run.expiredAt !== null || key.startsWith('snapshots/')))
        return false
      if (shared.has(placeOf(key))) return true
      if (run === undefined) return uploaded > at - FINAL_AFTER
      if (run.expiredAt !== null) return false
      const active: readonly string[] = ACTIVE_STATUSES
      return active.includes(run.status) || placesOf(run).includes(placeOf(key)) || uploaded > at - FINAL_AFTER
    },
  }
}

/**
 * Returns the locations of the files that a run names: its snapshot without the piece number, and the folders of its
 * plan.
 */
function placesOf(run: Partial<Pick<RunRow, 'snapshot' | 'plan' | 'problems'>>): string[] {
  const { snapshot, plan, problems } = run
  const stored = [...(problems ? [problems] : []), ...(plan?.sections ?? [])].flatMap(partsOf)
  const inFolders = [problems?.file, plan?.fingerprints?.file, ...stored.map(({ file }) => file)]
  return [...(snapshot ? [snapshot.file] : []), ...inFolders.flatMap((file) => (file ? [folderOf(file)] : []))]
}

function placeOf(key: string): string {
  return key.startsWith('snapshots/') || sourceOfUpload(key) !== null
    ? key.slice(0, key.lastIndexOf('.'))
    : folderOf(key)
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'))
}

/** Returns whether the files of a run that has ended name people who were erased; of a later run, only the bytes it fetched. */
function namesErased({ plan, finishedAt }: Pick<RunRow, 'plan' | 'finishedAt'>): boolean {
  return plan?.erased === true && finishedAt !== null
}
