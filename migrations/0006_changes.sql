-- The time up to which the changes of a CRM have been fetched: {at, settingsHash, fullAt}; null before the first fetch.
ALTER TABLE source ADD COLUMN mark TEXT;
-- {before, after}: the source's value when the run fetched, and the value that the source gets once the run is applied.
ALTER TABLE run ADD COLUMN mark TEXT;
