/**
 * The Open311 GeoReport v2 server under {@code /open311/v2}: one more channel into intake, and a public
 * view of what became of the reports. It sits above {@code cases} because a request's status is its
 * case's. Owns the table {@code open311_attribute}.
 */
@ApplicationModule(allowedDependencies = {"platform", "identity", "place", "intake", "cases"})
package io.citywide.open311;

import org.springframework.modulith.ApplicationModule;
