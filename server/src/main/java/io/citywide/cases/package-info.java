/**
 * Cases: the life cycle after GB/T 30428.8 (reported, accepted, verified, filed, dispatched, received, disposed,
 * checked, closed, evaluated) as one table in code, limits on a working calendar, supervision, and the evaluation of
 * GB/T 30428.4. Every step stores who did what, when, in which role, and whether it was in time. Owns the tables
 * {@code case_*}.
 */
@ApplicationModule(allowedDependencies = {"grid", "platform", "identity", "ledger", "ledger::spi", "place", "map::spi", "sensing", "sensing::spi", "intake", "intake::spi"})
package io.citywide.cases;

import org.springframework.modulith.ApplicationModule;
