import { pathOf } from '../core/attributes.ts'
import { NUMBER_PATH } from '../core/contact.ts'
import { counterValue, raise } from './counters.ts'
import { named, type Statement } from './database.ts'

/*
 * Which opt-outs stand, and the status of each contact that follows from them (design: Consent). A decision changes what
 * stands; a contact that leaves, comes, or becomes somebody else does so too. `updatingStatuses` is the one function that
 * gives contacts their status, in the transaction of whatever may change it.
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

/** The decisions of this transaction have higher IDs (see `beforeDecisions`). */
export const NEW_DECISION = `id > ${counterValue('decision')}`

/** Returns the statement that begins a transaction with decisions. */
export function beforeDecisions(): Statement {
  return named(`UPDATE counter SET value = (SELECT coalesce(max(id), 0) FROM decision) WHERE name = 'decision'`)
}

/** Nothing is looked up while nobody has opted out. */
const IS_ANY_OPT_OUT = '(EXISTS (SELECT 1 FROM number_opt_out) OR EXISTS (SELECT 1 FROM contact_opt_out))'

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
 * D1 takes at most five parts of a UNION. The contacts whose status may change with numbers that contacts gain and lose: those that gain a number that is out, those
 * that were out and lose one, and those that have a number which a contact with an opt-out of its own gains or loses.
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
function withSharers({ sql, values }: Keys): Keys {
  return {
    sql: `${sql} UNION ALL SELECT h.contact FROM (${sql}) k CROSS JOIN contact c ON c.key = k.key, ${numbersOf('c')} n
      CROSS JOIN contact_number h ON h.number = ${NUMBER}`,
    values,
  }
}

/** The present contacts with a number, as keys. */
export function holdersOf(number: string): Keys {
  return { sql: 'SELECT contact AS key FROM contact_number WHERE number = :number', values: { number } }
}

/** As SQL: the decision that this transaction has just recorded. */
const THIS = '(SELECT max(id) FROM decision)'

/*
 * An opt-in may end the opt-outs of numbers that its person no longer has, and that others have by now. It is recorded with
 * these numbers, so that the others get their status too.
 */

/** As SQL: the numbers, other than that of the text, whose opt-outs a START ends. */
const ENDED_BY_START = `(SELECT json_group_array(DISTINCT s.number) FROM decision t CROSS JOIN number_opt_out s ON s.decision = t.id
  WHERE t.number = :number AND t.how = 'text')`

/** As SQL, of a contact `c` that is opted in: the numbers that it had earlier and that its opt-outs kept out. */
export const ENDED_BY_OPT_IN = `(SELECT json_group_array(DISTINCT s.number)
  FROM contact_opt_out o CROSS JOIN number_opt_out s ON s.decision = o.decision AND s.contact = o.contact
  WHERE o.contact = c.key AND o.apart = 0)`

const HOLDERS_OF_ENDED = `SELECT h.contact FROM decision d, json_each(d.evidence, '$.ended') n
  CROSS JOIN contact_number h ON h.number = n.value WHERE d.id = ${THIS}`

/** As SQL, of a contact `c`: with whom a decision was about. */
export const ABOUT = `json_object('key', c.key, 'source', c.source, 'id', c.id, 'details', json(c.details))`

/** A text from a number (E.164) by which a person opts out or in. `name` identifies it. */
export interface TextDecision {
  name: string
  number: string
  words: string
  status: 'opted_in' | 'opted_out'
  at: number
}

/** Returns the statements that record a text, and give everybody with the number their status. */
export function decidingByText({ name, number, words, status, at }: TextDecision): Statement[] {
  const holders = holdersOf(number)
  return [
    named(
      `INSERT INTO decision (name, status, how, who, at, number, about, evidence)
        SELECT :name, :status, 'text', 'contact', :at, :number, (
          SELECT json_group_array(${ABOUT}) FROM (${holders.sql} ORDER BY contact) h CROSS JOIN contact c ON c.key = h.key),
          json_object('words', :words${status === 'opted_in' ? `, 'ended', json(${ENDED_BY_START})` : ''})`,
      { name, status, at, number, words },
    ),
    named(`INSERT INTO decision_holder SELECT key, ${THIS} FROM (${holders.sql})`, holders.values),
    ...(status === 'opted_out' ? stopping(number) : starting(number)),
    ...updatingStatuses(
      status === 'opted_out' ? withSharers(holders) : aroundStart(number),
      { run: null, by: 'contact' },
      at,
    ),
  ]
}

