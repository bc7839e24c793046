-- When somebody asked for an e-mail to be sent again; NULL if nobody has. It is tried for a day from then on.
ALTER TABLE notification ADD COLUMN requested_at INTEGER;
