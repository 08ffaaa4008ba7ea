package io.citywide.security.scope;

/**
 * One answer.
 *
 * @param declared what the endpoint asks for
 * @param expected status, and of a list whether it shows the row, such as {@code 200 left out}
 * @param seen the same as it came
 */
record Cell(String door, String declared, Caller caller, Target target, String expected, String seen) {}
