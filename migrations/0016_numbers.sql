-- The numbers of the contacts that are in the directory: a row for each number (E.164) of a contact, whatever its type and
-- extension. Removed contacts have none. worker/src/core/contact.ts has the place of numbers in `details`.
CREATE TABLE contact_number (
  number TEXT NOT NULL,
  contact INTEGER NOT NULL,
  PRIMARY KEY (number, contact)
) WITHOUT ROWID;
INSERT OR IGNORE INTO contact_number
  SELECT n.value->>'$[0]', c.key FROM contact c, json_each(c.details, '$[1]') n
    WHERE c.removed_at IS NULL AND n.type = 'array';
