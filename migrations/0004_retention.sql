-- What is kept for how long, and how fresh a source's file is.

-- When the files of a run went: it stays listed, and can no longer be undone.
ALTER TABLE run ADD COLUMN expired_at INTEGER;
-- What a person decided about it, who and when: {what, by, at}.
ALTER TABLE run ADD COLUMN decision TEXT;
CREATE INDEX run_to_expire ON run (finished_at) WHERE expired_at IS NULL AND finished_at IS NOT NULL;

-- The content of the last new file that made a plan, and when it came.
ALTER TABLE source ADD COLUMN file_sha256 TEXT;
ALTER TABLE source ADD COLUMN file_changed_at INTEGER;
-- The file is not late for what was before this: the source was made, enabled, or told how fresh its file must be.
ALTER TABLE source ADD COLUMN fresh_since INTEGER NOT NULL DEFAULT 0;
-- When people were told that the file is late; NULL while it is not.
ALTER TABLE source ADD COLUMN late_at INTEGER;
UPDATE source SET fresh_since = unixepoch() * 1000;

-- Removed contacts by source: planning asks whether there are any, retention ends those of long ago.
CREATE INDEX contact_removed ON contact (source, removed_at) WHERE removed_at IS NOT NULL;
-- The latest change, in the order of changes, that retention has taken from the directory.
INSERT INTO counter VALUES ('expired', 0);

-- How far the sweep of R2 has come (a key), and when retention has something to do again.
CREATE TABLE retention (
  name TEXT PRIMARY KEY,
  position TEXT NOT NULL,
  due_at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO retention VALUES ('files', '', 0);
