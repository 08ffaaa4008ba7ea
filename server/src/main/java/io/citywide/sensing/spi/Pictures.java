package io.citywide.sensing.spi;

import java.time.Duration;
import java.util.Optional;

/** Where pictures of cameras are kept as evidence. */
public interface Pictures {

  /**
   * A picture as it is shown.
   *
   * @param contentType of an image
   */
  record Picture(String contentType, byte[] content) {}

  /**
   * Checks a picture by its content, strips it of metadata and keeps it. Not to be called within a transaction.
   *
   * @param atLeast so long; longer where a signal or a case holds it by then
   * @return its SHA-256, by which a signal can carry it
   * @throws io.citywide.platform.ProblemException where it is no picture, or too large
   */
  String keep(byte[] picture, Duration atLeast);

  /**
   * A picture, whoever asks: the caller has seen to it that the viewer may see what it belongs to.
   *
   * @param thumbnail a small one
   * @return empty where it was deleted meanwhile
   */
  Optional<Picture> find(String sha256, boolean thumbnail);
}
