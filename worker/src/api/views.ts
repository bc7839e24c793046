import * as z from 'zod'
import { FACTS } from '../connections/facts.ts'
import type { Facts, Kind } from '../connections/kind.ts'
import { type ConnectionDraft, type ConnectionSettings, connectionSchema } from '../connections/schema.ts'
import { hasPath } from '../connections/secrets.ts'
import { type AttributeKey, eachText } from '../core/attributes.ts'
import { UNREACHED_REASONS } from '../core/channels.ts'
import { NUMBER_TYPES, PRIORITIES, SMS_STATUSES } from '../core/contact.ts'
import { FAILURE_CODES } from '../core/failure.ts'
import { MOST_EXAMPLES } from '../core/limits/examples.ts'
import { HOLD_REASONS } from '../core/limits.ts'
import { PARTS } from '../core/plan.ts'
import { PROBLEM_CODES } from '../core/problem.ts'
import { smsValue, sourceSettingsSchema, WEBHOOK_KINDS } from '../core/source.ts'
import { AUTHOR_KINDS } from '../security/author.ts'
import { ROLES } from '../security/roles.ts'
import { TOKEN_SCOPES } from '../security/scopes.ts'
import { AUDIT_ACTIONS } from '../store/audit.ts'
import { DECIDED_BY } from '../store/decisions.ts'
import { NOTIFICATION_KINDS, NOTIFICATION_STATUSES } from '../store/notifications.ts'
import { PROGRESS_UNITS, RUN_STATUSES, TRIGGERS } from '../store/runs.ts'
import { settingsSchema } from '../store/settings.ts'
import { WRITE_BACK_STATES } from '../store/sms-changes.ts'
import { FACTOR_STATES } from './second-factor.ts'

/**
 * The answers of the API. The API description is made from them, and the pages share their types. Times are ISO 8601
 * UTC.
 */

const time = z.iso.datetime()
const text = z.string()
const count = z.int().min(0)

/** Returns the schema of a page of a list. `next` is the cursor of the next page, null at the end. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: text.nullable() })
}

/** How many items the whole list has; if there may be more, how many were counted. */
export const totalSchema = z.object({ count, more: z.boolean() })

export interface Page<T> {
  items: T[]
  next: string | null
}

/** The ID of the object that was made or started. */
export const startedSchema = z.object({ id: text })

export const sessionSchema = z.object({
  email: text.nullable(),
  name: text,
  role: z.enum(ROLES),
  /** Whether a source is enabled. Contacts and groups are then read-only here. */
  managedRemotely: z.boolean(),
  /** `required`: nothing else is allowed until the person has an authenticator app. */
  secondFactor: z.enum(FACTOR_STATES),
})
export type SessionView = z.infer<typeof sessionSchema>

export const signInOptionsSchema = z.object({
  password: z.boolean(),
  /** Whether Cloudflare Access lets people in. */
  access: z.boolean(),
  /** Whether a link for a forgotten password can be requested. */
  reset: z.boolean(),
  /** Who must have a second factor. */
  secondFactor: settingsSchema.shape.secondFactor.unwrap(),
  demo: z.boolean(),
})

export const accountSchema = z.object({ secondFactor: z.enum(FACTOR_STATES), recoveryCodesLeft: count })

/** One of a person's own open sessions. */
export const ownSessionSchema = z.object({
  id: text,
  createdAt: time,
  /** When the person was last active, to the minute. */
  seenAt: time,
  /** How the browser calls itself. */
  client: text.nullable(),
  /** Whether it is the session of the request. */
  current: z.boolean(),
})
export type OwnSessionView = z.infer<typeof ownSessionSchema>

/**
 * `rows`, `leftOut` (rows that are no contact, such as a total, or that a rule of the source leaves out), `errors`,
 * `warnings` and `withoutId` (rows whose ID cannot be read) count rows; the others count contacts. `matched` is `added`,
 * `updated`, `unchanged` and `contactsWithErrors` together. `protected`: missing contacts that stay because a row with an
 * error may be theirs. `optOuts`: known contacts that the source opts out, also by a row with an error.
 */
