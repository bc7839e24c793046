import { pathOf } from '../core/attributes.ts'
import { NUMBER_PATH } from '../core/contact.ts'
import type { Env } from '../env.ts'
import { counterValue, raise } from './counters.ts'
import { first, named, type Statement } from './database.ts'

/*
 * Which opt-outs stand, and the status of each contact that follows from them (design: Consent). A decision changes what
 * stands (`deciding.ts`, `sms-import.ts`), and so does a contact that leaves, comes, or becomes somebody else. Each transaction
 * that may change a status calls `updatingStatuses`, the one function that gives contacts their status.
 */

/** The keys of contacts: SQL that selects them as `key`, with its values. */
export interface Keys {
  sql: string
  values: Record<string, string | number>
}

/** The author of the changes of status: a run, or the label of a person. */
export interface StatusWriter {
  run: string | null
  by: string | null
}

/** The numbers of a contact `alias`, as SQL: rows whose `value` is a number as stored. */
export const numbersOf = (alias: string) => `json_each(${alias}.details, '${pathOf('numbers')}')`
/** As SQL: the E.164 number of a row `n` of these. */
export const NUMBER = `n.value->>'${NUMBER_PATH}'`
const HAS_NO_NUMBER = `coalesce(json_array_length(c.details, '${pathOf('numbers')}'), 0) = 0`

/** As SQL: whether anybody has opted out, also people who have left. Nothing is looked up while nobody has. */
export const IS_ANY_OPT_OUT = '(EXISTS (SELECT 1 FROM number_opt_out) OR EXISTS (SELECT 1 FROM contact_opt_out))'

/** Returns whether anybody has opted out, also people who have left. */
export async function isAnyOptOut(env: Env): Promise<boolean> {
  const row = await first<{ any: number }>(env, named(`SELECT ${IS_ANY_OPT_OUT} AS "any"`))
  return row?.any === 1
}

/** As SQL, of the contact `c`: whether an opt-out may concern it. Most contacts have none, so that it is asked first. */
const MAY_BE_OUT = `(${HAS_NO_NUMBER} OR EXISTS (SELECT 1 FROM ${numbersOf('c')} n WHERE
  EXISTS (SELECT 1 FROM number_opt_out WHERE number = ${NUMBER}) OR
  EXISTS (SELECT 1 FROM contact_number h CROSS JOIN contact_opt_out o ON o.contact = h.contact WHERE h.number = ${NUMBER})))`

/**
 * As SQL, of the contact `c`: the decisions by which it is opted out. Its own opt-outs count for each of its numbers, and so
 * do those of other contacts that have one of its numbers, and opt-outs of the numbers themselves. `number`: the number for
 * which it counts; NULL for an opt-out of its own.
 */
export const OPT_OUTS = `
    SELECT o.decision, NULL AS number FROM contact_opt_out o WHERE o.contact = c.key AND o.apart = 0 AND ${HAS_NO_NUMBER}
    UNION ALL
    SELECT s.decision, s.number FROM ${numbersOf('c')} n CROSS JOIN number_opt_out s ON s.number = ${NUMBER}
    UNION ALL
    SELECT o.decision, iif(h.contact = c.key, NULL, h.number) FROM ${numbersOf('c')} n
      CROSS JOIN contact_number h ON h.number = ${NUMBER}
      CROSS JOIN contact_opt_out o ON o.contact = h.contact AND o.apart = 0
      WHERE ${NUMBER} NOT IN (SELECT value FROM json_each(o.excepted))`

/** As SQL, of the contact `c`: the newest of these decisions. */
const OUT_BY = `iif(${IS_ANY_OPT_OUT} AND ${MAY_BE_OUT}, (SELECT d.id FROM (${OPT_OUTS}
  ) x CROSS JOIN decision d ON d.id = x.decision ORDER BY d.at DESC, d.id DESC LIMIT 1), NULL)`

/** As SQL, of the contact `c`: whether an opt-out of the contact itself stands, and when the newest one was made here. */
const OWN_OUT = 'EXISTS (SELECT 1 FROM contact_opt_out o WHERE o.contact = c.key AND o.apart = 0)'
const HERE = `(SELECT max(d.at) FROM contact_opt_out o CROSS JOIN decision d ON d.id = o.decision
  WHERE o.contact = c.key AND o.apart = 0 AND d.how <> 'source')`

