package io.citywide.bench.faults;

import io.citywide.bench.EmbeddedDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What must hold whenever nobody is at work, asked of the database behind the server's back, of the disk, and of the
 * server over HTTP. Reading the tables as the superuser, so that row-level security hides nothing.
 */
final class Invariants {

  /** Kinds of violation; names of figures. */
  enum Kind {
    ACKNOWLEDGED_LOST,
    DONE_TWICE,
    CASES_IN_TWO_STATES,
    ORPHAN_FILES,
    MISSING_FILES,
    OUTBOX_LEFT,
    LEDGER_FAULTS,
    WRONG_ANSWERS
  }

  /** A violation in words. */
  record Violation(Kind kind, String words) {}

  private final Path data;
  private final Path database;
  private final Path journal;
  private final Set<String> hashed = new HashSet<>();
  private final List<Violation> found = new ArrayList<>();
  private long answersChecked;

  /**
   * @param data the server's data folder
   * @param database data folder of the embedded PostgreSQL, mostly the same
   */
  Invariants(Path data, Path database, Path journal) {
    this.data = data;
    this.database = database;
    this.journal = journal;
  }

  long answersChecked() {
    return answersChecked;
  }

  /** Every violation; empty where all is well. */
  List<Violation> check(Caller reader, Random random) throws IOException, SQLException, InterruptedException {
    found.clear();
    List<Journal.Entry> acknowledged = Journal.acknowledged(journal);
    answersChecked = acknowledged.size();
    try (Connection connection = connect()) {
      signals(connection, acknowledged);
      steps(connection, acknowledged);
      cases(connection);
      files(connection);
      overHttp(reader, acknowledged, random);
    }
    return List.copyOf(found);
  }

