-- Each decision that a person or a number opted out or in, with the evidence and with whom it was about. Rows are only
-- added. The status of a contact follows from the decisions that stand (worker/src/store/consent.ts).
CREATE TABLE decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Names a decision that was made here, so that it is recorded once; NULL for one of a source.
  name TEXT,
  status TEXT NOT NULL,
  -- 'text', 'person', 'system' or 'source'.
  how TEXT NOT NULL,
  -- 'contact' (by text), 'source', or the label of a person or a system.
  who TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- The number that the text came from.
  number TEXT,
  -- The contact that the decision is about; NULL for a text, and for a row that was left without its contact.
  contact INTEGER,
  -- {source, id, details}, or a list of these for a text; NULL if it is not known.
  about TEXT,
  -- {words}, {reason} or {run, row, value}.
  evidence TEXT NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX decision_name ON decision (name) WHERE name IS NOT NULL;
CREATE INDEX decision_contact ON decision (contact, id) WHERE contact IS NOT NULL;
CREATE INDEX decision_number ON decision (number) WHERE number IS NOT NULL;

-- The contacts that had the number when the text came.
CREATE TABLE decision_holder (
  contact INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  PRIMARY KEY (contact, decision)
) WITHOUT ROWID;
CREATE INDEX decision_holder_decision ON decision_holder (decision);

-- The opt-outs of numbers that stand. `contact`: 0 for the number that the text came from; else the contact that had the
-- number when it left the directory, or became somebody else.
CREATE TABLE number_opt_out (
  number TEXT NOT NULL,
  decision INTEGER NOT NULL,
  contact INTEGER NOT NULL,
  PRIMARY KEY (number, decision, contact)
) WITHOUT ROWID;
CREATE INDEX number_opt_out_decision ON number_opt_out (decision);

-- The opt-outs of contacts that stand.
CREATE TABLE contact_opt_out (
  contact INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  -- The numbers that a later START has excepted.
  excepted TEXT NOT NULL DEFAULT '[]',
  -- 1: the person has left the directory or the ID. `source`, `id` and `person`, the details, tell who it was; `person` is
  -- NULL if that is not known.
  apart INTEGER NOT NULL DEFAULT 0,
  source TEXT,
  id TEXT,
  person TEXT,
  PRIMARY KEY (contact, decision)
) WITHOUT ROWID;
CREATE INDEX contact_opt_out_apart ON contact_opt_out (source, id) WHERE apart = 1;
CREATE INDEX contact_opt_out_decision ON contact_opt_out (decision);

-- The last decision before those of this transaction.
INSERT INTO counter VALUES ('decision', 0);

-- The opt-in that stands, the status by decisions about the contact alone, and the decision that gives the status.
ALTER TABLE contact ADD COLUMN sms_in INTEGER;
ALTER TABLE contact ADD COLUMN sms_own TEXT NOT NULL DEFAULT 'unknown';
ALTER TABLE contact ADD COLUMN sms_decision INTEGER;

-- The decisions that are known. A number stays opted out unless all who have it were opted in later, by their source.
INSERT INTO decision (name, status, how, who, at, number, evidence)
  SELECT 'number ' || o.number, 'opted_out', iif(o.who = 'contact', 'text', 'person'), o.who, o.at,
      iif(o.who = 'contact', o.number, NULL), '{}' FROM opt_out o
    WHERE o.number <> '' AND (
      NOT EXISTS (SELECT 1 FROM contact_number h WHERE h.number = o.number) OR
      EXISTS (SELECT 1 FROM contact_number h JOIN contact c ON c.key = h.contact
        WHERE h.number = o.number AND NOT (c.sms_status = 'opted_in' AND c.sms_by IS 'source' AND c.sms_at > o.at)))
    ORDER BY o.at, o.number;
INSERT INTO number_opt_out
  SELECT substr(d.name, 8), d.id, iif(d.number IS NULL, -1, 0) FROM decision d WHERE d.name GLOB 'number *';