function stopping(number: string): Statement[] {
  const { sql, values } = holdersOf(number)
  return [
    named(`INSERT INTO number_opt_out SELECT :number, ${THIS}, 0`, { number }),
    named(`INSERT INTO contact_opt_out (contact, decision) SELECT key, ${THIS} FROM (${sql})`, values),
    named(`UPDATE contact SET sms_in = NULL WHERE key IN (${sql})`, values),
  ]
}

/**
 * START ends what texts from the number did, and other opt-outs for that number. An opt-out of a contact ends with the last
 * of its numbers.
 */
function starting(number: string): Statement[] {
  const { sql, values } = holdersOf(number)
  const texts = `SELECT id FROM decision WHERE number = :number AND how = 'text'`
  const current = `apart = 0 AND contact IN (${sql})`
  return [
    named(`DELETE FROM number_opt_out WHERE number = :number OR decision IN (${texts})`, values),
    named(`DELETE FROM contact_opt_out WHERE decision IN (${texts})`, values),
    named(
      `UPDATE contact_opt_out SET excepted = json_insert(excepted, '$[#]', :number)
        WHERE ${current} AND :number NOT IN (SELECT value FROM json_each(excepted))`,
      values,
    ),
    named(
      `DELETE FROM contact_opt_out WHERE ${current} AND NOT EXISTS (
        SELECT 1 FROM contact c, ${numbersOf('c')} n WHERE c.key = contact_opt_out.contact
          AND ${NUMBER} NOT IN (SELECT value FROM json_each(contact_opt_out.excepted)))`,
      values,
    ),
    named(
      `UPDATE contact SET sms_in = ${THIS} WHERE key IN (${sql})
        AND NOT EXISTS (SELECT 1 FROM contact_opt_out o WHERE o.contact = contact.key AND o.apart = 0)`,
      values,
    ),
  ]
}

/** The contacts whose status START may change: those with the number, those that texts from it were about, and sharers. */
function aroundStart(number: string): Keys {
  const { sql, values } = withSharers({
    sql: `SELECT contact AS key FROM contact_number WHERE number = :number UNION ALL
      SELECT p.contact FROM decision d CROSS JOIN decision_holder p ON p.decision = d.id WHERE d.number = :number AND d.how = 'text'`,
    values: { number },
  })
  return { sql: `${sql} UNION ALL ${HOLDERS_OF_ENDED}`, values }
}

/** With whom a decision was about. `details` are as stored. */
export interface About {
  source: string
  id: string
  details: unknown[]
}

/** A decision about one contact, by a person or a system here. `name` identifies it. */
export interface ContactDecision {
  name: string
  key: number
  status: 'opted_in' | 'opted_out'
  how: 'person' | 'system'
  who: string
  reason: string | null
  at: number
}

/** Returns the statements that record a decision about a contact and give it, and those that share its numbers, their status. */
export function decidingByPerson({ name, key, status, how, who, reason, at }: ContactDecision): Statement[] {
  const contact = { sql: 'SELECT key FROM contact WHERE key = :key AND removed_at IS NULL', values: { key } }
  return [
    named(
      `INSERT INTO decision (name, status, how, who, at, contact, about, evidence)
        SELECT :name, :status, :how, :who, :at, c.key, ${ABOUT},
          json_object('reason', :reason${status === 'opted_in' ? `, 'ended', json(${ENDED_BY_OPT_IN})` : ''})
        FROM contact c WHERE c.key = :key AND c.removed_at IS NULL`,
      { name, key, status, how, who, reason, at },
    ),
    ...(status === 'opted_out'
      ? [
          named(`INSERT INTO contact_opt_out (contact, decision) SELECT key, ${THIS} FROM (${contact.sql})`, { key }),
          named(`UPDATE contact SET sms_in = NULL WHERE key IN (${contact.sql})`, { key }),
        ]
      : [
          ...endingOptOuts(contact, 'any'),
          named(`UPDATE contact SET sms_in = ${THIS} WHERE key IN (${contact.sql})`, { key }),
        ]),
    ...updatingStatuses(
      { sql: `${withSharers(contact).sql} UNION ALL ${HOLDERS_OF_ENDED}`, values: contact.values },
      { run: null, by: who },
      at,
    ),
  ]
}