  /** Events that no listener has taken yet. */
  long outbox() throws SQLException {
    try (Connection connection = connect()) {
      return Long.parseLong(rows(connection, "SELECT count(*) FROM event_publication WHERE completion_date IS NULL").getFirst().getFirst());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection of the superuser. */
  Connection connect() throws IOException, SQLException {
    return EmbeddedDatabase.connect(database);
  }

  private void signals(Connection connection, List<Journal.Entry> acknowledged) throws SQLException {
    Map<String, List<String>> byToken = new HashMap<>();
    Map<String, Integer> count = new HashMap<>();
    for (List<String> row : rows(connection, "SELECT description, id, case_id, array_to_string(media, ',') FROM intake_signal WHERE description LIKE 'W%'")) {
      byToken.put(row.getFirst(), row);
      count.merge(row.getFirst(), 1, Integer::sum);
    }
    count.forEach((token, n) -> {
      if (n > 1) {
        found.add(new Violation(Kind.DONE_TWICE, n + " signals " + token));
      }
    });
    for (Journal.Entry e : acknowledged) {
      if (e.act() == Act.REPORT || e.act() == Act.REPORT_AGAIN) {
        String token = e.act().token(e.worker(), e.life());
        List<String> row = byToken.get(token);
        if (row == null || !row.get(1).equals(Long.toString(e.signalId())) || !row.get(2).equals(Long.toString(e.caseId())) || !row.get(3).equals(e.sha())) {
          found.add(new Violation(Kind.ACKNOWLEDGED_LOST, token + " was acknowledged as signal " + e.signalId() + " of case " + e.caseId() + ", the table has " + row));
        }
      }
    }
  }

  private void steps(Connection connection, List<Journal.Entry> acknowledged) throws SQLException {
    Map<String, Integer> count = new HashMap<>();
    for (List<String> row : rows(connection, "SELECT case_id, action, opinion FROM case_step WHERE opinion LIKE 'W%'")) {
      count.merge(row.get(0) + " " + row.get(1) + " " + row.get(2), 1, Integer::sum);
    }
    count.forEach((step, n) -> {
      if (n > 1) {
        found.add(new Violation(Kind.DONE_TWICE, n + " steps " + step));
      }
    });
    Map<String, Integer> dispatches = new HashMap<>();
    for (List<String> row : rows(connection, "SELECT case_id, count(*) FROM case_step WHERE action = 'DISPATCH' GROUP BY case_id")) {
      dispatches.put(row.get(0), Integer.parseInt(row.get(1)));
      if (!row.get(1).equals("1")) {
        found.add(new Violation(Kind.DONE_TWICE, "case " + row.get(0) + " was dispatched " + row.get(1) + " times"));
      }
    }
    for (Journal.Entry e : acknowledged) {
      if (!e.act().step()) {
        continue;
      }
      boolean there = e.act() == Act.DISPATCH && Act.automatic(e.life()) ? dispatches.containsKey(Long.toString(e.caseId()))
          : count.containsKey(e.caseId() + " " + e.act() + " " + e.act().token(e.worker(), e.life()));
      if (!there) {
        found.add(new Violation(Kind.ACKNOWLEDGED_LOST, e.act().token(e.worker(), e.life()) + " on case " + e.caseId() + " was acknowledged and is not there"));
      }
    }
  }

  /** Stage, counts and order of the cases against their steps and signals. */
  private void cases(Connection connection) throws SQLException {
    for (List<String> row : rows(connection,
        """
        SELECT c.id, c.stage, c.steps, c.version, s.n, s.least, s.most, s.stage, s.broken, s.backwards, c.signal_count, g.n
        FROM case_file c
        LEFT JOIN LATERAL (
          SELECT count(*) AS n, min(seq) AS least, max(seq) AS most, (array_agg(to_stage ORDER BY seq DESC))[1] AS stage,
                 count(*) FILTER (WHERE from_stage IS DISTINCT FROM before AND seq > 1) AS broken, count(*) FILTER (WHERE at < earlier) AS backwards
          FROM (SELECT seq, from_stage, to_stage, at, lag(to_stage) OVER w AS before, lag(at) OVER w AS earlier
                FROM case_step WHERE case_id = c.id WINDOW w AS (ORDER BY seq)) t) s ON true
        LEFT JOIN LATERAL (SELECT count(*) AS n FROM intake_signal i WHERE i.case_id = c.id) g ON true
        WHERE c.stage IS DISTINCT FROM s.stage OR c.steps <> s.n OR s.least <> 1 OR s.most <> s.n OR s.broken > 0 OR s.backwards > 0
           OR c.signal_count <> g.n
        """)) {
      found.add(new Violation(Kind.CASES_IN_TWO_STATES,
          "case %s: stage %s, steps %s, version %s; its steps: %s of %s..%s, last stage %s, %s breaks, %s backwards; signals %s, counted %s"
              .formatted(row.toArray())));
    }
    for (List<String> row : rows(connection, "SELECT id FROM intake_signal s WHERE case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM case_file c WHERE c.id = s.case_id)")) {
      found.add(new Violation(Kind.CASES_IN_TWO_STATES, "signal " + row.getFirst() + " names a case that is not there"));
    }
  }

  /** Every photo of the table on the disk with its bytes, and nothing else. */
  private void files(Connection connection) throws SQLException, IOException, InterruptedException {
    Set<String> known = new HashSet<>();
    for (List<String> row : rows(connection, "SELECT sha256 FROM intake_media")) {
      known.add(row.getFirst());
      known.add(row.getFirst() + ".thumb");
    }
    Set<String> disk = new HashSet<>();
    Path evidence = data.resolve("evidence");
    if (Files.isDirectory(evidence)) {
      try (Stream<Path> files = Files.walk(evidence)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = file.getFileName().toString();
          disk.add(name);
          if (name.length() == 64 && hashed.add(name) && !sha256(Files.readAllBytes(file)).equals(name)) {
            found.add(new Violation(Kind.MISSING_FILES, file + " does not have the content of its name"));
          }
        }
      }
    }
    for (String name : disk) {
      if (!known.contains(name)) {
        found.add(new Violation(Kind.ORPHAN_FILES, "no row knows the file " + name));
      }
    }
    for (String name : known) {
      if (!disk.contains(name)) {
        found.add(new Violation(Kind.MISSING_FILES, "the file " + name + " is missing"));
      }
    }
    for (List<String> row : rows(connection,
        """
        SELECT sha FROM (SELECT unnest(media) AS sha FROM intake_signal UNION SELECT unnest(media) FROM case_step) m
        WHERE NOT EXISTS (SELECT 1 FROM intake_media i WHERE i.sha256 = m.sha)
        """)) {
      found.add(new Violation(Kind.MISSING_FILES, "the photo " + row.getFirst() + " is named by a report or a step and not known"));
    }
  }

  /** Some cases and photos as a person sees them. */
  private void overHttp(Caller reader, List<Journal.Entry> acknowledged, Random random) throws IOException, InterruptedException {
    Map<Long, Journal.Entry> last = new TreeMap<>();
    acknowledged.stream().filter(e -> e.act().step()).forEach(e -> last.put(e.caseId(), e));
    List<Journal.Entry> some = new ArrayList<>(last.values());
    Collections.shuffle(some, random);
    for (Journal.Entry e : some.subList(0, Math.min(10, some.size()))) {
      Caller.Answer answer = reader.get("/api/cases/" + e.caseId());
      List<String> actions = new ArrayList<>();
      List<Integer> order = new ArrayList<>();
      for (JsonNode step : answer.body().path("steps")) {
        actions.add(step.path("action").asString());
        order.add(step.path("seq").asInt());
      }
      if (!answer.done() || !actions.contains(e.act().name()) || !order.equals(order.stream().sorted().distinct().toList())) {
        found.add(new Violation(Kind.WRONG_ANSWERS, "case " + e.caseId() + " after " + e.act() + " answers " + answer.status() + " " + actions + " " + order));
      }
      Caller.Answer photo = reader.get("/api/media/" + e.sha());
      if (!photo.done() || !sha256(photo.bytes()).equals(e.sha())) {
        found.add(new Violation(Kind.WRONG_ANSWERS, "the photo " + e.sha() + " answers " + photo.status() + " with other bytes"));
      }
    }
  }

  static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
