import { pathOf } from '../core/attributes.ts'
import { type Keys, NUMBER, numbersOf, updatingStatuses, withSharers } from './consent.ts'
import { counterValue } from './counters.ts'
import { named, type Statement } from './database.ts'

/* Decisions that are made here, by text or by a person, and what they change of the opt-outs that stand (design: Consent). */

/** The decisions of this transaction have higher IDs (see `beforeDecisions`). */
export const NEW_DECISION = `id > ${counterValue('decision')}`

/** Returns the statement that begins a transaction with decisions. */
export function beforeDecisions(): Statement {
  return named(`UPDATE counter SET value = (SELECT coalesce(max(id), 0) FROM decision) WHERE name = 'decision'`)
}

/** The present contacts with a number, as keys. */
export function holdersOf(number: string): Keys {
  return { sql: 'SELECT contact AS key FROM contact_number WHERE number = :number', values: { number } }
}

/** As SQL: the decision that this transaction has just recorded. */
const THIS = '(SELECT max(id) FROM decision)'

/*
 * An opt-in may end the opt-outs of numbers that its person no longer has, and that others have by now. During the transaction
 * its evidence has these numbers, so that the others get their status too.
 */

/** As SQL: the numbers, other than that of the text, whose opt-outs a START ends. */
const ENDED_BY_START = `(SELECT json_group_array(DISTINCT s.number) FROM decision t CROSS JOIN number_opt_out s ON s.decision = t.id
  WHERE t.number = :number AND t.how = 'text')`

/** As SQL, of a contact `c` that is opted in: the numbers that it had earlier and that its opt-outs kept out. */
export const ENDED_BY_OPT_IN = `(SELECT json_group_array(DISTINCT s.number)
  FROM contact_opt_out o CROSS JOIN number_opt_out s ON s.decision = o.decision AND s.contact = o.contact
  WHERE o.contact = c.key AND o.apart = 0)`

/** The contacts that the decisions of this transaction are about, as keys. */
export const DECIDED: Keys = {
  sql: `SELECT contact AS key FROM decision WHERE ${NEW_DECISION} AND contact IS NOT NULL`,
  values: {},
}

/** Returns the statement after which the evidence of decisions has only what proves them. `which`: decisions, as SQL. */
export function forgettingEnded(which = `id = ${THIS}`): Statement {
  return named(`UPDATE decision SET evidence = json_remove(evidence, '$.ended')
    WHERE ${which} AND evidence->'$.ended' IS NOT NULL`)
}

/** The contacts with the numbers whose opt-outs decisions end, as SQL. `which`: the decisions. */
const holdersOfEnded = (which: string) => `SELECT h.contact FROM decision d, json_each(d.evidence, '$.ended') n
  CROSS JOIN contact_number h ON h.number = n.value WHERE d.${which}`

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
    forgettingEnded(),
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
  return { sql: `${sql} UNION ALL ${holdersOfEnded(`id = ${THIS}`)}`, values }
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
  /** The ID of the user or the API token. Entries that an older version wrote to the journal have none. */
  whoId?: string | null
  reason: string | null
  at: number
}

/** A decision about contacts that was made at once. Each contact has an entry with a name of its own. */
export interface JointDecision extends Omit<ContactDecision, 'name' | 'key'> {
  contacts: readonly Pick<ContactDecision, 'name' | 'key'>[]
}

/** Returns a decision about one contact as one about several. */
export function jointly({ name, key, ...decision }: ContactDecision): JointDecision {
  return { ...decision, contacts: [{ name, key }] }
}

/**
 * Returns the statements that record a decision about contacts and give them, and those that share their numbers, their
 * status.
 */
export function decidingByPerson(decision: JointDecision): Statement[] {
  const { contacts, status, how, who, whoId = null, reason, at } = decision
  return [
    beforeDecisions(),
    named(
      `INSERT INTO decision (name, status, how, who, who_id, at, contact, about, evidence)
        SELECT j.value->>'$.name', :status, :how, :who, :whoId, :at, c.key, ${ABOUT},
          json_object('reason', :reason${status === 'opted_in' ? `, 'ended', json(${ENDED_BY_OPT_IN})` : ''})
        FROM json_each(:contacts) j CROSS JOIN contact c ON c.key = j.value->>'$.key' AND c.removed_at IS NULL
        ORDER BY j.key`,
      { contacts: JSON.stringify(contacts), status, how, who, whoId, reason, at },
    ),
    ...(status === 'opted_out'
      ? [
          named(`INSERT INTO contact_opt_out (contact, decision)
            SELECT contact, id FROM decision WHERE ${NEW_DECISION} AND contact IS NOT NULL`),
          named(`UPDATE contact SET sms_in = NULL WHERE key IN (${DECIDED.sql})`),
        ]
      : [
          ...endingOptOuts(DECIDED, 'any'),
          named(`UPDATE contact SET sms_in = d.id FROM decision d WHERE d.contact = contact.key AND d.${NEW_DECISION}`),
        ]),
    ...updatingStatuses(
      { sql: `${withSharers(DECIDED).sql} UNION ALL ${holdersOfEnded(NEW_DECISION)}`, values: {} },
      { run: null, by: who },
      at,
    ),
    forgettingEnded(NEW_DECISION),
  ]
}

/** An entry of the journal: a decision by text from a number, or of a person or a system about a contact. */
export type HereDecision = TextDecision | ContactDecision

/**
 * Returns the statements that record a decision about a person who is not in the directory. An opt-out counts for the
 * person's numbers, and for the person under the source and ID of then.
 */
export function decidingAboutAbsent(decision: ContactDecision, { source, id, details }: About): Statement[] {
  const { name, status, how, who, whoId = null, reason, at } = decision
  const person = JSON.stringify(details)
  return [
    named(
      `INSERT INTO decision (name, status, how, who, who_id, at, about, evidence)
        VALUES (:name, :status, :how, :who, :whoId, :at, json_object('source', :source, 'id', :id, 'details', json(:person)),
          json_object('reason', :reason))`,
      { name, status, how, who, whoId, at, source, id, person, reason },
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
