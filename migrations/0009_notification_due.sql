-- When the next attempt to send the e-mail is due. During an attempt: when the attempt may be considered lost.
ALTER TABLE notification ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;
DROP INDEX notification_pending;
CREATE INDEX notification_due ON notification (next_at) WHERE status = 'pending';
CREATE INDEX notification_failed ON notification (created_at) WHERE status = 'failed';

-- Each import reads the held run of its source. Without this index it would read all runs of the source.
CREATE INDEX run_held ON run (source) WHERE status = 'held';
