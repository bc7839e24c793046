-- The file of a source to which the SMS statuses that are set here are written (design: Opt-outs as a file). A source has
-- a row from the first request to write it.
CREATE TABLE opt_out_file (
  source TEXT PRIMARY KEY REFERENCES source (id) ON DELETE CASCADE,
  -- When the next attempt is due, or when the one that runs counts as lost; NULL if nothing is to be done.
  next_at INTEGER,
  -- The number of requests so far. A request that comes during an attempt calls for another attempt.
  asks INTEGER NOT NULL,
  -- When the first of the requests came that no attempt has met yet, and the number of attempts since.
  asked_at INTEGER,
  attempts INTEGER NOT NULL,
  -- The file as it was last written: its address, its SHA-256 and the time.
  url TEXT,
  sha256 TEXT,
  written_at INTEGER,
  -- The place in the order of changes up to which the file is complete.
  seq INTEGER,
  -- Why the last attempt failed: code, message and advice; NULL if it did not.
  failure TEXT
) WITHOUT ROWID;
CREATE INDEX opt_out_file_due ON opt_out_file (next_at) WHERE next_at IS NOT NULL;

-- A status that was given up is in the file once it can be written again.
CREATE INDEX sms_change_given_up ON sms_change (source) WHERE write_back = 'given_up';
