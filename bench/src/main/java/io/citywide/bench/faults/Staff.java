package io.citywide.bench.faults;

/**
 * Who works on a city.
 *
 * @param workers 1..16, each with a problem of his own
 * @param restMillis between two acts of a worker; the offices rest ten times as long between theirs
 */
record Staff(int workers, int restMillis) {

  /** As many as keep a small machine busy. */
  static final Staff BUSY = new Staff(8, 0);

  /** Leaves most of the machine to the restarts. */
  static final Staff CALM = new Staff(4, 40);

  Staff {
    if (workers < 1 || workers > SmallCity.GRIDS) {
      throw new IllegalArgumentException("workers must be 1.." + SmallCity.GRIDS + ", was " + workers);
    }
  }
}
