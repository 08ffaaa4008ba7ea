package io.citywide.place;

/**
 * An area that a text names.
 *
 * @param area the one area that is meant, after ambiguous names were resolved by the others in the text
 * @param start index of its first character in the text
 * @param end index after its last character
 */
public record AreaMention(Area area, int start, int end) {}
