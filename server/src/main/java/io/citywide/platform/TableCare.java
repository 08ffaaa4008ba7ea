package io.citywide.platform;

/**
 * Brings the statistics and the visibility map of grown tables up to date after a bulk import, in the background, so
 * that the first screens after it are as fast as later ones. PostgreSQL would do it by itself, some minutes later.
 */
public interface TableCare {

  /** Rows came in bulk, and are committed. Returns at once; the care begins when no more came for a while. */
  void grown(long rows);
}
