import { Container } from '@cloudflare/containers'
import type { Env } from '../../env.ts'

/** The container of the SFTP bridge. It starts on demand, sleeps when idle and stores nothing. */
export class SftpBridge extends Container<Env> {
  override defaultPort = 8080
  override sleepAfter = '5m'
  override envVars = {
    BRIDGE_SECRET: this.env.BRIDGE_SECRET ?? '',
    BRIDGE_SECRET_OTHER: this.env.BRIDGE_SECRET_OTHER ?? '',
  }
}
