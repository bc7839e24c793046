import * as z from 'zod'
import { changedAttributes } from '../core/comparing.ts'
import { SMS_STATUSES } from '../core/contact.ts'
import type { Env } from '../env.ts'
import { countContacts, listContacts } from '../store/contact-lists.ts'
import { type ContactFilter, ContactQuery, REACHES, SORTS } from '../store/contact-query.ts'
import { findContact, type StoredRow } from '../store/contacts.ts'
import { take } from '../store/counters.ts'
import { readFields } from '../store/fields.ts'
import { groupNames, groupNamesOf } from '../store/groups.ts'
import { changeManually, findManual } from '../store/manual.ts'
import { undoingRuns } from '../store/run-lists.ts'
import { isApplying } from '../store/runs.ts'
import { readSettings } from '../store/settings.ts'
import { managedRemotely } from '../store/sources.ts'
import { findAssignee } from '../store/users.ts'
import { contactSchema, detailsOf } from './contact-input.ts'
import { contactView, detailsView, historyView } from './contact-view.ts'
import { invalid, parse } from './input.ts'
import { parsePatched } from './merge-patch.ts'
import { pageQuery, parsePlace, placeCursor } from './page.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { pageSchema, totalSchema } from './views/answer.ts'
import { contactViewSchema } from './views/contact.ts'

/** The schema of a contact's body for the API description, whatever the directory's country and fields are. */
const contactBody = contactSchema('US', new Map(), null)

/** The filters of a list of contacts and of its export. */
export const filterQuery = z.object({
  search: z.string().max(200).optional(),
  source: z.string().optional(),
  group: z
    .string()
    .regex(/^\d{1,15}$/, 'A group’s ID is a number')
    .optional(),
  smsStatus: z.enum(SMS_STATUSES).optional(),
  assignedUser: z.string().optional(),
  reach: z.enum(REACHES).optional(),
  /** `field.KEY=VALUE` */
  field: z.record(z.string(), z.string().max(500)).optional(),
})

/** Returns the filter that a query asks for, of the contacts that the caller may see. Throws `ApiError` 400 for an unknown field. */
export async function filterOf(
  env: Env,
  { field, ...filter }: z.output<typeof filterQuery>,
  sources: ContactFilter['sources'],
): Promise<ContactFilter> {
  if (field === undefined) return { ...filter, sources }
  const { fields } = await readFields(env)
  const errors = Object.keys(field)
    .filter((key) => !fields.has(key))
    .map((key) => ({ path: `field.${key}`, message: 'There is no field with this key.' }))
  if (errors.length > 0) throw invalid('query', errors)
  return { ...filter, sources, fields: field }
}

