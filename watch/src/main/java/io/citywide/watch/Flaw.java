package io.citywide.watch;

/**
 * Why a rule document is refused.
 *
 * @param code stable, for programs
 * @param where path in the document, such as {@code grades.red.when}; empty for the whole
 * @param what what is wrong, with the bound and what was found
 * @param mend what to do
 */
public record Flaw(String code, String where, Words what, Words mend) {}
