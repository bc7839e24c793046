import { Container } from '@cloudflare/containers'
import type { Env } from '../../env.ts'

/** The container of the SFTP bridge: started when it is needed, put to sleep when it is not. It keeps nothing. */
export class SftpBridge extends Container<Env> {
  override defaultPort = 8080
  override sleepAfter = '5m'
  override envVars = { BRIDGE_SECRET: this.env.BRIDGE_SECRET ?? '' }
}
