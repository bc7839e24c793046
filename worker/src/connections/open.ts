import type { Env } from '../env.ts'
import type { Connection, ConnectionContext } from './connection.ts'
import { openHttps } from './https.ts'
import { openS3 } from './s3.ts'
import type { ConnectionSettings } from './schema.ts'

/** The longest file that is fetched, in bytes. */
const MAX_BYTES = 512 * 1024 * 1024

/** The connection of a source, whatever its kind. */
export function openRemote(settings: ConnectionSettings, env: Env): Connection {
  const context: ConnectionContext = { allowLoopback: env.ALLOW_LOOPBACK === '1', maxBytes: MAX_BYTES }
  switch (settings.kind) {
    case 'https':
      return openHttps(settings, context)
    case 's3':
      return openS3(settings, context)
  }
}
