package io.citywide.intake;

import io.citywide.platform.ProblemException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Optional;

/** Photos by content: stored once under the SHA-256 of their bytes, on disk or in an S3-compatible store. */
public interface Evidence {

  /**
   * Checks, cleans and stores a photo. One that nothing holds after a day is deleted.
   *
   * @param name as uploaded, for messages only
   * @throws ProblemException {@link IntakeProblem#MEDIA_TYPE}, {@link IntakeProblem#MEDIA_TOO_LARGE},
   *     {@link IntakeProblem#MEDIA_UNREADABLE}
   */
  Media store(InputStream content, String name);

  Optional<Media> find(String sha256);

  /**
   * Notes that a case holds these photos (evidence of a step), so that who sees the case sees them.
   *
   * @throws ProblemException {@link IntakeProblem#UNKNOWN_MEDIA} naming the first that was never stored
   */
  void hold(Collection<String> sha256, long caseId);
}
