-- The columns get the usual names of what they hold: the baseline that the next file is compared with, the watermark of a
-- CRM's changes, a follow-up run that starts when the active one ends, the revision of manual contacts.
ALTER TABLE source RENAME COLUMN settled TO baseline;
ALTER TABLE source RENAME COLUMN mark TO watermark;
ALTER TABLE run RENAME COLUMN mark TO watermark;
ALTER TABLE run RENAME COLUMN remembered TO follow_up;
ALTER TABLE grouping RENAME COLUMN made_by_hand TO manual;
UPDATE counter SET name = 'manual' WHERE name = 'hand';
-- The same names in stored plans, which an undo may still read.
UPDATE run SET plan = json_remove(
  json_set(plan, '$.manual', json(iif(plan ->> '$.hand', 'true', 'false')), '$.manualRevision', plan ->> '$.handRevision',
    '$.baselineBefore', json(coalesce(plan -> '$.settledBefore', 'null'))),
  '$.hand', '$.handRevision', '$.settledBefore') WHERE plan IS NOT NULL;
