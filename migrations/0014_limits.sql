-- When removals of a run began to wait for a person: while they wait, the days stand still within which the limit on
-- removals counts. For the runs that have waited before, the time is not known.
ALTER TABLE run ADD COLUMN removals_held_at INTEGER;
-- The reasons that hold a run come with examples. Those from before have none.
UPDATE run SET hold = json_set(hold, '$.reasons', (
    SELECT json_group_array(json_set(j.value, '$.examples', json('[]'))) FROM json_each(run.hold, '$.reasons') j))
  WHERE hold IS NOT NULL;
-- Removed contacts that retention has deleted, by the time of their removal: the limit on removals still counts them.
CREATE TABLE forgotten_removal (
  source TEXT NOT NULL REFERENCES source (id) ON DELETE CASCADE,
  removed_at INTEGER NOT NULL,
  contacts INTEGER NOT NULL,
  PRIMARY KEY (source, removed_at)
) WITHOUT ROWID;
