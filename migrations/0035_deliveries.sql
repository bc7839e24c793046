-- A notification is delivered to each of its recipients apart: an e-mail that one of them refuses reaches the others. One
-- that an earlier version made gets its rows here when it is sent, or sent again.
CREATE TABLE delivery (
  notification TEXT NOT NULL,
  place INTEGER NOT NULL,
  channel TEXT NOT NULL,
  address TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  code TEXT,
  next_at INTEGER NOT NULL,
  sent_at INTEGER,
  PRIMARY KEY (notification, place)
) WITHOUT ROWID;
