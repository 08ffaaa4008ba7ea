-- What follows from a case's stage, and what its columns may hold. As generated columns and conditions they were read out
-- of the catalog's texts and prepared anew by every statement that writes a case: half of what a step cost the database
-- (decision 0010). A trigger keeps what it has prepared for as long as its connection lives.
ALTER TABLE case_file
  ALTER COLUMN open DROP EXPRESSION,
  ALTER COLUMN due_at DROP EXPRESSION,
  ALTER COLUMN desk DROP EXPRESSION,
  DROP CONSTRAINT case_file_stage_check,
  DROP CONSTRAINT case_file_urgency_check,
  DROP CONSTRAINT case_file_verification_result_check,
  DROP CONSTRAINT case_file_check_result_check,
  DROP CONSTRAINT case_file_citizen_rating_check,
  DROP CONSTRAINT case_file_check,
  DROP CONSTRAINT case_file_check1;

CREATE FUNCTION case_file_derived() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- at whose desk an open case lies
  NEW.desk := CASE NEW.stage
    WHEN 'REPORTED' THEN 'accept' WHEN 'ACCEPTED' THEN 'file' WHEN 'VERIFIED' THEN 'file' WHEN 'VERIFYING' THEN 'verify' WHEN 'FILED' THEN 'dispatch'
    WHEN 'DISPATCHED' THEN 'handle' WHEN 'RECEIVED' THEN 'handle' WHEN 'DISPOSED' THEN 'check' WHEN 'CHECKED' THEN 'close' END;
  NEW.open := NEW.desk IS NOT NULL;
  -- what counts now: 'infinity' where no clock runs
  NEW.due_at := coalesce(
    CASE WHEN NEW.suspended_at IS NOT NULL THEN NULL
         WHEN NEW.desk IN ('accept', 'file', 'verify') THEN NEW.filing_due_at
         WHEN NEW.desk = 'dispatch' THEN NEW.dispatch_due_at
         WHEN NEW.desk = 'handle' THEN NEW.disposal_due_at
         WHEN NEW.desk = 'check' THEN NEW.check_due_at END,
    'infinity');
  IF NOT (NEW.open OR NEW.stage IN ('CLOSED', 'EVALUATED', 'NOT_ACCEPTED', 'VOID')) THEN
    RAISE EXCEPTION 'a case has no stage %', NEW.stage USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, COLUMN = 'stage';
  END IF;
  IF NOT coalesce(NEW.urgency IN ('NORMAL', 'URGENT'), true)
      OR NOT coalesce(NEW.verification_result IN ('EXISTS', 'NOT_EXISTS', 'UNABLE'), true)
      OR NOT coalesce(NEW.check_result IN ('PASS', 'FAIL', 'UNABLE'), true)
      OR NOT coalesce(NEW.citizen_rating IN ('YES', 'PARTLY', 'NO'), true)
      OR (NEW.lon IS NULL) <> (NEW.lat IS NULL)
      OR (NEW.imported_source IS NULL) <> (NEW.imported_ref IS NULL) THEN
    RAISE EXCEPTION 'a case holds urgency %, verification %, check %, rating %, lon %, lat %, imported as % of %', NEW.urgency, NEW.verification_result, NEW.check_result,
      NEW.citizen_rating, NEW.lon, NEW.lat, NEW.imported_ref, NEW.imported_source USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME,
      HINT = 'urgency NORMAL or URGENT; verification EXISTS, NOT_EXISTS or UNABLE; check PASS, FAIL or UNABLE; rating YES, PARTLY or NO; lon with lat; source with reference';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER case_file_derived BEFORE INSERT OR UPDATE ON case_file FOR EACH ROW EXECUTE FUNCTION case_file_derived();