/** The directory's contacts: searching them, and changing them while no source manages them. */
export const contactRoutes = [
  route({
    method: 'get',
    path: '/api/contacts',
    summary:
      'Contacts; search matches the start of any word of name, ID, organization and e-mail, and digits of a number',
    role: 'viewer',
    scope: 'directory:read',
    limited: 'handler',
    query: filterQuery.extend({ ...pageQuery.shape, sort: z.enum(SORTS).optional() }),
    answer: pageSchema(contactViewSchema).extend({ total: totalSchema }),
    async handle({ env, query, actor }) {
      const { cursor, limit, sort } = query
      const from = parsePlace(cursor, sort, query.source !== undefined || actor.sources?.length === 1)
      const asked = await ContactQuery.of(env, await filterOf(env, query, actor.sources))
      const [{ rows, next }, total] = await Promise.all([
        listContacts(env, asked, { sort, from, limit }),
        countContacts(env, asked),
      ])
      const names = await groupNamesOf(env, rows)
      return { items: rows.map((row) => contactView(row, names)), next: next && placeCursor(next), total }
    },
  }),
  route({
    method: 'get',
    path: '/api/contacts/:key',
    summary: 'One contact, with its history',
    role: 'viewer',
    scope: 'directory:read',
    limited: 'contact',
    answer: contactViewSchema,
    handle: async ({ env, params }) => showContact(env, await requireContact(env, params.key)),
  }),
  route({
    method: 'post',
    path: '/api/contacts',
    summary: 'Make a contact by hand',
    role: 'manager',
    status: 201,
    body: contactBody,
    raw: 'whole',
    view: contactViewSchema,
    answer: contactViewSchema,
    async handle({ env, body, actor, record }) {
      await requireLocal(env)
      const { defaultCountry } = await readSettings(env)
      const { fields, revision } = await readFields(env)
      const input = parse(contactSchema(defaultCountry, fields, null), body, 'body')
      const existing = await findManual(env, input.id)
      if (existing !== null && existing.removedAt === null)
        throw new ApiError(409, 'id_taken', 'Another contact has this ID.')
      const { details, groups } = detailsOf(input)
      const key = existing?.key ?? (await take(env, 'key'))
      const change = {
        op: 'add' as const,
        key,
        id: input.id,
        before: null,
        after: details,
        rows: [],
        returns: existing !== null,
      }
      requireChanged(await changeManually(env, actor.label, change, groups, 0, revision))
      await record('contact_made', String(key))
      return showContact(env, await requireContact(env, String(key)))
    },
  }),
  route({
    method: 'patch',
    path: '/api/contacts/:key',
    summary: 'Change a contact by hand (JSON merge patch); its ID stays',
    role: 'manager',
    body: contactBody,
    raw: 'patch',
    view: contactViewSchema,
    answer: contactViewSchema,
    async handle({ env, params, body, actor, record }) {
      await requireLocal(env)
      const row = await requireContact(env, params.key)
      const names = await groupNames(env)
      const before = { id: row.id, ...detailsView(row.details, names) }
      const { defaultCountry } = await readSettings(env)
      const current = await readFields(env)
      const schema = contactSchema(defaultCountry, current.fields, row.details.fields)
      const input = parsePatched(schema, before, body, contactViewSchema)
      if (input.id !== row.id)
        throw new ApiError(409, 'id_fixed', 'A contact’s ID stays as it is. Make another contact for another ID.')
      const entered = detailsOf(input)
      const changed = changedAttributes(row.details, entered.details)
      if (changed.length > 0) {
        const change = {
          op: 'update' as const,
          key: row.key,
          id: row.id,
          before: row.details,
          after: entered.details,
          changed,
          rows: [],
        }
        requireChanged(await changeManually(env, actor.label, change, entered.groups, row.seq, current.revision))
        await record('contact_changed', String(row.key), changed.join(', '))
      }
      return showContact(env, await requireContact(env, params.key))
    },
  }),
  route({
    method: 'delete',
    path: '/api/contacts/:key',
    summary: 'Remove a contact by hand',
    role: 'manager',
    async handle({ env, params, actor, record }) {
      await requireLocal(env)
      const row = await requireContact(env, params.key)
      const { revision } = await readFields(env)
      const change = {
        op: 'remove' as const,
        key: row.key,
        id: row.id,
        before: row.details,
        after: null,
        rows: [] as [],
      }
      requireChanged(await changeManually(env, actor.label, change, [], row.seq, revision))
      await record('contact_removed', String(row.key))
    },
  }),
]

/**
 * Throws 409: `managed_remotely` once a source is enabled, `run_active` while a run writes contacts (design: Who
 * manages contacts).
 */
export async function requireLocal(env: Env): Promise<void> {
  if (await managedRemotely(env))
    throw new ApiError(
      409,
      'managed_remotely',
      'Contacts and groups are managed in the remote source. Make the change there and import again.',
    )
  // An undo of a disabled source may still be writing contacts.
  if (await isApplying(env))
    throw new ApiError(409, 'run_active', 'Contacts are being changed just now. Try again in a moment.')
}

/** Throws `ApiError` 409 unless a manual change was made. */
function requireChanged(changed: boolean | 'erased'): void {
  if (changed === 'erased')
    throw new ApiError(
      409,
      'erased',
      'This person was erased at their own request. Only an administrator can let them back, in the settings.',
    )
  if (!changed) throw moved()
}

/** Returns the error for a contact that has changed since it was read. */
export function moved(): ApiError {
  return new ApiError(409, 'contact_moved', 'Somebody else changed this contact at the same time. Look at it again.')
}

/** Returns the contact with the key. Throws `ApiError` 404. */
export async function requireContact(env: Env, key: string): Promise<StoredRow> {
  const row = await findContact(env, key)
  if (row === null) throw notFound('contact')
  return row
}

/** Returns one contact as the API shows it, with its history. */
export async function showContact(env: Env, row: StoredRow) {
  const { assignedUser } = row.details
  const assignedTo = assignedUser === null ? null : await findAssignee(env, assignedUser)
  // The history may name groups that the contact has left.
  const names = await groupNames(env)
  const undoing = await undoingRuns(
    env,
    row.history.flatMap(({ run }) => run ?? []),
  )
  return { ...contactView(row, names), history: historyView(row, names, undoing), assignedTo }
}
