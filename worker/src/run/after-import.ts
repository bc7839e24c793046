import { actAfterImport } from '../connections/open.ts'
import { Failure } from '../core/failure.ts'
import type { Env } from '../env.ts'
import { moveRun, type RunRow } from '../store/runs.ts'
import { decryptConnection, type SourceRow } from '../store/sources.ts'

/** Moves or deletes the remote file of an applied run. Throws a `Failure` that is retryable if it may succeed later. */
export async function afterImportStep(env: Env, run: RunRow, source: SourceRow): Promise<void> {
  const { snapshot } = run
  if (run.afterImport !== 'pending' || snapshot === null || snapshot.modifiedAt === null) return
  const file = { name: snapshot.name, bytes: snapshot.bytes, modifiedAt: snapshot.modifiedAt }
  try {
    await actAfterImport(await decryptConnection(env, source), env, file)
    await moveRun(env, run, { afterImport: 'done' })
  } catch (error) {
    if (!(error instanceof Failure) || error.retryable) throw error
    await leaveRemote(env, run, error)
  }
}

/** Records on the run that its file could not be moved or deleted. The import itself remains applied. */
export async function leaveRemote(env: Env, run: RunRow, failure: Failure): Promise<void> {
  const message = `The contacts were imported, but the file could not be moved or deleted afterwards. ${failure.message}`
  await moveRun(env, run, { afterImport: 'failed', failure: { code: failure.code, message, advice: failure.advice } })
}
