import type { Env } from '../env.ts'
import { all, named } from './database.ts'

/** A row of a table as it is taken out: names and values. */
type Taken = Record<string, unknown>

/** What is held about a contact beside its own row. Times are in milliseconds since 1970. */
export interface HeldRecords {
  decisions: Taken[]
  /** Each SMS status that the contact was given, with the state of its write-back. */
  statuses: Taken[]
  /** The runs that changed the contact. */
  runs: Taken[]
  notifications: Taken[]
  audit: Taken[]
}

/** The most entries of each list. A contact has far fewer. */
const MOST = 10_000

/**
 * As SQL: the decisions about the contact :key and about its numbers. `own`: whether the contact is one of the people whom it
 * was about. `stands`: whether the contact is opted out or in by it now.
 */
const DECISIONS = `SELECT d.id, d.status, d.how, d.who, d.at, d.number, d.about, d.evidence,
    d.contact IS :key OR EXISTS (SELECT 1 FROM decision_holder p WHERE p.contact = :key AND p.decision = d.id) AS own,
    EXISTS (SELECT 1 FROM contact_opt_out o WHERE o.decision = d.id AND o.contact = :key AND o.apart = 0
      UNION ALL SELECT 1 FROM number_opt_out s CROSS JOIN contact_number h ON h.number = s.number AND h.contact = :key
        WHERE s.decision = d.id
      UNION ALL SELECT 1 FROM contact c WHERE c.key = :key AND c.sms_in = d.id) AS stands
  FROM (SELECT id FROM decision WHERE contact = :key
    UNION SELECT decision FROM decision_holder WHERE contact = :key
    UNION SELECT s.decision FROM contact_number h CROSS JOIN number_opt_out s ON s.number = h.number WHERE h.contact = :key
    UNION SELECT t.id FROM contact_number h CROSS JOIN decision t ON t.number = h.number WHERE h.contact = :key) x
  CROSS JOIN decision d ON d.id = x.id ORDER BY d.id LIMIT ${MOST}`

const STATUSES = `SELECT status, who, at, run, reason, write_back AS writeBack, source, value, attempts, sent_at AS sentAt, failure
  FROM sms_change WHERE contact = :key ORDER BY seq LIMIT ${MOST}`

const RUNS = `SELECT r.id, r.source, s.name AS sourceName, r.trigger, r.status, r.created_at AS createdAt, r.finished_at AS finishedAt
  FROM (SELECT value AS id FROM json_each(:runs) UNION SELECT run FROM contact WHERE key = :key
    UNION SELECT run FROM sms_change WHERE contact = :key) x
  CROSS JOIN run r ON r.id = x.id LEFT JOIN source s ON s.id = r.source ORDER BY r.created_at LIMIT ${MOST}`

/** Only these e-mails name a contact in the database. Reports are made from the files of their run. */
const NOTIFICATIONS = `SELECT DISTINCT n.id, n.kind, n.subject, n.status, n.created_at AS createdAt, n.sent_at AS sentAt
  FROM sms_change c CROSS JOIN notification n ON n.id = c.notification WHERE c.contact = :key LIMIT ${MOST}`

const AUDIT = `SELECT at, actor, action, detail FROM audit
  WHERE subject = :subject AND action IN ('sms_opted_in', 'sms_opted_out', 'contact_taken_out') ORDER BY id LIMIT ${MOST}`

type StoredDecision = Taken & { about: string | null; evidence: string; how: string; own: 0 | 1; stands: 0 | 1 }

/** Reads what is held about a contact beside its own row (design: Consent). `runs`: the runs in its history. */
export async function recordsOf(
  env: Env,
  contact: { key: number; source: string; id: string },
  runs: readonly string[],
): Promise<HeldRecords> {
  const { key } = contact
  const decisions = await all<StoredDecision>(env, named(DECISIONS, { key }))
  return {
    decisions: decisions.map(({ about, evidence, own, stands, ...decision }) => ({
      ...decision,
      // Another person who has the same number is not shown.
      about: own === 1 && about !== null ? aboutContact(JSON.parse(about), contact) : null,
      evidence: own === 1 || decision.how === 'text' ? JSON.parse(evidence) : null,
      stands: stands === 1,
    })),
    statuses: await all(env, named(STATUSES, { key })),
    runs: await all(env, named(RUNS, { key, runs: JSON.stringify(runs) })),
    notifications: await all(env, named(NOTIFICATIONS, { key })),
    audit: await all(env, named(AUDIT, { subject: String(key) })),
  }
}

/** Returns the contact out of the people whom a decision was about. A text was about everybody with its number. */
function aboutContact(
  people: Taken | Taken[],
  { key, source, id }: { key: number; source: string; id: string },
): unknown {
  if (!Array.isArray(people)) return people
  return people.find((one) => one.key === key) ?? people.find((one) => one.source === source && one.id === id) ?? null
}
