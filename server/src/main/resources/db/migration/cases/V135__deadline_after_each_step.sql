-- What is due after the step ('infinity': no clock runs), so that the map can show the cases as they stood at any moment.
-- Null in steps written before; of those the limit is the one that the next act with a limit met.
ALTER TABLE case_step ADD COLUMN next_due_at timestamptz;