/** The contacts whose status or its cause differs from what is stored; `turns` if people see the difference. */
const differing = (keys: string) => `
  SELECT *, sum(turns) OVER (ORDER BY key) AS place, sum(turns) OVER () AS places FROM (
    SELECT *, status <> sms_status OR decision IS NOT sms_decision AS turns FROM (
      SELECT *, coalesce(out_by, sms_in) AS decision, iif(own_out, 'opted_out', iif(sms_in IS NULL, 'unknown', 'opted_in')) AS own,
        CASE WHEN out_by IS NOT NULL THEN 'opted_out' WHEN sms_in IS NOT NULL THEN 'opted_in' ELSE 'unknown' END AS status
      FROM (
        SELECT c.*, ${OUT_BY} AS out_by, ${OWN_OUT} AS own_out, ${HERE} AS here
        FROM (SELECT DISTINCT key FROM (${keys})) k CROSS JOIN contact c ON c.key = k.key WHERE c.removed_at IS NULL))
    WHERE status <> sms_status OR decision IS NOT sms_decision OR own <> sms_own OR here IS NOT sms_here)`

/**
 * Returns the statements that give contacts the status that follows from the decisions, for the end of a transaction.
 * Each contact whose status changes gets a new place in the order of changes. Running them again changes nothing.
 */
export function updatingStatuses({ sql, values }: Keys, { run, by }: StatusWriter, now: number): Statement[] {
  const changes = differing(sql)
  return [
    // More places than may be needed: to count the changes takes as long as to make them.
    raise('seq', `(SELECT count(*) FROM (${sql}))`, values),
    named(
      `INSERT INTO contact (key, source, id, seq, run, details, sms_status, sms_by, sms_at, sms_own, sms_decision, sms_here,
          sms_shown, updated_at, history)
        SELECT j.key, j.source, j.id, iif(turns, ${counterValue('seq')} - places + place, j.seq), iif(turns, :run, j.run), j.details,
          j.status, d.who, coalesce(d.at, :now), own, j.decision, here, iif(here IS sms_here, sms_shown, 0),
          iif(turns, :now, updated_at),
          iif(turns, '[' || json_patch('{}', json_object('at', :now, 'op', 'sms', 'by', :by, 'run', :run, 'changed',
            json_array('sms'), 'to', j.status)) || iif(history = '[]', ']', ',' || substr(history, 2)), history)
        FROM (${changes}) j LEFT JOIN decision d ON d.id = j.decision WHERE true
        ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, run = excluded.run, sms_status = excluded.sms_status,
          sms_by = excluded.sms_by, sms_at = excluded.sms_at, sms_own = excluded.sms_own,
          sms_decision = excluded.sms_decision, sms_here = excluded.sms_here, sms_shown = excluded.sms_shown,
          updated_at = excluded.updated_at, history = excluded.history`,
      { ...values, run, by, now },
    ),
  ]
}

/** The people that a chunk of changes concerns. Numbers are JSON objects with a member `"number": key` for each. */
export interface Moves {
  gained: string
  lost: string
  /** Contacts that became somebody else. */
  others: readonly number[]
  /** Contacts that came back. */
  returned: readonly number[]
  /** Opt-outs that count again for the contact, whose person has come back. */
  attached: readonly Attached[]
}

/** `[decision, the contact's key of then, its key now]`. */
export type Attached = [decision: number, from: number, to: number]

/**
 * Returns the statements for people who leave the directory, or the ID, before their contacts are changed: the numbers that
 * they have now stay opted out for good, and the opt-outs wait for the person to come back.
 */
export function leaving({ sql, values }: Keys): Statement[] {
  const current = `SELECT o.contact FROM (${sql}) k CROSS JOIN contact_opt_out o ON o.contact = k.key AND o.apart = 0`
  return [
    named(
      `INSERT OR IGNORE INTO number_opt_out SELECT ${NUMBER}, o.decision, o.contact
        FROM (${sql}) k CROSS JOIN contact_opt_out o ON o.contact = k.key AND o.apart = 0
          CROSS JOIN contact c ON c.key = o.contact AND c.removed_at IS NULL, ${numbersOf('c')} n
        WHERE ${NUMBER} NOT IN (SELECT value FROM json_each(o.excepted))`,
      values,
    ),
    named(
      `UPDATE contact_opt_out SET apart = 1, source = c.source, id = c.id, person = c.details
        FROM contact c WHERE c.key = contact_opt_out.contact AND contact_opt_out.apart = 0
          AND contact_opt_out.contact IN (${current})`,
      values,
    ),
  ]
}

