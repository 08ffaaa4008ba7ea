package io.citywide.place.internal;

import io.citywide.grid.GridBox;
import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.place.Component.State;
import io.citywide.place.ComponentIndex;
import io.citywide.place.PlaceProblem;
import io.citywide.place.internal.ComponentReader.Read;
import io.citywide.place.internal.ComponentReader.Refused;
import io.citywide.place.internal.ComponentReader.Said;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import io.citywide.platform.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes over a whole register of components, all in one transaction: either every good row is there, on disk, or none. Bad
 * rows are named, the good ones go on; taken over a second time a file changes nothing.
 *
 * <p>As long as no row is known, pieces of the file go straight into the register ({@link ComponentCopy}) while the next one
 * is read and checked. From the first known row on they go into a staging table, and from there by statements over sets.
 *
 * <p>Imports are read side by side, of which one writes straight into the register; what is staged moves one after the
 * other; a third import is refused by name.
 */
@Component
public class ComponentImport {

  /** Beyond these the mapping is at fault, not the rows. */
  static final int MOST_REJECTS = 100_000;

  /** At once on one server: one that is read while the other moves. */
  private static final int MOST_AT_ONCE = 2;

  private static final String WAIT = "2min";
  private static final long LOCK = 0x636f6d706f6e656eL;
  /** Of the one that writes straight into the register. */
  private static final long DIRECT = LOCK + 1;
  /** Rows of a piece. */
  private static final int PIECE = 20_000;
  private static final String KNOWN_ALREADY = "23505"; // unique_violation
  private static final Set<String> LOCKED = Set.of("55P03", "40P01"); // lock_not_available, deadlock_detected
  private static final int SAMPLE = 600;
  private static final int PROBE = 500;
  private static final int COPY_BUFFER = 1 << 16;

  private static final List<String> FIELDS = List.of("row", "ident", "kindId", "name", "lon", "lat", "crs", "ownerCode", "state", "accuracy", "source",
      "recordedOn", "changedOn");

  /**
   * A row that was not taken.
   *
   * @param row its number in the file, from 1
   * @param field what is at fault; {@code null}: the row as a whole
   * @param value what it says; {@code null}: nothing
   * @param reason what is wrong, the bound, and how to mend it, in the language of the request
   */
  public record Reject(long row, String field, String value, String reason) {}

  /**
   * How an import went; {@code read = added + changed + unchanged + rejects.size()}.
   *
   * @param unchanged rows that were known and say nothing new
   * @param warnings what looks wrong with the file as a whole
   * @param trial whether everything was tried and nothing kept
   */
  public record Outcome(long read, long added, long changed, long unchanged, List<Reject> rejects, List<SystemDoubt> warnings, boolean trial,
      long elapsedMillis) {}

  private final JdbcClient jdbc;
  private final DataSource dataSource;
  private final TransactionTemplate transaction;
  private final KindStore kinds;
  private final AreaStore areas;
  private final SystemCheck systems;
  private final ComponentHistory history;
  private final AccessLog access;
  private final Neighbours neighbours;
  private final Clock clock;
  private final ServerSettings server;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  ComponentImport(JdbcClient jdbc, DataSource dataSource, TransactionTemplate transaction, KindStore kinds, AreaStore areas, SystemCheck systems,
      ComponentHistory history, AccessLog access, Neighbours neighbours, Clock clock, ServerSettings server) {
    this.jdbc = jdbc;
    this.dataSource = dataSource;
    this.transaction = transaction;
    this.kinds = kinds;
    this.areas = areas;
    this.systems = systems;
    this.history = history;
    this.access = access;
    this.neighbours = neighbours;
    this.clock = clock;
    this.server = server;
  }

