import { readDetails } from '../core/contact.ts'
import type { Env } from '../env.ts'
import { NUMBER, numbersOf, OPT_OUTS } from './consent.ts'
import { all, named } from './database.ts'
import type { decisions } from './decisions.ts'

/** A person as a decision recorded it. `source` is '' for a manual contact. */
export interface Person {
  source: string
  id: string
  /** Null if only the numbers are known. */
  name: string | null
  numbers: string[]
  emails: string[]
}

/** What proves a decision: the words of a text, the reason of a person, or the run, row and value of a source. */
export type Evidence =
  | { words: string }
  | { reason: string | null }
  | { run: string; row: number | null; value: string }

/** A decision as it was recorded. */
interface Decision extends Pick<typeof decisions.$inferSelect, 'id' | 'status' | 'how' | 'who' | 'at' | 'number'> {
  about: Person | null
  /** Null if it was made before decisions were recorded with evidence. */
  evidence: Evidence | null
}

/** A decision that concerns a contact. */
export interface Concerning extends Decision {
  /** The contact's number for which the decision counts; null if it is about the contact itself. */
  counting: string | null
  /** Whether another contact has that number. */
  shared: boolean
}

type DecisionRow = Omit<Decision, 'about' | 'evidence'> & { about: string | null; evidence: string }
type ConcerningRow = DecisionRow & { counting: string | null; shared: 0 | 1; own: 0 | 1 }

const COLUMNS = 'd.id, d.status, d.how, d.who, d.at, d.number, d.evidence'

/** As SQL: whether the decision `d` is about the contact :key, and the person as it was then. */
const IS_ABOUT = `(d.contact IS :key OR EXISTS (SELECT 1 FROM decision_holder p WHERE p.contact = :key AND p.decision = d.id))`
const ABOUT_THIS = `iif(json_type(d.about) = 'array',
  (SELECT p.value FROM json_each(d.about) p WHERE p.value->>'$.key' = :key), d.about)`

/** The most current decisions of a contact that are read. Everybody with a number can have opted out. */
const MOST_CURRENT = 200

/**
 * Returns the decisions from which the status of a contact follows, newest first: its opt-outs (see `OPT_OUTS`), and its
 * opt-in. Of a decision about another person only the number is returned, with when and how it was made.
 */
export async function currentDecisions(env: Env, key: number): Promise<Concerning[]> {
  const rows = await all<ConcerningRow>(
    env,
    named(
      `SELECT ${COLUMNS}, x.value->>1 AS counting, x.value->>1 IS NULL AS own, iif(x.value->>1 IS NULL OR ${IS_ABOUT}, ${ABOUT_THIS}, NULL) AS about,
          EXISTS (SELECT 1 FROM contact_number h WHERE h.number = x.value->>1 AND h.contact <> c.key) AS shared
        FROM contact c CROSS JOIN json_each((SELECT json_group_array(json_array(decision, number)) FROM (
            SELECT DISTINCT decision, number FROM (${OPT_OUTS} UNION ALL SELECT c.sms_in, NULL)))) x
          CROSS JOIN decision d ON d.id = x.value->>0
        WHERE c.key = :key ORDER BY own DESC, d.at DESC, d.id DESC LIMIT ${MOST_CURRENT}`,
      { key },
    ),
  )
  const own = new Set(rows.flatMap(({ id, counting }) => (counting === null ? id : [])))
  const others = rows.filter(({ id, counting }) => counting === null || !own.has(id))
  return others.map(concerning).sort((a, b) => b.at - a.at || b.id - a.id)
}

/** A place in a list of decisions, newest first. */
export type Place = [at: number, id: number]

/**
 * Lists the decisions about a contact, and the texts from its numbers, that are not `current`, newest first, after a place.
 */