/** Returns the keys as a list for `leaving`. */
export function listOf(keys: readonly number[]): Keys {
  return { sql: 'SELECT value AS key FROM json_each(:leaving)', values: { leaving: JSON.stringify(keys) } }
}

/** Returns the statements that follow changes of contacts, in the same transaction and after them. */
export function followingMoves(moves: Moves, writer: StatusWriter, now: number): Statement[] {
  const { gained, lost, others, returned, attached } = moves
  const statements: Statement[] = []
  const again = others.length + returned.length + attached.length > 0
  if (gained === '{}' && lost === '{}' && !again) return []
  if (attached.length > 0) {
    statements.push(
      named(
        `UPDATE OR REPLACE contact_opt_out SET apart = 0, contact = j.value->>2, source = NULL, id = NULL, person = NULL
          FROM json_each(:attached) j
          WHERE contact_opt_out.contact = j.value->>1 AND contact_opt_out.decision = j.value->>0 AND contact_opt_out.apart = 1`,
        { attached: JSON.stringify(attached) },
      ),
      // The decision is about this contact too, also when the opt-out has ended.
      named(
        'INSERT OR IGNORE INTO decision_holder SELECT value->>2, value->>0 FROM json_each(:attached) WHERE value->>1 <> value->>2',
        { attached: JSON.stringify(attached) },
      ),
    )
  }
  if (others.length > 0) {
    statements.push(
      named(
        'UPDATE contact SET sms_in = NULL, sms_seen = NULL, sms_shown = 0 WHERE key IN (SELECT value FROM json_each(:others))',
        { others: JSON.stringify(others) },
      ),
    )
  }
  const people = JSON.stringify([...others, ...returned, ...attached.map(([, , to]) => to)])
  return [...statements, ...updatingStatuses({ sql: MOVED, values: { gained, lost, people } }, writer, now)]
}

const ANY_OPT_OUT = `(SELECT 1 WHERE ${IS_ANY_OPT_OUT})`

/**
 * The contacts whose status may change with numbers that contacts gain and lose: those that gain a number that is out, those
 * that were out and lose one, and those that have a number which a contact with an opt-out of its own gains or loses. There
 * are five parts, because D1 takes no more in a UNION.
 */
const MOVED = `
  SELECT g.value AS key FROM ${ANY_OPT_OUT} CROSS JOIN json_each(:gained) g WHERE
    EXISTS (SELECT 1 FROM number_opt_out WHERE number = g.key) OR
    EXISTS (SELECT 1 FROM contact_number h CROSS JOIN contact_opt_out o ON o.contact = h.contact WHERE h.number = g.key)
  UNION ALL
  SELECT c.key FROM ${ANY_OPT_OUT} CROSS JOIN json_each(:lost) l CROSS JOIN contact c ON c.key = l.value AND c.sms_status = 'opted_out'
  UNION ALL
  SELECT h.contact FROM ${ANY_OPT_OUT}
      CROSS JOIN (SELECT key, value FROM json_each(:gained) UNION ALL SELECT key, value FROM json_each(:lost)) m
      CROSS JOIN contact_opt_out o ON o.contact = m.value CROSS JOIN contact_number h ON h.number = m.key
  UNION ALL
  SELECT p.value FROM json_each(:people) p
  UNION ALL
  SELECT h.contact FROM json_each(:people) p CROSS JOIN contact c ON c.key = p.value, ${numbersOf('c')} n
    CROSS JOIN contact_number h ON h.number = ${NUMBER}`

/** Returns the contacts and all that share a number with them. `sql` selects keys. */
export function withSharers({ sql, values }: Keys): Keys {
  return {
    sql: `${sql} UNION ALL SELECT h.contact FROM (${sql}) k CROSS JOIN contact c ON c.key = k.key, ${numbersOf('c')} n
      CROSS JOIN contact_number h ON h.number = ${NUMBER}`,
    values,
  }
}
