-- Cases that ended, arranged for the map: which were open at a moment, and what was closed at a place. A copy, written in
-- batches behind the steps (never by them), of what no step changes after the end; reopening a case deletes its row.
CREATE TABLE case_past (
  case_id         bigint PRIMARY KEY,
  -- the case was open for 2^span to 2^(span+1) seconds: those open at a moment lie in one range of opened_at per span
  span            int NOT NULL,
  opened_at       timestamptz NOT NULL,
  ended_at        timestamptz NOT NULL,
  -- null: turned away
  closed_at       timestamptz,
  kind_id         text COLLATE "C",
  lon             double precision,
  lat             double precision,
  grid_key        bigint,
  area_code       text COLLATE "C" NOT NULL,
  lead_unit_id    bigint,
  assist_unit_ids bigint[] NOT NULL
);
-- Everything that the choice of the cases open at a moment needs, so that the rows themselves are not fetched.
CREATE INDEX case_past_span_idx ON case_past (span, opened_at) INCLUDE (ended_at, lon, lat, area_code, lead_unit_id, assist_unit_ids, case_id);
CREATE INDEX case_past_grid_idx ON case_past (grid_key, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX case_past_area_idx ON case_past (area_code, closed_at) WHERE closed_at IS NOT NULL;
ALTER TABLE case_past ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_past_scope ON case_past
  USING (area_code >= current_setting('citywide.area_lo', true) COLLATE "C"
     AND area_code < current_setting('citywide.area_hi', true) COLLATE "C"
     AND ((SELECT current_setting('citywide.units', true) = '{}')
       OR lead_unit_id = ANY ((SELECT nullif(current_setting('citywide.units', true), '')::bigint[])::bigint[])
       OR assist_unit_ids && (SELECT nullif(current_setting('citywide.units', true), '')::bigint[])));

-- Every case that ended before caught_up_to is in case_past; when all were last compared.
CREATE TABLE case_past_state (
  one          boolean PRIMARY KEY DEFAULT true CHECK (one),
  caught_up_to timestamptz NOT NULL,
  compared_at  timestamptz NOT NULL
);
INSERT INTO case_past_state (caught_up_to, compared_at) VALUES ('-infinity', '-infinity');
