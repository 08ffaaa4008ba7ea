/**
 * Watches without thresholds set by hand: each learns what is usual and says how unusual a value is, and why.
 * {@link io.citywide.watch.stats.SeasonalBaseline} for one series with a daily and weekly course,
 * {@link io.citywide.watch.stats.ChangePoint} for one series that should stay level,
 * {@link io.citywide.watch.stats.Residual} for several series that hang together. Measured in docs/watch.md.
 */
package io.citywide.watch.stats;
