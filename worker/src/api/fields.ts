import { type FieldDefinition, fieldSchema } from '../core/field.ts'
import type { MappingColumn } from '../core/mapping.ts'
import { readField } from '../core/values/field.ts'
import type { Env } from '../env.ts'
import { sendStep } from '../run/step.ts'
import { contactsWith } from '../store/field-values.ts'
import {
  type CurrentFields,
  changeField,
  deleteField,
  labelTaken,
  listFields,
  makeField,
  readFields,
  sourcesMapping,
  type Taken,
} from '../store/fields.ts'
import { isApplying } from '../store/runs.ts'
import { changedMembers } from './changed-members.ts'
import { parsePatched } from './merge-patch.ts'
import { pageOf, pageQuery } from './page.ts'
import { ApiError, type ErrorCode, notFound } from './problem.ts'
import { route } from './route.ts'
import { pageSchema } from './views/answer.ts'

/** Custom fields of contacts (seed: Fields page). */
export const fieldRoutes = [
  route({
    method: 'get',
    path: '/api/fields',
    summary: 'Custom fields, in the order of their keys',
    role: 'viewer',
    scope: 'directory:read',
    limited: 'handler',
    query: pageQuery,
    answer: pageSchema(fieldSchema),
    async handle({ env, query }) {
      const rows = await listFields(env, query.cursor, query.limit + 1)
      return pageOf(
        rows,
        query.limit,
        ({ key }) => key,
        (field) => field,
      )
    },
  }),
  route({
    method: 'get',
    path: '/api/fields/:key',
    summary: 'One custom field',
    role: 'viewer',
    scope: 'directory:read',
    limited: 'handler',
    answer: fieldSchema,
    handle: async ({ env, params }) => find(await readFields(env), params.key),
  }),
  route({
    method: 'post',
    path: '/api/fields',
    summary: 'Make a custom field; its key stays',
    role: 'administrator',
    status: 201,
    body: fieldSchema,
    answer: fieldSchema,
    async handle({ env, body, record }) {
      const taken = await makeField(env, body, Date.now())
      if (taken !== null) throw TAKEN[taken]()
      await record('field_made', body.key, body.label)
      return body
    },
  }),
  route({
    method: 'patch',
    path: '/api/fields/:key',
    summary: 'Change a custom field (JSON merge patch); plans of sources that map it are made again',
    role: 'administrator',
    body: fieldSchema,
    raw: 'patch',
    answer: fieldSchema,
    async handle({ env, params, body, record }) {
      const current = await readFields(env)
      const before = find(current, params.key)
      const after = parsePatched(fieldSchema, before, body)
      if (after.key !== before.key) {
        throw new ApiError(409, 'key_fixed', 'A field’s key stays as it is. Change its label, or make another field.')
      }
      if (await labelTaken(env, after)) throw TAKEN.label()
      await requireReadable(env, before, after)
      if (!(await changeField(env, current, before, after))) throw await refused(env, before, after)
      await record('field_changed', after.key, changedMembers(before, after))
      return after
    },
  }),
  route({
    method: 'delete',
    path: '/api/fields/:key',
    summary: 'Delete a custom field that no source maps; its values go from all contacts',
    role: 'administrator',
    async handle({ env, params, actor, record }) {
      const current = await readFields(env)
      const { key, label } = find(current, params.key)
      const [source, ...others] = await sourcesMapping(env, key)
      if (source !== undefined) {
        const more = others.length === 0 ? '' : ` and ${others.length} more`
        const detail = `The source “${source.name}”${more} imports this field. Take it out of the mapping there first.`
        throw new ApiError(409, 'field_mapped', detail, { sourceIds: [source, ...others].map(({ id }) => id) })
      }
      if (!(await deleteField(env, current, key, actor.label, Date.now()))) throw fieldsMoved()
      await record('field_deleted', key, label)
      await sendStep(env, { step: 'forget', field: key })
    },
  }),
]

/**
 * Throws 400 if a mapping names a field that does not exist, or a constant that is no value of its field; `path` is the
 * path in the body of a source.
 */
export function requireFields(
  mapping: readonly MappingColumn[] | null,
  { fields }: CurrentFields,
  defaultCountry: string,
): void {
  const errors = (mapping ?? []).flatMap(({ to, constant }, index) => {
    const key = to.startsWith('field:') ? to.slice('field:'.length) : null
    if (key === null) return []
    const field = fields.get(key)
    if (field === undefined) {
      const message = `There is no field “${key}”. Set it up on the Fields page first, or choose another target.`
      return [{ path: `mapping.${index}.to`, message }]
    }
    const [finding] = constant === undefined ? [] : readField(constant, field, defaultCountry).findings
    return finding === undefined ? [] : [{ path: `mapping.${index}.constant`, message: finding.message }]
  })
  if (errors.length === 0) return
  const detail = errors.map(({ message }) => message).join(' ')
  throw new ApiError(400, 'invalid', `The body is not valid. ${detail}`, { errors })
}

function find({ fields }: CurrentFields, key: string): FieldDefinition {
  const field = fields.get(key)
  if (field === undefined) throw notFound('field')
  return field
}

/**
 * Refuses a change that would make stored values unreadable. Any value is a text, and none of several values may be
 * lost.
 */
async function requireReadable(env: Env, before: FieldDefinition, after: FieldDefinition): Promise<void> {
  const { key } = before
  if (after.type !== before.type && after.type !== 'text') {
    const count = await contactsWith(env, key)
    if (count > 0) throw inUse(count, 'a value of this field', 'make another field of the new type')
  }
  if (before.list && !after.list) {
    const count = await contactsWith(env, key, true)
    if (count > 0) throw inUse(count, 'several values of this field', 'leave it a list')
  }
}

function inUse(count: number, what: string, instead: string): ApiError {
  const have = count === 1 ? 'contact has' : 'contacts have'
  const detail = `${count} ${have} ${what}. Clear them first, or ${instead}.`
  return new ApiError(409, 'field_in_use', detail, { contacts: count })
}

/** Returns the error for a change that failed. Throws if stored values have become unreadable since. */
async function refused(env: Env, before: FieldDefinition, after: FieldDefinition): Promise<ApiError> {
  await requireReadable(env, before, after)
  if (before.type === after.type || !(await isApplying(env))) return fieldsMoved()
  return new ApiError(409, 'run_active', 'An import is writing contacts. Change the type once it has ended.')
}

/** Returns the error for definitions or sources that changed while a change of them was under way. */
export function fieldsMoved(): ApiError {
  return new ApiError(
    409,
    'fields_moved',
    'Somebody changed fields or sources at the same time. Look again and repeat.',
  )
}

const TAKEN: Record<Taken, () => ApiError> = {
  key: () => taken('key_taken', 'key', 'Another field has this key.'),
  label: () => taken('label_taken', 'label', 'Another field has this label.'),
  deleting: () =>
    taken('field_deleting', 'key', 'A deleted field had this key, and its values are still going. Try in a minute.'),
}

function taken(code: ErrorCode<409>, path: string, message: string): ApiError {
  return new ApiError(409, code, message, { errors: [{ path, message }] })
}
