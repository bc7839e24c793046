-- People who were erased at their own request. What is left of them are keyed hashes: `#` and an HMAC in hex, which nobody
-- can find out by trying all numbers without the key (worker/src/security/keyed-hash.ts).
CREATE TABLE erasure (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  -- The label of the administrator.
  who TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- The keys of the contacts that were erased.
  contacts TEXT NOT NULL,
  -- The IDs of the sources that had them.
  sources TEXT NOT NULL,
  -- [[id, details]] of each contact, both hashed: `id` from source and ID; `details` as stored, with only name, numbers and
  -- e-mails.
  people TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX erasure_by_time ON erasure (at, id);

-- Changes with every erasure, and when one is lifted. A write that was checked against the erased people fails otherwise.
INSERT INTO counter VALUES ('erased', 0);
