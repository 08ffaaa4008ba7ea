-- The index of components (io.citywide.place.ComponentIndex) lies in files beside the database and follows it: each row
-- says in which transaction it last changed in what the index knows of it, so that a server reads only what its last
-- look could not see. Rows of one transaction share their entry in the index of it, which therefore stays small.
ALTER TABLE place_component ADD COLUMN changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX place_component_changed ON place_component (changed_xid);

CREATE FUNCTION place_component_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_xid := pg_current_xact_id();
  RETURN NEW;
END $$;
CREATE TRIGGER place_component_changed BEFORE UPDATE ON place_component FOR EACH ROW
  WHEN (OLD.grid_key <> NEW.grid_key OR OLD.state <> NEW.state OR OLD.kind_id <> NEW.kind_id)
  EXECUTE FUNCTION place_component_changed();

-- A component that is gone stays as a row with the state REMOVED. Where rows are deleted all the same, or get another
-- code, no row is left to say so: the revision does, and the indexes are built anew.
INSERT INTO place_revision (subject, revision) VALUES ('components', 0);
CREATE FUNCTION place_component_vanished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE place_revision SET revision = revision + 1 WHERE subject = 'components';
  RETURN NULL;
END $$;
CREATE FUNCTION place_component_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM gone) THEN
    UPDATE place_revision SET revision = revision + 1 WHERE subject = 'components';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER place_component_deleted AFTER DELETE ON place_component REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION place_component_deleted();
CREATE TRIGGER place_component_renamed AFTER UPDATE OF ident ON place_component FOR EACH STATEMENT EXECUTE FUNCTION place_component_vanished();
CREATE TRIGGER place_component_emptied AFTER TRUNCATE ON place_component FOR EACH STATEMENT EXECUTE FUNCTION place_component_vanished();

-- The index knows a kind by a number that stays with it.
CREATE TABLE place_kind_number (
  kind_id text COLLATE "C" PRIMARY KEY REFERENCES place_kind,
  number  integer NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 8191)
);
INSERT INTO place_kind_number (kind_id, number)
SELECT id, row_number() OVER (ORDER BY id) FROM place_kind WHERE family = 'COMPONENT';

-- Kinds are added one at a time, under the lock of their revision.
CREATE FUNCTION place_kind_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO place_kind_number (kind_id, number) SELECT NEW.id, coalesce(max(number), 0) + 1 FROM place_kind_number;
  RETURN NULL;
END $$;
CREATE TRIGGER place_kind_numbered AFTER INSERT ON place_kind FOR EACH ROW WHEN (NEW.family = 'COMPONENT')
  EXECUTE FUNCTION place_kind_numbered();
