-- The run that a request with an `Idempotency-Key` started or is about to start, for 24 hours.
CREATE TABLE idempotency (
  source TEXT NOT NULL,
  key TEXT NOT NULL,
  run TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (source, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);
