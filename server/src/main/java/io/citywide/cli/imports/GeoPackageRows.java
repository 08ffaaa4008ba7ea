package io.citywide.cli.imports;

import io.citywide.platform.GeoPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The one table of features of an OGC GeoPackage. */
final class GeoPackageRows implements FileRows {

  private final GeoPackage rows;

  GeoPackageRows(Path file) throws IOException {
    try {
      rows = new GeoPackage(file);
    } catch (GeoPackage.Unreadable e) {
      throw new IOException(file + " " + e.getMessage(), e);
    }
  }

  @Override
  public List<String> header() {
    return rows.columns();
  }

  @Override
  public boolean has(String column) {
    return rows.columns().contains(column);
  }

  @Override
  public boolean hasNext() throws IOException {
    try {
      return rows.hasNext();
    } catch (GeoPackage.Unreadable e) {
      throw new IOException("the GeoPackage " + e.getMessage(), e);
    }
  }

  @Override
  public FileRow next() throws IOException {
    try {
      return new PackageRow(rows.next());
    } catch (GeoPackage.Unreadable e) {
      throw new IOException("the GeoPackage " + e.getMessage(), e);
    }
  }

  private final class PackageRow implements FileRow {
    private final GeoPackage.Row row;

    PackageRow(GeoPackage.Row row) {
      this.row = row;
    }

    @Override
    public long number() {
      return row.number();
    }

    @Override
    public String value(String column) {
      if (column == null) {
        return null;
      }
      if (column.equals(LON) || column.equals(LAT)) {
        return row.point() == null ? null : String.valueOf(column.equals(LON) ? row.point().getX() : row.point().getY());
      }
      String value = row.values().get(rows.columns().indexOf(column));
      return value == null || value.isBlank() ? null : value.strip();
    }

    @Override
    public String fault() {
      return switch (row.fault()) {
        case null -> null;
        case NO_GEOMETRY -> "the row has no geometry; a component needs a Point";
        case NO_POINT -> "the geometry is a " + row.said() + ", a component needs a Point";
        case BROKEN -> "the geometry is broken: " + row.said();
      };
    }

    @Override
    public List<String> cells() {
      return row.values().stream().map(value -> value == null ? "" : value).toList();
    }
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
