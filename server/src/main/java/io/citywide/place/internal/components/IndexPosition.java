package io.citywide.place.internal.components;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Up to where an index has followed a database; the note in its file.
 *
 * @param system identifier of the database cluster
 * @param database its oid within the cluster
 * @param vanished revision of {@code place_revision}: raised where rows disappeared
 * @param snapshot {@code xmin:xmax:xip,…} of PostgreSQL: which transactions had been seen
 */
record IndexPosition(String system, long database, long vanished, String snapshot) {

  private static final Pattern NOTE = Pattern.compile("system (\\d+), database (\\d+), vanished (\\d+), snapshot (\\d+:\\d+:[\\d,]*)");

  IndexPosition {
    if (!snapshot.matches("\\d+:\\d+:[\\d,]*")) throw new IllegalArgumentException("not a snapshot: " + snapshot);
  }

  /** Empty for a note that is none. */
  static Optional<IndexPosition> of(String note) {
    Matcher m = NOTE.matcher(note);
    return m.matches() ? Optional.of(new IndexPosition(m.group(1), Long.parseLong(m.group(2)), Long.parseLong(m.group(3)), m.group(4))) : Optional.empty();
  }

  String note() {
    return "system " + system + ", database " + database + ", vanished " + vanished + ", snapshot " + snapshot;
  }

  /** The first transaction that had not begun. */
  private long end() {
    return Long.parseLong(snapshot.split(":")[1]);
  }

  /** Why an index that came this far cannot simply go on to {@code now}; empty: it can. */
  Optional<String> obstacle(IndexPosition now) {
    if (!system.equals(now.system) || database != now.database) return Optional.of("it is of another database");
    if (end() > now.end()) return Optional.of("the database is older than the index, as after a restore");
    if (vanished != now.vanished) return Optional.of("rows were deleted");
    return Optional.empty();
  }
}
