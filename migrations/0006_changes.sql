-- Up to when the changes of a CRM have been taken: {at, settingsHash, fullAt}; null where nothing has been yet.
ALTER TABLE source ADD COLUMN mark TEXT;
-- {before, after}: the source's mark when the run fetched, and the one it gives the source once it has been applied.
ALTER TABLE run ADD COLUMN mark TEXT;
