import { readDetails } from '../core/contact.ts'
import type { SmsReading } from '../core/sms.ts'
import { NUMBER, numbersOf, updatingStatuses } from './consent.ts'
import { named, type Statement } from './database.ts'
import {
  ABOUT,
  beforeDecisions,
  DECIDED,
  ENDED_BY_OPT_IN,
  endingOptOuts,
  forgettingEnded,
  NEW_DECISION,
} from './deciding.ts'
import type { KeyedChange } from './plan-reading.ts'

/** The run whose source sets the SMS statuses. `fetchedAt`: when its fetch began, in milliseconds since 1970. */
interface SmsWriter {
  run: string
  source: string
  fetchedAt: number
}

/** A source's value for a contact, with its meaning, the number of its row, or null, and whether it may show an opt-out. */
type Row = [key: number, value: string, means: SmsReading['means'], row: number | null, shows: 0 | 1]

/** The source's opt-out in a row that makes its ID somebody else: it counts for the row's numbers only. */
type NumbersRow = [id: string, value: string, row: number | null, numbers: string[]]

/** The values of a source that are read, and the contacts that they are for. */
const READINGS = `SELECT c.*, s.value->>1 AS said, s.value->>2 AS means, s.value->>3 AS row, s.value->>4 AS shows
  FROM json_each(:readings) s CROSS JOIN contact c ON c.key = s.value->>0
  WHERE c.source = :source AND c.removed_at IS NULL`

/**
 * As SQL: whether the value is only what Muster had last written to the source when the value was read. It is not the source's
 * own word until the source has shown another value.
 */
const IS_ECHO = `EXISTS (SELECT 1 FROM sms_change w WHERE w.contact = c.key AND lower(trim(w.value)) = lower(c.said)
  AND (w.write_back IN ('sent', 'superseded') OR (w.write_back = 'confirmed' AND c.said IS c.sms_seen))
  AND w.seq = (SELECT max(n.seq) FROM sms_change n WHERE n.contact = c.key AND n.sent_at <= :fetchedAt))`

/** As SQL: whether a status was written to the source since the value was read. Then an opt-in may be out of date. */
const IS_OVERWRITTEN = 'EXISTS (SELECT 1 FROM sms_change w WHERE w.contact = c.key AND w.sent_at > :fetchedAt)'

/** `decideSms` of `core/sms.ts` in SQL: the readings that are decisions. */
const DECIDING = `SELECT * FROM (${READINGS}) c
  WHERE means IS NOT NULL AND means <> sms_own AND (said IS NOT sms_seen OR sms_own = 'unknown')
    AND (means = 'opted_out' OR ((sms_here IS NULL OR sms_shown = 1) AND NOT ${IS_OVERWRITTEN})) AND NOT ${IS_ECHO}`

const SHOWN = `(sms_here IS NOT NULL AND (sms_shown = 1 OR (means IS 'opted_out' AND shows = 1 AND :fetchedAt > sms_here)))`

/** The opt-outs of numbers that came from rows of a contact before the contact. Now the contact's own opt-out counts. */
const FROM_ROWS = `SELECT s.number, s.decision, s.contact
  FROM decision d CROSS JOIN contact c ON c.key = d.contact, ${numbersOf('c')} n
    CROSS JOIN number_opt_out s ON s.number = ${NUMBER}
    CROSS JOIN decision e ON e.id = s.decision AND e.how = 'source' AND e.contact IS NULL
  WHERE d.${NEW_DECISION} AND d.status = 'opted_out' AND e.about->>'$.source' = c.source AND e.about->>'$.id' = c.id`

/** The contacts that the new decisions are about. Who opts out, or no longer does, concerns those with the same numbers. */
const CONCERNED = `${DECIDED.sql}
  UNION ALL
  SELECT h.contact FROM decision d CROSS JOIN contact c ON c.key = d.contact AND (d.status = 'opted_out' OR c.sms_own = 'opted_out'),
      ${numbersOf('c')} n CROSS JOIN contact_number h ON h.number = ${NUMBER}
    WHERE d.${NEW_DECISION}
  UNION ALL
  SELECT h.contact FROM decision d, json_each(d.about, '$.numbers') n CROSS JOIN contact_number h ON h.number = n.value
    WHERE d.${NEW_DECISION} AND d.contact IS NULL
  UNION ALL
  SELECT h.contact FROM decision d, json_each(d.evidence, '$.ended') n CROSS JOIN contact_number h ON h.number = n.value
    WHERE d.${NEW_DECISION}`

/**
 * Marks the newest pending and sent statuses as conflicts that the source now contradicts. They are no longer sent to it. A status that was
 * sent after the values were read may be what the source shows now.
 */
const CONFLICTS = `UPDATE sms_change SET write_back = 'conflict'
  WHERE source = :source AND (write_back = 'pending' OR (write_back = 'sent' AND sent_at <= :fetchedAt))
    AND contact IN (SELECT value->>0 FROM json_each(:readings))
    AND seq = (SELECT max(n.seq) FROM sms_change n WHERE n.contact = sms_change.contact AND n.write_back IS NOT NULL)
    AND status <> (SELECT sms_status FROM contact WHERE key = sms_change.contact)`

