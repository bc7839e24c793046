import * as z from 'zod'
import { SMS_STATUSES } from '../../core/contact.ts'
import { FAILURE_CODES } from '../../core/failure.ts'
import { MOST_EXAMPLES } from '../../core/limits/examples.ts'
import { HOLD_REASONS } from '../../core/limits.ts'
import { PARTS } from '../../core/plan.ts'
import { PROBLEM_CODES } from '../../core/problem.ts'
import { PROGRESS_UNITS, RUN_STATUSES, TRIGGERS } from '../../store/runs.ts'
import { count, text, time } from './answer.ts'
import { detailsSchema } from './contact.ts'

/* Runs as the API shows them: their numbers, what they change, and what was wrong in their files. */

/**
 * `rows`, `leftOut` (rows that are no contact, such as a total, or that a rule of the source leaves out), `errors`,
 * `warnings` and `withoutId` (rows whose ID cannot be read) count rows; the others count contacts. `matched` is `added`,
 * `updated`, `unchanged` and `contactsWithErrors` together. `protected`: missing contacts that stay because a row with an
 * error may be theirs. `optOuts`: known contacts that the source opts out, also by a row with an error.
 */
export const countsSchema = z.object({
  rows: count,
  leftOut: count,
  matched: count,
  added: count,
  updated: count,
  unchanged: count,
  removed: count,
  contactsWithErrors: count,
  protected: count,
  optOuts: count,
  errors: count,
  warnings: count,
  withoutId: count,
})

export const changeCounts = z.object({ added: count, updated: count, removed: count })

export const reasonSchema = z.object({
  limit: z.enum(HOLD_REASONS),
  message: text,
  count,
  of: count,
  /** The parts of the plan that wait. */
  parts: z.array(z.enum(PARTS)).readonly(),
  /** A few of the contacts. What a contact has and what it would have; null for nothing. */
  examples: z
    .array(z.object({ id: text, name: text, before: text.nullable(), after: text.nullable() }))
    .max(MOST_EXAMPLES)
    .readonly(),
})

/** Which people that come under new IDs are moved there: all, none or these. The others become new contacts. */
export const rekeySchema = z.union([z.boolean(), z.array(z.object({ from: text, to: text })).max(10_000)])

export const failureSchema = z.object({ code: z.enum(FAILURE_CODES), message: text, advice: text })

export const runSchema = z.object({
  id: text,
  sourceId: text,
  trigger: z.enum(TRIGGERS),
  mode: z.enum(['apply', 'preview']),
  fetch: z.enum(['all', 'changes']),
  status: z.enum(RUN_STATUSES),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  /**
   * How far the step has come since `startedAt`. `total` is null if it is not known; of the rows of a text it is an estimate from its
   * line breaks. While the rows are read, planning counts them, and then the changes that it has found.
   */
  progress: z.object({
    step: z.enum(RUN_STATUSES),
    done: count,
    total: count.nullable(),
    unit: z.enum(PROGRESS_UNITS),
    startedAt: time,
  }),
  file: z.object({ name: text, bytes: count, sha256: text, modifiedAt: text.nullable() }).nullable(),
  counts: countsSchema,
  /** `hash` names the changes that wait, if the run is held. `stale`: why they can no longer be approved. */
  plan: z
    .object({
      hash: text,
      undoable: z.boolean(),
      stale: z
        .object({
          since: time,
          why: z
            .enum(['settings', 'contacts', 'rules'])
            .describe(
              'What has changed since: the settings of the source, contacts, or the rules of this version of Muster',
            ),
        })
        .nullable(),
    })
    .nullable(),
  /** How many contacts the run has changed. */
  applied: changeCounts,
  /**
   * What became of the contacts that met the criteria: `met` = `imported` + `waiting` + `left` (rejected, or not reached)
   * + `withErrors`. `rest`: the planned changes that were not made.
   */
  figures: z.object({
    met: count,
    imported: count,
    waiting: count,
    left: count,
    withErrors: count,
    rest: changeCounts,
  }),
  /** How many contacts the changes that wait are about; null if the run is not held. */
  waiting: changeCounts.nullable(),
  /** How many people come under new IDs; null if the plan gives nobody a new one. */
  rekeyed: z.object({ count }).nullable(),
  /** Why the run waits, waited or would wait for a person. */
  hold: z.object({ reasons: z.array(reasonSchema) }).nullable(),
  failure: failureSchema.nullable(),
  undoes: text.nullable(),
  undoneBy: text.nullable(),
  /** The person or system that asked for the run; null for a schedule or a webhook. */
  requestedBy: text.nullable(),
  /** A person's decision about the run. */
  decision: z
    .object({
      what: z.enum(['approved', 'rejected', 'cancelled']),
      by: text,
      at: time,
      /** The parts that were approved, if not all that waited; the others were rejected. */
      parts: z.array(z.enum(PARTS)).optional(),
      /** Which people that come under new IDs were moved there, if not all: none or these. */
      rekey: rekeySchema.optional(),
    })
    .nullable(),
  /** The newer run that took the place of this one before a person had decided. */
  replacedBy: text.nullable(),
  /** When the files of the run were deleted, after which it cannot be undone. */
  expiredAt: time.nullable(),
})
export type RunView = z.infer<typeof runSchema>

