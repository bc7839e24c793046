import * as z from 'zod'
import { readDetails } from '../core/contact.ts'
import { erase, lift } from '../run/erase.ts'
import { findErasable } from '../store/erasing.ts'
import { type ErasureRow, findErasure, listErasures } from '../store/erasures.ts'
import { recordsOf } from '../store/take-out.ts'
import { moved, requireContact, showContact } from './contacts.ts'
import { pageOf, pageQuery, timeCursor } from './page.ts'
import { notFound } from './problem.ts'
import { route } from './route.ts'
import { pageSchema } from './views/answer.ts'
import { type ErasureView, erasureSchema, takeOutSchema } from './views/consent.ts'

/** What a person may ask for who is in the directory: all that is held about them, and to be erased. */
export const erasureRoutes = [
  route({
    method: 'get',
    path: '/api/contacts/:key/export',
    summary: 'All that is held about a person, as one JSON file: contact, history, decisions with evidence, runs',
    role: 'administrator',
    answer: takeOutSchema,
    async handle({ env, params, record }) {
      const row = await requireContact(env, params.key)
      const runs = row.history.flatMap(({ run }) => run ?? [])
      await record('contact_taken_out', String(row.key))
      const held = await recordsOf(env, row, runs)
      const body = { exportedAt: new Date().toISOString(), contact: await showContact(env, row), ...readable(held) }
      return new Response(JSON.stringify(body, null, 2), {
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Disposition': `attachment; filename="contact-${row.key}.json"`,
        },
      })
    },
  }),
  route({
    method: 'post',
    path: '/api/contacts/:key/erase',
    summary:
      'Erase a person who asked for it, with all contacts of the person; imports leave the person out from then on',
    role: 'administrator',
    confirms: 'always',
    status: 202,
    body: z.object({ reason: z.string().trim().min(1).max(500) }),
    answer: erasureSchema,
    async handle({ env, params, body, actor, record }) {
      if ((await findErasable(env, params.key)) === null) throw notFound('contact')
      const erasure = await erase(env, params.key, { by: actor.label, reason: body.reason }, Date.now())
      if (erasure === null) throw moved()
      await record('person_erased', erasure.id, body.reason)
      return erasureView(erasure)
    },
  }),
  route({
    method: 'get',
    path: '/api/erasures',
    summary: 'Erasures, newest first: when, by whom and why. Nothing tells who the people were.',
    role: 'administrator',
    query: pageQuery,
    answer: pageSchema(erasureSchema),
    async handle({ env, query }) {
      const rows = await listErasures(env, timeCursor(query.cursor), query.limit + 1)
      return pageOf(rows, query.limit, (row) => `${row.at}.${row.id}`, erasureView)
    },
  }),
  route({
    method: 'delete',
    path: '/api/erasures/:id',
    summary: 'Lift an erasure: the next import brings the person back, if the source still has them',
    role: 'administrator',
    confirms: 'always',
    async handle({ env, params, record }) {
      const erasure = await findErasure(env, params.id)
      if (erasure === null) throw notFound('erasure')
      await lift(env, erasure)
      await record('erasure_lifted', erasure.id)
    },
  }),
]

function erasureView({ id, at, who, reason, contacts }: ErasureRow): ErasureView {
  return { id, at: new Date(at).toISOString(), by: who, reason, contacts: contacts.length }
}

const TIMES = ['at', 'createdAt', 'finishedAt', 'sentAt']

/** Returns records with times in ISO 8601 and with the details of people under their names. */
function readable(value: unknown): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(value, (name, one) => {
      if (TIMES.includes(name) && typeof one === 'number') return new Date(one).toISOString()
      return name === 'details' && Array.isArray(one) ? readDetails(JSON.stringify(one)) : one
    }),
  )
}
