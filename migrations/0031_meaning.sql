-- What a run's plan would do, in numbers, counted while it was planned. NULL before that, for an undo, and for older runs.
ALTER TABLE run ADD COLUMN meaning TEXT;
