import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { SMS_STATUSES } from '../core/contact.ts'
import { decideSms, type SmsReading, type SmsState } from '../core/sms.ts'
import { write } from './database.ts'
import type { KeyedChange } from './plan-reading.ts'
import { applySms } from './sms-import.ts'

const SEEN = [null, '', 'Y', 'N'] as const
const MEANINGS: SmsReading[] = [
  { value: 'Y', means: 'opted_in' },
  { value: 'N', means: 'opted_out' },
  { value: '', means: null },
  { value: 'N', means: 'opted_out', doubtful: true },
  { value: '', means: 'opted_in' },
  { value: 'maybe', means: null },
]

/** Returns every state of a contact. An opt-out made here stands only while the contact is opted out. */
function states(): SmsState[] {
  return SMS_STATUSES.flatMap((own) =>
    SEEN.flatMap((seen) => {
      const plain = { own, byNumber: false, seen, here: null, shown: false }
      return own === 'opted_out' ? [plain, { ...plain, here: 100 }, { ...plain, here: 100, shown: true }] : [plain]
    }),
  )
}

/** Stores contacts in these states, with the decisions that they follow from. */
async function store(cases: readonly SmsState[]): Promise<void> {
  const statements = cases.flatMap(({ own, here, shown, seen }, i) => {
    const key = i + 1
    const decided = own === 'unknown' ? null : key
    const contact = env.DB.prepare(
      `INSERT INTO contact (key, source, id, seq, details, updated_at, sms_status, sms_own, sms_decision, sms_in, sms_here,
          sms_shown, sms_seen) VALUES (?1, 's', ?1, ?1, '["Ana"]', 0, ?2, ?2, ?3, ?4, ?5, ?6, ?7)`,
    ).bind(key, own, decided, own === 'opted_in' ? key : null, here, shown ? 1 : 0, seen)
    if (decided === null) return [contact]
    const decision = env.DB.prepare(
      `INSERT INTO decision (id, status, how, who, at, contact) VALUES (?1, ?2, ?3, ?3, ?4, ?1)`,
    ).bind(key, own, here === null ? 'source' : 'person', here ?? 1)
    if (own === 'opted_in') return [contact, decision]
    return [
      contact,
      decision,
      env.DB.prepare('INSERT INTO contact_opt_out (contact, decision) VALUES (?1, ?1)').bind(key),
    ]
  })
  await env.DB.batch(statements)
  await env.DB.prepare(`UPDATE counter SET value = ?1 WHERE name = 'seq'`).bind(cases.length).run()
}

it.each([50, 100, 150])('the SMS rule in SQL equals core’s rule, for a fetch that began at %i', async (fetchedAt) => {
  const cases = states().flatMap((before) => MEANINGS.map((reading) => ({ before, reading })))
  await store(cases.map(({ before }) => before))
  const changes = cases.map(({ before, reading }, i): KeyedChange => {
    const sms = { ...reading, before: before.own, after: before.own }
    return { op: 'sms', key: i + 1, id: String(i + 1), before: null, after: null, sms, rows: [] }
  })
  const apply = () =>
    write(
      env,
      applySms({ run: 'r', source: 's', fetchedAt }, changes, () => false, 1000),
    )
  const current = async () => {
    const { results } = await env.DB.prepare('SELECT * FROM contact ORDER BY key').all<Record<string, unknown>>()
    return results
  }
  await apply()
  const after = await current()
  const expected = cases.map(({ before, reading }) => decideSms(before, reading, fetchedAt))
  expect(
    after.map((row) => ({
      own: row.sms_own,
      byNumber: row.sms_status !== row.sms_own,
      here: row.sms_here,
      shown: row.sms_shown === 1,
      seen: row.sms_seen,
    })),
  ).toEqual(expected)
  // Exactly the contacts that changed have a new place in the order of changes.
  expect(after.map((row) => Number(row.seq) > cases.length)).toEqual(
    cases.map(({ before }, i) => before.own !== expected[i]?.own),
  )
  // The history of a changed contact has the new status.
  expect(after.map(({ history }) => JSON.parse(String(history))[0]?.to)).toEqual(
    cases.map(({ before }, i) => (before.own === expected[i]?.own ? undefined : expected[i]?.own)),
  )
  await apply()
  expect(await current()).toEqual(after)
})

it('a source’s value counts for its own contacts only', async () => {
  await store([{ own: 'unknown', byNumber: false, seen: null, here: null, shown: false }])
  const sms = { value: 'N', means: 'opted_out' as const, before: 'unknown' as const, after: 'opted_out' as const }
  const change: KeyedChange = { op: 'sms', key: 1, id: '1', before: null, after: null, sms, rows: [] }
  const status = async (source: string) => {
    await write(
      env,
      applySms({ run: 'r', source, fetchedAt: 1 }, [change], () => false, 1000),
    )
    return env.DB.prepare('SELECT sms_status FROM contact').first('sms_status')
  }
  expect([await status('another'), await status('s')]).toEqual(['unknown', 'opted_out'])
})
