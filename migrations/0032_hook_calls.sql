-- The last calls of each source's webhook, and what they were answered. Neither the body nor the caller is kept. Equal
-- refusals in a row are one entry with their number, so that a stranger cannot push out the calls before.
CREATE TABLE hook_call (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER NOT NULL,
  code TEXT,
  run TEXT,
  test INTEGER NOT NULL DEFAULT 0,
  times INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX hook_call_source ON hook_call (source);
