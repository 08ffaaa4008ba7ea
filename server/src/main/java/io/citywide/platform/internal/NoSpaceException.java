package io.citywide.platform.internal;

/** Nothing new is taken, because the disk is nearly full. */
public final class NoSpaceException extends RuntimeException {
  public NoSpaceException(String message) {
    super(message);
  }
}
