-- The map draws the base map as tiles: a layer's GeoJSON is written from its features when somebody asks for it.
ALTER TABLE place_layer DROP COLUMN body_gzip;
ALTER TABLE place_layer ADD COLUMN attribution text;  -- whom to name beside the map, such as © OpenStreetMap contributors
