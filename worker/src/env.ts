/** One queue message: one step of one run, one e-mail, one SMS status to be told, or the values of a deleted field. Any of them may come twice, late, or after a crash. */
export type Step =
  | { step: 'fetch' | 'plan' | 'apply' | 'settle'; run: string }
  | { step: 'notify'; notification: string }
  | { step: 'forget'; field: string }
  /** Tells a contact's source the SMS status that was set here; `contact` is its key. */
  | { step: 'writeBack'; contact: number }
  /** Ends what has been kept long enough; `now` is the tick's time, in milliseconds since 1970. */
  | { step: 'retain'; now: number }

/** Every binding the Worker has, with what it is for; `wrangler.toml` sets them up. */
export interface Env {
  /** Sources, runs, contacts: all that is asked for by key. */
  DB: D1Database
  /**
   * Snapshots, plans, problems, reports and fingerprints: all that is streamed. Another call of it, or another option, has
   * to be added to `local/files.ts` as well.
   */
  FILES: R2Bucket
  /** One message is one step of one run. */
  STEPS: Queue<Step>
  /** Outgoing e-mail. */
  EMAIL: SendEmail
  /** 32 random bytes in base64: encrypts the secrets of sources. */
  ENCRYPTION_KEY: string
  /** The first administrator, made when there is none. */
  ADMIN_EMAIL?: string
  ADMIN_PASSWORD?: string
  /** Behind Cloudflare Access: `https://TEAM.cloudflareaccess.com`, and the application's audience tag. */
  ACCESS_ISSUER?: string
  ACCESS_AUDIENCE?: string
  /** The public address of the admin pages, for links in e-mails. */
  PUBLIC_URL: string
  /** The address e-mails come from. */
  SENDER: string
  /** `1` on a developer's machine alone: sources on loopback may be fetched. */
  ALLOW_LOOPBACK?: string
  /** The SFTP bridge's container. */
  BRIDGE?: DurableObjectNamespace
  /** The SFTP bridge as a plain process, on one machine; it goes before the container. */
  BRIDGE_URL?: string
  /** How many bytes of a plan are applied at once, in tests; otherwise see `store/chunks.ts`. */
  PLAN_CHUNK?: number
  /** Shared with the bridge, at least 32 characters: signs every request to it. */
  BRIDGE_SECRET?: string
}
