-- Custom fields of contacts.
CREATE TABLE field (
  key TEXT PRIMARY KEY,
  label TEXT NOT NULL,
  type TEXT NOT NULL,
  list INTEGER NOT NULL,
  required INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- A deleted field stays here until its values have been deleted from all contacts.
  deleted_at INTEGER,
  deleted_by TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX field_label ON field (label COLLATE NOCASE) WHERE deleted_at IS NULL;
-- Changes with every change of a field's definition.
INSERT INTO counter VALUES ('fields', 0);

CREATE UNIQUE INDEX user_user_id ON user (user_id) WHERE user_id IS NOT NULL;
-- Without removed contacts, so that the contacts of a user are counted from the index only.
DROP INDEX contact_assigned;
CREATE INDEX contact_assigned ON contact (json_extract(details, '$[7]'), key)
  WHERE json_extract(details, '$[7]') IS NOT NULL AND removed_at IS NULL;
