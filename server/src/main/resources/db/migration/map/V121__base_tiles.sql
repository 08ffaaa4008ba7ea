-- The base map cut into tiles, each layer by itself: a tile is the layers' parts one after another. Public data.
CREATE TABLE map_base_layer (
  layer text COLLATE "C" PRIMARY KEY,   -- of place_layer
  etag  text NOT NULL,                  -- content and way of cutting that the tiles were made from
  tiles integer NOT NULL
);

CREATE TABLE map_base_tile (
  zoom  smallint NOT NULL,
  x     integer NOT NULL,
  y     integer NOT NULL,
  layer text COLLATE "C" NOT NULL REFERENCES map_base_layer ON DELETE CASCADE,
  body  bytea NOT NULL,                 -- one layer of MVT 2.1
  PRIMARY KEY (zoom, x, y, layer)
);
CREATE INDEX map_base_tile_layer ON map_base_tile (layer);