/** A decision that is made here: by text from a number, or by a person or a system about a contact. */
export type HereDecision = TextDecision | ContactDecision

/**
 * Returns the statements that record a decision about a person who is not in the directory. An opt-out counts for the
 * person's numbers, and for the person under the source and ID of then.
 */
export function decidingAboutAbsent(decision: ContactDecision, { source, id, details }: About): Statement[] {
  const { name, status, how, who, reason, at } = decision
  const person = JSON.stringify(details)
  return [
    named(
      `INSERT INTO decision (name, status, how, who, at, about, evidence)
        VALUES (:name, :status, :how, :who, :at, json_object('source', :source, 'id', :id, 'details', json(:person)),
          json_object('reason', :reason))`,
      { name, status, how, who, at, source, id, person, reason },
    ),
    ...(status === 'opted_in'
      ? []
      : [
          named(
            `INSERT INTO contact_opt_out (contact, decision, apart, source, id, person)
              SELECT -${THIS}, ${THIS}, 1, :source, :id, :person`,
            { source, id, person },
          ),
          named(
            `INSERT OR IGNORE INTO number_opt_out SELECT ${NUMBER}, ${THIS}, -${THIS}
              FROM json_each(:person, '${pathOf('numbers')}') n`,
            { person },
          ),
          ...updatingStatuses(
            {
              sql: `SELECT h.contact AS key FROM json_each(:person, '${pathOf('numbers')}') n
                CROSS JOIN contact_number h ON h.number = ${NUMBER}`,
              values: { person },
            },
            { run: null, by: who },
            at,
          ),
        ]),
  ]
}

/** As SQL: whether the opt-out of a number is from a row of the contact `c` that came before the contact. */
const OF_ROWS = `EXISTS (SELECT 1 FROM decision d WHERE d.id = s.decision AND d.how = 'source' AND d.contact IS NULL
  AND d.about->>'$.source' = c.source AND d.about->>'$.id' = c.id)`

/**
 * Returns the statements that end the opt-outs of contacts which are opted in. An opt-out of a number that another contact
 * has, too, stays. `any`: also opt-outs of their numbers that were not about them.
 */
export function endingOptOuts({ sql, values }: Keys, which: 'any' | 'own'): Statement[] {
  const own = `SELECT o.decision FROM contact_opt_out o WHERE o.contact = c.key AND o.apart = 0`
  const numbers = `SELECT s.number, s.decision, s.contact FROM (${sql}) k CROSS JOIN contact c ON c.key = k.key, ${numbersOf('c')} n
    CROSS JOIN number_opt_out s ON s.number = ${NUMBER}
    WHERE NOT EXISTS (SELECT 1 FROM contact_number h WHERE h.number = s.number AND h.contact <> c.key)
      ${which === 'any' ? '' : `AND (s.decision IN (${own}) OR ${OF_ROWS})`}`
  const left = `SELECT s.number, s.decision, s.contact FROM (${sql}) k
    CROSS JOIN contact_opt_out o ON o.contact = k.key AND o.apart = 0
    CROSS JOIN number_opt_out s ON s.decision = o.decision AND s.contact = o.contact`
  return [
    named(`DELETE FROM number_opt_out WHERE (number, decision, contact) IN (${numbers} UNION ALL ${left})`, values),
    named(`DELETE FROM contact_opt_out WHERE apart = 0 AND contact IN (${sql})`, values),
  ]
}
