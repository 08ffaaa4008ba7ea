/**
 * The map: layers of everything that has a place, as vector tiles (MVT 2.1), as OGC API Features and Tiles, counted and
 * listed within a circle, polygon or area, at a moment of the past where the layer knows it, and found by name or number.
 * Knows no domain: whoever owns things with a place implements {@link io.citywide.map.spi.LayerSource} or
 * {@link io.citywide.map.spi.SearchSource}. Owns no table of theirs.
 */
@ApplicationModule(allowedDependencies = {"grid", "platform", "identity", "ledger", "ledger::spi", "place"})
package io.citywide.map;

import org.springframework.modulith.ApplicationModule;