const countsSchema = z.object({
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

const changeCounts = z.object({ added: count, updated: count, removed: count })

const reasonSchema = z.object({
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

const failureSchema = z.object({ code: z.enum(FAILURE_CODES), message: text, advice: text })

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

const reachSchema = z.object({ sms: count, voice: count, email: count, nobody: count })

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

type HasMembers = Record<`has${string}`, boolean>
/** An object of a connection as it is read back: beside each secret, which is null, is `has…`. */
type ReadBack<S> = {
  [M in keyof S]: S[M] extends { name: string } | null ? (S[M] & HasMembers) | null : S[M]
} & HasMembers
type ReadBackOf<S> = S extends unknown ? ReadBack<S> : never
/** A connection as it is read back. `fetches`: the address that is really fetched, if it is another than `url`. */
export type ConnectionView = ReadBackOf<ConnectionSettings> & { fetches?: string | null }

const [firstKind, ...otherKinds] = connectionSchema.options
const connectionViewSchema: z.ZodType<ConnectionView, ConnectionDraft & HasMembers> = z.discriminatedUnion('kind', [
  readBack(firstKind),
  ...otherKinds.map(readBack),
])

function readBack<S extends (typeof connectionSchema.options)[number]>(kind: S) {
  const { secrets, fetches } = FACTS[kind.shape.kind.value] as Facts<Kind>
  const has: Record<`has${string}`, z.ZodBoolean> = {}
  const objects: Record<string, z.ZodType> = fetches === undefined ? {} : { fetches: text.nullable() }
  for (const path of secrets) {
    const [name = '', inner] = hasPath(path).split('.')
    const member: unknown = Object.entries(kind.shape).find(([key]) => key === name)?.[1]
    if (inner === undefined) has[name as `has${string}`] = z.boolean()
    else
      objects[name] = objectIn(member)
        .extend({ [inner]: z.boolean() })
        .nullable()
  }
  // Without the checks between members, which would refuse to be extended, and are not needed for what is read back.
  const members = z.object(kind.shape) as S
  return members.extend({ ...has, ...(objects as Record<never, never>) })
}

/** Returns the object that a member may be, without what wraps it. */
function objectIn(schema: unknown): z.ZodObject {
  return schema instanceof z.ZodObject ? schema : objectIn((schema as z.ZodNullable | z.ZodDefault).unwrap())
}

const KINDS = Object.keys(FACTS) as [Kind, ...Kind[]]
const healthSchema = z.enum(['new', 'running', 'ok', 'undone', 'problems', 'held', 'failing', 'late', 'disabled'])

export const sourceViewSchema = sourceSettingsSchema.extend({
  id: text,
  name: text,
  connection: connectionViewSchema,
  mappingVersion: count,
  nextRuns: z.array(time).max(5),
  lastRun: runSchema.nullable(),
  /** The run that waits for a person, which need not be the last one. */
  held: z.object({ runId: text, reasons: z.array(reasonSchema), waiting: changeCounts }).nullable(),
  health: healthSchema,
  /** When a run last found a changed file. */
  fileChangedAt: time.nullable(),
})
export type SourceView = z.infer<typeof sourceViewSchema>

/** What needs a person. `sourceId` and `runId` are null if it is not about one of them, and `since` if that is not known. */
const neededSchema = z.object({
  kind: z.enum(['held', 'failing', 'late', 'unsent', 'conflict', 'setUp']),
  sourceId: text.nullable(),
  runId: text.nullable(),
  since: time.nullable(),
  message: text,
})
export type NeededView = z.infer<typeof neededSchema>

const groupOverviewSchema = z.object({
  id: text,
  name: text,
  contacts: count,
  reach: reachSchema,
})

export const overviewSchema = z.object({
  /** What needs a person, the most urgent first. */
  items: z.array(neededSchema),
  /** The sources, in the order they were made, at most 500. */
  sources: z.array(
    z.object({
      id: text,
      name: text,
      kind: z.enum(KINDS),
      enabled: z.boolean(),
      health: healthSchema,
      held: z.object({ runId: text, waiting: changeCounts }).nullable(),
      nextRun: time.nullable(),
      /** The contacts that met the criteria in the last import that read the whole file; null before there is one. */
      contacts: count.nullable(),
      /** The last runs, previews included, oldest first. */
      runs: z
        .array(
          z.object({
            id: text,
            mode: z.enum(['apply', 'preview']),
            status: z.enum(RUN_STATUSES),
            createdAt: time,
            finishedAt: time.nullable(),
            counts: countsSchema,
          }),
        )
        .max(30),
    }),
  ),
  /**
   * The groups with the most contacts, at most 50; none for a token that may not read the directory. In a directory of more
   * than 20,000 contacts they are counted anew at most every five minutes.
   */
  groups: z.array(groupOverviewSchema),
  /** When the groups were counted; null if none were. */
  countedAt: time.nullable(),
})
export type OverviewView = z.infer<typeof overviewSchema>

/** The attributes of a contact as people see them, with groups by name instead of key. */
const detailsSchema = z.object({
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
const causeSchema = z.object({
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

export const userViewSchema = z.object({
  id: text,
  /** Null for a viewer, who needs no address of another user. */
  email: text.nullable(),
  name: text,
  role: z.enum(ROLES),
  userId: text.nullable(),
  hasPassword: z.boolean(),
  /** For administrators; `seenAt`: when the user was last active, null if signed in nowhere. */
  signIn: z.object({ hasFactor: z.boolean(), seenAt: time.nullable() }).nullable(),
  /** How many contacts are assigned to the user. */
  contacts: count,
  createdAt: time,
})
export type UserView = z.infer<typeof userViewSchema>

/** A User ID that contacts have and that no user has. */
export const unmatchedSchema = z.object({ userId: text, contacts: count })
export type UnmatchedView = z.infer<typeof unmatchedSchema>

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

/**
 * The file on a source's server to which the statuses set here are written; `url` is null if the source has none. `due`:
 * it is to be written or read back. `failure`: why the last attempt failed.
 */
export const optOutFileSchema = z.object({
  url: text.nullable(),
  writtenAt: time.nullable(),
  due: z.boolean(),
  failure: failureSchema.nullable(),
})
export type OptOutFileView = z.infer<typeof optOutFileSchema>

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

/** The weeks whose files the demo has. */
export const WEEKS = [1, 2, 3] as const
const week = z.literal(WEEKS)

/** The demo of a local Muster. */
export const demoSchema = z.object({
  /** The week whose files the demo's servers serve now. */
  week,
  weeks: z.array(z.object({ week, title: text, text })),
  /** The page on which the files can be changed too; null while the servers do not run. */
  url: text.nullable(),
  /** The sources of the demo that have not been deleted. */
  sources: z.array(z.object({ id: text, name: text })),
})
export type DemoView = z.infer<typeof demoSchema>

/** A source's webhook and its last calls, newest first. */
export const webhookSchema = z.object({
  url: text,
  hasSecret: z.boolean(),
  calls: z.array(
    z.object({
      at: time,
      /** What the call was answered: 202, or the status and the code of a refusal. */
      status: z.int(),
      code: text.nullable(),
      /** The run that the call started, or that it joined. */
      runId: text.nullable(),
      /** Whether it was a call of Muster's own, which starts no run. */
      test: z.boolean(),
      /** The number of equal refusals in a row, as one entry; `at` is the time of the last. */
      times: count,
    }),
  ),
})
export type WebhookView = z.infer<typeof webhookSchema>

export const notificationSchema = z.object({
  id: text,
  runId: text.nullable(),
  sourceId: text.nullable(),
  kind: z.enum(NOTIFICATION_KINDS),
  /** The addresses; empty for a viewer. */
  recipients: z.array(text),
  subject: text,
  status: z.enum(NOTIFICATION_STATUSES),
  error: text.nullable(),
  createdAt: time,
  sentAt: time.nullable(),
})
export type NotificationView = z.infer<typeof notificationSchema>

/** An e-mail as it was sent. `text` and `html` are null before it is, and once they are not kept any more. */
export const sentMailSchema = notificationSchema.omit({ recipients: true }).extend({
  text: text.nullable(),
  html: text.nullable(),
  /** What became of it for each recipient. A viewer sees no address. */
  recipients: z.array(
    z.object({
      email: text.nullable(),
      status: notificationSchema.shape.status,
      /** Why it could not be sent: a code of Email Service, such as `E_RECIPIENT_SUPPRESSED`, or a class of errors. */
      code: text.nullable(),
      at: time.nullable(),
    }),
  ),
  /** What became of it for each webhook. Of an address the host is shown; null if the source does not have it any more. */
  webhooks: z.array(
    z.object({
      kind: z.enum(WEBHOOK_KINDS),
      url: text.nullable(),
      status: notificationSchema.shape.status,
      /** Why it could not be sent: `http_404` and so on, a code of failure, or `removed`. */
      code: text.nullable(),
      at: time.nullable(),
    }),
  ),
})
export type SentMailView = z.infer<typeof sentMailSchema>

export const auditSchema = z.object({
  id: text,
  at: time,
  /** A user’s e-mail address or a token’s name; `actorKind` and `actorId` tell who it really was. */
  actor: text.nullable(),
  /** Null in entries of earlier versions. */
  actorKind: z.enum(AUTHOR_KINDS).nullable(),
  /** The ID of the user, of the token, or of the webhook’s source. */
  actorId: text.nullable(),
  /** The network address that the request came from. */
  client: text.nullable(),
  action: z.enum(AUDIT_ACTIONS),
  subject: text.nullable(),
  /** The source of the run that is the subject. */
  sourceId: text.nullable(),
  detail: text.nullable(),
  /** How often it happened within a quarter of an hour, for what could be repeated without end; otherwise 1. */
  count: z.number().int(),
  lastAt: time.nullable(),
})
export type AuditView = z.infer<typeof auditSchema>

export const tokenSchema = z.object({
  id: text,
  name: text,
  scopes: z.array(z.enum(TOKEN_SCOPES)),
  /** The only sources that the token may see; null for all. */
  sources: z.array(text).nullable(),
  createdAt: time,
  expiresAt: time.nullable(),
  /** To within five minutes. */
  lastUsedAt: time.nullable(),
})
export type TokenView = z.infer<typeof tokenSchema>

const choices = z.array(z.object({ id: z.union([text, z.number()]), name: text })).optional()

/**
 * The outcome of a connection test (api: `POST /api/sources/test`). For a CRM it also lists the choices of the
 * settings.
 */
export const testSchema = z.object({
  ok: z.boolean(),
  code: z.enum(FAILURE_CODES).optional(),
  detail: text.optional(),
  advice: text.optional(),
  /** `sheet`: the one of a workbook that was read. */
  file: z.object({ name: text, bytes: count, modifiedAt: text.nullable(), sheet: text.optional() }).optional(),
  hostKey: text.optional(),
  columns: z.array(
    z.object({
      name: text,
      samples: z.array(text),
      suggestion: z
        .object({
          to: text,
          type: z.enum(NUMBER_TYPES).optional(),
          list: z.boolean().optional(),
          smsStatus: z
            .object({ optedIn: smsValue, optedOut: smsValue })
            .optional()
            .describe(
              'The values for the setting `smsStatus` that go with this column: under "SMS Opt Out" a yes is an opt-out',
            ),
          confidence: z.number().min(0).max(1),
        })
        .nullable(),
    }),
  ),
  rows: z.array(z.array(text)),
  /** What the first contacts would be. Only with a mapping or the template’s headers, like the members below. */
  contacts: z
    .array(
      detailsSchema.extend({
        id: text,
        sms: z.object({ status: z.enum(SMS_STATUSES) }),
        rows: z.array(count),
      }),
    )
    .optional(),
  /** The counts of an import into an empty directory. */
  counts: countsSchema.optional(),
  partial: z.boolean().optional().describe('Whether only the beginning of the file was read'),
  /** The problems by their causes: errors first, and those of most rows first. */
  causes: z.array(causeSchema).optional(),
  /** The ID of the bytes that were read, which are kept for an hour. A test that sends it reads them again. */
  sample: text.optional(),
  attributes: choices,
  filters: choices,
  sourceCodes: choices,
  teams: choices,
})
export type TestView = z.infer<typeof testSchema>

/** What the service of a saved source offers to choose from, or why it could not be asked. */
export const choicesSchema = testSchema.pick({
  ok: true,
  code: true,
  detail: true,
  advice: true,
  attributes: true,
  filters: true,
  sourceCodes: true,
  teams: true,
})
export type ChoicesView = z.infer<typeof choicesSchema>
