-- How far a step has come that goes on in another message (JSON): the file in R2 with what that message needs to know, and
-- its version.
ALTER TABLE run ADD COLUMN stage TEXT;
