/**
 * Which unit does what: the responsibility matrix of GB/T 30428.6 (task dispatch): kind of case × area × hours
 * → lead and assisting units. The most specific rule wins: kind (exact, large class, any), then area (the
 * smaller), then hours (limited before unlimited), then the rule that began last. Every choice says in words
 * why, and what it was preferred to. Dispatching by itself is a switch per kind and area, off by default.
 * Owns the tables {@code dispatch_*}.
 */
@ApplicationModule(allowedDependencies = {"platform", "identity", "place", "cases"})
package io.citywide.dispatch;

import org.springframework.modulith.ApplicationModule;
