/**
 * A queue message. It is for one step of a run, one e-mail, one write-back of an SMS status, one file of opt-outs, one
 * deleted field, or retention. Each message may come twice, late, or after a crash. `format`: see `run/newer-code.ts`.
 */
export type Step = { format?: number } & Work

type Work =
  /** `long`: in the queue of slow servers (`run/long-fetch.ts`). */
  | { step: 'fetch'; run: string; long?: true }
  | { step: 'plan' | 'apply' | 'settle'; run: string }
  | { step: 'notify'; notification: string }
  /** Sends an event to the webhooks of a source. */
  | { step: 'webhook'; notification: string }
  | { step: 'forget'; field: string }
  /** Writes the SMS status that was set here to the contact's source. `contact` is the key of the contact. */
  | { step: 'writeBack'; contact: number }
  /** Writes the statuses that were set here to the file of a source, and reads the file back. */
  | { step: 'optOutFile'; source: string }
  /** Records decisions and erasures of the journals that a restored database does not have. */
  | { step: 'replay' }
  /** Deletes data that has been kept long enough. `now` is the time of the tick, in milliseconds since 1970. */
  | { step: 'retain'; now: number }

/** All bindings of the Worker and their purpose. `wrangler.toml` sets them up. */
export interface Env {
  /** Sources, runs, contacts: all data that is read by key. */
  DB: D1Database
  /**
   * Snapshots, plans, problems, reports and fingerprints: all data that is streamed. A call or option of R2 that Muster
   * has not used so far must be added to `local/stand-ins/files.ts` as well.
   */
  FILES: R2Bucket
  /** Messages that fetch files and records. `run/step.ts` has the queue of each kind of message. */
  FETCHES: Queue<Step>
  /** Messages that fetch from slow servers. */
  LONG_FETCHES: Queue<Step>
  /** The other steps of runs, and work on stored data. */
  STEPS: Queue<Step>
  /** Outgoing e-mails. */
  MAILS: Queue<Step>
  /** What is written to other servers: events, SMS statuses, files of opt-outs, and imported files that are moved or deleted. */
  CALLS: Queue<Step>
  /** Outgoing e-mail. */
  EMAIL: SendEmail
  /** 32 random bytes in base64: encrypts secrets. */
  ENCRYPTION_KEY: string
  /** In place of it while keys change: several keys between commas. The first encrypts, each decrypts. */
  ENCRYPTION_KEYS?: string
  /** The first administrator, who is added if there is none. */
  ADMIN_EMAIL?: string
  ADMIN_PASSWORD?: string
  /** Behind Cloudflare Access: `https://TEAM.cloudflareaccess.com`, and the application's audience tag. */
  ACCESS_ISSUER?: string
  ACCESS_AUDIENCE?: string
  /** The public address of the admin pages, for links in e-mails. */
  PUBLIC_URL: string
  /** The address that e-mails come from. */
  SENDER: string
  /** `1` allows sources on loopback, only on a developer's machine. */
  ALLOW_LOOPBACK?: string
  /** The SFTP bridge's container. */
  BRIDGE?: DurableObjectNamespace
  /** The demo's servers, which only the local runtime has (`local/demo`). */
  DEMO?: Pick<Fetcher, 'fetch'>
  /** The address of an SFTP bridge that is a plain process on this machine. It takes precedence over the container. */
  BRIDGE_URL?: string
  /** How many bytes of a plan are applied at once. Only tests set it; otherwise see `store/chunks.ts`. */
  PLAN_CHUNK?: number
  /** How many bytes of sorted records a plan has in memory. Only tests set it; otherwise see `core/sorted-records.ts`. */
  SPILL?: number
  /** How many rows and D1 queries one message of planning takes. Only tests set it; otherwise see `run/staging.ts`. */
  STAGE?: { rows?: number; queries?: number }
  /** The secret that signs every request to the bridge, at least 32 characters. */
  BRIDGE_SECRET?: string
  /** Another secret that the bridge may still have, or have already, while the secret changes. */
  BRIDGE_SECRET_OTHER?: string
}
