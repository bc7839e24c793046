-- When the step that a run is in began, and what its progress counts if that is not what the step counts usually.
ALTER TABLE run ADD COLUMN step_at INTEGER;
ALTER TABLE run ADD COLUMN unit TEXT;
