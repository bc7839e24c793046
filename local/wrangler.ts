import { createRequire } from 'node:module'

/*
 * Wrangler is one file of 15 MB. An import would first parse it to learn whether it is an ES module, which takes a second of each
 * start.
 */
const wrangler: typeof import('wrangler') = createRequire(import.meta.url)('wrangler')

/** What Muster takes from wrangler: its reading of wrangler.toml, its server of a Pages project's files, and its splitting of SQL. */
export const {
  unstable_getMiniflareWorkerOptions: readConfig,
  unstable_generateASSETSBinding: serveAssets,
  unstable_splitSqlQuery: splitSql,
} = wrangler
