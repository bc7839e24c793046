-- Whether the last fetch of a source took so long that its fetches have a queue of their own (`run/long-fetch.ts`).
ALTER TABLE source ADD COLUMN long_fetch INTEGER NOT NULL DEFAULT 0;
