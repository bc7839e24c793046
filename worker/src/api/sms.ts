import * as z from 'zod'
import type { Env } from '../env.ts'
import { csvStream } from '../formats/csv-write.ts'
import type { CellValue } from '../formats/workbook.ts'
import { setSms } from '../run/sms.ts'
import { audit } from '../store/audit.ts'
import { listLedger, type SmsChangeRow } from '../store/ledger.ts'
import { listSetHere } from '../store/sms.ts'
import { findSource } from '../store/sources.ts'
import { yieldThread } from '../yield-thread.ts'
import { requireContact, showContact } from './contacts.ts'
import { file } from './export.ts'
import { pageOf, pageQuery, positionCursor } from './page.ts'
import { notFound } from './problem.ts'
import { route } from './route.ts'
import { contactViewSchema, pageSchema, type SmsChangeView, smsChangeSchema } from './views.ts'

/** SMS statuses: setting them here, and the state of their write-backs. */
export const smsRoutes = [
  route({
    method: 'put',
    path: '/api/contacts/:key/sms-status',
    summary: 'Set a contact’s SMS status, whether the contact is manual or imported',
    role: 'manager',
    body: z.object({ status: z.enum(['opted_in', 'opted_out']), reason: z.string().trim().max(500).optional() }),
    answer: contactViewSchema,
    async handle({ env, params, body, actor }) {
      const row = await requireContact(env, params.key)
      const setting = { status: body.status, who: actor.label, reason: body.reason || null, now: Date.now() }
      await setSms(env, { key: row.key }, setting)
      await audit(env, actor.label, `sms_${body.status}`, String(row.key), body.reason || null)
      return showContact(env, await requireContact(env, params.key))
    },
  }),
  route({
    method: 'get',
    path: '/api/contacts/:key/sms-changes',
    summary: 'Each SMS status the contact was given, newest first, by whom, and what became of telling its source',
    role: 'viewer',
    query: pageQuery,
    answer: pageSchema(smsChangeSchema),
    async handle({ env, params, query }) {
      const { key } = await requireContact(env, params.key)
      const rows = await listLedger(env, key, positionCursor(query.cursor), query.limit + 1)
      return pageOf(rows, query.limit, (row) => String(row.seq), smsChangeView)
    },
  }),
  route({
    method: 'get',
    path: '/api/sources/:id/opt-outs.csv',
    summary: 'The source’s contacts whose SMS status was set here, for a source that cannot be told by itself',
    role: 'viewer',
    async handle({ env, params, actor }) {
      const source = await findSource(env, params.id)
      if (source === null) throw notFound('source')
      await audit(env, actor.label, 'opt_outs_exported', source.id)
      return file(csvStream(rows(env, source.id), { defused: true }), 'opt-outs.csv', 'text/csv; charset=utf-8')
    },
  }),
]

const AT_ONCE = 1000
const WORDS = { opted_in: 'Opted in', opted_out: 'Opted out', unknown: '' }

async function* rows(env: Env, source: string): AsyncGenerator<CellValue[]> {
  yield ['ID', 'Name', 'Number', 'SMS Status', 'When']
  for (let after = 0; ; ) {
    const page = await listSetHere(env, source, after, AT_ONCE)
    for (const { id, name, number, smsStatus, smsAt } of page) {
      // A number is written without its plus, so that a spreadsheet reads a number and not a formula.
      yield [id, name, number?.slice(1) ?? '', WORDS[smsStatus], new Date(smsAt).toISOString()]
    }
    const last = page.at(-1)
    if (last === undefined) return
    await yieldThread()
    after = last.key
  }
}

function smsChangeView({ status, who, at, run, reason, writeBack, failure }: SmsChangeRow): SmsChangeView {
  return { status, by: who, at: new Date(at).toISOString(), reason, runId: run, writeBack, failure }
}
