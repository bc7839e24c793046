-- The search index has further words of a contact, and one word of a removed contact, instead of tables and indexes that
-- took a row for each contact: the types of its numbers, `#email` or `#nobody`, its e-mail addresses and values of fields
-- in hex, and its name. An entry of the index is only written as a whole: worker/src/core/search.ts has its words. It is
-- filled in parts, since a statement may take 30 seconds.
INSERT INTO contact_search (contact_search) VALUES ('delete-all');
CREATE VIEW contact_words (key, words) AS
  SELECT c.key,
    replace((c.details->>'$[0]') || ' ' || c.id || coalesce(' ' || (c.details->>'$[4]'), '') ||
      coalesce((SELECT group_concat(' ' || e.value, '') FROM json_each(c.details, '$[3]') e WHERE e.type = 'text'), ''),
      '#', ' ') ||
    coalesce((SELECT group_concat(iif(d LIKE '1%', ' ' || substr(d, 2),
          ' ' || d || ' ' || substr(d, 2) || ' ' || substr(d, 3) || ' ' || substr(d, 4)) ||
        ' ' || substr(d, -7) || ' ' || substr(d, -4) || coalesce(' #' || type, ''), '')
      FROM (SELECT substr(n.value->>'$[0]', 2) AS d, n.value->>'$[1]' AS type FROM json_each(c.details, '$[1]') n
        WHERE n.type = 'array')), '') ||
    coalesce((SELECT group_concat(' #' || g.id, '')
      FROM json_each(c.details, '$[2]') m CROSS JOIN grouping g ON g.key = m.value), '') ||
    coalesce(' #' || (c.details->>'$[6]'), '') ||
    coalesce((SELECT group_concat(' #email' || hex(lower(e.value)), '') || ' #email'
      FROM json_each(c.details, '$[3]') e WHERE e.type = 'text'), 
      iif(c.details->>'$[1]' IS NULL, ' #nobody', '')) ||
    coalesce((SELECT group_concat(' #field' || substr(hex(lower(f.key || '=' || v.value)), 1, 128), '')
      FROM json_each(c.details, '$[10]') f, json_each(f.value) v WHERE f.type = 'array'), '') ||
    ' ##' ||
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
      replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
        substr(c.details->>'$[0]', 1, 40), ' ', '#'), '!', '#'), '"', '#'), '$', '#'), '%', '#'), '&', '#'), '''', '#'),
        '(', '#'), ')', '#'), '*', '#'), '+', '#'), ',', '#'), '-', '#'), '.', '#'), '/', '#'), ':', '#'), ';', '#'),
        '<', '#'), '=', '#'), '>', '#'), '?', '#'), '@', '#'), '[', '#'), '\', '#'), ']', '#'), '^', '#'), '_', '#'),
        '`', '#'), '{', '#'), '|', '#'), '}', '#'), '~', '#'), '’', '#'), '‘', '#'), '´', '#'), '·', '#'), '–', '#'),
        '—', '#'), char(160), '#')
  FROM contact c WHERE c.removed_at IS NULL
  UNION ALL
  SELECT key, '#removed' || hex(source) FROM contact WHERE removed_at IS NOT NULL;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 0 AND key <= 250000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 250000 AND key <= 500000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 500000 AND key <= 750000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 750000 AND key <= 1000000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 1000000 AND key <= 1250000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 1250000 AND key <= 1500000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 1500000 AND key <= 1750000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 1750000 AND key <= 2000000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 2000000 AND key <= 2250000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 2250000 AND key <= 2500000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 2500000 AND key <= 2750000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 2750000 AND key <= 3000000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 3000000 AND key <= 3250000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 3250000 AND key <= 3500000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 3500000 AND key <= 3750000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 3750000 AND key <= 4000000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 4000000 AND key <= 4250000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 4250000 AND key <= 4500000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 4500000 AND key <= 4750000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 4750000 AND key <= 5000000;
INSERT INTO contact_search (rowid, words) SELECT key, words FROM contact_words WHERE key > 5000000;
DROP VIEW contact_words;
DROP TABLE contact_email;
DROP INDEX contact_removed;

-- The terms of the search index, in order, with the contacts that have them: to look up the words that begin as a typed one
-- does, and to list contacts in the order of their names. It stores nothing.
CREATE VIRTUAL TABLE contact_term USING fts5vocab ('contact_search', 'instance');
-- Each term with the number of contacts that have it.
CREATE VIRTUAL TABLE contact_word USING fts5vocab ('contact_search', 'row');
