-- When the current opt-out was made here, by a person, a system or a text; NULL if there is none.
ALTER TABLE contact ADD COLUMN sms_here INTEGER;
-- The source's value for the SMS status at the last import; NULL if no import has had one.
ALTER TABLE contact ADD COLUMN sms_seen TEXT;
-- 1: the source has shown the opt-out that was made here, in an import fetched after it.
ALTER TABLE contact ADD COLUMN sms_shown INTEGER NOT NULL DEFAULT 0;

-- Opt-outs that were made here, by number ('' for none), source and ID. They outlive their contact and source, and
-- retention.
CREATE TABLE opt_out (
  number TEXT NOT NULL,
  source TEXT NOT NULL,
  id TEXT NOT NULL,
  who TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (number, source, id)
) WITHOUT ROWID;

-- The ledger of SMS statuses: each status of a contact, its author, and the state of its write-back to the source.
CREATE TABLE sms_change (
  contact INTEGER NOT NULL,
  -- The place in the order of changes that the contact got with the status.
  seq INTEGER NOT NULL,
  status TEXT NOT NULL,
  -- 'contact' (by text), 'source', or the label of a person or a system.
  who TEXT,
  at INTEGER NOT NULL,
  run TEXT,
  reason TEXT,
  -- 'pending', 'sent', 'confirmed', 'conflict', 'given_up', 'superseded' by a newer status, or NULL without a write-back.
  write_back TEXT,
  -- The source of the write-back, and the value that it was last sent.
  source TEXT,
  value TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- When the next attempt is due. During an attempt: when the attempt may be considered lost.
  next_at INTEGER,
  sent_at INTEGER,
  failure TEXT,
  -- The e-mail about a conflict or about a write-back that was given up.
  notification TEXT,
  PRIMARY KEY (contact, seq)
) WITHOUT ROWID;
CREATE INDEX sms_change_due ON sms_change (next_at) WHERE write_back = 'pending';
CREATE INDEX sms_change_open ON sms_change (source) WHERE write_back IN ('pending', 'sent');
CREATE INDEX sms_change_untold ON sms_change (source) WHERE write_back IN ('conflict', 'given_up') AND notification IS NULL;

UPDATE contact SET sms_here = sms_at WHERE sms_status = 'opted_out';
INSERT INTO opt_out SELECT '', source, id, coalesce(sms_by, ''), sms_at FROM contact WHERE sms_here IS NOT NULL;
INSERT INTO opt_out
  SELECT n.value->>'$[0]', '', '', coalesce(c.sms_by, ''), max(c.sms_at) FROM contact c, json_each(c.details, '$[1]') n
    WHERE c.sms_here IS NOT NULL AND n.value->>'$[1]' = 'mobile' GROUP BY n.value->>'$[0]';

-- No contact arrives opted in against an opt-out that was made here, by any writer (design: invariant 7).
-- worker/src/core/contact.ts has the place of numbers in `details`.
CREATE TRIGGER contact_arrives AFTER INSERT ON contact WHEN EXISTS (SELECT 1 FROM opt_out)
BEGIN
  UPDATE contact SET sms_status = 'opted_out', sms_by = o.who, sms_at = o.at, sms_here = o.at, sms_shown = 0
    FROM (
      SELECT who, at FROM (
        SELECT who, at FROM opt_out WHERE number = '' AND source = new.source AND id = new.id
        UNION ALL
        SELECT o.who, o.at FROM json_each(new.details, '$[1]') n CROSS JOIN opt_out o ON o.number = n.value->>'$[0]'
      ) ORDER BY at DESC LIMIT 1
    ) o
    WHERE contact.key = new.key;
END;

CREATE TRIGGER contact_changes AFTER UPDATE OF details, source, removed_at ON contact
WHEN new.removed_at IS NULL AND EXISTS (SELECT 1 FROM opt_out)
BEGIN
  -- A contact that is adopted, or whose source is deleted, keeps its opt-out.
  INSERT OR IGNORE INTO opt_out
    SELECT '', new.source, new.id, who, at FROM opt_out
      WHERE new.source <> old.source AND number = '' AND source = old.source AND id = old.id;
  -- The opt-out of a gained number always counts. That of a number it had counts only if no opt-in has followed.
  UPDATE contact SET sms_status = 'opted_out', sms_by = o.who, sms_at = o.at, sms_here = o.at, sms_shown = 0
    FROM (
      SELECT who, at FROM (
        SELECT who, at FROM opt_out
          WHERE number = '' AND source = new.source AND id = new.id AND NOT (old.sms_status = 'opted_in' AND old.sms_at > at)
        UNION ALL
        SELECT o.who, o.at FROM json_each(new.details, '$[1]') n CROSS JOIN opt_out o ON o.number = n.value->>'$[0]'
          WHERE NOT (old.sms_status = 'opted_in' AND old.sms_at > o.at)
            OR NOT EXISTS (SELECT 1 FROM json_each(old.details, '$[1]') b WHERE b.value->>'$[0]' = o.number)
      ) ORDER BY at DESC LIMIT 1
    ) o
    WHERE contact.key = new.key AND (contact.sms_here IS NULL OR contact.sms_here < o.at);
END;

CREATE TRIGGER contact_sms AFTER UPDATE OF sms_status, sms_at ON contact
WHEN new.sms_status IS NOT old.sms_status OR new.sms_at IS NOT old.sms_at
BEGIN
  INSERT OR REPLACE INTO sms_change (contact, seq, status, who, at, run)
    VALUES (new.key, new.seq, new.sms_status, new.sms_by, new.sms_at, new.run);
END;

CREATE TRIGGER contact_ends AFTER DELETE ON contact
BEGIN
  DELETE FROM sms_change WHERE contact = old.key;
END;
