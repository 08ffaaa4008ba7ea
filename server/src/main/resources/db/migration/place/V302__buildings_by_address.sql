-- The search box finds a building by the beginning of its address or name (io.citywide.place.Buildings).
CREATE INDEX place_building_address ON place_building (address COLLATE "C") WHERE address IS NOT NULL;
CREATE INDEX place_building_name ON place_building (name COLLATE "C");
