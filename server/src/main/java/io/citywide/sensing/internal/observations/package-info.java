/**
 * Observations from the moment they are taken: the log (durable, in one order over all servers), pages and chunks
 * (compressed), the newest value of each series, and reading (decision 0016). Owns the tables {@code sensing_head},
 * {@code sensing_log}, {@code sensing_follower}, {@code sensing_page}, {@code sensing_chunk}, {@code sensing_newest} and
 * {@code sensing_day}.
 */
package io.citywide.sensing.internal.observations;
