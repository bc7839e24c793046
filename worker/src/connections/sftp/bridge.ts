import { Container } from '@cloudflare/containers'
import type { Env } from '../../env.ts'
import type { Bridge } from './open.ts'

/** The container of the SFTP bridge: started when it is needed, put to sleep when it is not. It keeps nothing. */
export class SftpBridge extends Container<Env> {
  override defaultPort = 8080
  override sleepAfter = '5m'
  override envVars = { BRIDGE_SECRET: this.env.BRIDGE_SECRET ?? '' }
}

/** The SFTP bridge where this Worker runs: its container in production, a process beside the Worker on one machine. */
export function bridgeOf({ BRIDGE, BRIDGE_SECRET, BRIDGE_URL }: Env): Bridge {
  return {
    secret: BRIDGE_SECRET ?? '',
    async fetch(request) {
      if (BRIDGE_URL !== undefined)
        return fetch(new Request(new URL(new URL(request.url).pathname, BRIDGE_URL), request))
      if (BRIDGE === undefined) throw new Error('There is no SFTP bridge')
      return BRIDGE.get(BRIDGE.idFromName('bridge')).fetch(request)
    },
  }
}
