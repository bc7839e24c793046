import type { Env } from '../../env.ts'

/** The SFTP bridge: a container in production, a process beside the Worker on one machine. */
export interface Bridge {
  fetch(request: Request): Promise<Response>
  /** The secret shared with the bridge; it signs every request. */
  secret: string
}

/** Returns the SFTP bridge of this Worker. */
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
