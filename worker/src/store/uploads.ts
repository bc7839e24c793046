import { and, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { GivenFile } from '../connections/connection.ts'
import type { Env } from '../env.ts'
import { newId } from '../security/random.ts'
import { database, named, write } from './database.ts'
import { deleteFile, hasFile, readFile } from './files.ts'
import { FOLLOW_UP, fetchedAt, type Given, type RunRow, runs, type Snapshot } from './runs.ts'

/* Files that were uploaded. One is in R2 until its run has copied it into the run's snapshot, or has ended before that. */

const FOLDER = 'uploads/'

/** Returns a new name for an upload to a source. */
export function newUpload(source: string): string {
  return `${FOLDER}${source}/${newId()}`
}

/** Returns the source of the upload that an object in R2 is a part of; null if it is part of something else. */
export function sourceOfUpload(key: string): string | null {
  return /^uploads\/([^/]+)\//.exec(key)?.[1] ?? null
}

/** Returns the bytes that a run was given, as a connection takes them. */
export function givenFile(env: Env, given: Given): GivenFile {
  const { name, bytes, charset } = given
  return { name, bytes, ...(charset !== undefined && { charset }), read: () => readFile(env.FILES, given) }
}

/** Deletes the upload of a run that does not need it any more. A snapshot that the run was given stays. */
export async function deleteUpload(env: Env, { given }: Pick<RunRow, 'given'>): Promise<void> {
  if (given?.file.startsWith(FOLDER)) await deleteFile(env.FILES, given)
}

/** Returns the bytes of a snapshot, to give them to another run. */
export function givenSnapshot({ file, name, bytes, charset }: Snapshot): Given {
  return { file, name, bytes, ...(charset !== undefined && { charset }) }
}

/**
 * Gives a follow-up run a newer file in place of the one that it waits with. Returns false if the run has begun, or has
 * got another file, in the meantime.
 */
export async function giveInstead(
  env: Env,
  { id, given: before }: RunRow,
  { given, trigger, requestedBy }: Pick<RunRow, 'given' | 'trigger' | 'requestedBy'>,
): Promise<boolean> {
  const changed = await database(env)
    .update(runs)
    .set({ given, trigger, requestedBy })
    .where(and(eq(runs.id, id), FOLLOW_UP, sql`${runs.given} ->> '$.file' IS ${before?.file ?? null}`))
    .returning({ id: runs.id })
  return changed.length > 0
}

/** Lets a token read the status of a run whose ID it got. */
export async function addCaller(env: Env, run: string, token: string): Promise<void> {
  await write(env, [
    named(
      `UPDATE run SET callers = json_insert(coalesce(callers, '[]'), '$[#]', :token)
        WHERE id = :run AND NOT EXISTS (SELECT 1 FROM json_each(run.callers) c WHERE c.value = :token)`,
      { run, token },
    ),
  ])
}

/** Why there is no file to plan again: none was uploaded or fetched, or it was deleted by retention or for an erasure. */
export type NoFile = 'none' | 'expired' | 'erased'

/** Returns the file that was uploaded to a source last, previews included, or why there is none. */
export async function lastUpload(env: Env, source: string): Promise<Given | NoFile> {
  const [run] = await database(env)
    .select({ snapshot: runs.snapshot, plan: runs.plan, expiredAt: runs.expiredAt })
    .from(runs)
    .where(and(eq(runs.source, source), sql`${runs.snapshot} ->> '$.uploaded'`))
    .orderBy(desc(runs.createdAt), desc(runs.id))
    .limit(1)
  return run === undefined ? 'none' : fileOf(env, run)
}

/** Returns the bytes that an earlier run fetched, to plan them again, or why there are none. */
export async function fetchedBefore(env: Env, run: RunRow): Promise<Given | NoFile> {
  const found = await fileOf(env, run)
  return typeof found === 'string' ? found : { ...found, fetchedAt: fetchedAt(run) }
}

async function fileOf(
  env: Env,
  { snapshot, plan, expiredAt }: Pick<RunRow, 'snapshot' | 'plan' | 'expiredAt'>,
): Promise<Given | NoFile> {
  if (snapshot === null) return 'none'
  if (plan?.erased === true) return 'erased'
  return expiredAt === null && (await hasFile(env.FILES, snapshot)) ? givenSnapshot(snapshot) : 'expired'
}

/** Returns the files that runs of some sources were given and have not copied yet. */
export async function neededFiles(env: Env, sources: readonly string[]): Promise<ReadonlySet<string>> {
  const among = sql`${runs.source} IN (SELECT value FROM json_each(${JSON.stringify(sources)}))`
  const rows = await database(env)
    .select({ given: runs.given })
    .from(runs)
    .where(and(among, inArray(runs.status, ['queued', 'fetching']), isNotNull(runs.given)))
  return new Set(rows.flatMap(({ given }) => given?.file ?? []))
}
