import { and, desc, eq, lt } from 'drizzle-orm'
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { SmsStatus } from '../core/contact.ts'
import type { Env } from '../env.ts'
import { database } from './database.ts'

/** The states of writing an SMS status that was set here back to the contact's source. */
export const WRITE_BACK_STATES = ['pending', 'sent', 'confirmed', 'conflict', 'given_up'] as const
export type WriteBackState = (typeof WRITE_BACK_STATES)[number]

/**
 * Each SMS status that a contact was given, who set it, and whether it was sent to the contact's source.
 */
export const smsChanges = sqliteTable(
  'sms_change',
  {
    contact: integer('contact').notNull(),
    seq: integer('seq').notNull(),
    status: text('status').$type<SmsStatus>().notNull(),
    who: text('who'),
    at: integer('at').notNull(),
    run: text('run'),
    reason: text('reason'),
    writeBack: text('write_back').$type<WriteBackState | 'superseded'>(),
    source: text('source'),
    value: text('value'),
    attempts: integer('attempts').notNull().default(0),
    nextAt: integer('next_at'),
    sentAt: integer('sent_at'),
    failure: text('failure'),
    notification: text('notification'),
  },
  ({ contact, seq }) => [primaryKey({ columns: [contact, seq] })],
)
export type SmsChangeRow = typeof smsChanges.$inferSelect

/**
 * Lists the SMS statuses of a contact, newest first, before the place `before` in the order of changes; 0 starts at the newest.
 */
export function listSmsChanges(env: Env, contact: number, before: number, limit: number): Promise<SmsChangeRow[]> {
  return database(env)
    .select()
    .from(smsChanges)
    .where(and(eq(smsChanges.contact, contact), before === 0 ? undefined : lt(smsChanges.seq, before)))
    .orderBy(desc(smsChanges.seq))
    .limit(limit)
}
