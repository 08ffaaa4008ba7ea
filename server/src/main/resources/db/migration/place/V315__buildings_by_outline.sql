-- A building is found where its outline lies, not only its point. Row-level security allows no other index than a B-tree
-- here, so each building says how far its outline reaches around its point, in classes, and a look into a region asks for
-- each class in the region widened by so much (io.citywide.place.Buildings.REACHES).

-- Class 0: no outline; 1 to 4: it reaches at most 0.0005, 0.002, 0.01, 0.05 degrees to a side; 5: farther. Of WKB as the
-- server writes it: polygons in two dimensions, big-endian.
CREATE FUNCTION place_building_reach(outline bytea, lon double precision, lat double precision) RETURNS integer LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  at integer := 0;
  parts integer := 1;
  rings integer;
  points integer;
  far double precision := 0;
BEGIN
  IF outline IS NULL THEN
    RETURN 0;
  END IF;
  IF ('x' || encode(substr(outline, 1, 5), 'hex'))::bit(40)::bigint = 6 THEN
    parts := ('x' || encode(substr(outline, 6, 4), 'hex'))::bit(32)::integer;
    at := 9;
  END IF;
  FOR part IN 1..parts LOOP
    IF ('x' || encode(substr(outline, at + 1, 5), 'hex'))::bit(40)::bigint <> 3 THEN
      RETURN 5;
    END IF;
    rings := ('x' || encode(substr(outline, at + 6, 4), 'hex'))::bit(32)::integer;
    at := at + 9;
    FOR ring IN 1..rings LOOP
      points := ('x' || encode(substr(outline, at + 1, 4), 'hex'))::bit(32)::integer;
      SELECT greatest(far, max(abs((CASE WHEN i % 2 = 0 THEN lon ELSE lat END)
          - (CASE WHEN bits < 0 THEN -1 ELSE 1 END) * (1 + (bits & 4503599627370495) / 4503599627370496::double precision) * power(2::double precision, ((bits >> 52) & 2047) - 1023)))) INTO far
      FROM (SELECT i, ('x' || encode(substr(outline, at + 5 + 8 * i, 8), 'hex'))::bit(64)::bigint AS bits FROM generate_series(0, 2 * points - 1) i) numbers;
      at := at + 4 + 16 * points;
    END LOOP;
  END LOOP;
  RETURN CASE WHEN far <= 0.0005 THEN 1 WHEN far <= 0.002 THEN 2 WHEN far <= 0.01 THEN 3 WHEN far <= 0.05 THEN 4 ELSE 5 END;
END $$;

ALTER TABLE place_building ADD COLUMN reach integer NOT NULL GENERATED ALWAYS AS (place_building_reach(outline, lon, lat)) STORED;
DROP INDEX place_building_grid;
CREATE INDEX place_building_grid ON place_building (reach, grid_key, ident);
