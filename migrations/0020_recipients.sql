-- The e-mail addresses of the contacts that are in the directory, with A-Z in lower case, which is how they are compared.
CREATE TABLE contact_email (
  email TEXT NOT NULL,
  contact INTEGER NOT NULL,
  PRIMARY KEY (email, contact)
) WITHOUT ROWID;
INSERT OR IGNORE INTO contact_email
  SELECT lower(e.value), c.key FROM contact c, json_each(c.details, '$[3]') e
    WHERE c.removed_at IS NULL AND e.type = 'text';

-- A contact of another priority than normal gets a word for it, `#high` or `#low`, so that a group's members can be read
-- in the order of priority. An entry of the index is only written as a whole: worker/src/core/search.ts has its words.
DELETE FROM contact_search
  WHERE rowid IN (SELECT key FROM contact WHERE removed_at IS NULL AND details->>'$[6]' IS NOT NULL);
INSERT INTO contact_search (rowid, words)
  SELECT c.key,
    replace((c.details->>'$[0]') || ' ' || c.id || coalesce(' ' || (c.details->>'$[4]'), '') ||
      coalesce((SELECT ' ' || group_concat(e.value, ' ') FROM json_each(c.details, '$[3]') e WHERE e.type = 'text'), ''),
      '#', ' ') ||
    coalesce((SELECT group_concat(iif(d LIKE '1%', ' ' || substr(d, 2),
          ' ' || d || ' ' || substr(d, 2) || ' ' || substr(d, 3) || ' ' || substr(d, 4)) ||
        ' ' || substr(d, -7) || ' ' || substr(d, -4), '')
      FROM (SELECT substr(n.value->>'$[0]', 2) AS d FROM json_each(c.details, '$[1]') n WHERE n.type = 'array')), '') ||
    coalesce((SELECT group_concat(' #' || g.id, '')
      FROM json_each(c.details, '$[2]') m CROSS JOIN grouping g ON g.key = m.value), '') ||
    ' #' || (c.details->>'$[6]')
  FROM contact c WHERE c.removed_at IS NULL AND c.details->>'$[6]' IS NOT NULL;