/**
 * Returns the statements that take over a source's SMS statuses, for one `write`, after the contacts themselves are
 * written. They decide when they run, against the contact as it is then, and not from the plan (design: invariant 8).
 * Running them again changes nothing. `becomesOther` says which contacts the plan makes somebody else.
 */
export function applySms(
  { run, source, fetchedAt }: SmsWriter,
  changes: readonly KeyedChange[],
  becomesOther: (key: number) => boolean,
  now: number,
): Statement[] {
  const rows: Row[] = []
  const others: NumbersRow[] = []
  for (const change of changes) {
    if (change.op === 'remove' || change.sms === undefined) continue
    const { value, means, doubtful } = change.sms
    const row = change.rows[0] ?? null
    if (isOfNumbers(change, becomesOther)) {
      const numbers = change.after === null ? [] : readDetails(change.after).numbers.map(({ number }) => number)
      if (numbers.length > 0) others.push([change.id, value, row, numbers])
    } else rows.push([change.key, value, means, row, doubtful === true ? 0 : 1])
  }
  if (rows.length + others.length === 0) return []
  const readings = JSON.stringify(rows)
  const has = (status: SmsReading['means']) => rows.some(([, , means]) => means === status)
  return [
    beforeDecisions(),
    named(
      `INSERT INTO decision (status, how, who, at, contact, about, evidence)
        SELECT means, 'source', 'source', :now, key, ${ABOUT}, iif(means = 'opted_in' AND sms_own = 'opted_out',
            json_object('run', :run, 'row', row, 'value', said, 'ended', json(${ENDED_BY_OPT_IN})),
            json_object('run', :run, 'row', row, 'value', said))
        FROM (${DECIDING}) c ORDER BY key`,
      { readings, source, fetchedAt, run, now },
    ),
    ...(has('opted_out')
      ? [
          named(`INSERT INTO contact_opt_out (contact, decision)
            SELECT contact, id FROM decision WHERE ${NEW_DECISION} AND status = 'opted_out' AND contact IS NOT NULL`),
          named(`DELETE FROM number_opt_out WHERE (number, decision, contact) IN (${FROM_ROWS})`),
        ]
      : []),
    ...(has('opted_in') ? endingOptOuts({ sql: `${DECIDED.sql} AND status = 'opted_in'`, values: {} }, 'own') : []),
    ...(others.length > 0 ? optingOutNumbers(others, { run, source }, now) : []),
    named(
      `INSERT INTO contact (key, source, id, seq, run, details, sms_in, sms_seen, sms_shown, updated_at)
        SELECT key, source, id, seq, run, details, CASE decided WHEN 'opted_in' THEN decision WHEN 'opted_out' THEN NULL ELSE sms_in END,
          said, ${SHOWN}, updated_at
        FROM (SELECT c.*, d.id AS decision, d.status AS decided FROM (${READINGS}) c
          LEFT JOIN decision d ON d.contact = c.key AND d.${NEW_DECISION})
        WHERE decided IS NOT NULL OR said IS NOT sms_seen OR ${SHOWN} <> sms_shown
        ON CONFLICT (key) DO UPDATE SET sms_in = excluded.sms_in, sms_seen = excluded.sms_seen, sms_shown = excluded.sms_shown`,
      { readings, source, fetchedAt },
    ),
    ...updatingStatuses({ sql: CONCERNED, values: {} }, { run, by: null }, now),
    ...(has('opted_in') ? [forgettingEnded(NEW_DECISION)] : []),
    named(CONFLICTS, { readings, source, fetchedAt }),
  ]
}

/** Returns whether an opt-out counts only for the numbers of its row: the ID has no contact yet, or gets another person. */
function isOfNumbers({ op, key, ...change }: KeyedChange, becomesOther: (key: number) => boolean): boolean {
  if (!('sms' in change) || change.sms?.means !== 'opted_out') return false
  return op === 'sms' && key <= 0 ? true : op !== 'add' && becomesOther(key)
}

/**
 * Returns the statements that opt out only the numbers of rows. The same value for the same numbers of an ID is recorded once:
 * such a row may come each night, also after the person has sent START.
 */
function optingOutNumbers(rows: readonly NumbersRow[], { run, source }: { run: string; source: string }, now: number) {
  return [
    named(
      `INSERT OR IGNORE INTO decision (name, status, how, who, at, about, evidence)
        SELECT 'row ' || json_array(:source, r.value->>0, r.value->>1, json(r.value->3)), 'opted_out', 'source', 'source', :now,
          json_object('source', :source, 'id', r.value->>0, 'numbers', json(r.value->3)),
          json_object('run', :run, 'row', r.value->2, 'value', r.value->>1)
        FROM json_each(:rows) r`,
      { rows: JSON.stringify(rows), run, source, now },
    ),
    named(`INSERT OR IGNORE INTO number_opt_out SELECT n.value, d.id, 0 FROM decision d, json_each(d.about, '$.numbers') n
      WHERE d.${NEW_DECISION} AND d.contact IS NULL`),
  ]
}
