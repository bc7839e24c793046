-- Retention, and the freshness of a source's file.

-- When the files of a run were deleted. The run stays in the list and cannot be undone.
ALTER TABLE run ADD COLUMN expired_at INTEGER;
-- A person's decision about the run: {what, by, at}.
ALTER TABLE run ADD COLUMN decision TEXT;
CREATE INDEX run_to_expire ON run (finished_at) WHERE expired_at IS NULL AND finished_at IS NOT NULL;

-- The SHA-256 of the last new file that gave a plan, and when it came.
ALTER TABLE source ADD COLUMN file_sha256 TEXT;
ALTER TABLE source ADD COLUMN file_changed_at INTEGER;
-- When the file's freshness began to count: the source was added or enabled, or its freshness setting was changed.
ALTER TABLE source ADD COLUMN fresh_since INTEGER NOT NULL DEFAULT 0;
-- When the e-mail about a late file was sent; NULL if the file is not late.
ALTER TABLE source ADD COLUMN late_at INTEGER;
UPDATE source SET fresh_since = unixepoch() * 1000;

-- Removed contacts by source. Planning asks whether there are any, and retention deletes old ones.
CREATE INDEX contact_removed ON contact (source, removed_at) WHERE removed_at IS NOT NULL;
-- The latest place in the order of changes of which retention has deleted a contact.
INSERT INTO counter VALUES ('expired', 0);

-- The key in R2 at which the sweep continues, and when retention is due again.
CREATE TABLE retention (
  name TEXT PRIMARY KEY,
  position TEXT NOT NULL,
  due_at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO retention VALUES ('files', '', 0);
