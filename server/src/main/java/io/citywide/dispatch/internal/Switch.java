package io.citywide.dispatch.internal;

/**
 * Whether rules dispatch cases of a kind in an area by themselves.
 *
 * @param areaCode root of the area subtree; empty: everywhere
 */
public record Switch(KindPattern kind, String areaCode, boolean automatic) {}
