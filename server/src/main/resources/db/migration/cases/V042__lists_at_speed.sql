-- The units of the viewer are read once per query instead of once per row, and the planner is no longer led to believe
-- that nearly nobody sees anything (an equality without a column counts as 1 in 200; on 200,000 cases it chose nested
-- passes over all open ones).
DROP POLICY case_file_scope ON case_file;
CREATE POLICY case_file_scope ON case_file
  USING (area_code >= current_setting('citywide.area_lo', true) COLLATE "C"
     AND area_code < current_setting('citywide.area_hi', true) COLLATE "C"
     AND ((SELECT current_setting('citywide.units', true) = '{}')
       OR lead_unit_id = ANY ((SELECT nullif(current_setting('citywide.units', true), '')::bigint[])::bigint[])
       OR assist_unit_ids && (SELECT nullif(current_setting('citywide.units', true), '')::bigint[])))
  WITH CHECK (citywide_sees_area(area_code));

-- At whose desk an open case lies: one value for several stages, so that a queue is one range of one index.
ALTER TABLE case_file ADD COLUMN desk text COLLATE "C" GENERATED ALWAYS AS (CASE stage
  WHEN 'REPORTED' THEN 'accept' WHEN 'ACCEPTED' THEN 'file' WHEN 'VERIFIED' THEN 'file' WHEN 'VERIFYING' THEN 'verify' WHEN 'FILED' THEN 'dispatch'
  WHEN 'DISPATCHED' THEN 'handle' WHEN 'RECEIVED' THEN 'handle' WHEN 'DISPOSED' THEN 'check' WHEN 'CHECKED' THEN 'close' END) STORED;
DROP INDEX case_file_queue_idx;
CREATE INDEX case_file_desk_idx ON case_file (desk, due_at, id, area_code) WHERE open;
CREATE INDEX case_file_kind_idx ON case_file (kind_id, reported_at DESC, id DESC, area_code);
