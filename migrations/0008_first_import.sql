-- When a run of the source was first applied; NULL before. After that all limits apply, even if other facts about the
-- source are cleared or undone (design: invariant 13).
ALTER TABLE source ADD COLUMN first_applied_at INTEGER;
UPDATE source SET first_applied_at = coalesce(
  (SELECT min(finished_at) FROM run
    WHERE run.source = source.id AND mode = 'apply' AND undoes IS NULL AND status = 'succeeded'),
  iif(fingerprints IS NOT NULL OR settled ->> '$.outcome' IN ('applied', 'undone'), created_at, NULL));
