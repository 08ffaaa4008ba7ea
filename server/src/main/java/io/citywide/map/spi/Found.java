package io.citywide.map.spi;

import java.util.Map;
import org.locationtech.jts.geom.Geometry;

/**
 * One thing of a layer, as lists, popups, exports and {@code /ogc} show it. Personal data are masked.
 *
 * @param id within its layer
 * @param kind see {@link KindCount#kind()}
 * @param titleZh for people
 * @param titleEn for people
 * @param geometry WGS-84
 * @param grade 0 for nothing wrong to 4 (red)
 * @param properties further facts in a steady order; text, numbers, booleans, ISO times
 */
public record Found(String id, String kind, String titleZh, String titleEn, Geometry geometry, int grade, Map<String, Object> properties) {}
