-- How many members of the largest groups each channel reaches, as it was counted at a place in the order of changes (`seq`) and
-- a time: to count them reads every member, which is too much for each look at the overview of a large directory.
CREATE TABLE group_reach (
  id INTEGER PRIMARY KEY,
  contacts INTEGER NOT NULL,
  sms INTEGER NOT NULL,
  voice INTEGER NOT NULL,
  email INTEGER NOT NULL,
  nobody INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL
);
-- The overview finds the SMS statuses that a source contradicts.
CREATE INDEX sms_change_conflict ON sms_change (source) WHERE write_back = 'conflict';
