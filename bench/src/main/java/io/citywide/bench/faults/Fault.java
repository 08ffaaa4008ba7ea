package io.citywide.bench.faults;

/** What is done to the server or to its clients. */
enum Fault {
  SERVER,
  POSTMASTER,
  BOTH,
  CLIENT,
  /** One session of PostgreSQL: the postmaster then ends all the others and recovers. */
  BACKEND,
  /** An import of a file of reports, or what it talks to; run again until it is through. */
  IMPORT;

  /** Name of the figure that counts it. */
  String figure() {
    return "kills_" + name().toLowerCase(java.util.Locale.ROOT);
  }
}
