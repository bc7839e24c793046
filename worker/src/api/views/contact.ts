import * as z from 'zod'
import { type AttributeKey, eachText } from '../../core/attributes.ts'
import { UNREACHED_REASONS } from '../../core/channels.ts'
import { NUMBER_TYPES, PRIORITIES, SMS_STATUSES } from '../../core/contact.ts'
import { WRITE_BACK_STATES } from '../../store/sms-changes.ts'
import { count, text, time } from './answer.ts'

/* Contacts and groups as the API shows them. */

/** The attributes of a contact as people see them, with groups by name instead of key. */
export const detailsSchema = z.object({
  name: text,
  ...eachText(() => text.nullable()),
  numbers: z.array(
    z.object({
      number: text,
      type: z.enum(NUMBER_TYPES),
      description: text.nullable(),
      extension: text.nullable(),
    }),
  ),
  emails: z.array(text),
  priority: z.enum(PRIORITIES),
  groups: z.array(text),
  fields: z.record(text, z.array(text)),
} satisfies Record<AttributeKey, z.ZodType>)
export type DetailsView = z.infer<typeof detailsSchema>

const historySchema = z.object({
  at: time,
  op: z.enum(['add', 'update', 'rekey', 'remove', 'sms']),
  /** The run that made the change, or the person. */
  runId: text.nullable(),
  /** Whether the run undid another. */
  undo: z.boolean(),
  by: text.nullable(),
  changed: z.array(text),
  /** The ID before, if the entry is a new one. */
  fromId: text.nullable(),
  /** The new SMS status, if the entry is a change of it. */
  smsStatus: z.enum(SMS_STATUSES).nullable(),
  /** Only the values that a manual change changed. The values of an import are in the changes of its run. */
  before: detailsSchema.nullable(),
  after: detailsSchema.nullable(),
})
export type HistoryEntry = z.infer<typeof historySchema>

export const contactViewSchema = detailsSchema.extend({
  key: text,
  sourceId: text.nullable(),
  id: text,
  sms: z.object({
    status: z.enum(SMS_STATUSES),
    by: text.nullable(),
    at: time.nullable(),
    writeBack: z.enum(WRITE_BACK_STATES).nullable(),
  }),
  updatedAt: time,
  history: z.array(historySchema).optional(),
  /**
   * The user whose User ID is `assignedUser`. Only for a single contact, since it can change while the contact does
   * not.
   */
  assignedTo: z.object({ id: text, name: text }).nullable().optional(),
})
export type ContactView = z.infer<typeof contactViewSchema>

/** An entry of the feed of changes; `contact` is null if it was removed. */
export const changeEntrySchema = z.object({
  cursor: text,
  op: z.enum(['add', 'update', 'remove']),
  key: text,
  at: time,
  runId: text.nullable(),
  contact: contactViewSchema.nullable(),
})

export const groupViewSchema = z.object({ id: text, name: text, contacts: count })
export type GroupView = z.infer<typeof groupViewSchema>

/** A group with how many of its contacts each channel reaches. A contact that has opted out gets no text. */
export const groupReachSchema = groupViewSchema.extend({
  reach: z.object({ sms: count, voice: count, pager: count, email: count, nobody: count }),
})
export type GroupReachView = z.infer<typeof groupReachSchema>

/** A contact of a group whom a channel does not reach. */
export const unreachedSchema = z.object({ key: text, name: text, reasons: z.array(z.enum(UNREACHED_REASONS)) })
export type UnreachedView = z.infer<typeof unreachedSchema>

export const recipientSchema = z.object({
  key: text,
  id: text,
  name: text,
  number: text.nullable(),
  type: z.enum(NUMBER_TYPES).nullable(),
  extension: text.nullable(),
  email: text.nullable(),
  priority: z.enum(PRIORITIES),
  /** The contacts of the group that have the number or address, in order. */
  contacts: z.array(z.object({ key: text, id: text, name: text })),
})
export type RecipientView = z.infer<typeof recipientSchema>
