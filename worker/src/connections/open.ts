import { Failure } from '../core/failure.ts'
import type { Env } from '../env.ts'
import { echoes } from '../security/echo.ts'
import { connect } from './connect/open.ts'
import type { Connection, ConnectionContext, ImportedFile, NewFile, Reach, WriteBack } from './connection.ts'
import { d4h } from './d4h/open.ts'
import { factsOf } from './facts.ts'
import { https } from './https/open.ts'
import type { Kind } from './kind.ts'
import { s3 } from './s3/open.ts'
import type { ConnectionSettings } from './schema.ts'
import { secretValues } from './secrets.ts'
import { sftp } from './sftp/open.ts'
import { openUpload, upload } from './upload/open.ts'

/** How the Worker reaches each kind of source. */
const REACH: { readonly [K in Kind]: Reach<K> } = { https, s3, sftp, connect, d4h, upload }

/** The longest file that is fetched or uploaded, in bytes. */
export const MAX_BYTES = 512 * 1024 * 1024

/** Opens a connection to a source of any kind. */
export function openSource(settings: ConnectionSettings, env: Env): Connection {
  const remote = reachOf(settings).open(settings, contextOf(env), env)
  const { choices } = remote
  const secrets = secretValues(settings)
  return {
    async open(request) {
      const fetched = await unechoed(remote.open(request), secrets)
      return fetched !== 'not_modified' && echoes(fetched.name, secrets) ? { ...fetched, name: 'file' } : fetched
    },
    ...(choices && { choices: (signal) => unechoed(choices.call(remote, signal), secrets) }),
  }
}

/** Opens the bytes that a run was given. The kind of its source does not matter. */
export function openGiven(env: Env): Connection {
  return openUpload(contextOf(env))
}

/** Replaces a failure in which the remote side repeats a secret that it was sent (invariant 9), such as in the host of a redirect. */
async function unechoed<T>(work: Promise<T>, secrets: readonly string[]): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Failure) || !echoes(`${error.message}\n${error.advice}`, secrets)) throw error
    throw new Failure(
      error.code,
      'The remote side answered with an error that repeats a secret of this source, so it is not shown.',
      'Ask the administrator of the remote side what it answers, and why it repeats what it was sent.',
      error.retryAfter === null ? {} : { retryAfter: error.retryAfter },
    )
  }
}

/** Moves or deletes the file of a run that has been applied, if the source's settings say so. Throws `Failure`. */
export async function actAfterImport(settings: ConnectionSettings, env: Env, file: ImportedFile): Promise<void> {
  if (!factsOf(settings).actsAfterImport(settings)) return
  const reach = reachOf(settings)
  if (reach.afterImport === undefined) throw new Error(`The kind ${settings.kind} has no after-import action`)
  await unechoed(reach.afterImport(settings, contextOf(env), env, file), secretValues(settings))
}

/** Sets a value of one contact in the service that the source's contacts come from. Throws `Failure`. */
export async function writeBack(settings: ConnectionSettings, env: Env, write: WriteBack): Promise<void> {
  const reach = reachOf(settings)
  if (reach.writeBack === undefined) throw new Error(`The kind ${settings.kind} cannot be written to`)
  await unechoed(reach.writeBack(settings, contextOf(env), write), secretValues(settings))
}

/** Writes or replaces the file that `optOutFileOf` returned the settings of. Throws `Failure`. */
export async function writeFile(
  settings: ConnectionSettings,
  env: Env,
  file: NewFile,
  signal: AbortSignal,
): Promise<void> {
  const reach = reachOf(settings)
  if (reach.write === undefined) throw new Error(`No file can be written to the kind ${settings.kind}`)
  await unechoed(reach.write(settings, contextOf(env), env, file, signal), secretValues(settings))
}

function reachOf({ kind }: ConnectionSettings): Reach<Kind> {
  return REACH[kind] as Reach<Kind>
}

/** Returns the context of connections in this Worker. */
function contextOf(env: Env): ConnectionContext {
  return { allowLoopback: env.ALLOW_LOOPBACK === '1', maxBytes: MAX_BYTES }
}
