import type { Mutant } from './mutant.ts'

const CONSTRAINTS = 'worker/src/store/constraints.test.ts'
const RETAIN = 'worker/src/run/retain.worker.test.ts'
const DECISIONS = 'worker/src/store/decisions-migration.test.ts'

/** Mutants of the tables, their triggers and what a migration makes of stored data. */
export const SQL: readonly Mutant[] = [
  {
    bug: 'the ledger of SMS statuses misses the changes of contacts',
    file: 'migrations/0005_opt_outs.sql',
    text: 'WHEN new.sms_status IS NOT old.sms_status OR new.sms_at IS NOT old.sms_at',
    by: 'WHEN new.sms_status IS old.sms_status AND new.sms_at IS NOT old.sms_at',
    tests: ['worker/src/run/write-back.worker.test.ts'],
  },
  {
    bug: 'a status that is decided again is not in the ledger',
    file: 'migrations/0005_opt_outs.sql',
    text: 'WHEN new.sms_status IS NOT old.sms_status OR new.sms_at IS NOT old.sms_at',
    by: 'WHEN new.sms_status IS NOT old.sms_status',
    tests: ['worker/src/run/write-back.worker.test.ts', 'worker/src/run/opt-outs.worker.test.ts'],
  },
  {
    bug: 'the statuses of a contact outlive it',
    file: 'migrations/0005_opt_outs.sql',
    text: 'DELETE FROM sms_change WHERE contact = old.key;',
    by: 'DELETE FROM sms_change WHERE contact = -old.key;',
    tests: [RETAIN],
  },
  {
    bug: 'a source has two active runs',
    file: 'migrations/0001_directory.sql',
    text: 'CREATE UNIQUE INDEX run_active',
    by: 'CREATE INDEX run_active',
    tests: [CONSTRAINTS],
  },
  {
    bug: 'a source has two follow-up runs',
    file: 'migrations/0001_directory.sql',
    text: 'CREATE UNIQUE INDEX run_remembered',
    by: 'CREATE INDEX run_remembered',
    tests: [CONSTRAINTS],
  },
  {
    bug: 'one ID of a source is two contacts',
    file: 'migrations/0001_directory.sql',
    text: 'CREATE UNIQUE INDEX contact_id',
    by: 'CREATE INDEX contact_id',
    tests: [CONSTRAINTS],
  },
  {
    bug: 'two contacts have one place in the order of changes',
    file: 'migrations/0001_directory.sql',
    text: 'CREATE UNIQUE INDEX contact_seq',
    by: 'CREATE INDEX contact_seq',
    tests: [CONSTRAINTS],
  },
  {
    bug: 'a text that comes twice is two decisions',
    file: 'migrations/0017_decisions.sql',
    text: 'CREATE UNIQUE INDEX decision_name',
    by: 'CREATE INDEX decision_name',
    tests: [CONSTRAINTS],
  },
  {
    bug: 'a migration takes a source’s opt-in for the end of an older STOP of another contact’s number',
    file: 'migrations/0017_decisions.sql',
    text: "WHERE h.number = o.number AND NOT (c.sms_status = 'opted_in'",
    by: "WHERE h.number = o.number AND (c.sms_status = 'opted_in'",
    tests: [DECISIONS],
  },
  {
    bug: 'a migration forgets the opt-outs of people who had left',
    file: 'migrations/0017_decisions.sql',
    text: 'WHERE o.apart = 1 AND o.person IS NOT NULL;',
    by: 'WHERE o.apart = 2 AND o.person IS NOT NULL;',
    tests: [DECISIONS],
  },
  {
    bug: 'a migration forgets who is opted out by the source',
    file: 'migrations/0017_decisions.sql',
    text: "FROM decision d JOIN contact c ON c.key = d.contact WHERE d.name GLOB 'contact *';",
    by: "FROM decision d JOIN contact c ON c.key = d.contact WHERE d.name GLOB 'contacts *';",
    tests: [DECISIONS],
  },
  {
    bug: 'a migration leaves removed contacts out of the search index',
    file: 'migrations/0024_words.sql',
    text: "SELECT key, '#removed' || hex(source) FROM contact WHERE removed_at IS NOT NULL;",
    by: "SELECT key, '#removed' || hex(source) FROM contact WHERE removed_at < 0;",
    tests: ['worker/src/store/words-migration.test.ts'],
  },
]
