import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Env } from '../env.ts'
import { NUMBER, numbersOf } from './consent.ts'
import { first, named } from './database.ts'
import type { HereDecision } from './deciding.ts'

/** How a decision was made: by text, by a person or a system here, or in the source's own column. */
export const DECIDED_BY = ['text', 'person', 'system', 'source'] as const
export type DecidedBy = (typeof DECIDED_BY)[number]

/** The decisions about SMS (design: Consent): each is recorded once, and rows are only added. */
export const decisions = sqliteTable('decision', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** Names a decision that was made here or a row without its contact, so that it is recorded once; null for others. */
  name: text('name'),
  status: text('status').$type<'opted_in' | 'opted_out'>().notNull(),
  how: text('how').$type<DecidedBy>().notNull(),
  /** `contact` (by text), `source`, or the label of a person or a system. */
  who: text('who').notNull(),
  /** The ID of the person's user or of the system's API token; null for a text, a source, and older decisions. */
  whoId: text('who_id'),
  at: integer('at').notNull(),
  /** The number that the text came from. */
  number: text('number'),
  /** The contact that the decision is about; null for a text, and for a row that was left without its contact. */
  contact: integer('contact'),
  /** With whom it was about: JSON of `{key, source, id, details}`, or a list of these for a text. */
  about: text('about'),
  /** JSON of `{words}`, `{reason}` or `{run, row, value}`. */
  evidence: text('evidence').notNull().default('{}'),
})

/** The contacts that had the number when a text came, and those to which an opt-out of another key came back. */
export const decisionHolders = sqliteTable(
  'decision_holder',
  { contact: integer('contact').notNull(), decision: integer('decision').notNull() },
  ({ contact, decision }) => [primaryKey({ columns: [contact, decision] })],
)

/**
 * The opt-outs of numbers that stand. `contact`: 0 for the number that the text came from; else the contact that had the
 * number when it left the directory, or became somebody else.
 */
export const numberOptOuts = sqliteTable(
  'number_opt_out',
  { number: text('number').notNull(), decision: integer('decision').notNull(), contact: integer('contact').notNull() },
  ({ number, decision, contact }) => [primaryKey({ columns: [number, decision, contact] })],
)

/** The opt-outs of contacts that stand. */
export const contactOptOuts = sqliteTable(
  'contact_opt_out',
  {
    contact: integer('contact').notNull(),
    decision: integer('decision').notNull(),
    /** The numbers that a later START has excepted, as JSON. */
    excepted: text('excepted').notNull().default('[]'),
    /** 1: the person has left the directory or the ID. The rest tells who it was. */
    apart: integer('apart').notNull().default(0),
    source: text('source'),
    id: text('id'),
    /** The details of then, as stored; null if they are not known. */
    person: text('person'),
  },
  ({ contact, decision }) => [primaryKey({ columns: [contact, decision] })],
)

/** By how much the clocks of two requests may differ, in milliseconds. */
const DOUBT = 2 * 60_000

/** Returns the place of the newest decision that is known. */
export async function lastDecision(env: Env): Promise<number> {
  const row = await first<{ id: number | null }>(env, named('SELECT max(id) AS id FROM decision'))
  return row?.id ?? 0
}

/**
 * Returns whether a newer decision to the contrary is known: about the same contact or number, or of a text that either has to
 * do with. `key`: the contact that the decision is about; null for a text. What a source shows ends no opt-out here.
 *
 * A newer opt-in by a text or about a contact outdates an opt-out only if it ends all of it: an opt-in by a person ends no STOP from
 * a number that somebody else has too, and START none for the other numbers of a contact.
 *
 * An opt-out that was known up to the decision `last` counts although it is a little older than an opt-in: the clocks of two
 * requests may differ, and in doubt nobody is texted.
 */
export async function isOutdated(env: Env, decision: HereDecision, key: number | null, last: number): Promise<boolean> {
  const { at, status } = decision
  const number = 'number' in decision ? decision.number : null
  const found = await first(
    env,
    named(
      `SELECT 1 FROM (
          SELECT * FROM decision WHERE contact = :key
          UNION ALL SELECT * FROM decision WHERE number = :number
          UNION ALL SELECT d.* FROM decision_holder h CROSS JOIN decision d ON d.id = h.decision WHERE h.contact = :key
            AND (d.status = 'opted_out' OR (SELECT count(DISTINCT ${NUMBER}) FROM contact c, ${numbersOf('c')} n WHERE c.key = :key) = 1)
          UNION ALL SELECT d.* FROM contact_number n CROSS JOIN decision d ON d.contact = n.contact WHERE n.number = :number
            AND (d.status = 'opted_out' OR (SELECT count(*) FROM contact_number WHERE number = :number) = 1)
        ) WHERE at > iif(status = 'opted_out' AND id <= :last, :doubtful, :at)
          AND status <> :status AND (how <> 'source' OR status = 'opted_out') LIMIT 1`,
      { key, number, at, doubtful: at - DOUBT, last, status },
    ),
  )
  return found !== null
}
