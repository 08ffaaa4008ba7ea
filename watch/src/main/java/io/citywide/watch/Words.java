package io.citywide.watch;

/** One sentence in the two languages of the console. */
public record Words(String en, String zh) {}
