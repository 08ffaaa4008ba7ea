/**
 * The fault bench: the real server killed, starved and cut off at random moments, while people work on it over HTTP;
 * afterwards everything that was acknowledged must be there exactly once.
 */
package io.citywide.bench.faults;
