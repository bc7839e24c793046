import * as z from 'zod'
import { SMS_STATUSES } from '../../core/contact.ts'
import { DECIDED_BY } from '../../store/decisions.ts'
import { WRITE_BACK_STATES } from '../../store/sms-changes.ts'
import { count, text, time } from './answer.ts'
import { contactViewSchema } from './contact.ts'

/* Opt-outs, their evidence, and what is held about a person. */

/** An SMS status that a contact was given: the status, its author, and the state of its write-back to the source. */
export const smsChangeSchema = z.object({
  status: z.enum(SMS_STATUSES),
  /** `contact` for an inbound text, `source` for an import, or the label of a person or a system. */
  by: text.nullable(),
  at: time,
  reason: text.nullable(),
  runId: text.nullable(),
  writeBack: z.enum([...WRITE_BACK_STATES, 'superseded']).nullable(),
  /** The code of the last attempt's failure. */
  failure: text.nullable(),
})
export type SmsChangeView = z.infer<typeof smsChangeSchema>

/** An erasure. Nothing in it tells who the person was, unless the reason does. */
export const erasureSchema = z.object({
  id: text,
  at: time,
  by: text,
  reason: text,
  /** How many contacts the person was. */
  contacts: count,
})
export type ErasureView = z.infer<typeof erasureSchema>

const taken = z.array(z.record(z.string(), z.unknown()))

/** All that is held about a person. The records are as they are stored, with times in ISO 8601. */
export const takeOutSchema = z.object({
  exportedAt: time,
  contact: contactViewSchema,
  decisions: taken,
  statuses: taken,
  runs: taken,
  notifications: taken,
  audit: taken,
})

/**
 * A decision about SMS that concerns a contact. `by`: `contact` for a text, `source` for an import, or the label of a person or
 * a system. `from`: the number that a text came from. `counts`: for the contact itself, for its `number`, or for a
 * `number` that another contact has, too; `number` is null if it is the contact itself.
 */
const decisionSchema = z.object({
  id: text,
  status: z.enum(['opted_in', 'opted_out']),
  how: z.enum(DECIDED_BY),
  by: text,
  at: time,
  from: text.nullable(),
  counts: z.enum(['contact', 'number', 'shared']),
  number: text.nullable(),
  /** The contact as it was then; null if the decision was about somebody else, or the contact was not recorded. */
  about: z
    .object({
      sourceId: text.nullable(),
      id: text,
      name: text.nullable(),
      numbers: z.array(text),
      emails: z.array(text),
    })
    .nullable(),
  /** Null if the decision was about somebody else, or was made before evidence was recorded. */
  evidence: z
    .union([
      z.object({ words: text }),
      z.object({ reason: text.nullable() }),
      z.object({ runId: text, row: count.nullable(), value: text }),
    ])
    .nullable(),
})
export type DecisionView = z.infer<typeof decisionSchema>

/** The decisions from which a contact's SMS status follows, at most 200, and a page of the others. Newest first. */
export const consentSchema = z.object({
  status: z.enum(SMS_STATUSES),
  current: z.array(decisionSchema),
  past: z.array(decisionSchema),
  next: text.nullable(),
})
export type ConsentView = z.infer<typeof consentSchema>