export async function pastDecisions(
  env: Env,
  key: number,
  current: readonly number[],
  [at, id]: Place,
  limit: number,
): Promise<Concerning[]> {
  const rows = await all<ConcerningRow>(
    env,
    named(
      `SELECT ${COLUMNS}, iif(own, NULL, d.number) AS counting, own, iif(own, ${ABOUT_THIS}, NULL) AS about, 0 AS shared
        FROM (SELECT d.*, ${IS_ABOUT} AS own FROM (
          SELECT id FROM decision WHERE contact = :key
          UNION SELECT decision FROM decision_holder WHERE contact = :key
          UNION SELECT t.id FROM contact c, ${numbersOf('c')} n CROSS JOIN decision t ON t.number = ${NUMBER} AND t.how = 'text'
            WHERE c.key = :key
        ) x CROSS JOIN decision d ON d.id = x.id) d
        WHERE (d.at, d.id) < (:at, :id) AND d.id NOT IN (SELECT value FROM json_each(:current))
        ORDER BY d.at DESC, d.id DESC LIMIT :limit`,
      { key, current: JSON.stringify(current), at, id, limit },
    ),
  )
  return rows.map(concerning)
}

function concerning({ own, shared, ...row }: ConcerningRow): Concerning {
  const decision = decisionOf(row)
  // What a text says is nothing but that somebody opts out or in.
  const evidence = own === 1 || decision.how === 'text' ? decision.evidence : null
  return { ...decision, evidence, counting: row.counting, shared: shared === 1 }
}

/** A line of the whole ledger: a decision, and one of the people whom it was about. */
export interface LedgerLine extends Decision {
  /** The place of the person among these; -1 if nobody is known. */
  place: number
  /** The name of the person's source, if it still exists. */
  sourceName: string | null
  /** Whether a status follows from the decision. */
  stands: boolean
}

/** The place before the first line. */
export const START = { id: 0, place: -1 }

/** Lists the whole ledger from the oldest decision on, after a line. */
export async function listDecisions(
  env: Env,
  { id, place }: Pick<LedgerLine, 'id' | 'place'>,
  limit: number,
): Promise<LedgerLine[]> {
  // The lines come in the order of the index and of the list, so that a page costs no more than its lines.
  const rows = await all<DecisionRow & { place: number; sourceName: string | null; stands: 0 | 1 }>(
    env,
    named(
      `SELECT ${COLUMNS}, p.value AS about, coalesce(p.key, -1) AS place,
          (SELECT name FROM source WHERE id = p.value->>'$.source') AS sourceName,
          iif(d.status = 'opted_out',
            EXISTS (SELECT 1 FROM contact_opt_out o WHERE o.decision = d.id) OR
              EXISTS (SELECT 1 FROM number_opt_out s WHERE s.decision = d.id),
            EXISTS (SELECT 1 FROM contact c WHERE c.key = coalesce(d.contact, p.value->>'$.key') AND c.sms_in = d.id)) AS stands
        FROM decision d LEFT JOIN json_each(iif(json_type(d.about) = 'array', d.about, json_array(json(d.about)))) p
          ON p.value IS NOT NULL
        WHERE d.id >= :id AND (d.id > :id OR coalesce(p.key, -1) > :place)
        ORDER BY d.id LIMIT :limit`,
      { id, place, limit },
    ),
  )
  return rows.map(({ stands, sourceName, place, ...row }) => ({
    ...decisionOf(row),
    place,
    sourceName,
    stands: stands === 1,
  }))
}

function decisionOf({ id, status, how, who, at, number, about, evidence }: DecisionRow): Decision {
  const person = about === null ? null : personOf(JSON.parse(about))
  const proof = JSON.parse(evidence)
  return { id, status, how, who, at, number, about: person, evidence: Object.keys(proof).length === 0 ? null : proof }
}

/** `details` are as stored. A decision about the numbers of a row has only these. */
interface StoredPerson {
  source: string
  id: string
  details?: unknown[] | null
  numbers?: string[]
}

function personOf({ source, id, details, numbers = [] }: StoredPerson): Person {
  if (details == null) return { source, id, name: null, numbers, emails: [] }
  const { name, numbers: stored, emails } = readDetails(JSON.stringify(details))
  return { source, id, name, numbers: stored.map(({ number }) => number), emails }
}
