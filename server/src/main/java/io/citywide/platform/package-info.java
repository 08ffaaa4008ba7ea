/**
 * The ground every module stands on: problem+json (RFC 9457), paging, the clock, settings, the
 * supervised PostgreSQL and its scoped transactions, background work. No city word is in it. Owns
 * the tables {@code event_publication} (outbox), {@code scheduled_tasks}, {@code platform_key}
 * and {@code platform_secret}.
 */
@ApplicationModule(allowedDependencies = {})
package io.citywide.platform;

import org.springframework.modulith.ApplicationModule;
