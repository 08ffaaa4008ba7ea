/**
 * Watch rules over streams of observations: windows, a ladder of grades (blue, yellow, orange, red), sequences, silence,
 * rehearsal. Plain Java with CEL for conditions; owns no tables, knows no clock but the time of the values.
 *
 * <p>{@link io.citywide.watch.RuleReader} makes a {@link io.citywide.watch.Rule} of a document;
 * {@link io.citywide.watch.Engine} decides; {@link io.citywide.watch.Rehearsal} asks the same engine what would have been.
 * Described in docs/watch.md.
 */
package io.citywide.watch;
