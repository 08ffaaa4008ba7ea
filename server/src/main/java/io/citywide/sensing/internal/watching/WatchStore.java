package io.citywide.sensing.internal.watching;

import io.citywide.platform.Words;
import io.citywide.sensing.internal.watching.Operation.Done;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Rows of {@code sensing_watch_*}. Each call needs a transaction. */
@Component
class WatchStore {

  /** The watch is led by another server by now: nothing that this one decides counts any more. */
  static final class Deposed extends RuntimeException {
    Deposed(long term) {
      super("term " + term + " of the watch is over", null, false, false);
    }
  }

  record Head(long term, long position, long operations) {}

  /** @param bytes of the engine */
  record State(long position, long operations, byte[] bytes) {}

  record Ended(long id, String rule, String subject, long number, Words reason) {}

  private static final int PART = 4 << 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TypeReference<List<Done>> OPERATIONS = new TypeReference<>() {};

  private final JdbcClient jdbc;

  WatchStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Takes the lead where nobody has it; empty where somebody does. */
  Optional<Head> lead(UUID holder, Duration lease) {
    return jdbc.sql("""
            UPDATE sensing_watch_head SET term = term + 1, holder = :holder, until = clock_timestamp() + :lease * interval '1 millisecond'
            WHERE until < clock_timestamp() RETURNING term, position, operations""")
        .param("holder", holder).param("lease", lease.toMillis()).query((rs, i) -> new Head(rs.getLong(1), rs.getLong(2), rs.getLong(3))).optional();
  }

  /** Keeps the lead; {@code false} where it is lost. */
  boolean renew(long term, Duration lease) {
    return jdbc.sql("UPDATE sensing_watch_head SET until = clock_timestamp() + :lease * interval '1 millisecond' WHERE term = :term")
        .param("term", term).param("lease", lease.toMillis()).update() == 1;
  }

  /** Gives the lead to whoever takes it first. */
  void resign(long term) {
    jdbc.sql("UPDATE sensing_watch_head SET until = '-infinity' WHERE term = :term").param("term", term).update();
  }

  /** Says that everything up to here is judged. @throws Deposed where the term is over */
  void advance(long term, long position, long operations) {
    if (jdbc.sql("UPDATE sensing_watch_head SET position = :position, operations = :operations WHERE term = :term")
        .param("position", position).param("operations", operations).param("term", term).update() == 0) {
      throw new Deposed(term);
    }
  }

  void journal(List<Done> operations) {
    if (!operations.isEmpty()) {
      jdbc.sql("INSERT INTO sensing_watch_journal (last, bodies) VALUES (:last, :bodies)").param("last", operations.getLast().number())
          .param("bodies", JSON.writeValueAsString(operations)).update();
    }
  }

  /** In their order. */
  List<Done> listOperations(long after) {
    return jdbc.sql("SELECT bodies FROM sensing_watch_journal WHERE last > :after ORDER BY last").param("after", after).query(String.class).list().stream()
        .flatMap(b -> JSON.readValue(b, OPERATIONS).stream()).filter(d -> d.number() > after).toList();
  }

  /** Puts the state in place of the one before, and forgets the operations it contains. */
  void save(State state, List<byte[]> parts) {
    jdbc.sql("DELETE FROM sensing_watch_part").update();
    for (int i = 0; i < parts.size(); i++) {
      jdbc.sql("INSERT INTO sensing_watch_part (part, bytes) VALUES (:part, :bytes)").param("part", i).param("bytes", parts.get(i)).update();
    }
    jdbc.sql("""
            INSERT INTO sensing_watch_state (position, operations, parts, saved_at) VALUES (:position, :operations, :parts, now())
            ON CONFLICT (one) DO UPDATE SET position = excluded.position, operations = excluded.operations, parts = excluded.parts, saved_at = excluded.saved_at""")
        .param("position", state.position()).param("operations", state.operations()).param("parts", parts.size()).update();
    jdbc.sql("DELETE FROM sensing_watch_journal WHERE last <= :operations").param("operations", state.operations()).update();
  }

  Optional<State> findState() {
    return jdbc.sql("SELECT position, operations FROM sensing_watch_state").query((rs, i) -> new State(rs.getLong(1), rs.getLong(2), null)).optional()
        .map(s -> new State(s.position(), s.operations(), unpack(jdbc.sql("SELECT bytes FROM sensing_watch_part ORDER BY part").query(byte[].class).list())));
  }