  /**
   * @param csv RFC 4180 in UTF-8 with a header of the names in {@link #FIELDS}; read once, to its end
   * @param source name of the file, for the access log and the history
   * @param trial try everything and keep nothing
   * @throws ProblemException {@code place.unreadable-import}, {@code place.too-many-rejects}, {@code place.import-under-way}
   */
  public Outcome run(InputStream csv, String source, boolean trial) {
    if (!places.tryAcquire()) {
      throw underWay();
    }
    try {
      return transaction.execute(status -> {
        if (trial) {
          status.setRollbackOnly();
        }
        return new Run(source, trial).take(csv);
      });
    } catch (UncheckedIOException e) {
      throw unreadable("the rows break off: " + e.getCause().getMessage());
    } finally {
      places.release();
    }
  }

  static ProblemException underWay() {
    return new ProblemException(PlaceProblem.IMPORT_UNDER_WAY, "another import of components is under way and did not end within " + WAIT + "; try again when it is done")
        .zh("另一项部件导入正在进行，请待其完成后重试");
  }

  private static ProblemException unreadable(String why) {
    return new ProblemException(PlaceProblem.UNREADABLE_IMPORT, why);
  }

  /** A good row and its number in the file. */
  private record Numbered(long row, Read component) {}

  /** One import under way. */
  private final class Run {

    private final long began = System.nanoTime();
    private final String source;
    private final boolean trial;
    private final LocalDate today = LocalDate.now(clock.withZone(server.zone()));
    private final AreaScope scope = Viewer.current().area();
    /** As they are when it begins: while rows stream into the database, nothing else can be asked of it. */
    private final AreaBook book = areas.now();
    private final GridBox bounds = book.bounds().orElse(null);
    private final ComponentReader reader = new ComponentReader(kinds, areas);
    private final IdentSet seen = new IdentSet();
    private final List<Reject> rejects = new ArrayList<>();
    private final List<Read> sample = new ArrayList<>(SAMPLE);
    private final Random random = new Random(1);
    private final StringBuilder line = new StringBuilder(256);
    private long read;
    private long good;

    Run(String source, boolean trial) {
      this.source = source;
      this.trial = trial;
    }

    Outcome take(InputStream csv) {
      Connection connection = DataSourceUtils.getConnection(dataSource);
      try {
        // A register takes as long as it takes; who sends nothing for a while is cut off by the web server.
        connection.setNetworkTimeout(Runnable::run, 0);
        jdbc.sql("SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '" + WAIT + "', true), set_config('work_mem', '128MB', true)")
            .query((row, n) -> 0).list();
        jdbc.sql("""
            CREATE TEMP TABLE place_incoming (
              row_no bigint, ident text COLLATE "C", kind_id text COLLATE "C", name text, lon float8, lat float8, grid_key bigint,
              area_code text COLLATE "C", owner_code text, state text, accuracy text, source text, recorded_on date, changed_on date)
            ON COMMIT DROP""").update();
        Pieces pieces = new Pieces(connection);
        stage(pieces, csv);
        Outcome outcome;
        try {
          outcome = move(pieces);
        } catch (PessimisticLockingFailureException e) {
          throw underWay();
        }
        if (!trial) {
          neighbours.everywhere(ComponentIndex.CHANGED, Map.of());
          access.record("components.imported", "components", "done", Map.of("source", source, "read", outcome.read(), "added", outcome.added(),
              "changed", outcome.changed(), "unchanged", outcome.unchanged(), "rejected", outcome.rejects().size()));
        }
        return outcome;
      } catch (SQLException e) {
        throw new IllegalStateException("the rows could not be staged", e);
      } finally {
        DataSourceUtils.releaseConnection(connection, dataSource);
      }
    }

    // ---- read, check, stage ------------------------------------------------------------------------

    private void stage(Pieces pieces, InputStream csv) throws SQLException {
      CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).setIgnoreEmptyLines(true).get();
      try (CSVParser rows = format.parse(new InputStreamReader(csv, StandardCharsets.UTF_8)); pieces) {
        int[] at = header(rows.getHeaderNames());
        for (Iterator<CSVRecord> all = rows.iterator(); all.hasNext(); ) {
          CSVRecord row = all.next();
          read++;
          long number = number(row, at[0]);
          try {
            Read component = check(row, at, number);
            sample(component);
            pieces.add(number, component);
            good++;
          } catch (Refused refused) {
            reject(number, refused.field(), refused.value(), refused.why());
          }
        }
        pieces.end();
      } catch (IOException e) {
        throw unreadable("the rows break off after row " + read + ": " + e.getMessage());
      } catch (UncheckedIOException e) {
        throw unreadable("the rows are no CSV after row " + read + ": " + e.getCause().getMessage());
      } catch (IllegalArgumentException e) {
        throw unreadable("the header is not right: " + e.getMessage());
      }
    }

