/**
 * The published layers after OGC API – Features 1.0 (17-069r4) with coordinate systems by reference (18-058r1), and OGC API –
 * Tiles 1.0 (20-057), under {@code /ogc}. Everybody reads them, so a layer answers here as it does for nobody in particular.
 */
package io.citywide.map.internal.ogc;
