-- Components are found by their place in the index beside the database (io.citywide.place.ComponentIndex). This one was only
-- written: 15 million components were loaded in 223 s with it and in 171 s without.
DROP INDEX place_component_grid;
