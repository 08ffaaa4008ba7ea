-- A step is known by its case and its place in it; nothing ever asked for it by its own number. It is written in the
-- transaction that has locked its case, and cases are never deleted: asking again for each of seven steps whether the case is
-- there only cost time (decision 0010).
ALTER TABLE case_step DROP CONSTRAINT case_step_pkey, DROP CONSTRAINT case_step_case_id_fkey;
ALTER TABLE case_step DROP CONSTRAINT case_step_case_id_seq_key, ADD PRIMARY KEY (case_id, seq);
