-- A plan that waits for a person may have been applied in part: what has been applied, in how many chunks (each moves the
-- revisions that the plan was made on by one), and the run that took the place of a run that waited.
ALTER TABLE run ADD COLUMN applied TEXT;
ALTER TABLE run ADD COLUMN chunks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE run ADD COLUMN replaced_by TEXT;
-- The hash of the changes that a person rejected last.
ALTER TABLE source ADD COLUMN rejected TEXT;
UPDATE run SET applied = json_object(
    'added', counts ->> '$.added', 'updated', counts ->> '$.updated', 'removed', counts ->> '$.removed')
  WHERE status = 'succeeded' AND mode = 'apply' AND counts IS NOT NULL;
-- Plans that wait or waited until now wait as a whole, except for their opt-outs.
UPDATE run SET plan = json_set(plan, '$.sections', (
    SELECT json_group_array(json(iif(value ->> '$.part' = 'optOut' OR value ->> '$.optOuts' = 1,
      value, json_set(value, '$.waits', json('true')))))
    FROM json_each(run.plan, '$.sections')))
  WHERE plan IS NOT NULL AND json_array_length(plan, '$.sections') > 0 AND mode = 'apply'
    AND status IN ('held', 'rejected', 'replaced', 'cancelled');
-- A limit stops a part of a plan, unless the source is set to let the whole plan wait.
UPDATE source SET settings = json_set(settings, '$.hold', 'part');
