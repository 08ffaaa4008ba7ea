-- Row-level security asks these: scope is an area subtree (a half-open range of area codes) and the
-- units a viewer is bound to ('{}': not bound). Without settings nothing is seen.
CREATE FUNCTION citywide_sees_area(code text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT code COLLATE "C" >= current_setting('citywide.area_lo', true) COLLATE "C"
     AND code COLLATE "C" < current_setting('citywide.area_hi', true) COLLATE "C"
$$;

CREATE FUNCTION citywide_sees_units(lead bigint, assist bigint[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('citywide.units', true), '')::bigint[] = '{}'
      OR lead = ANY (nullif(current_setting('citywide.units', true), '')::bigint[])
      OR coalesce(assist, '{}') && nullif(current_setting('citywide.units', true), '')::bigint[]
$$;
