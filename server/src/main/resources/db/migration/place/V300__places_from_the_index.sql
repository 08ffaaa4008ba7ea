-- Components are found by their place in the index beside the database (io.citywide.place.ComponentIndex): this one was only
-- written, a fifth of the time of PostgreSQL for each component that came.
DROP INDEX place_component_grid;
