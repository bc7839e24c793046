import type { Cloudflare } from './api.ts'

/** What the steps of a deploy act on. */
export interface World {
  /** The checkout that is deployed. */
  root: string
  /** The folder of `deploy.json`, `deploy.keys.json` and `wrangler.deploy.json`. */
  folder: string
  cloudflare: Cloudflare
  /** Runs wrangler for an account, in the checkout or in a folder of it. Throws an `Error` with its output if it fails. */
  wrangler(account: string, args: string[], folder?: string): Promise<void>
  /** Builds the pages into `web/dist`. Throws an `Error` with the output if it fails. */
  buildPages(): Promise<void>
  /** Asks the deployed pages. Rejects if they do not answer. */
  reach(url: string): Promise<{ status: number; body: unknown }>
  print(line: string): void
  /** Waits some seconds before the next look. */
  wait(): Promise<void>
}
