package io.citywide.map.spi;

/**
 * How many of one kind.
 *
 * @param kind as the layer names it, such as the id of a component's kind or the stage of a case
 * @param titleZh for people
 * @param titleEn for people
 * @param count above 0
 * @param worst the highest grade among them, 0 for nothing wrong to 4 (red)
 */
public record KindCount(String kind, String titleZh, String titleEn, long count, int worst) {}
