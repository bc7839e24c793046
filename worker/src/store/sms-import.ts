import type { SmsReading } from '../core/sms.ts'
import { counterValue, raise } from './counters.ts'
import { named, type Statement } from './database.ts'
import type { KeyedChange } from './plan-reading.ts'

/** The run whose source sets the SMS statuses. `fetchedAt`: when its fetch began, in milliseconds since 1970. */
interface SmsWriter {
  run: string
  source: string
  fetchedAt: number
}

/** `place`: 1, 2, … in the order of changes; null if the contact already has a place for its other changes. */
type Row = [key: number, value: string, means: SmsReading['means'], place: number | null]

/** `decideSms` of `core/sms.ts` in SQL. `said`: the source's value; `means`: its meaning. */
const NEXT = `CASE
  WHEN means IS NULL OR (said IS sms_seen AND sms_status <> 'unknown') THEN sms_status
  WHEN means = 'opted_out' OR sms_here IS NULL OR sms_shown = 1 THEN means
  ELSE sms_status END`
const SHOWN = `(next = 'opted_out' AND sms_here IS NOT NULL
  AND (sms_shown = 1 OR (means IS 'opted_out' AND :fetchedAt > sms_here)))`

const APPLY = `INSERT INTO contact (key, source, id, seq, run, details, sms_status, sms_by, sms_at, sms_here, sms_seen,
    sms_shown, updated_at, history)
  SELECT key, source, id, iif(turns AND place IS NOT NULL, ${counterValue('seq')} - :places + place, seq),
    iif(turns, :run, run), details, next, iif(turns, 'source', sms_by), iif(turns, :now, sms_at),
    iif(next = 'opted_out', sms_here, NULL), said, ${SHOWN}, iif(turns, :now, updated_at),
    iif(turns, '[' || json_object('at', :now, 'op', 'sms', 'run', :run, 'changed', json_array('sms'), 'to', next) ||
      iif(history = '[]', ']', ',' || substr(history, 2)), history)
  FROM (
    SELECT *, next <> sms_status AS turns FROM (
      SELECT *, ${NEXT} AS next FROM (
        SELECT c.*, s.value->>1 AS said, s.value->>2 AS means, s.value->>3 AS place
        FROM json_each(:readings) s CROSS JOIN contact c ON c.key = s.value->>0
        WHERE c.source = :source AND c.removed_at IS NULL)))
  WHERE turns OR said IS NOT sms_seen OR ${SHOWN} <> sms_shown
  ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, run = excluded.run, sms_status = excluded.sms_status,
    sms_by = excluded.sms_by, sms_at = excluded.sms_at, sms_here = excluded.sms_here, sms_seen = excluded.sms_seen,
    sms_shown = excluded.sms_shown, updated_at = excluded.updated_at, history = excluded.history`

/** Marks pending and sent statuses that the source now contradicts as conflicts. They are no longer sent to it. */
const CONFLICTS = `UPDATE sms_change SET write_back = 'conflict'
  WHERE source = :source AND write_back IN ('pending', 'sent')
    AND contact IN (SELECT value->>0 FROM json_each(:readings))
    AND status <> (SELECT sms_status FROM contact WHERE key = sms_change.contact)`

/**
 * Returns the statements that take over a source's SMS statuses, for one `write`, after the contacts themselves are
 * written. They decide each status when they run, against the contact as it is then, and not from the plan (design:
 * invariant 8). Running them again changes nothing.
 */
export function applySms(
  { run, source, fetchedAt }: SmsWriter,
  changes: readonly KeyedChange[],
  now: number,
): Statement[] {
  const rows: Row[] = []
  let places = 0
  for (const change of changes) {
    if (change.op === 'remove' || change.sms === undefined) continue
    const { value, means } = change.sms
    rows.push([change.key, value, means, change.op === 'sms' ? ++places : null])
  }
  if (rows.length === 0) return []
  const readings = JSON.stringify(rows)
  return [
    raise('seq', ':places', { places }),
    named(APPLY, { readings, fetchedAt, places, run, source, now }),
    named(CONFLICTS, { readings, source }),
  ]
}
