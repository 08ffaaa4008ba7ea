-- Lists of words are the dear ones among conditions (V340): each statement reads them byte by byte. The others stay.
ALTER TABLE intake_signal
  DROP CONSTRAINT intake_signal_state_check,
  DROP CONSTRAINT intake_signal_urgency_check,
  DROP CONSTRAINT intake_signal_check1;

CREATE FUNCTION intake_signal_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT coalesce(NEW.state IN ('WAITING_PLACE', 'DECLINED') OR NEW.state IN ('OPENED', 'JOINED') AND NEW.case_id IS NOT NULL, true)
      OR NOT coalesce(NEW.urgency IN ('NORMAL', 'URGENT'), true) THEN
    RAISE EXCEPTION 'a signal holds state %, urgency %, case %', NEW.state, NEW.urgency, NEW.case_id USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME,
      HINT = 'state WAITING_PLACE, DECLINED, or with a case OPENED or JOINED; urgency NORMAL or URGENT';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER intake_signal_holds BEFORE INSERT OR UPDATE ON intake_signal FOR EACH ROW EXECUTE FUNCTION intake_signal_holds();
