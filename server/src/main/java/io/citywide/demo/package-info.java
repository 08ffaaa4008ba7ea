/**
 * The generated city: a fictional place of three districts, drawn from a seed, with unit grids, a river, roads,
 * buildings and 50,000 components; loaded and brought to life through the public HTTP interface only, as any other
 * system would. Owns no tables.
 */
@ApplicationModule(allowedDependencies = {})
package io.citywide.demo;

import org.springframework.modulith.ApplicationModule;
