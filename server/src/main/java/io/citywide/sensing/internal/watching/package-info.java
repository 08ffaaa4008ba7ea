/**
 * Watch rules at work: their versions ({@code RuleDesk}), the engine that judges what the log of observations brings, on one server of
 * a database at a time ({@code WatchHost}), and rehearsal over what is stored ({@code RehearsalDesk}). Described in docs/watch.md and
 * decision 0018. Owns the tables {@code sensing_rule} and {@code sensing_watch_*}.
 */
package io.citywide.sensing.internal.watching;