    /**
     * The good rows on their way into the database: one piece is written while the next one fills. Used by one thread, which
     * leaves the connection alone until {@link #close} has returned.
     */
    private final class Pieces implements AutoCloseable {

      private final Connection connection;
      private final ComponentCopy copy = new ComponentCopy();
      private final ExecutorService writer = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("component-import").factory());
      private Future<?> writing = CompletableFuture.completedFuture(null);
      private List<Numbered> piece = new ArrayList<>(PIECE);
      private boolean direct;
      private long added;
      private long staged;

      Pieces(Connection connection) {
        this.connection = connection;
        direct = jdbc.sql("SELECT pg_try_advisory_xact_lock(:lock)").param("lock", DIRECT).query(Boolean.class).single();
      }

      void add(long row, Read component) throws SQLException {
        piece.add(new Numbered(row, component));
        if (piece.size() == PIECE) {
          send();
        }
      }

      void end() throws SQLException {
        send();
        written();
      }

      private void send() throws SQLException {
        written();
        List<Numbered> full = piece;
        piece = new ArrayList<>(PIECE);
        writing = writer.submit(() -> {
          write(full);
          return null;
        });
      }

      private void written() throws SQLException {
        try {
          writing.get();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("the import was interrupted", e);
        } catch (ExecutionException e) {
          if (e.getCause() instanceof SQLException refused && LOCKED.contains(String.valueOf(refused.getSQLState()))) {
            throw underWay();
          }
          if (e.getCause() instanceof SQLException fault) {
            throw fault;
          }
          throw new IllegalStateException("the rows could not be written", e.getCause());
        }
      }

      private void write(List<Numbered> rows) throws SQLException {
        if (rows.isEmpty()) {
          return;
        }
        if (direct) {
          try (Statement statement = connection.createStatement()) {
            statement.execute("SAVEPOINT piece");
            try {
              copy.write(connection, rows.stream().map(row -> row.component.component(today)).toList());
              statement.execute("RELEASE SAVEPOINT piece");
              added += rows.size();
              return;
            } catch (SQLException e) {
              if (!KNOWN_ALREADY.equals(e.getSQLState())) {
                throw e;
              }
              direct = false;
              statement.execute("ROLLBACK TO SAVEPOINT piece");
            }
          }
        }
        stage(rows);
        staged += rows.size();
      }

      private void stage(List<Numbered> rows) throws SQLException {
        CopyIn into = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY place_incoming FROM STDIN");
        try {
          StringBuilder out = new StringBuilder(COPY_BUFFER + 512);
          for (Numbered row : rows) {
            line(out, row.row, row.component);
            if (out.length() >= COPY_BUFFER) {
              flush(into, out);
            }
          }
          flush(into, out);
          into.endCopy();
        } finally {
          if (into.isActive()) {
            into.cancelCopy();
          }
        }
      }

