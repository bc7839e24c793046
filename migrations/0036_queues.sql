-- Which message works on a run, while one does: until `stale_at` any other message of the same step is a duplicate. How often
-- the step was found without a sign of life although a message had begun it (`lost`), and how often its message was sent again (`resent`).
ALTER TABLE run ADD COLUMN holder TEXT;
ALTER TABLE run ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN resent INTEGER NOT NULL DEFAULT 0;
