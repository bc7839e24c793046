import type { FileVersion } from '../../../sftp-bridge/request.ts'
import type { Env } from '../env.ts'
import { openConnect, writeToConnect } from './connect/open.ts'
import type { Connection, ConnectionContext, WriteBack } from './connection.ts'
import { openD4h } from './d4h/open.ts'
import { openHttps } from './https/open.ts'
import { openS3 } from './s3/open.ts'
import type { ConnectionSettings } from './schema.ts'
import { bridgeOf } from './sftp/bridge.ts'
import { openSftp, settleSftp } from './sftp/open.ts'

/** The longest file that is fetched, in bytes. */
const MAX_BYTES = 512 * 1024 * 1024

/** The connection of a source, whatever its kind. */
export function openRemote(settings: ConnectionSettings, env: Env): Connection {
  const context = contextOf(env)
  switch (settings.kind) {
    case 'https':
      return openHttps(settings, context)
    case 's3':
      return openS3(settings, context)
    case 'sftp':
      return openSftp(settings, context, bridgeOf(env))
    case 'd4h':
      return openD4h(settings, context)
    case 'connect':
      return openConnect(settings, context)
  }
}

/** What a connection may do where this Worker runs. */
function contextOf(env: Env): ConnectionContext {
  return { allowLoopback: env.ALLOW_LOOPBACK === '1', maxBytes: MAX_BYTES }
}

/**
 * What the settings say is to become of the remote file once its run has been applied. May be called any number of times;
 * a file that is no longer the one that was imported is left alone. Throws `Failure`.
 */
export async function settleRemote(settings: ConnectionSettings, env: Env, file: FileVersion): Promise<void> {
  if (settings.kind === 'sftp') await settleSftp(settings, contextOf(env), bridgeOf(env), file)
}

/** Whether a remote file is moved or deleted after its import. */
export function settlesRemote(settings: ConnectionSettings): boolean {
  return settings.kind === 'sftp' && settings.afterImport !== 'leave'
}

/**
 * Sets a value of one contact where the source's contacts come from. May be called any number of times with the same value.
 * Throws `Failure`.
 */
export async function writeBackRemote(settings: ConnectionSettings, env: Env, write: WriteBack): Promise<void> {
  if (settings.kind !== 'connect') throw new Error(`A source of kind ${settings.kind} cannot be written to`)
  await writeToConnect(settings, contextOf(env), write)
}
