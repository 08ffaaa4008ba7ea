-- A delivery is of a step of a warning, or of the hot spots of an area in a month. The unique constraint sends neither twice.
ALTER TABLE sensing_delivery
  ALTER COLUMN warning_id DROP NOT NULL,
  ADD COLUMN report_month text COLLATE "C" CHECK (report_month ~ '^\d{4}-\d{2}$'),
  ADD COLUMN report_area  text COLLATE "C",
  ADD CONSTRAINT sensing_delivery_subject CHECK ((warning_id IS NULL) = (report_month IS NOT NULL) AND (report_month IS NULL) = (report_area IS NULL)),
  ADD CONSTRAINT sensing_delivery_report_unit CHECK (report_month IS NULL OR unit_id IS NOT NULL),
  DROP CONSTRAINT sensing_delivery_once,
  ADD CONSTRAINT sensing_delivery_once UNIQUE NULLS NOT DISTINCT (warning_id, seq, unit_id, person_id, way, address, report_month, report_area);
CREATE INDEX sensing_delivery_report_idx ON sensing_delivery (unit_id, id DESC) WHERE report_month IS NOT NULL;

-- A report is seen by the unit that it was sent to, and by who answers for its area.
DROP POLICY sensing_delivery_scope ON sensing_delivery;
CREATE POLICY sensing_delivery_scope ON sensing_delivery
  USING (CASE WHEN report_month IS NULL THEN EXISTS (SELECT 1 FROM sensing_warning w WHERE w.id = warning_id OFFSET 0)
    ELSE report_area >= current_setting('citywide.area_lo', true) COLLATE "C" AND report_area < current_setting('citywide.area_hi', true) COLLATE "C"
      AND citywide_sees_units(unit_id, '{}') END);
