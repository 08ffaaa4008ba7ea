-- Which components changed since a server last looked is asked by the number of the transaction. Rows of one import lie
-- together, so the least and the greatest number of each 32 pages answer that; an entry for each of fifteen million rows
-- cost a fifth of their import.
DROP INDEX place_component_changed;
CREATE INDEX place_component_changed ON place_component USING brin ((changed_xid::text::bigint)) WITH (pages_per_range = 32);

-- Pages that are new are looked through at each look until they are summarized, which only the owner may do. Returns up to
-- which page that was done; `known` again where little is new, or somebody else is at it or vacuums.
CREATE FUNCTION place_component_summarize(known bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET lock_timeout = '50ms' AS $$
DECLARE
  pages bigint := pg_relation_size('place_component') / current_setting('block_size')::bigint;
BEGIN
  IF pages BETWEEN known AND known + 31 THEN
    RETURN known;
  END IF;
  PERFORM brin_summarize_new_values('place_component_changed');
  RETURN pages;
EXCEPTION WHEN lock_not_available THEN
  RETURN known;
END $$;
