import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { readAnswers } from '../answers.ts'
import { type Cloudflare, CloudflareError, openCloudflare } from '../api.ts'
import { accountOf, databaseNamed, RIGHTS } from '../found.ts'
import type { Database } from './database.ts'

/** How often a call is made that the network or Cloudflare lost, and the pause before the second time, in milliseconds. */
const TRIES = 5
const PAUSE = 2000

/** https://developers.cloudflare.com/api/resources/d1/subresources/database/subresources/time_travel/methods/restore/ */
const wentBackSchema = z.object({ previous_bookmark: z.string() })

const resultSchema = z.array(z.object({ results: z.array(z.record(z.string(), z.unknown())).default([]) }))

/**
 * Opens a deployed database by its name, with the variables that a deploy reads. It is read and changed by queries, since D1 refuses
 * to export a database with a search index. Throws `CloudflareError`, or an `Error` if there is no such database.
 */
export async function openDeployed(env: NodeJS.ProcessEnv, name: string): Promise<Database> {
  const cloudflare = openCloudflare(env)
  const answers = readAnswers(join(import.meta.dirname, '../..'))
  const account = await accountOf(cloudflare, env.CLOUDFLARE_ACCOUNT_ID ?? answers.account)
  const path = `/accounts/${account.id}`
  const found = await databaseNamed(cloudflare, path, name)
  if (found === null) throw new Error(`The account ${account.name} has no database ${name}.`)
  return deployedDatabase(cloudflare, `${path}/d1/database/${found.id}`, name)
}

/** Returns the database at a path of the API. */
export function deployedDatabase(cloudflare: Cloudflare, path: string, name: string, pause = PAUSE): Database {
  const once = (sql: string, value?: string) => {
    const body = value === undefined ? { sql } : { sql, params: [value] }
    return cloudflare.call('POST', `${path}/query`, { right: RIGHTS.d1, result: resultSchema, body })
  }
  const query = async (sql: string, value?: string) => {
    for (let tries = 1; ; tries++) {
      try {
        return await once(sql, value)
      } catch (error) {
        if (tries === TRIES || !(error instanceof CloudflareError) || !mayPass(error)) throw error
        await sleep(pause * 2 ** (tries - 1))
      }
    }
  }
  return {
    name: `the database ${name}`,
    async read(sql, value) {
      const [answer] = await query(sql, value)
      return answer?.results.map((row) => Object.values(row)[0]) ?? []
    },
    async write(sql, value) {
      await query(sql, value)
    },
    async script(statements) {
      // A table cannot be made twice, so a call whose answer is lost is not repeated.
      for (const sql of statements) await once(sql)
    },
    async goBack(timestamp) {
      const call = { right: RIGHTS.d1, result: wentBackSchema, query: { timestamp } }
      const { previous_bookmark } = await cloudflare.call('POST', `${path}/time_travel/restore`, call)
      return previous_bookmark
    },
    close: () => undefined,
  }
}

/** Returns whether the same call may succeed later. */
function mayPass({ status }: CloudflareError): boolean {
  return status === null || status === 429 || status >= 500
}
