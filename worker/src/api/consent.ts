import type { Env } from '../env.ts'
import { csvStream } from '../formats/csv-write.ts'
import type { CellValue } from '../formats/workbook.ts'
import {
  type Concerning,
  currentDecisions,
  type Evidence,
  type LedgerLine,
  listDecisions,
  type Person,
  pastDecisions,
  START,
} from '../store/evidence.ts'
import { STATUS_WORDS } from '../store/opt-out-list.ts'
import { yieldThread } from '../yield-thread.ts'
import { requireContact } from './contacts.ts'
import { file } from './export.ts'
import { numbersCursor, pageOf, pageQuery } from './page.ts'
import { route } from './route.ts'
import { consentSchema, type DecisionView } from './views/consent.ts'

/** How many lines one query reads. A download is one invocation, for which D1 allows 1,000 queries. */
const PAGE = 5000
const HOW = { text: 'Text', person: 'Person', system: 'System', source: 'Source' }

/** The decisions that people opted out or in, with their evidence. */
export const consentRoutes = [
  route({
    method: 'get',
    path: '/api/contacts/:key/consent',
    summary: 'The decisions from which the contact’s SMS status follows, and the past ones page by page, with evidence',
    role: 'viewer',
    scope: 'directory:read',
    limited: 'contact',
    query: pageQuery,
    answer: consentSchema,
    async handle({ env, params, query }) {
      const { key, sms } = await requireContact(env, params.key)
      const current = await currentDecisions(env, key)
      const ids = current.map(({ id }) => id)
      const [at = Number.MAX_SAFE_INTEGER, id = 0] = numbersCursor(query.cursor, 2)
      const rows = await pastDecisions(env, key, ids, [at, id], query.limit + 1)
      const { items, next } = pageOf(rows, query.limit, (row) => `${row.at}.${row.id}`, decisionView)
      return { status: sms.status, current: current.map(decisionView), past: items, next }
    },
  }),
  route({
    method: 'get',
    path: '/api/decisions.csv',
    summary:
      'Every decision that a person or a number opted out or in, with evidence, one row for each person it was about',
    role: 'administrator',
    async handle({ env, record }) {
      await record('decisions_exported', null)
      return file(csvStream(rows(env)), 'decisions.csv', 'text/csv; charset=utf-8')
    },
  }),
]

function decisionView(decision: Concerning): DecisionView {
  const { id, status, how, who, at, number, about, evidence, counting, shared } = decision
  return {
    id: String(id),
    status,
    how,
    by: who,
    at: new Date(at).toISOString(),
    from: number,
    counts: counting === null ? 'contact' : shared ? 'shared' : 'number',
    number: counting,
    about: about && personView(about),
    evidence: evidence && evidenceView(evidence),
  }
}

function personView({ source, id, name, numbers, emails }: Person): DecisionView['about'] {
  return { sourceId: source || null, id, name, numbers, emails }
}

function evidenceView(evidence: Evidence): DecisionView['evidence'] {
  if (!('run' in evidence)) return evidence
  const { run, row, value } = evidence
  return { runId: run, row, value }
}

async function* rows(env: Env): AsyncGenerator<CellValue[]> {
  yield [
    ...['Decision', 'When', 'Status', 'How', 'By', 'Number', 'Source', 'ID', 'Name', 'Numbers', 'E-mails'],
    ...['Words', 'Reason', 'Value', 'Run', 'Row', 'Stands'],
  ]
  for (let after = START; ; ) {
    const page = await listDecisions(env, after, PAGE)
    for (const line of page) yield cells(line)
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    await yieldThread()
    after = last
  }
}

function cells({ id, status, how, who, at, number, about, sourceName, evidence, stands }: LedgerLine): CellValue[] {
  const { words, reason, value, run, row }: Partial<Record<'words' | 'reason' | 'value' | 'run' | 'row', CellValue>> =
    evidence ?? {}
  return [
    ...[
      id,
      new Date(at).toISOString(),
      STATUS_WORDS[status],
      HOW[how],
      who,
      plain(number),
      sourceName ?? about?.source ?? '',
    ],
    ...[about?.id ?? '', about?.name ?? '', about?.numbers.map(plain).join('; ') ?? '', about?.emails.join('; ') ?? ''],
    ...[words ?? '', reason ?? '', value ?? '', run ?? '', row ?? '', stands ? 'yes' : 'no'],
  ]
}

/** Returns a number without its plus, so that a spreadsheet reads a number and not a formula. */
function plain(number: string | null): string {
  return number?.slice(1) ?? ''
}
