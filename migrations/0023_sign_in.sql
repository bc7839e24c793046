-- Attempts to sign in, counted before they are judged, so that many at the same moment cannot all be judged. `bucket` names
-- an account, a client address, all of Muster, or a device that the account has signed in from.
CREATE TABLE sign_in_attempt (
  id INTEGER PRIMARY KEY,
  bucket TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX sign_in_attempt_bucket ON sign_in_attempt (bucket, at);
CREATE INDEX sign_in_attempt_at ON sign_in_attempt (at);
DROP TABLE sign_in_failure;

-- A session: its public ID, when it began, when its person was last active, and when the person last showed who they are
-- by password. `client` is how the browser calls itself.
ALTER TABLE session ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN confirmed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN client TEXT;
-- A session without these facts cannot be listed or ended, so everybody signs in again.
DELETE FROM session;
CREATE INDEX session_user ON session (user);

-- The second factor of a user: the encrypted secret of their authenticator app, and the last code that counted, as the
-- number of its half minute. A factor without that has not been confirmed yet.
CREATE TABLE second_factor (
  user TEXT PRIMARY KEY REFERENCES user (id) ON DELETE CASCADE,
  secret TEXT NOT NULL,
  used_step INTEGER
) WITHOUT ROWID;
-- The hashes of recovery codes that have not been used.
CREATE TABLE recovery_code (
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL,
  PRIMARY KEY (user, code_hash)
) WITHOUT ROWID;

-- Secrets that are handed out once, as hashes: links of invitations and of forgotten passwords, and tickets from the
-- password to the second factor.
CREATE TABLE one_time_token (
  token_hash TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  user TEXT NOT NULL REFERENCES user (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX one_time_token_user ON one_time_token (user, purpose);
