-- When a run of the source was first applied; NULL until then. From then on all limits count, whatever else about the
-- source is cleared or taken back (design: invariant 13).
ALTER TABLE source ADD COLUMN first_applied_at INTEGER;
UPDATE source SET first_applied_at = coalesce(
  (SELECT min(finished_at) FROM run
    WHERE run.source = source.id AND mode = 'apply' AND undoes IS NULL AND status = 'succeeded'),
  iif(fingerprints IS NOT NULL OR settled ->> '$.outcome' IN ('applied', 'undone'), created_at, NULL));
