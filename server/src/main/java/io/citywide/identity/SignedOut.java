package io.citywide.identity;

/**
 * Sessions of a person were ended: by signing out, by a new password, by a change of rights. Not by time. Published in the transaction
 * that ends them, for what must end with them.
 *
 * @param session the one that ended, as {@link Viewer#session()}; {@code null}: every one that the person ever had, but {@code kept}
 * @param kept the one that goes on; {@code null}: none
 */
public record SignedOut(long personId, String session, String kept) {}