      /** Waits for the piece under way: whoever rolls back needs the connection. */
      @Override
      public void close() {
        writer.close();
      }
    }

    private static void flush(CopyIn copy, StringBuilder out) throws SQLException {
      byte[] bytes = out.toString().getBytes(StandardCharsets.UTF_8);
      copy.writeToCopy(bytes, 0, bytes.length);
      out.setLength(0);
    }

    private static int[] header(List<String> names) {
      int[] at = new int[FIELDS.size()];
      java.util.Arrays.fill(at, -1);
      for (int i = 0; i < names.size(); i++) {
        int field = FIELDS.indexOf(names.get(i));
        if (field < 0) {
          throw unreadable("the header names '" + names.get(i) + "'; the fields are " + FIELDS);
        }
        at[field] = i;
      }
      for (int needed : new int[] {1, 4, 5}) {
        if (at[needed] < 0) {
          throw unreadable("the header lacks " + FIELDS.get(needed) + "; it has " + names);
        }
      }
      return at;
    }

    private static long number(CSVRecord row, int column) {
      try {
        return column < 0 || column >= row.size() ? row.getRecordNumber() : Long.parseLong(row.get(column));
      } catch (NumberFormatException e) {
        return row.getRecordNumber();
      }
    }

    private Read check(CSVRecord row, int[] at, long number) throws Refused {
      if (!row.isConsistent()) {
        throw new Refused(new Words("the row has " + row.size() + " fields, the header " + row.getParser().getHeaderNames().size(),
            "本行有 " + row.size() + " 列，表头有 " + row.getParser().getHeaderNames().size() + " 列"));
      }
      Read c = reader.read(new Said(field(row, at[1]), field(row, at[2]), field(row, at[3]), field(row, at[4]), field(row, at[5]), field(row, at[6]),
          field(row, at[7]), field(row, at[8]), field(row, at[9]), field(row, at[10]), field(row, at[11]), field(row, at[12])));
      if (c.areaCode() == null && bounds != null) {
        throw outside(c);
      }
      if (!(c.areaCode() == null ? scope.equals(AreaScope.ALL) || scope.low().isEmpty() : scope.covers(c.areaCode()))) {
        throw new Refused("lon", c.at().lon() + ", " + c.at().lat(), new Words("component " + c.ident() + " lies in area " + c.areaCode() + ", outside the area that you administer",
            "部件 " + c.ident() + " 位于区域 " + c.areaCode() + "，不在您管理的范围内"));
      }
      long first = seen.add(c.ident(), number);
      if (first != number) {
        throw new Refused("ident", c.ident(), new Words("ident " + c.ident() + " stands in row " + first + " already; each component has a code of its own",
            "标识码 " + c.ident() + " 已在第 " + first + " 行出现；每个部件应有自己的标识码"));
      }
      return c;
    }

    private Refused outside(Read c) {
      double lon = c.at().lon();
      double lat = c.at().lat();
      String where = lon + ", " + lat;
      if (Math.abs(lon) < 88 && book.locate(lat, lon).isPresent()) {
        return new Refused("lon", where, new Words("longitude and latitude look swapped: " + where + " lies outside the city, " + lat + ", " + lon + " inside; exchange the columns lon and lat",
            "经纬度似乎颠倒：" + where + " 在本市之外，而 " + lat + ", " + lon + " 在市内；请互换经度和纬度两列"));
      }
      boolean far = lon < bounds.west() || lon > bounds.east() || lat < bounds.south() || lat > bounds.north();
      return new Refused("lon", where, far
          ? new Words("the position " + where + " lies outside the city, whose bounds are " + bounds.west() + ".." + bounds.east() + " E, " + bounds.south() + ".." + bounds.north() + " N; correct it or the coordinate system",
              "位置 " + where + " 在本市之外（东经 " + bounds.west() + ".." + bounds.east() + "，北纬 " + bounds.south() + ".." + bounds.north() + "）；请更正位置或坐标系")
          : new Words("the position " + where + " lies within the city's bounds but in none of its areas; correct it, or import the area's boundary first",
              "位置 " + where + " 在本市外框之内，但不属于任何区域；请更正，或先导入该区域的边界"));
    }

    private static String field(CSVRecord row, int column) {
      if (column < 0) {
        return null;
      }
      String value = row.get(column);
      return value.isEmpty() ? null : value;
    }

    private void reject(long row, String field, String value, Words why) {
      if (rejects.size() == MOST_REJECTS) {
        throw new ProblemException(PlaceProblem.TOO_MANY_REJECTS, "more than " + MOST_REJECTS + " of the first " + read + " rows are bad, so the mapping is likely wrong; the first, row "
            + rejects.getFirst().row() + ": " + rejects.getFirst().reason(), Map.of("rejects", rejects.subList(0, 20))).zh("坏行超过 " + MOST_REJECTS + " 行，映射很可能有误；没有导入");
      }
      rejects.add(new Reject(row, field, value, why.said()));
    }

    /** Some rows of the whole file, each with the same chance. */
    private void sample(Read component) {
      if (sample.size() < SAMPLE) {
        sample.add(component);
      } else {
        long at = random.nextLong(good + 1);
        if (at < SAMPLE) {
          sample.set((int) at, component);
        }
      }
    }

    private void line(StringBuilder out, long number, Read c) {
      out.append(number).append('\t').append(c.ident()).append('\t');
      escaped(out, c.kind().id());
      escaped(out, c.name());
      out.append(c.at().lon()).append('\t').append(c.at().lat()).append('\t').append(c.gridKey()).append('\t');
      escaped(out, c.areaCode());
      escaped(out, c.ownerCode());
      escaped(out, c.state() == null ? null : c.state().name());
      escaped(out, c.accuracy());
      escaped(out, c.source());
      escaped(out, c.recordedOn() == null ? null : c.recordedOn().toString());
      String changed = c.changedOn() == null ? null : c.changedOn().toString();
      out.append(changed == null ? "\\N" : changed).append('\n');
    }

    /** A value of COPY's text format, with the tab that follows it. */
    private static void escaped(StringBuilder out, String value) {
      if (value == null) {
        out.append("\\N\t");
        return;
      }
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        switch (c) {
          case '\\' -> out.append("\\\\");
          case '\t' -> out.append("\\t");
          case '\n' -> out.append("\\n");
          case '\r' -> out.append("\\r");
          default -> out.append(c);
        }
      }
      out.append('\t');
    }

    // ---- move --------------------------------------------------------------------------------------

    private Outcome move(Pieces pieces) {
      List<SystemDoubt> warnings = systems.check(sample);
      long added = pieces.added;
      long changed = 0;
      if (pieces.staged > 0) {
        jdbc.sql("SELECT pg_advisory_xact_lock(:lock)").param("lock", LOCK).query((row, n) -> 0).list();
        long asNew = insertAsNew();
        if (asNew < 0) {
          jdbc.sql("ANALYZE place_incoming").update();
          refuseBeyondScope();
          List<ComponentHistory.Change> states = changesOfState();
          changed = update();
          asNew = insertUnknown();
          history.imported(states, source);
        }
        added += asNew;
      }
      rejects.sort(Comparator.comparingLong(Reject::row));
      return new Outcome(read, added, changed, read - rejects.size() - added - changed, rejects, warnings, trial, (System.nanoTime() - began) / 1_000_000);
    }

    private static final String INSERT =
        """
        INSERT INTO place_component (ident, kind_id, name, lon, lat, grid_key, area_code, owner_code, state, accuracy, source, recorded_on, changed_on)
        SELECT i.ident, i.kind_id, coalesce(i.name, k.name_zh), i.lon, i.lat, i.grid_key, i.area_code, i.owner_code, coalesce(i.state, 'INTACT'),
               i.accuracy, i.source, coalesce(i.recorded_on, :today), i.changed_on
        FROM place_incoming i JOIN place_kind k ON k.id = i.kind_id
        """;

    /**
     * Where a look at some of the rows finds none that is known, all are most likely new: then one plain INSERT does, which
     * needs no comparison with a register of millions. A row that is known after all makes it start again the long way.
     *
     * @return -1 where some rows are known
     */
    private long insertAsNew() {
      String[] probe = sample.stream().limit(PROBE).map(Read::ident).toArray(String[]::new);
      if (jdbc.sql("SELECT EXISTS (SELECT 1 FROM place_component WHERE ident = ANY (:idents))").param("idents", probe).query(Boolean.class).single()) {
        return -1;
      }
      jdbc.sql("SAVEPOINT as_new").update();
      try {
        return jdbc.sql(INSERT).param("today", today).update();
      } catch (DuplicateKeyException e) {
        jdbc.sql("ROLLBACK TO SAVEPOINT as_new").update();
        return -1;
      }
    }

    private record Beyond(long row, String ident, String area) {}

    private void refuseBeyondScope() {
      if (scope.low().isEmpty()) {
        return;
      }
      jdbc.sql("""
          DELETE FROM place_incoming i USING place_component c
          WHERE c.ident = i.ident AND NOT (c.area_code >= :low AND c.area_code < :high)
          RETURNING i.row_no, i.ident, c.area_code""")
          .param("low", scope.low()).param("high", scope.high())
          .query((row, n) -> new Beyond(row.getLong(1), row.getString(2), row.getString(3)))
          .list().forEach(r -> reject(r.row(), "ident", r.ident(), new Words("component " + r.ident() + " stands in area " + r.area() + ", outside the area that you administer",
              "部件 " + r.ident() + " 登记在区域 " + r.area() + "，不在您管理的范围内")));
    }

    private List<ComponentHistory.Change> changesOfState() {
      record Row(long number, ComponentHistory.Change change) {}
      List<Row> rows = jdbc.sql("""
          SELECT i.row_no, i.ident, c.state, i.state FROM place_incoming i JOIN place_component c ON c.ident = i.ident
          WHERE i.state <> c.state ORDER BY i.ident FOR UPDATE OF c""")
          .query((row, n) -> new Row(row.getLong(1), new ComponentHistory.Change(row.getString(2), State.valueOf(row.getString(3)), State.valueOf(row.getString(4))))).list();
      List<ComponentHistory.Change> allowed = new ArrayList<>();
      List<Long> refused = new ArrayList<>();
      for (Row row : rows) {
        ComponentHistory.Change change = row.change();
        if (StateTable.allows(change.from(), change.to())) {
          allowed.add(change);
        } else {
          refused.add(row.number());
          reject(row.number(), "state", change.to().name(), new Words("component " + change.ident() + " is " + change.from() + " " + change.from().nameZh() + " and cannot become "
              + change.to() + " " + change.to().nameZh() + "; allowed: " + StateTable.after(change.from()),
              "部件 " + change.ident() + " 现为“" + change.from().nameZh() + "”，不能变为“" + change.to().nameZh() + "”；可变为："
                  + StateTable.after(change.from()).stream().map(State::nameZh).collect(Collectors.joining("、"))));
        }
      }
      if (!refused.isEmpty()) {
        jdbc.sql("DELETE FROM place_incoming WHERE row_no = ANY (:rows)").param("rows", refused.toArray(Long[]::new)).update();
      }
      return allowed;
    }

    private int update() {
      return jdbc.sql("""
          UPDATE place_component c
          SET kind_id = i.kind_id, name = coalesce(i.name, c.name), lon = i.lon, lat = i.lat, grid_key = i.grid_key, area_code = i.area_code,
              owner_code = coalesce(i.owner_code, c.owner_code), state = coalesce(i.state, c.state), accuracy = coalesce(i.accuracy, c.accuracy),
              source = coalesce(i.source, c.source), recorded_on = coalesce(i.recorded_on, c.recorded_on), changed_on = coalesce(i.changed_on, c.changed_on)
          FROM place_incoming i
          WHERE c.ident = i.ident
            AND (c.kind_id, c.name, c.lon, c.lat, c.area_code, c.owner_code, c.state, c.accuracy, c.source, c.recorded_on, c.changed_on)
              IS DISTINCT FROM (i.kind_id, coalesce(i.name, c.name), i.lon, i.lat, i.area_code, coalesce(i.owner_code, c.owner_code),
                coalesce(i.state, c.state), coalesce(i.accuracy, c.accuracy), coalesce(i.source, c.source), coalesce(i.recorded_on, c.recorded_on),
                coalesce(i.changed_on, c.changed_on))""").update();
    }

    private int insertUnknown() {
      return jdbc.sql(INSERT + " WHERE NOT EXISTS (SELECT 1 FROM place_component c WHERE c.ident = i.ident) ON CONFLICT (ident) DO NOTHING")
          .param("today", today).update();
    }
  }
}
