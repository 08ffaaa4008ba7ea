package io.citywide.bench.map;

import io.citywide.grid.GridKeys;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * PostgreSQL with PostGIS as Debian installs it, in a cluster of its own with memory enough for all of it: the table a
 * user would make, a GiST index on its geometry, and one on the geography for distances.
 */
final class PostgisContender implements Contender {

  private static final String HERE = "ST_SetSRID(ST_MakePoint(?, ?), 4326)";

  private final Path binaries;
  private final Path folder;
  private int port;
  private boolean started;

  private PostgisContender(Path binaries, Path folder) {
    this.binaries = binaries;
    this.folder = folder;
  }

  /** Empty where no PostgreSQL with PostGIS is installed. */
  static Optional<PostgisContender> find(Path folder) throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(versions)) return Optional.empty();
    try (Stream<Path> all = Files.list(versions)) {
      return all.filter(v -> Files.exists(v.resolve("bin/postgres"))
              && Files.exists(Path.of("/usr/share/postgresql", v.getFileName().toString(), "extension/postgis.control")))
          .max((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()))
          .map(v -> new PostgisContender(v.resolve("bin"), folder));
    }
  }

  @Override
  public String name() {
    return "PostgreSQL + PostGIS";
  }

  @Override
  public Built build(Points points) throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Files.createDirectories(folder);
    if (isRoot()) run("chown", "postgres", folder.toString());
    Path data = folder.resolve("pgdata");
    asServer(binaries.resolve("initdb").toString(), "-D", data.toString(), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C");
    asServer(binaries.resolve("pg_ctl").toString(), "-D", data.toString(), "-w", "-l", folder.resolve("log").toString(), "-o",
        "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder
            + " -c shared_buffers=3GB -c effective_cache_size=8GB -c maintenance_work_mem=1GB -c work_mem=128MB -c max_wal_size=8GB"
            + " -c wal_level=minimal -c max_wal_senders=0 -c jit=off -c random_page_cost=1.1 -c autovacuum=off",
        "start");
    started = true;
    try (Connection connection = connect(); Statement sql = connection.createStatement()) {
      sql.execute("CREATE EXTENSION postgis");
      connection.setAutoCommit(false);
      sql.execute("CREATE TABLE component (id bigint NOT NULL, kind integer NOT NULL, geom geometry(Point, 4326) NOT NULL)");
      copy(connection, points);
      connection.commit();
      connection.setAutoCommit(true);
      long begun = System.nanoTime();
      sql.execute("CREATE INDEX component_geom ON component USING gist (geom)");
      double seconds = (System.nanoTime() - begun) / 1e9;
      sql.execute("VACUUM ANALYZE component");
      double megabytes;
      try (ResultSet row = sql.executeQuery("SELECT pg_table_size('component') + pg_relation_size('component_geom')")) {
        row.next();
        megabytes = row.getLong(1) / 1e6;
      }
      sql.execute("CREATE INDEX component_geog ON component USING gist ((geom::geography))");
      sql.execute("ANALYZE component");
      return new Built(seconds, megabytes);
    }
  }

  private static void copy(Connection connection, Points points) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY component FROM STDIN");
    StringBuilder rows = new StringBuilder(1 << 17);
    ByteBuffer place = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    HexFormat hex = HexFormat.of();
    for (int i = 0; i < points.size(); i++) {
      place.putDouble(0, GridKeys.centerLon(points.keys[i])).putDouble(8, GridKeys.centerLat(points.keys[i]));
      rows.append(points.ids[i]).append('\t').append((int) points.kinds[i]).append("\t0101000020E6100000");
      hex.formatHex(rows, place.array());
      rows.append('\n');
      if (rows.length() > 1 << 16 || i == points.size() - 1) {
        byte[] bytes = rows.toString().getBytes(StandardCharsets.US_ASCII);
        copy.writeToCopy(bytes, 0, bytes.length);
        rows.setLength(0);
      }
    }
    copy.endCopy();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&prepareThreshold=1");
  }

  @Override
  public boolean answers(Question question) {
    return true;
  }

  @Override
  public Client client() throws SQLException {
    return client("geom::geography <-> " + HERE + "::geography");
  }

  /** Finds the nearest in degrees, not in metres: a wrong answer, but faster, and what many do. */
  Client clientInDegrees() throws SQLException {
    return client("geom <-> " + HERE);
  }

  private Client client(String nearness) throws SQLException {
    Connection connection = connect();

    PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM component WHERE ST_DWithin(geom::geography, " + HERE + "::geography, ?)");
    PreparedStatement list = connection.prepareStatement("SELECT id, kind, ST_X(geom), ST_Y(geom) FROM component WHERE ST_DWithin(geom::geography, " + HERE + "::geography, ?)");
    PreparedStatement nearest = connection.prepareStatement("SELECT id FROM component ORDER BY " + nearness + " LIMIT ?");
    PreparedStatement tile = connection.prepareStatement("""
        SELECT ST_AsMVT(t, 'components', 4096, 'at', 'id') FROM (
          SELECT id, kind / 8 AS kind, kind % 8 AS grade, ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope(?, ?, ?), 4096, 0, true) AS at
          FROM component WHERE geom && ST_Transform(ST_TileEnvelope(?, ?, ?), 4326)) t""");
    PreparedStatement counts = connection.prepareStatement("SELECT kind, count(*) FROM component WHERE ST_Covers(ST_GeomFromText(?, 4326), geom) GROUP BY kind");
    return new Client() {
      @Override
      public long count(double lon, double lat, double meters) throws SQLException {
        count.setDouble(1, lon);
        count.setDouble(2, lat);
        count.setDouble(3, meters);
        return one(count);
      }

      @Override
      public void list(double lon, double lat, double meters, Sink sink) throws SQLException {
        list.setDouble(1, lon);
        list.setDouble(2, lat);
        list.setDouble(3, meters);
        try (ResultSet row = list.executeQuery()) {
          while (row.next()) sink.point(row.getLong(1), row.getInt(2), row.getDouble(3), row.getDouble(4));
        }
      }

      @Override
      public long[] nearest(double lon, double lat, int most) throws SQLException {
        nearest.setDouble(1, lon);
        nearest.setDouble(2, lat);
        nearest.setInt(3, most);
        long[] ids = new long[most];
        int n = 0;
        try (ResultSet row = nearest.executeQuery()) {
          while (row.next()) ids[n++] = row.getLong(1);
        }
        return java.util.Arrays.copyOf(ids, n);
      }

      @Override
      public byte[] tile(int zoom, int x, int y) throws SQLException {
        for (int i = 0; i < 2; i++) {
          tile.setInt(3 * i + 1, zoom);
          tile.setInt(3 * i + 2, x);
          tile.setInt(3 * i + 3, y);
        }
        try (ResultSet row = tile.executeQuery()) {
          row.next();
          return row.getBytes(1);
        }
      }

      @Override
      public Map<Integer, Long> counts(double[][] polygon) throws SQLException {
        counts.setString(1, text(polygon));
        Map<Integer, Long> byKind = new HashMap<>();
        try (ResultSet row = counts.executeQuery()) {
          while (row.next()) byKind.put(row.getInt(1), row.getLong(2));
        }
        return byKind;
      }

      @Override
      public void close() throws SQLException {
        connection.close();
      }
    };
  }

  private static long one(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String text(double[][] rings) {
    StringBuilder text = new StringBuilder("POLYGON(");
    for (double[] ring : rings) {
      text.append(text.charAt(text.length() - 1) == '(' ? "(" : ",(");
      for (int i = 0; i <= ring.length; i += 2) {
        text.append(i == 0 ? "" : ",").append(String.format(Locale.ROOT, "%.17g %.17g", ring[i % ring.length], ring[i % ring.length + 1]));
      }
      text.append(')');
    }
    return text.append(')').toString();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** PostgreSQL refuses to run as root. */
  private void asServer(String... command) throws IOException, InterruptedException {
    if (!isRoot()) {
      run(command);
      return;
    }
    List<String> words = new ArrayList<>(List.of("runuser", "-u", "postgres", "--"));
    words.addAll(List.of(command));
    run(words.toArray(String[]::new));
  }

  private void run(String... command) throws IOException, InterruptedException {
    // pg_ctl leaves a server behind that would keep a pipe open.
    Process process = new ProcessBuilder(command).directory(Path.of("/").toFile()).redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed; see " + folder.resolve("log"));
    }
  }

  @Override
  public void close() throws Exception {
    if (started) {
      asServer(binaries.resolve("pg_ctl").toString(), "-D", folder.resolve("pgdata").toString(), "-m", "immediate", "-w", "stop");
    }
  }
}
