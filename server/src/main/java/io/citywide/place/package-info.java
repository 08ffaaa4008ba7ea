/**
 * Places: the area tree (city, district, street, community, unit grid), the components of the city, the
 * catalogues of components and matters, the base map; where a point lies and which places a text names.
 * Follows GB/T 2260 and GB/T 10114 (area codes), GB/T 47678.3 (unit grids), GB/T 47678.5-2026 and
 * GB/T 30428.2-2013 (catalogues), GB/T 39409-2020 (grid codes). Owns the tables {@code place_*}, which are
 * public reference data inside the city: everybody who has signed in may read them. Keeps the index of components
 * ({@link io.citywide.place.ComponentIndex}) in files beside the database.
 */
@ApplicationModule(allowedDependencies = {"grid", "platform", "identity", "ledger", "ledger::spi"})
package io.citywide.place;

import org.springframework.modulith.ApplicationModule;
