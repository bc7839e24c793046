import type { Env } from '../env.ts'
import type { Connection, ConnectionContext } from './connection.ts'
import { openHttps } from './https.ts'
import { openS3 } from './s3.ts'
import type { ConnectionSettings } from './schema.ts'
import { type Bridge, openSftp } from './sftp.ts'

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
  }
}

/** What a connection may do where this Worker runs. */
function contextOf(env: Env): ConnectionContext {
  return { allowLoopback: env.ALLOW_LOOPBACK === '1', maxBytes: MAX_BYTES }
}

/** The SFTP bridge: its container in production, a process beside the Worker on one machine. */
function bridgeOf(env: Env): Bridge {
  const { BRIDGE_URL, BRIDGE_SECRET } = env
  return {
    secret: BRIDGE_SECRET ?? '',
    fetch: (request) => {
      if (BRIDGE_URL === undefined) return Promise.reject(new Error('There is no bridge'))
      return fetch(new Request(new URL(new URL(request.url).pathname, BRIDGE_URL), request))
    },
  }
}
