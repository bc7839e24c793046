-- The reasons that hold a run name the parts of its plan that wait. Until now the whole plan waited.
UPDATE run SET hold = json_object('reasons', (
    SELECT json_group_array(json_set(j.value, '$.parts', json('["add","update","remove"]')))
      FROM json_each(run.hold, '$.reasons') j))
  WHERE hold IS NOT NULL;
