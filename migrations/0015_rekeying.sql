-- A contact that gets a new ID takes its opt-out with it. Nobody else who gets the old ID later is opted out by it.
DROP TRIGGER contact_changes;
CREATE TRIGGER contact_changes AFTER UPDATE OF details, source, id, removed_at ON contact
WHEN new.removed_at IS NULL AND EXISTS (SELECT 1 FROM opt_out)
BEGIN
  -- A contact that is adopted, or whose source is deleted, keeps its opt-out.
  INSERT INTO opt_out
    SELECT '', new.source, new.id, o.who, o.at FROM opt_out o
      WHERE (new.source <> old.source OR new.id <> old.id) AND o.number = '' AND o.source = old.source AND o.id = old.id
        AND NOT EXISTS (SELECT 1 FROM opt_out WHERE number = '' AND source = new.source AND id = new.id);
  DELETE FROM opt_out WHERE new.id <> old.id AND number = '' AND source = old.source AND id = old.id;
  -- The opt-out of a gained number always counts. That of a number it had counts only if no opt-in has followed.
  UPDATE contact SET sms_status = 'opted_out', sms_by = o.who, sms_at = o.at, sms_here = o.at, sms_shown = 0
    FROM (
      SELECT who, at FROM (
        SELECT who, at FROM opt_out
          WHERE number = '' AND source = new.source AND id = new.id AND NOT (old.sms_status = 'opted_in' AND old.sms_at > at)
        UNION ALL
        SELECT o.who, o.at FROM json_each(new.details, '$[1]') n CROSS JOIN opt_out o ON o.number = n.value->>'$[0]'
          WHERE NOT (old.sms_status = 'opted_in' AND old.sms_at > o.at)
            OR NOT EXISTS (SELECT 1 FROM json_each(old.details, '$[1]') b WHERE b.value->>'$[0]' = o.number)
      ) ORDER BY at DESC LIMIT 1
    ) o
    WHERE contact.key = new.key AND (contact.sms_here IS NULL OR contact.sms_here < o.at);
END;
