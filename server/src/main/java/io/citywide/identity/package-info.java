/**
 * Organisations, people, roles of GB/T 30428 and the three administrators of GB/T 22239; who may see
 * and do what, where (scope = area subtree × own unit, enforced by row-level security); sessions, API
 * keys and the live feed. Owns the tables {@code identity_*}.
 */
@ApplicationModule(allowedDependencies = {"platform"})
package io.citywide.identity;

import org.springframework.modulith.ApplicationModule;
