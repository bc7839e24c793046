-- Times are milliseconds since 1970 in UTC. Columns that hold more than one value hold JSON text.

CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) WITHOUT ROWID;
-- `seq` orders all changes to contacts, and `key` numbers contacts. No value of them is used twice. `hand` changes with
-- every change to a manual contact.
INSERT INTO counter VALUES ('seq', 0), ('key', 0), ('hand', 0);

CREATE TABLE user (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  user_id TEXT,
  password TEXT,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;

-- Failed sign-ins of the last 15 minutes, so that passwords cannot be guessed one after the other.
CREATE TABLE sign_in_failure (
  email TEXT NOT NULL COLLATE NOCASE,
  at INTEGER NOT NULL
);
CREATE INDEX sign_in_failure_email ON sign_in_failure (email, at);

CREATE TABLE token (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE source (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  connection TEXT NOT NULL,
  secrets TEXT,
  -- The encrypted secret that its webhook is signed with.
  webhook TEXT,
  settings TEXT NOT NULL,
  settings_hash TEXT NOT NULL,
  mapping_version INTEGER NOT NULL,
  -- Changes with every change of the source's contacts by a run, an undo or a person. A plan records it.
  revision INTEGER NOT NULL,
  -- When the schedule was last edited. Earlier times are never due.
  schedule_since INTEGER NOT NULL,
  -- The bytes and settings of the last run that was applied, rejected or undone.
  settled TEXT,
  -- The file with the fingerprints of that run, and the settings under which they are valid.
  fingerprints TEXT,
  -- The code of the failures in a row, so that they send one e-mail.
  failing TEXT,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE run (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  trigger TEXT NOT NULL,
  mode TEXT NOT NULL,
  fetch TEXT NOT NULL,
  status TEXT NOT NULL,
  -- 1: the run waits until the active run of its source ends (schedule and webhook share one such run).
  remembered INTEGER NOT NULL DEFAULT 0,
  requested_by TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  -- When the sweeper may consider the run's message lost.
  stale_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  -- How many bytes of the plan are applied. An UPDATE that would set NULL fails its batch: that is the guard.
  position INTEGER NOT NULL DEFAULT 0,
  settings_hash TEXT,
  snapshot TEXT,
  counts TEXT,
  plan TEXT,
  problems TEXT,
  hold TEXT,
  -- The state of the after-import action on the remote file: 'pending', 'done' or 'failed'.
  after_import TEXT,
  failure TEXT,
  undoes TEXT,
  undone_by TEXT
) WITHOUT ROWID;
CREATE INDEX run_by_time ON run (created_at);
CREATE INDEX run_by_source ON run (source, created_at);
CREATE UNIQUE INDEX run_active ON run (source)
  WHERE remembered = 0 AND status IN ('queued', 'fetching', 'planning', 'applying');
CREATE INDEX run_after_import ON run (finished_at) WHERE after_import = 'pending';
CREATE UNIQUE INDEX run_remembered ON run (source) WHERE remembered = 1 AND status = 'queued';

-- A removed contact keeps its row until retention deletes it, so that it can come back under the same key.
CREATE TABLE contact (
  key INTEGER PRIMARY KEY,
  -- '' for a manual contact.
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  run TEXT,
  details TEXT NOT NULL,
  sms_status TEXT NOT NULL DEFAULT 'unknown',
  sms_by TEXT,
  sms_at INTEGER,
  updated_at INTEGER NOT NULL,
  removed_at INTEGER,
  -- The latest changes, newest first: {at, op, run?, by?, changed}.
  history TEXT NOT NULL DEFAULT '[]'
);
CREATE UNIQUE INDEX contact_id ON contact (source, id);
CREATE UNIQUE INDEX contact_seq ON contact (seq);
-- The assigned user. worker/src/core/contact.ts has the place of each attribute in `details`.
CREATE INDEX contact_assigned ON contact (json_extract(details, '$[7]'), key)
  WHERE json_extract(details, '$[7]') IS NOT NULL;
CREATE INDEX contact_sms ON contact (sms_status, key) WHERE sms_status <> 'unknown';

-- The search words of a contact: words, its numbers as digits, and `#ID` for each of its groups, so that a membership
-- needs no row. The table stores no content, since `contact` has it.
CREATE VIRTUAL TABLE contact_search USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = "unicode61 remove_diacritics 2 tokenchars '#'"
);
-- Each transaction of an import adds a segment to the index. Merging the segments less often takes a third less time.
INSERT INTO contact_search (contact_search, rank) VALUES ('automerge', 16);

-- An empty group keeps its row, and so its id.
CREATE TABLE grouping (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  made_by_hand INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE notification (
  id TEXT PRIMARY KEY,
  run TEXT,
  source TEXT,
  kind TEXT NOT NULL,
  recipients TEXT NOT NULL,
  subject TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER
) WITHOUT ROWID;
CREATE INDEX notification_by_time ON notification (created_at);
CREATE INDEX notification_pending ON notification (created_at) WHERE status = 'pending';

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT,
  action TEXT NOT NULL,
  subject TEXT,
  detail TEXT
);

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- Signatures of accepted webhooks, kept for as long as a webhook can be replayed.
CREATE TABLE webhook_call (
  signature TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;
