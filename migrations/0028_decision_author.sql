-- The ID of the user or the API token that made a decision. The label in `who` is for readers: an administrator gives a token
-- any name. NULL for a text, for a source, and for decisions before this.
ALTER TABLE decision ADD COLUMN who_id TEXT;
