import { unstable_generateASSETSBinding as serveAssets } from 'wrangler'
import type { WorkerLog } from './log.ts'

/**
 * Returns a function that serves the pages' files as Pages does, until `signal` ends it. It applies the rules for
 * `_headers` and for addresses that only the pages know.
 */
export async function pagesFiles(directory: string, log: WorkerLog, signal: AbortSignal) {
  const to = (level: string) => (words: unknown) => log.write(level, String(words))
  const logger = { log: to('info'), warn: to('warn'), error: to('error') }
  // wrangler does not export the class of its logger. Only the methods of `logger` are called here.
  return await serveAssets({ directory, signal, log: logger as unknown as Parameters<typeof serveAssets>[0]['log'] })
}
