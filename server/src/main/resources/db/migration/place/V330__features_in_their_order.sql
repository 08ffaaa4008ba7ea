-- The features of a layer in the order in which they came, page by page.
CREATE INDEX place_feature_order ON place_feature (layer, id);
DROP INDEX place_feature_layer;
