package io.citywide.place;

/**
 * A layer of the base map has other features now. Published in the transaction that replaced them.
 *
 * @param layer see {@link BaseFeatures.Layer#layer()}
 * @param etag see {@link BaseFeatures.Layer#etag()}
 */
public record BaseLayerReplaced(String layer, String etag) {}
