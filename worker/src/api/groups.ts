import * as z from 'zod'
import { groupKey } from '../core/contact.ts'
import { cleanLine } from '../core/values/text.ts'
import { deleteGroup, findGroup, listGroups, makeGroup, renameGroup } from '../store/groups.ts'
import { type Recipient, recipients } from '../store/recipients.ts'
import { managedRemotely } from '../store/sources.ts'
import { requireLocal } from './contacts.ts'
import { numbersCursor, pageOf, pageQuery } from './page.ts'
import { ApiError, notFound } from './problem.ts'
import { route } from './route.ts'
import { groupViewSchema, pageSchema, type RecipientView, recipientSchema } from './views.ts'

const groupBody = z.object({
  name: z
    .string()
    .overwrite(cleanLine)
    .min(1)
    .max(200)
    .regex(/^[^,]+$/, 'A group’s name has no comma'),
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
    path: '/api/groups/:id/recipients',
    summary:
      'The numbers or addresses that a message to the group reaches, each once, in the order they are to be reached',
    role: 'viewer',
    scope: 'directory:read',
    query: pageQuery.extend({ channel: z.enum(['sms', 'voice', 'pager', 'email']) }),
    answer: pageSchema(recipientSchema),
    async handle({ env, params, query }) {
      const group = await findGroup(env, params.id)
      if (group === null) throw notFound('group')
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
    view: groupViewSchema,
    answer: groupViewSchema,
    async handle({ env, body }) {
      await requireLocal(env)
      const group = await makeGroup(env, groupKey(body.name), body.name)
      if (group === null) throw new ApiError(409, 'name_taken', 'There is a group of this name.')
      return { id: String(group.id), name: group.name, contacts: 0 }
    },
  }),
  route({
    method: 'patch',
    path: '/api/groups/:id',
    summary: 'Rename a group by hand',
    role: 'manager',
    body: groupBody,
    view: groupViewSchema,
    answer: groupViewSchema.omit({ contacts: true }),
    async handle({ env, params, body, actor }) {
      await requireLocal(env)
      const group = await findGroup(env, params.id)
      if (group === null) throw notFound('group')
      if (!(await renameGroup(env, actor.label, group, body.name)))
        throw new ApiError(409, 'name_taken', 'There is a group of this name.')
      return { id: String(group.id), name: body.name }
    },
  }),
  route({
    method: 'delete',
    path: '/api/groups/:id',
    summary: 'Delete a group by hand; its contacts stay',
    role: 'manager',
    async handle({ env, params, actor }) {
      await requireLocal(env)
      const group = await findGroup(env, params.id)
      if (group === null) throw notFound('group')
      await deleteGroup(env, actor.label, group)
    },
  }),
]

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
