package io.citywide.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

/**
 * The one table of features of an OGC GeoPackage (a SQLite file), of which points are wanted. Positions must be geographic:
 * EPSG 4326, 4490, 4979 or undefined geographic (0); a projected file is refused by its number. The file may come from
 * anybody: it is only read, and what would have SQLite compute, a view or a virtual table, is refused.
 */
public final class GeoPackage implements AutoCloseable {

  /** Why a row has no point. */
  public enum Fault {
    NO_GEOMETRY, NO_POINT, BROKEN
  }

  /**
   * One row.
   *
   * @param number from 1
   * @param values as text, one for each of {@link #columns()}; {@code null} where there is none
   * @param point {@code null} where there is a fault
   * @param fault {@code null} mostly
   * @param said kind of the geometry, or what is broken of it; {@code null} without a fault, and without a geometry
   */
  public record Row(long number, List<String> values, Point point, Fault fault, String said) {}

  /** The file is not such a one; the words begin with a verb, before which its name goes. */
  public static final class Unreadable extends IOException {
    private final transient Words words;

    private Unreadable(String en, String zh) {
      super(en);
      this.words = new Words(en, zh);
    }

    public Words words() {
      return words;
    }
  }

  private static final List<Integer> GEOGRAPHIC = List.of(4326, 4490, 4979, 0);
  private static final int ENVELOPES = 5;
  private static final int[] ENVELOPE_BYTES = {0, 32, 48, 48, 64};
  private static final int HEADER_BYTES = 8;

  private final Connection connection;
  private final ResultSet rows;
  private final List<String> columns = new ArrayList<>();
  private int geometryAt;
  private long number;
  private boolean ahead;

  /** @throws Unreadable where it is no such file */
  public GeoPackage(Path file) throws IOException {
    Connection opened = null;
    try {
      Properties readOnly = new Properties();
      readOnly.setProperty("open_mode", "1");
      opened = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath(), readOnly);
      connection = opened;
      try (Statement careful = connection.createStatement()) {
        careful.execute("PRAGMA trusted_schema = OFF");
        careful.execute("PRAGMA cell_size_check = ON");
      }
      plain("gpkg_contents");
      plain("gpkg_geometry_columns");
      String[] table = table();
      plain(table[0]);
      rows = connection.createStatement().executeQuery("SELECT * FROM \"" + table[0].replace("\"", "\"\"") + "\"");
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        String column = rows.getMetaData().getColumnName(i);
        if (column.equalsIgnoreCase(table[1])) {
          geometryAt = i;
        } else {
          columns.add(column);
        }
      }
      if (geometryAt == 0) {
        throw new Unreadable("has no column " + table[1] + " in " + table[0], "的表 " + table[0] + " 中没有列 " + table[1]);
      }
    } catch (SQLException | IOException e) {
      close(opened);
      throw e instanceof IOException already ? already : new Unreadable("is no GeoPackage: " + e.getMessage(), "不是有效的 GeoPackage 文件");
    }
  }

  /** A table with rows of its own. */
  private void plain(String table) throws SQLException, IOException {
    try (var asked = connection.prepareStatement("SELECT type, sql FROM sqlite_master WHERE name = ? AND type IN ('table', 'view')")) {
      asked.setString(1, table);
      try (ResultSet found = asked.executeQuery()) {
        if (!found.next()) {
          throw new Unreadable("is no GeoPackage: it has no table " + table, "不是有效的 GeoPackage 文件：缺少表 " + table);
        }
        if (!found.getString(1).equals("table") || found.getString(2) == null || found.getString(2).toUpperCase(Locale.ROOT).startsWith("CREATE VIRTUAL")) {
          throw new Unreadable("keeps " + table + " as a view; save it as a table", "中的 " + table + " 不是数据表，请另存为普通图层");
        }
      }
    }
  }

  private String[] table() throws SQLException, IOException {
    List<String[]> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c "
            + "JOIN gpkg_geometry_columns g USING (table_name) WHERE c.data_type = 'features' ORDER BY 1")) {
      while (found.next()) {
        tables.add(new String[] {found.getString(1), found.getString(2), found.getString(3)});
      }
    }
    if (tables.size() != 1) {
      String names = tables.isEmpty() ? "" : ": " + tables.stream().map(t -> t[0]).toList();
      throw new Unreadable("has " + tables.size() + " tables of features, one is needed" + names, "有 " + tables.size() + " 个要素图层，应只有一个" + names.replace(": ", "："));
    }
    String system = tables.getFirst()[2];
    if (system == null || !system.matches("-?[0-9]{1,9}") || !GEOGRAPHIC.contains(Integer.valueOf(system))) {
      throw new Unreadable("is in EPSG:" + system + "; save it in EPSG:4326 or EPSG:4490 (longitude and latitude in degrees)",
          "的坐标系是 EPSG:" + system + "，请另存为 EPSG:4326 或 EPSG:4490（经纬度）");
    }
    return tables.getFirst();
  }

  /** Names of the columns but that of the geometry. */
  public List<String> columns() {
    return columns;
  }

  /** @throws IOException where the file breaks off */
  public boolean hasNext() throws IOException {
    try {
      return ahead || (ahead = rows.next());
    } catch (SQLException e) {
      throw new Unreadable("cannot be read after row " + number + ": " + e.getMessage(), "在第 " + number + " 行之后无法读取");
    }
  }

  /** After {@link #hasNext}. */
  public Row next() throws IOException {
    ahead = false;
    number++;
    try {
      List<String> values = new ArrayList<>(columns.size());
      for (int i = 1; i <= columns.size() + 1; i++) {
        if (i != geometryAt) {
          values.add(rows.getString(i));
        }
      }
      try {
        Geometry geometry = geometry(rows.getBytes(geometryAt));
        if (geometry instanceof Point point && !point.isEmpty()) {
          return new Row(number, values, point, null, null);
        }
        return geometry == null ? new Row(number, values, null, Fault.NO_GEOMETRY, null) : new Row(number, values, null, Fault.NO_POINT, geometry.getGeometryType());
      } catch (ParseException | RuntimeException e) {
        return new Row(number, values, null, Fault.BROKEN, String.valueOf(e.getMessage()));
      }
    } catch (SQLException e) {
      throw new Unreadable("cannot be read at row " + number + ": " + e.getMessage(), "在第 " + number + " 行无法读取");
    }
  }

  /** The header of a GeoPackage geometry (GeoPackage 1.3, 2.1.3) and the WKB after it. */
  static Geometry geometry(byte[] blob) throws ParseException {
    if (blob == null) {
      return null;
    }
    if (blob.length < HEADER_BYTES || blob[0] != 'G' || blob[1] != 'P') {
      throw new ParseException("it does not begin with GP");
    }
    int flags = blob[3] & 0xFF;
    int envelope = flags >> 1 & 7;
    if (envelope >= ENVELOPES) {
      throw new ParseException("its envelope has the unknown form " + envelope);
    }
    int from = HEADER_BYTES + ENVELOPE_BYTES[envelope];
    if (from > blob.length) {
      throw new ParseException("it ends within its envelope");
    }
    byte[] wkb = new byte[blob.length - from];
    ByteBuffer.wrap(blob).order(ByteOrder.BIG_ENDIAN).position(from).get(wkb);
    return new WKBReader().read(wkb);
  }

  @Override
  public void close() throws IOException {
    close(connection);
  }

  private static void close(Connection connection) throws IOException {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      throw new IOException("the GeoPackage could not be closed", e);
    }
  }
}
