package io.citywide.demo;

/**
 * A person of the demo who can sign in.
 *
 * @param login name to sign in with
 * @param name invented
 * @param role role of the position, such as {@code ACCEPTOR}
 * @param unitCode code of the unit of the position
 * @param areaCode area of the position
 */
public record Account(String login, String name, String role, String unitCode, String areaCode) {}
