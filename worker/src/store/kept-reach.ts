import { integer, sqliteTable } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import type { Reach } from './contact-query.ts'
import { counterValue } from './counters.ts'
import { all, first, named, write } from './database.ts'
import { counting, countingIn, wordsOf } from './reach.ts'

/** How many groups are counted: those with the most members. */
const GROUPS = 50
/** How many of them one query counts. */
const AT_ONCE = 10
/** Up to how many contacts, removed ones included, the groups are counted anew at each look after a change. */
const SMALL = 20_000
/** How long the counts of a larger directory are shown after a change, in milliseconds. */
const KEPT_FOR = 5 * 60_000

/** The reach of the largest groups, with the place in the order of changes and the time at which it was counted. */
export const groupReaches = sqliteTable('group_reach', {
  id: integer('id').primaryKey(),
  contacts: integer('contacts').notNull(),
  sms: integer('sms').notNull(),
  voice: integer('voice').notNull(),
  email: integer('email').notNull(),
  nobody: integer('nobody').notNull(),
  seq: integer('seq').notNull(),
  at: integer('at').notNull(),
})

/** How many members of a group a message can reach by each channel, and how many by none. */
type Counted = Omit<typeof groupReaches.$inferSelect, 'seq' | 'at'>

/** `at`: when the groups were counted, in milliseconds since 1970; null if there are none. */
export interface KeptReach {
  groups: (Counted & { name: string })[]
  at: number | null
}

/**
 * Returns the reach of the groups with the most members. They are counted if that was never done, and after a change if the
 * directory is `small` (as a number of contacts). In a larger directory, `later` then gets the counting, for after the answer.
 */
export async function largestGroups(
  env: Env,
  now: number,
  later: (work: () => Promise<void>) => void,
  small = SMALL,
): Promise<KeptReach> {
  const state = await first<{ seq: number; keys: number; countedSeq: number | null; countedAt: number | null }>(
    env,
    named(
      `SELECT ${counterValue('seq')} AS seq, ${counterValue('key')} AS keys,
        (SELECT seq FROM group_reach LIMIT 1) AS countedSeq, (SELECT at FROM group_reach LIMIT 1) AS countedAt`,
    ),
  )
  if (state !== null && state.seq !== state.countedSeq) {
    const { seq, keys, countedAt } = state
    if (countedAt === null || keys <= small) await count(env, seq, now)
    else if (now - countedAt >= KEPT_FOR) later(() => count(env, seq, now))
  }
  const rows = await all<KeptReach['groups'][number] & { at: number }>(
    env,
    named(`SELECT r.id, g.name, r.contacts, r.sms, r.voice, r.email, r.nobody, r.at
      FROM group_reach r CROSS JOIN grouping g ON g.id = r.id`),
  )
  rows.sort((one, other) => other.contacts - one.contacts || one.id - other.id)
  return { groups: rows.map(({ at: _, ...group }) => group), at: rows[0]?.at ?? null }
}

/** As SQL: the index's query for the members of the group with the ID `j.value`. */
const MEMBERS = `'"#' || j.value || '"'`
/** Returns, as SQL, the index's query for those of them that have a number or address for a channel. */
const having = (reach: Reach) => `${MEMBERS} || ' AND (${wordsOf(reach)})'`

/** Counts the largest groups, and replaces what was counted before. `seq` was read before the groups are. */
async function count(env: Env, seq: number, now: number): Promise<void> {
  const largest = await all<{ id: number }>(
    env,
    named(
      `SELECT CAST(substr(term, 2) AS INTEGER) AS id FROM contact_word
        WHERE term >= '#0' AND term < '#:' ORDER BY doc DESC LIMIT ${GROUPS}`,
    ),
  )
  const counted: Counted[] = []
  for (let from = 0; from < largest.length; from += AT_ONCE) {
    const ids = largest.slice(from, from + AT_ONCE).map(({ id }) => id)
    counted.push(
      ...(await all<Counted>(
        env,
        named(
          `SELECT j.value AS id, ${counting(MEMBERS)} AS contacts,
            ${countingIn(having('sms'))} AS sms,
            ${counting(having('voice'))} AS voice, ${counting(having('email'))} AS email,
            ${counting(having('nobody'))} AS nobody
            FROM json_each(:ids) j`,
          { ids: JSON.stringify(ids) },
        ),
      )),
    )
  }
  await write(env, [
    named('DELETE FROM group_reach'),
    named(
      `INSERT INTO group_reach (id, contacts, sms, voice, email, nobody, seq, at)
        SELECT value->>'id', value->>'contacts', value->>'sms', value->>'voice', value->>'email', value->>'nobody', :seq, :now
          FROM json_each(:counted)`,
      { counted: JSON.stringify(counted), seq, now },
    ),
  ])
}
