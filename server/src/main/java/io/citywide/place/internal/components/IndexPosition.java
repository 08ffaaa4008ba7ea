package io.citywide.place.internal.components;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

  /** As many transactions are looked through in vain rather than in another search. */
  static final long NEAR = 1_000;

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

  /** Transactions from {@code first} to {@code last}. */
  record Stretch(long first, long last) {}

  /**
   * Stretches that hold every transaction which this position had not seen and {@code now} does, those that lie near one
   * another as one. A long transaction that is still under way lies in none, or in one at its beginning and its neighbour's end:
   * whoever reads by them does not meet again and again the rows that it has written so far.
   */
  List<Stretch> unseen(IndexPosition now) {
    Set<Long> running = new TreeSet<>(now.running());
    List<Stretch> unseen = new ArrayList<>();
    for (long ended : new TreeSet<>(running())) {
      if (!running.contains(ended)) {
        add(unseen, ended, ended);
      }
    }
    long next = end();
    for (long gap : running) {
      if (gap > next) {
        add(unseen, next, gap - 1);
      }
      next = Math.max(next, gap + 1);
    }
    if (next < now.end()) {
      add(unseen, next, now.end() - 1);
    }
    return unseen;
  }

  private static void add(List<Stretch> to, long first, long last) {
    boolean near = !to.isEmpty() && first - to.getLast().last() <= NEAR;
    to.add(near ? new Stretch(to.removeLast().first(), last) : new Stretch(first, last));
  }

  /** Those that had begun and not ended, of which nothing was seen. */
  private List<Long> running() {
    String[] parts = snapshot.split(":", 3);
    return parts[2].isEmpty() ? List.of() : Arrays.stream(parts[2].split(",")).map(Long::valueOf).toList();
  }

  /** Why an index that came this far cannot simply go on to {@code now}; empty: it can. */
  Optional<String> obstacle(IndexPosition now) {
    if (!system.equals(now.system) || database != now.database) return Optional.of("it is of another database");
    if (end() > now.end()) return Optional.of("the database is older than the index, as after a restore");
    if (vanished != now.vanished) return Optional.of("rows were deleted");
    return Optional.empty();
  }
}
