/**
 * Vital signs (城市体征): indicators as data, their formulas over cases, observations and other indicators, thresholds for four
 * colours, roll-up from community to city, history and health of each dimension. After GB/T 47678 and CJ/T 551/552 (recalled
 * indicators are marked so and can be edited). Owns the tables {@code vitals_*}.
 */
@ApplicationModule(allowedDependencies = {"grid", "watch", "platform", "identity", "place", "map::spi", "sensing", "cases"})
package io.citywide.vitals;

import org.springframework.modulith.ApplicationModule;
