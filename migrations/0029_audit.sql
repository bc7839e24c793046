-- Who acted, beside the name that they go by: a token may be named like a person. NULL in entries of earlier versions.
-- `client` is the network address that the request came from.
ALTER TABLE audit ADD COLUMN actor_kind TEXT;
ALTER TABLE audit ADD COLUMN actor_id TEXT;
ALTER TABLE audit ADD COLUMN client TEXT;

-- Entries that anybody could cause as often as they like are folded: one entry counts all of a quarter of an hour with the same
-- `fold`. `last_at` is when the last of them happened.
ALTER TABLE audit ADD COLUMN count INTEGER NOT NULL DEFAULT 1;
ALTER TABLE audit ADD COLUMN last_at INTEGER;
ALTER TABLE audit ADD COLUMN fold TEXT;
CREATE UNIQUE INDEX audit_fold ON audit (fold) WHERE fold IS NOT NULL;

CREATE INDEX audit_action ON audit (action);
CREATE INDEX audit_subject ON audit (subject);
