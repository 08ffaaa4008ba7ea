package io.citywide.place.internal.components;

import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which number a kind has in the index. A number never changes, so what is unknown is only looked for anew. */
final class KindNumbers {

  private record Known(Map<String, Integer> numbers, Map<Integer, String> ids) {}

  private static final long LOOK_AGAIN_NANOS = 1_000_000_000L;

  private final JdbcClient jdbc;
  private volatile Known known = new Known(Map.of(), Map.of());
  private volatile long lookedAt = System.nanoTime() - LOOK_AGAIN_NANOS;

  KindNumbers(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** -1 for what is no kind of component. */
  int number(String kindId) {
    Integer number = known.numbers.get(kindId);
    if (number == null && lookAgain()) {
      number = known.numbers.get(kindId);
    }
    return number == null ? -1 : number;
  }

  /** {@code null} for an unknown number. */
  String kindId(int number) {
    String id = known.ids.get(number);
    return id == null && lookAgain() ? known.ids.get(number) : id;
  }

  /** Made-up ids must not become a query each. */
  private boolean lookAgain() {
    if (System.nanoTime() - lookedAt < LOOK_AGAIN_NANOS) {
      return false;
    }
    read();
    return true;
  }

  /** Reads them anew. */
  void read() {
    lookedAt = System.nanoTime();
    Map<String, Integer> numbers = new HashMap<>();
    Map<Integer, String> ids = new HashMap<>();
    jdbc.sql("SELECT kind_id, number FROM place_kind_number").query(row -> {
      numbers.put(row.getString(1), row.getInt(2));
      ids.put(row.getInt(2), row.getString(1));
    });
    known = new Known(Map.copyOf(numbers), Map.copyOf(ids));
  }
}
