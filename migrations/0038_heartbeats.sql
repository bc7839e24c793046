-- When something last happened that the health check asks about, in milliseconds since 1970. `tick`: the cron, which a new
-- deployment has not had yet. `deadLetter`: a message of the queue was given up.
CREATE TABLE heartbeat (
  name TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO heartbeat VALUES ('tick', CAST(strftime('%s', 'now') AS INTEGER) * 1000);
