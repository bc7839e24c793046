import { unstable_generateASSETSBinding as serveAssets } from 'wrangler'
import type { WorkerLog } from './log.ts'

/**
 * The pages' files as a function that serves them as Pages does, with its rules for `_headers` and for addresses that
 * only the pages know, until `signal` ends it.
 */
export async function pagesFiles(directory: string, log: WorkerLog, signal: AbortSignal) {
  const to = (level: string) => (words: unknown) => log.write(level, String(words))
  const logger = { log: to('info'), warn: to('warn'), error: to('error') }
  // wrangler does not export the class of its logger, of which only these methods are called here.
  return await serveAssets({ directory, signal, log: logger as unknown as Parameters<typeof serveAssets>[0]['log'] })
}
