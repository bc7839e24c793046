import * as z from 'zod'
import { CHANNELS } from '../core/channels.ts'
import { groupKey } from '../core/contact.ts'
import { nameSchema } from '../core/name.ts'
import type { Env } from '../env.ts'
import { deleteGroup, findGroup, type GroupRow, listGroups, makeGroup, renameGroup } from '../store/groups.ts'
import { groupReach, unreached } from '../store/reach.ts'
import { type Recipient, recipients } from '../store/recipients.ts'
import { managedRemotely } from '../store/sources.ts'
import { changedMembers } from './changed-members.ts'
import { requireLocal } from './contacts.ts'
import { numbersCursor, pageOf, pageQuery, positionCursor } from './page.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { pageSchema } from './views/answer.ts'
import {
  groupReachSchema,
  groupViewSchema,
  type RecipientView,
  recipientSchema,
  unreachedSchema,
} from './views/contact.ts'

const groupBody = z.object({
  name: nameSchema(200).regex(/^[^,]+$/, 'A group’s name has no comma'),
})

/** Groups, and the recipients of a message to a group. */
export const groupRoutes = [
  route({
    method: 'get',
    path: '/api/groups',
    summary: 'Groups by name, with how many contacts each has',
    role: 'viewer',
    scope: 'directory:read',
    query: pageQuery,
    answer: pageSchema(groupViewSchema),
    async handle({ env, query }) {
      const rows = await listGroups(env, await managedRemotely(env), query.cursor, query.limit + 1)
      const view = ({ id, name, contacts }: (typeof rows)[number]) => ({ id: String(id), name, contacts })
      return pageOf(rows, query.limit, (row) => row.key, view)
    },
  }),
  route({
    method: 'get',
    path: '/api/groups/:id',
    summary: 'A group, with how many of its contacts each channel reaches',
    role: 'viewer',
    scope: 'directory:read',
    answer: groupReachSchema,
    async handle({ env, params }) {
      const group = await requireGroup(env, params.id)
      const { contacts, ...reach } = await groupReach(env, group.id)
      return { id: String(group.id), name: group.name, contacts, reach }
    },
  }),
  route({
    method: 'get',
    path: '/api/groups/:id/unreached',
    summary: 'The contacts of the group whom a channel does not reach, and why',
    role: 'viewer',
    scope: 'directory:read',
    query: pageQuery.extend({ channel: z.enum(CHANNELS) }),
    answer: pageSchema(unreachedSchema),
    async handle({ env, params, query }) {
      const group = await requireGroup(env, params.id)
      const { cursor, limit, channel } = query
      const rows = await unreached(env, group.id, channel, positionCursor(cursor), limit + 1)
      return pageOf(
        rows,
        limit,
        ({ key }) => String(key),
        ({ key, name, reasons }) => ({ key: String(key), name, reasons }),
      )
    },
  }),
  route({
    method: 'get',
    path: '/api/groups/:id/recipients',
    summary:
      'The numbers or addresses that a message to the group reaches, each once, in the order they are to be reached',
    role: 'viewer',
    scope: 'directory:read',
    query: pageQuery.extend({ channel: z.enum(CHANNELS) }),
    answer: pageSchema(recipientSchema),
    async handle({ env, params, query }) {
      const group = await requireGroup(env, params.id)
      const rows = await recipients(env, group, query.channel, numbersCursor(query.cursor, 3), query.limit + 1)
      return pageOf(rows, query.limit, (row) => row.order.join('.'), recipientView)
    },
  }),
  route({
    method: 'post',
    path: '/api/groups',
    summary: 'Make a group by hand',
    role: 'manager',
    status: 201,
    body: groupBody,
    view: groupReachSchema,
    answer: groupViewSchema,
    async handle({ env, body, record }) {
      await requireLocal(env)
      const group = await makeGroup(env, groupKey(body.name), body.name)
      if (group === null) throw new ApiError(409, 'name_taken', 'There is a group of this name.')
      await record('group_made', String(group.id), group.name)
      return { id: String(group.id), name: group.name, contacts: 0 }
    },
  }),
  route({
    method: 'patch',
    path: '/api/groups/:id',
    summary: 'Rename a group by hand',
    role: 'manager',
    body: groupBody,
    view: groupReachSchema,
    answer: groupViewSchema.omit({ contacts: true }),
    async handle({ env, params, body, actor, record }) {
      await requireLocal(env)
      const group = await requireGroup(env, params.id)
      if (!(await renameGroup(env, actor.label, group, body.name)))
        throw new ApiError(409, 'name_taken', 'There is a group of this name.')
      await record('group_changed', String(group.id), changedMembers({ name: group.name }, { name: body.name }))
      return { id: String(group.id), name: body.name }
    },
  }),
  route({
    method: 'delete',
    path: '/api/groups/:id',
    summary: 'Delete a group by hand; its contacts stay',
    role: 'manager',
    async handle({ env, params, actor, record }) {
      await requireLocal(env)
      const group = await requireGroup(env, params.id)
      await deleteGroup(env, actor.label, group)
      await record('group_deleted', String(group.id), group.name)
    },
  }),
]

/** Returns the group with the ID. Throws `ApiError` 404. */
async function requireGroup(env: Env, id: string): Promise<GroupRow> {
  const group = await findGroup(env, id)
  if (group === null) throw notFound('group')
  return group
}

function recipientView({ key, id, name, priority, number, email, contacts }: Recipient): RecipientView {
  return {
    key: String(key),
    id,
    name,
    number: number?.number ?? null,
    type: number?.type ?? null,
    extension: number?.extension ?? null,
    email,
    priority,
    contacts: contacts.map((contact) => ({ key: String(contact.key), id: contact.id, name: contact.name })),
  }
}
