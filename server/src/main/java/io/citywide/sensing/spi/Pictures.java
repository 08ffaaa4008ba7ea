package io.citywide.sensing.spi;

/** Where pictures of cameras are kept as evidence. */
public interface Pictures {

  /**
   * Checks a picture by its content, strips it of metadata and keeps it.
   *
   * @return its SHA-256, by which a signal can carry it
   * @throws io.citywide.platform.ProblemException where it is no picture, or too large
   */
  String keep(byte[] picture);
}
