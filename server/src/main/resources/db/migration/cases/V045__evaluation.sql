-- As what a person with an account reported it; null: a citizen or another system. On the case, because the evaluation
-- asks it of every case of a period.
ALTER TABLE case_file ADD COLUMN reporter_role text COLLATE "C";

-- Who solved the like nearby before.
CREATE INDEX case_file_solved_idx ON case_file (kind_id, area_code) INCLUDE (lead_unit_id) WHERE closed_at IS NOT NULL;

-- Every moment the evaluation asks for lies between reported_at and this one, so that two indexes find the cases of any window.
CREATE INDEX case_file_last_moment_idx ON case_file (greatest(reported_at, accepted_at, filed_at, dispatched_at, disposed_at,
  checked_at, closed_at, disposal_due_at, check_due_at, suspended_at));

-- What each ratio counts for in the score; sample values, the city's own to set.
CREATE TABLE case_evaluation_weight (
  object text COLLATE "C" NOT NULL CHECK (object IN ('AREA', 'UNIT', 'POSITION')),
  ratio  text COLLATE "C" NOT NULL,
  weight numeric(6, 2) NOT NULL CHECK (weight >= 0),
  PRIMARY KEY (object, ratio)
);
INSERT INTO case_evaluation_weight (object, ratio, weight) VALUES
  ('AREA', 'onTimeFilingRate', 15), ('AREA', 'accurateDispatchRate', 15), ('AREA', 'onTimeDisposalRate', 25), ('AREA', 'reworkRate', 10),
  ('AREA', 'onTimeClosureRate', 20), ('AREA', 'satisfactionRate', 15),
  ('UNIT', 'onTimeDisposalRate', 50), ('UNIT', 'disposalRate', 20), ('UNIT', 'reworkRate', 20), ('UNIT', 'satisfactionRate', 10),
  ('POSITION', 'effectiveReportRate', 10), ('POSITION', 'filingRate', 10), ('POSITION', 'onTimeFilingRate', 20), ('POSITION', 'accurateDispatchRate', 20),
  ('POSITION', 'onTimeDispatchRate', 20), ('POSITION', 'onTimeDisposalRate', 20), ('POSITION', 'onTimeCheckRate', 20);
