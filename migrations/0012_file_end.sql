-- How the last applied file of the source ended (JSON), for the comparison with its next file (design: invariant 1).
ALTER TABLE source ADD COLUMN file_end TEXT;