export const reachSchema = z.object({ sms: count, voice: count, email: count, nobody: count })

/** What a run's plan would do, or did, in numbers. They were counted when it was planned. */
export const meaningSchema = z.object({
  /** For how many known contacts an attribute is filled, changed or blanked; `field:KEY` is a custom field. */
  attributes: z.array(z.object({ attribute: text, filled: count, changed: count, blanked: count })),
  /** The groups that gain or lose most, at most 20; `id` is null until the plan has made the group. */
  groups: z.array(z.object({ id: text.nullable(), name: text, before: count, after: count })),
  /** Of the contacts that the plan adds, changes or removes: how many each channel reaches, and how many none does. */
  reach: z.object({ before: reachSchema, after: reachSchema }),
  /** The rows of the file, and those of the file that was imported last; null if there was none, or not a whole one. */
  rows: z.object({ last: count.nullable(), now: count }),
})
export type MeaningView = z.infer<typeof meaningSchema>

export const changeSchema = z.object({
  op: z.enum(['add', 'update', 'rekey', 'remove']),
  /** The contact in the directory; null while or once it is not there. */
  key: text.nullable(),
  id: text,
  /** The contact’s ID before the change, if the change gives it a new one. */
  fromId: text.nullable(),
  name: text,
  before: detailsSchema.nullable(),
  after: detailsSchema.nullable(),
  /** The expected change of the SMS status. The status itself is decided when the change is applied. */
  sms: z.object({ before: z.enum(SMS_STATUSES), after: z.enum(SMS_STATUSES) }).nullable(),
  changed: z.array(text),
  /** Whether the change waits or would wait for a person, was not approved, or was not reached by a run that failed. */
  waits: z.boolean(),
  rows: z.array(count),
})
export type ChangeView = z.infer<typeof changeSchema>

const SEVERITIES = ['error', 'warning'] as const

export const problemSchema = z.object({
  row: count,
  id: text.nullable(),
  name: text.nullable(),
  column: text.nullable(),
  severity: z.enum(SEVERITIES),
  code: z.enum(PROBLEM_CODES),
  message: text,
  value: text.nullable(),
  /** Whether the report before did not have the problem, wherever its row was. */
  new: z.boolean(),
})
export type ProblemView = z.infer<typeof problemSchema>

/** A problem that rows have in common: its code, in one column. */
export const causeSchema = z.object({
  code: z.enum(PROBLEM_CODES),
  column: text.nullable(),
  severity: z.enum(SEVERITIES),
  /** How many of the rows that are kept have it: of one kind the first 10,000. */
  rows: count,
  /** The message of the first row. */
  message: text,
  examples: z.array(z.object({ row: count, id: text.nullable(), name: text.nullable(), value: text.nullable() })),
})

export const runCauseSchema = causeSchema.extend({
  /** In how many of the rows the problem is new. */
  newRows: count,
})
export type CauseView = z.infer<typeof runCauseSchema>
