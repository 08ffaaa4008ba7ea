package io.citywide.cli.imports;

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
import java.util.Properties;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;

/**
 * The one table of features of an OGC GeoPackage (a SQLite file). Positions must be geographic: EPSG 4326, 4490, 4979 or
 * undefined geographic (0); a projected file is refused by its number.
 */
final class GeoPackageRows implements FileRows {

  private static final List<Integer> GEOGRAPHIC = List.of(4326, 4490, 4979, 0);
  private static final int ENVELOPES = 5;
  private static final int[] ENVELOPE_BYTES = {0, 32, 48, 48, 64};
  private static final int HEADER_BYTES = 8;

  private final Connection connection;
  private final ResultSet rows;
  private final List<String> columns = new ArrayList<>();
  private final String geometryColumn;
  private long number;
  private boolean ahead;

  GeoPackageRows(Path file) throws IOException {
    Connection opened = null;
    try {
      Properties readOnly = new Properties();
      readOnly.setProperty("open_mode", "1");
      opened = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath(), readOnly);
      connection = opened;
      String[] table = table(file);
      geometryColumn = table[1];
      Statement statement = connection.createStatement();
      rows = statement.executeQuery("SELECT * FROM \"" + table[0].replace("\"", "\"\"") + "\"");
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        columns.add(rows.getMetaData().getColumnName(i));
      }
    } catch (SQLException | IOException e) {
      close(opened);
      throw e instanceof IOException already ? already : new IOException(file + " is no GeoPackage: " + e.getMessage(), e);
    }
  }

  private String[] table(Path file) throws SQLException, IOException {
    List<String[]> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c "
            + "JOIN gpkg_geometry_columns g USING (table_name) WHERE c.data_type = 'features' ORDER BY 1")) {
      while (found.next()) {
        tables.add(new String[] {found.getString(1), found.getString(2), found.getString(3)});
      }
    }
    if (tables.size() != 1) {
      throw new IOException(file + " has " + tables.size() + " tables of features, one is needed" + (tables.isEmpty() ? "" : ": " + tables.stream().map(t -> t[0]).toList()));
    }
    int system = Integer.parseInt(tables.getFirst()[2]);
    if (!GEOGRAPHIC.contains(system)) {
      throw new IOException(file + " is in EPSG:" + system + "; save it in EPSG:4326 or EPSG:4490 (longitude and latitude in degrees)");
    }
    return tables.getFirst();
  }

  @Override
  public List<String> header() {
    return columns.stream().filter(c -> !c.equals(geometryColumn)).toList();
  }

  @Override
  public boolean has(String column) {
    return columns.contains(column);
  }

  @Override
  public boolean hasNext() throws IOException {
    try {
      return ahead || (ahead = rows.next());
    } catch (SQLException e) {
      throw new IOException("the GeoPackage cannot be read after row " + number + ": " + e.getMessage(), e);
    }
  }

  @Override
  public FileRow next() throws IOException {
    ahead = false;
    long row = ++number;
    String[] values = new String[columns.size()];
    Point point = null;
    String fault = null;
    try {
      for (int i = 0; i < values.length; i++) {
        if (columns.get(i).equals(geometryColumn)) {
          Geometry geometry = geometry(rows.getBytes(i + 1));
          if (geometry instanceof Point p && !p.isEmpty()) {
            point = p;
          } else {
            fault = geometry == null ? "the row has no geometry; a component needs a Point" : "the geometry is a " + geometry.getGeometryType() + ", a component needs a Point";
          }
        } else {
          values[i] = rows.getString(i + 1);
        }
      }
    } catch (SQLException e) {
      throw new IOException("the GeoPackage cannot be read at row " + row + ": " + e.getMessage(), e);
    } catch (ParseException | RuntimeException e) {
      fault = "the geometry is broken: " + e.getMessage();
    }
    return new PackageRow(row, values, point, fault);
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

  private final class PackageRow implements FileRow {
    private final long row;
    private final String[] values;
    private final Point point;
    private final String fault;

    PackageRow(long row, String[] values, Point point, String fault) {
      this.row = row;
      this.values = values;
      this.point = point;
      this.fault = fault;
    }

    @Override
    public long number() {
      return row;
    }

    @Override
    public String value(String column) {
      if (column == null) {
        return null;
      }
      if (column.equals(LON) || column.equals(LAT)) {
        return point == null ? null : String.valueOf(column.equals(LON) ? point.getX() : point.getY());
      }
      String value = values[columns.indexOf(column)];
      return value == null || value.isBlank() ? null : value.strip();
    }

    @Override
    public String fault() {
      return fault;
    }

    @Override
    public List<String> cells() {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        if (!columns.get(i).equals(geometryColumn)) {
          cells.add(values[i] == null ? "" : values[i]);
        }
      }
      return cells;
    }
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
