import * as z from 'zod'
import type { Database } from './database.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
/** When in a minute it is begun, in milliseconds: after the tick of this one, and long enough before that of the next. */
const FROM = 15 * SECOND
const UNTIL = 35 * SECOND

const timeSchema = z.iso.datetime({ offset: true })

/** What going back in time needs beside the database. */
export interface Clock {
  now(): number
  wait(ms: number): Promise<unknown>
}

/** Reads the time to go back to. Throws an `Error` with a sentence for the terminal. */
export function readTime(text: string, now: number): string {
  const time = timeSchema.safeParse(text)
  if (!time.success) throw new Error('Give the time with its zone, such as --to 2026-11-27T21:00:00Z.')
  if (Date.parse(text) >= now) throw new Error('The time to go back to is not in the past.')
  return new Date(text).toISOString()
}

/**
 * Takes a deployed database back to a time, between two ticks of the cron: a tick would work with what is not yet made safe by
 * `markRestored`. Returns the bookmark of the state that it had, by which this can be taken back. Throws `CloudflareError`, or
 * an `Error` if an import is being applied, whose message would go on from a position that the database has forgotten.
 */
export async function goBack(database: Database, to: string, { now, wait }: Clock): Promise<string> {
  if (database.goBack === undefined) throw new Error('Only a deployed database can go back in time.')
  const second = now() % MINUTE
  if (second < FROM || second > UNTIL) await wait((FROM + MINUTE - second) % MINUTE)
  const [applying] = await database.read(`SELECT id FROM run WHERE status = 'applying'`)
  if (applying !== undefined) throw new Error('An import is being applied. Try again once it has ended.')
  return database.goBack(to)
}
