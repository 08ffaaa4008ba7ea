-- Which components changed since a server last looked is asked by the number of the transaction. Rows of one import lie
-- together, so the least and the greatest number of each 32 pages answer that; an entry for each of fifteen million rows
-- cost a fifth of their import.
DROP INDEX place_component_changed;
ALTER TABLE place_component ALTER COLUMN changed_xid DROP DEFAULT;
-- A plain number, of which PostgreSQL keeps such a summary.
ALTER TABLE place_component ALTER COLUMN changed_xid TYPE bigint USING changed_xid::text::bigint;
ALTER TABLE place_component ALTER COLUMN changed_xid SET DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX place_component_changed ON place_component USING brin (changed_xid) WITH (pages_per_range = 32);

CREATE OR REPLACE FUNCTION place_component_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xid := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;

-- Pages that are new are looked through at each look until they are summarized, which only the owner may do: a function that
-- runs as the owner, by a path that nobody else can put tables into, and for nobody but the server. Returns up to which page
-- that was done; `known` again where little is new, or somebody else is at it or vacuums.
CREATE FUNCTION place_component_summarize(known bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET lock_timeout = '50ms' SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  pages bigint := pg_relation_size('public.place_component') / current_setting('block_size')::bigint;
BEGIN
  IF pages BETWEEN known AND known + 31 THEN
    RETURN known;
  END IF;
  PERFORM brin_summarize_new_values('public.place_component_changed');
  RETURN pages;
EXCEPTION WHEN lock_not_available THEN
  RETURN known;
END $$;
REVOKE ALL ON FUNCTION place_component_summarize(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION place_component_summarize(bigint) TO "${app}";
