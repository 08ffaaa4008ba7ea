-- What the map and the figures ask of a building stands in its own row; what they ask of a whole city, in sums.
ALTER TABLE place_building
  ADD COLUMN outline_of_base_map boolean NOT NULL DEFAULT false,  -- taken from the base map, and anew from its next edition
  ADD COLUMN height double precision CHECK (height > 0 AND height <= 1000), -- metres above the ground; null: three for each floor
  ADD COLUMN care   jsonb NOT NULL DEFAULT '{}',                -- households by special-care marker
  ADD COLUMN worst  integer NOT NULL DEFAULT 0;                 -- highest grade among those markers

UPDATE place_building b SET care = c.care, worst = c.worst FROM (
  SELECT building_id, jsonb_object_agg(code, n) AS care, max(grade) AS worst FROM (
    SELECT h.building_id, m.code, m.grade, count(*) AS n FROM place_household h CROSS JOIN unnest(h.care) AS k (code) JOIN place_care_marker m ON m.code = k.code
    GROUP BY h.building_id, m.code, m.grade) n
  GROUP BY building_id) c WHERE c.building_id = b.id;

DROP INDEX place_building_grid;
CREATE INDEX place_building_grid ON place_building (grid_key, ident);

-- One way in writes rooms, households and enterprises together with their building, and checks them: a trigger for each of
-- the ten million households of a city would take longer than the rows themselves.
ALTER TABLE place_room DROP CONSTRAINT place_room_building_id_fkey;
ALTER TABLE place_household DROP CONSTRAINT place_household_building_id_fkey, DROP CONSTRAINT place_household_room_id_fkey;
ALTER TABLE place_enterprise DROP CONSTRAINT place_enterprise_building_id_fkey;
DROP INDEX place_household_room;

-- Buildings and households by community and cell of level 4 (a minute): a wide tile, and a district, are read from here.
-- Kept by triggers, as the owner of the tables: who works in one unit grid does not see the community's sums.
CREATE TABLE place_building_sum (
  area_code text COLLATE "C" NOT NULL,           -- the community, or the deepest area above it that is known
  cell      bigint NOT NULL,                     -- least grid key of the cell
  figure    text COLLATE "C" NOT NULL,           -- USE:… buildings, GRADE:…:… those of a use with this worst grade, HOUSEHOLDS, PLAIN (without a marker), CARE:…, ROOMS, ENTERPRISES, CARED_FOR
  n         bigint NOT NULL,
  PRIMARY KEY (area_code, cell, figure)
) WITH (fillfactor = 70);
CREATE INDEX place_building_sum_cell ON place_building_sum (cell);
ALTER TABLE place_building_sum ENABLE ROW LEVEL SECURITY;
CREATE POLICY place_building_sum_scope ON place_building_sum USING (area_code >= current_setting('citywide.area_lo', true) COLLATE "C"
     AND area_code < current_setting('citywide.area_hi', true) COLLATE "C");
REVOKE INSERT, UPDATE, DELETE ON place_building_sum FROM "${app}";

CREATE FUNCTION place_building_figures(use text, rooms integer, households integer, enterprises integer, cared_for integer, care jsonb, worst integer)
RETURNS TABLE (figure text, n bigint) LANGUAGE sql IMMUTABLE AS $$
  VALUES ('USE:' || use, 1::bigint), ('ROOMS', rooms), ('HOUSEHOLDS', households), ('PLAIN', households - cared_for), ('ENTERPRISES', enterprises), ('CARED_FOR', cared_for)
  UNION ALL SELECT 'GRADE:' || use || ':' || worst, 1 WHERE worst > 0
  UNION ALL SELECT 'CARE:' || key, value::bigint FROM jsonb_each_text(care)
$$;

CREATE FUNCTION place_building_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO place_building_sum AS s (area_code, cell, figure, n)
  SELECT left(b.area_code, 12), b.grid_key >> 32 << 32, f.figure, sum(f.n)
  FROM after b CROSS JOIN LATERAL place_building_figures(b.use, b.rooms, b.households, b.enterprises, b.cared_for, b.care, b.worst) f
  GROUP BY 1, 2, 3 HAVING sum(f.n) <> 0 ORDER BY 1, 2, 3
  ON CONFLICT (area_code, cell, figure) DO UPDATE SET n = s.n + excluded.n;
  RETURN NULL;
END $$;

CREATE FUNCTION place_building_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO place_building_sum AS s (area_code, cell, figure, n)
  SELECT left(b.area_code, 12), b.grid_key >> 32 << 32, f.figure, -sum(f.n)
  FROM before b CROSS JOIN LATERAL place_building_figures(b.use, b.rooms, b.households, b.enterprises, b.cared_for, b.care, b.worst) f
  GROUP BY 1, 2, 3 HAVING sum(f.n) <> 0 ORDER BY 1, 2, 3
  ON CONFLICT (area_code, cell, figure) DO UPDATE SET n = s.n + excluded.n;
  RETURN NULL;
END $$;

CREATE TRIGGER place_building_added AFTER INSERT ON place_building REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION place_building_added();
-- Of an update first what was, then what is: triggers of one event run in the order of their names.
CREATE TRIGGER place_building_changed_1 AFTER UPDATE ON place_building REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION place_building_removed();
CREATE TRIGGER place_building_changed_2 AFTER UPDATE ON place_building REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION place_building_added();
CREATE TRIGGER place_building_deleted AFTER DELETE ON place_building REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION place_building_removed();

INSERT INTO place_building_sum (area_code, cell, figure, n)
SELECT left(b.area_code, 12), b.grid_key >> 32 << 32, f.figure, sum(f.n)
FROM place_building b CROSS JOIN LATERAL place_building_figures(b.use, b.rooms, b.households, b.enterprises, b.cared_for, b.care, b.worst) f
GROUP BY 1, 2, 3 HAVING sum(f.n) <> 0;

INSERT INTO place_revision (subject, revision) VALUES ('buildings', 0);

-- The same question as before for a whole batch. Runs as the owner of the tables, so: a path that nobody else can put tables
-- into, names with their schema, nobody but the server, no more than a batch at once, and without a viewer no answer.
DROP FUNCTION place_building_elsewhere(text);
CREATE FUNCTION place_buildings_elsewhere(wanted text[]) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF cardinality(wanted) > 500 THEN
    RAISE EXCEPTION 'at most 500 buildings are asked for at once, were %', cardinality(wanted);
  END IF;
  RETURN QUERY SELECT b.ident::text FROM public.place_building b WHERE b.ident = ANY (wanted)
    AND NOT (b.area_code >= current_setting('citywide.area_lo', true) COLLATE "C" AND b.area_code < current_setting('citywide.area_hi', true) COLLATE "C");
END $$;
REVOKE ALL ON FUNCTION place_buildings_elsewhere(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION place_buildings_elsewhere(text[]) TO "${app}";
