-- When an e-mail is to be tried; while it is being sent, when the attempt may be taken for lost.
ALTER TABLE notification ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;
DROP INDEX notification_pending;
CREATE INDEX notification_due ON notification (next_at) WHERE status = 'pending';
CREATE INDEX notification_failed ON notification (created_at) WHERE status = 'failed';

-- A source is asked for its held run in each import; without this index, each of its runs of all times would be read.
CREATE INDEX run_held ON run (source) WHERE status = 'held';
