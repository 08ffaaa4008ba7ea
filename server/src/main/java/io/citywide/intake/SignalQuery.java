package io.citywide.intake;

import java.time.Instant;

/**
 * Which signals to list, newest first; {@code null} means any.
 *
 * @param areaCode the subtree of this area
 * @param text in title, description or address
 * @param limit 1..200
 * @param after cursor of the page before, {@code null}: from the newest
 */
public record SignalQuery(
    Accepted.Outcome state, String channel, String kindId, String areaCode, String text, Instant from, Instant to, int limit, String after) {}