-- Opt-outs by source and ID, with or without their contact.
-- A text was recorded for its number and for each contact that had it at the same time.
INSERT INTO decision (name, status, how, who, at, number, contact, about, evidence)
  SELECT 'id ' || o.source || ' ' || o.id, 'opted_out', iif(o.who = 'contact', 'text', 'person'), o.who, o.at,
      (SELECT n.number FROM opt_out n WHERE o.who = 'contact' AND n.who = 'contact' AND n.number <> '' AND n.at = o.at), c.key,
      json_object('source', o.source, 'id', o.id, 'details', json(coalesce(c.details, 'null'))), '{}'
    FROM opt_out o LEFT JOIN contact c ON c.source = o.source AND c.id = o.id
    WHERE o.number = '' AND (c.key IS NULL OR NOT (c.sms_status = 'opted_in' AND c.sms_at > o.at))
    ORDER BY o.at, o.source, o.id;
INSERT INTO contact_opt_out (contact, decision, apart, source, id, person)
  SELECT coalesce(d.contact, -d.id), d.id, c.key IS NULL OR c.removed_at IS NOT NULL, d.about ->> '$.source', d.about ->> '$.id', c.details
    FROM decision d LEFT JOIN contact c ON c.key = d.contact WHERE d.name GLOB 'id *';

-- Opted-out contacts without such a record: by their source, or by a number that they no longer have.
INSERT INTO decision (name, status, how, who, at, contact, about, evidence)
  SELECT 'contact ' || c.key, 'opted_out',
      CASE WHEN c.sms_by IS 'source' OR c.sms_here IS NULL THEN 'source' WHEN c.sms_by IS 'contact' THEN 'text' ELSE 'person' END,
      coalesce(c.sms_by, 'source'), coalesce(c.sms_at, c.updated_at), c.key,
      json_object('source', c.source, 'id', c.id, 'details', json(c.details)), '{}'
    FROM contact c
    WHERE c.sms_status = 'opted_out' AND NOT EXISTS (SELECT 1 FROM contact_opt_out o WHERE o.contact = c.key)
      AND NOT EXISTS (SELECT 1 FROM json_each(c.details, '$[1]') n JOIN number_opt_out s ON s.number = n.value ->> '$[0]')
    ORDER BY c.key;
INSERT INTO contact_opt_out (contact, decision, apart, source, id, person)
  SELECT c.key, d.id, c.removed_at IS NOT NULL, c.source, c.id, c.details
    FROM decision d JOIN contact c ON c.key = d.contact WHERE d.name GLOB 'contact *';
-- Who left has opted out with the numbers of then.
INSERT OR IGNORE INTO number_opt_out
  SELECT n.value ->> '$[0]', o.decision, o.contact FROM contact_opt_out o, json_each(o.person, '$[1]') n
    WHERE o.apart = 1 AND o.person IS NOT NULL;

-- Opt-ins.
INSERT INTO decision (name, status, how, who, at, contact, about, evidence)
  SELECT 'in ' || c.key, 'opted_in',
      CASE WHEN c.sms_by IS 'source' THEN 'source' WHEN c.sms_by IS 'contact' THEN 'text' ELSE 'person' END,
      coalesce(c.sms_by, 'source'), coalesce(c.sms_at, c.updated_at), c.key,
      json_object('source', c.source, 'id', c.id, 'details', json(c.details)), '{}'
    FROM contact c WHERE c.sms_status = 'opted_in' ORDER BY c.key;
UPDATE contact SET sms_in = d.id, sms_decision = d.id, sms_own = 'opted_in' FROM decision d
  WHERE contact.sms_status = 'opted_in' AND d.contact = contact.key AND d.status = 'opted_in';
UPDATE contact SET sms_own = 'opted_out', sms_decision = (
    SELECT max(o.decision) FROM contact_opt_out o WHERE o.contact = contact.key)
  WHERE sms_status = 'opted_out' AND EXISTS (SELECT 1 FROM contact_opt_out o WHERE o.contact = contact.key);
-- Under the rules of before, only the opted-out value itself opted out. A value that was not understood is read again.
UPDATE contact SET sms_seen = NULL WHERE sms_status = 'opted_in' AND sms_by = 'source' AND sms_seen <> ''
  AND NOT EXISTS (SELECT 1 FROM source s, json_each(s.settings, '$.smsStatus.optedIn') v
    WHERE s.id = contact.source AND lower(v.value) = lower(contact.sms_seen));

DROP TRIGGER contact_arrives;
DROP TRIGGER contact_changes;
DROP TABLE opt_out;
