import { drizzle } from 'drizzle-orm/d1'

/** The directory and all that is asked for by key, typed. */
export function database(d1: D1Database) {
  return drizzle(d1)
}
