import * as z from 'zod'
import { optOutFileOf } from '../connections/facts.ts'
import { hostAndFile } from '../connections/shown-address.ts'
import { writeDetails } from '../core/contact.ts'
import { csvStream } from '../formats/csv-write.ts'
import { decideAbout } from '../run/sms.ts'
import { mayAct } from '../security/roles.ts'
import { findOptOutFile } from '../store/opt-out-files.ts'
import { optOutRows } from '../store/opt-out-list.ts'
import { decidableContacts } from '../store/sms.ts'
import { listSmsChanges, type SmsChangeRow } from '../store/sms-changes.ts'
import { findSource } from '../store/sources.ts'
import type { Actor } from './access.ts'
import { requireContact, showContact } from './contacts.ts'
import { file } from './export.ts'
import { pageOf, pageQuery, positionCursor } from './page.ts'
import { notFound } from './problem.ts'
import { route } from './route.ts'
import { pageSchema } from './views/answer.ts'
import { type SmsChangeView, smsChangeSchema } from './views/consent.ts'
import { contactViewSchema } from './views/contact.ts'
import { optOutFileSchema } from './views/source.ts'

const smsStatusBody = z.object({
  status: z.enum(['opted_in', 'opted_out']),
  reason: z.string().trim().max(500).optional(),
})

/** Returns a decision that is made now, apart from the contacts that it is about. */
function decisionOf({ status, reason }: z.output<typeof smsStatusBody>, { kind, label, id }: Actor) {
  const how = kind === 'token' ? 'system' : 'person'
  return { status, how, who: label, whoId: id, reason: reason || null, at: Date.now() } as const
}

/** SMS statuses: setting them here, and the state of their write-backs. */
export const smsRoutes = [
  route({
    method: 'put',
    path: '/api/contacts/:key/sms-status',
    summary: 'Set a contact’s SMS status, whether the contact is manual or imported',
    role: 'manager',
    scope: 'sms:write',
    body: smsStatusBody,
    answer: contactViewSchema,
    async handle({ env, params, body, actor, record }) {
      const { key, source, id, details } = await requireContact(env, params.key)
      const about = { source, id, details: JSON.parse(writeDetails(details)) }
      await decideAbout(env, decisionOf(body, actor), new Map([[key, about]]))
      await record(`sms_${body.status}`, String(key), body.reason || null)
      return showContact(env, await requireContact(env, params.key))
    },
  }),
  route({
    method: 'post',
    path: '/api/contacts/sms-status',
    summary:
      'Set the SMS status of up to 500 contacts; those that have it by a decision made here stay as they are, so it can be sent again',
    role: 'manager',
    scope: 'sms:write',
    body: smsStatusBody.extend({
      keys: z
        .array(z.string().regex(/^\d{1,15}$/, 'Not the key of a contact'))
        .min(1)
        .max(500),
    }),
    answer: z.object({
      changed: z.int().describe('How many contacts the decision was recorded for'),
      unchanged: z.int().describe('How many had the status already'),
      missing: z.array(z.string()).describe('The keys of no contact'),
    }),
    async handle({ env, body, actor, record }) {
      const keys = [...new Set(body.keys)]
      const found = await decidableContacts(env, keys.map(Number), body.status)
      const people = found
        .filter(({ decided }) => !decided)
        .map(({ key, source, id, details }) => [key, { source, id, details: JSON.parse(details) }] as const)
      const missing = new Set(keys.map(Number))
      for (const { key } of found) missing.delete(key)
      if (people.length > 0) {
        await decideAbout(env, decisionOf(body, actor), new Map(people))
        const subjects = people.map(([key]) => String(key))
        await record(`sms_${body.status}`, subjects, body.reason || null)
      }
      return { changed: people.length, unchanged: found.length - people.length, missing: [...missing].map(String) }
    },
  }),
  route({
    method: 'get',
    path: '/api/contacts/:key/sms-changes',
    summary: 'Each SMS status the contact was given, newest first, by whom, and what became of telling its source',
    role: 'viewer',
    scope: 'directory:read',
    limited: 'contact',
    query: pageQuery,
    answer: pageSchema(smsChangeSchema),
    async handle({ env, params, query }) {
      const { key } = await requireContact(env, params.key)
      const rows = await listSmsChanges(env, key, positionCursor(query.cursor), query.limit + 1)
      return pageOf(rows, query.limit, (row) => String(row.seq), smsChangeView)
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/opt-outs',
    summary: 'The file on the source’s server to which the statuses set here are written, and its last writing',
    role: 'viewer',
    scope: 'runs:read',
    limited: 'source',
    answer: optOutFileSchema,
    async handle({ env, params, actor }) {
      const source = await findSource(env, params.id)
      if (source === null) throw notFound('source')
      const url = optOutFileOf(source.connection)?.url ?? null
      const row = url === null ? null : await findOptOutFile(env, source.id)
      // The file of other settings is another file.
      const writtenAt = row?.url === url ? (row?.writtenAt ?? null) : null
      return {
        url: url === null || mayAct(actor.role, 'manager') ? url : hostAndFile(url),
        writtenAt: writtenAt === null ? null : new Date(writtenAt).toISOString(),
        due: row?.nextAt != null,
        failure: row?.failure ?? null,
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/opt-outs.csv',
    summary: 'The source’s contacts whose SMS status was set here, for a source that cannot be told by itself',
    role: 'viewer',
    scope: 'directory:read',
    limited: 'source',
    async handle({ env, params, record }) {
      const source = await findSource(env, params.id)
      if (source === null) throw notFound('source')
      await record('opt_outs_exported', source.id)
      return file(csvStream(optOutRows(env, source.id)), 'opt-outs.csv', 'text/csv; charset=utf-8')
    },
  }),
]

function smsChangeView({ status, who, at, run, reason, writeBack, failure }: SmsChangeRow): SmsChangeView {
  return { status, by: who, at: new Date(at).toISOString(), reason, runId: run, writeBack, failure }
}
