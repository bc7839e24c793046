-- The bytes that a run imports, if Muster has them already (JSON: name, bytes, and the file in R2): an upload, or the
-- snapshot of an earlier run.
ALTER TABLE run ADD COLUMN given TEXT;
-- The IDs of the tokens that uploaded a file and got this run's ID (JSON): each may read the status of the run.
ALTER TABLE run ADD COLUMN callers TEXT;

-- The IDs of the only sources that a token may see (JSON); NULL for all.
ALTER TABLE token ADD COLUMN sources TEXT;
ALTER TABLE token ADD COLUMN expires_at INTEGER;
-- When the token was last used, to within some minutes.
ALTER TABLE token ADD COLUMN last_used_at INTEGER;