  /** Compressed, in pieces that the database takes well. The first tells the length. */
  static List<byte[]> pack(byte[] bytes) {
    List<byte[]> parts = new java.util.ArrayList<>();
    for (int at = 0; at < bytes.length; at += PART) {
      int length = Math.min(PART, bytes.length - at);
      try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
        deflater.setInput(bytes, at, length);
        deflater.finish();
        byte[] out = new byte[length + length / 1000 + 64];
        int size = 0;
        while (!deflater.finished()) {
          size += deflater.deflate(out, size, out.length - size);
        }
        parts.add(java.util.Arrays.copyOf(out, size));
      }
    }
    return parts;
  }

  private static byte[] unpack(List<byte[]> parts) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    byte[] piece = new byte[PART];
    for (byte[] part : parts) {
      try (Inflater inflater = new Inflater()) {
        inflater.setInput(part);
        int length = inflater.inflate(piece);
        all.write(piece, 0, length);
      } catch (DataFormatException e) {
        throw new IllegalArgumentException("the state of the engine is damaged: " + e.getMessage(), e);
      }
    }
    return all.toByteArray();
  }

  // ---- what people ended -------------------------------------------------------------------------

  void end(String rule, String subject, long number, Words reason) {
    jdbc.sql("INSERT INTO sensing_watch_end (rule, subject, number, reason_en, reason_zh) VALUES (:rule, :subject, :number, :en, :zh)")
        .param("rule", rule).param("subject", subject).param("number", number).param("en", reason.en()).param("zh", reason.zh() == null ? reason.en() : reason.zh()).update();
  }

  List<Ended> listEnded() {
    return jdbc.sql("SELECT id, rule, subject, number, reason_en, reason_zh FROM sensing_watch_end ORDER BY id LIMIT 1000")
        .query((rs, i) -> new Ended(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getLong(4), new Words(rs.getString(5), rs.getString(6)))).list();
  }

  void forgetEnded(Collection<Long> ids) {
    if (!ids.isEmpty()) {
      jdbc.sql("DELETE FROM sensing_watch_end WHERE id = ANY (:ids)").param("ids", ids.toArray(Long[]::new)).update();
    }
  }

  // ---- sources and series --------------------------------------------------------------------------

  /** Time by source. */
  Map<String, Duration> sources() {
    Map<String, Duration> times = new java.util.TreeMap<>();
    jdbc.sql("SELECT source, extract(epoch FROM silent_after)::bigint FROM sensing_watch_source").query(rs -> {
      times.put(rs.getString(1), Duration.ofSeconds(rs.getLong(2)));
    });
    return times;
  }

  /** @param silentAfter {@code null}: the usual time */
  void setSource(String source, Duration silentAfter) {
    if (silentAfter == null) {
      jdbc.sql("DELETE FROM sensing_watch_source WHERE source = :source").param("source", source).update();
      return;
    }
    jdbc.sql("""
            INSERT INTO sensing_watch_source (source, silent_after) VALUES (:source, :seconds * interval '1 second')
            ON CONFLICT (source) DO UPDATE SET silent_after = excluded.silent_after""").param("source", source).param("seconds", silentAfter.toSeconds()).update();
  }

  /** @param device id of the device */
  record SeriesOf(int series, long device, String property) {}

  List<SeriesOf> listSeries(int[] numbers) {
    return jdbc.sql("SELECT id, device_id, property FROM sensing_series WHERE id = ANY (:ids)").param("ids", numbers)
        .query((rs, i) -> new SeriesOf(rs.getInt(1), rs.getLong(2), rs.getString(3))).list();
  }

  // ---- where subjects are ----------------------------------------------------------------------------

  record Spot(String subject, String name, long device, String typeCode, double lon, double lat, String areaCode, Long ownerUnitId, String componentIdent, String groupCode) {}

  private static final String SPOT = "id, name, type_code, lon, lat, area_code, owner_unit_id, component_ident, group_code";

  /** Devices by code, and for groups one device of each, with what the names of all have in common as its name. */
  Map<String, Spot> spots(Collection<String> codes, Collection<String> groups) {
    Map<String, Spot> spots = new HashMap<>();
    if (!groups.isEmpty()) {
      jdbc.sql("SELECT DISTINCT ON (group_code) group_code AS subject, min(name COLLATE \"C\") OVER one AS first_name, max(name COLLATE \"C\") OVER one AS last_name, " + SPOT
              + " FROM sensing_device WHERE group_code = ANY (:groups) AND group_code <> '' WINDOW one AS (PARTITION BY group_code) ORDER BY group_code, code")
          .param("groups", groups.toArray(String[]::new)).query(rs -> {
            spots.put("group " + rs.getString("subject"), spot(rs, common(rs.getString("first_name"), rs.getString("last_name"), rs.getString("subject"))));
          });
    }
    if (!codes.isEmpty()) {
      jdbc.sql("SELECT code AS subject, " + SPOT + " FROM sensing_device WHERE code = ANY (:codes)").param("codes", codes.toArray(String[]::new)).query(rs -> {
        spots.put(rs.getString("subject"), spot(rs, rs.getString("name")));
      });
    }
    return spots;
  }

  /** How all names between these two begin, where that is more than a letter: of 灯市街车棚1号烟感 and 灯市街车棚2号摄像机 it is 灯市街车棚. */
  static String common(String first, String last, String otherwise) {
    int same = 0;
    while (same < first.length() && same < last.length() && first.codePointAt(same) == last.codePointAt(same)) {
      same += Character.charCount(first.codePointAt(same));
    }
    String common = first.substring(0, same).strip();
    return common.length() < 2 ? otherwise : common;
  }

  private static Spot spot(java.sql.ResultSet rs, String name) throws java.sql.SQLException {
    return new Spot(rs.getString("subject"), name, rs.getLong("id"), rs.getString("type_code"), rs.getDouble("lon"), rs.getDouble("lat"), rs.getString("area_code"),
        rs.getObject("owner_unit_id", Long.class), rs.getString("component_ident"), rs.getString("group_code"));
  }
}
