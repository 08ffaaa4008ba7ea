package io.citywide.cli.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVRecord;

/** A file of things with a place, row by row, whatever its format. */
interface FileRows extends AutoCloseable {

  /** Longitude and latitude of a format that keeps the position apart from the columns; a mapping need not name them. */
  String LON = "geometry.lon";

  String LAT = "geometry.lat";

  /** One row. */
  interface FileRow {
    /** From 1. */
    long number();

    /** {@code null} where it is empty or there is none. */
    String value(String column);

    /** Why nothing can be made of it; {@code null} mostly. */
    String fault();

    /** As it stands in the file, for the file of rejects; as many as {@link FileRows#header()}. */
    List<String> cells();
  }

  /** Names of the columns of {@link FileRow#cells()}. */
  List<String> header();

  /** Whether a column of this name exists; formats without a header say yes. */
  boolean has(String column);

  /** @throws IOException where the file breaks off or is not what its name says */
  boolean hasNext() throws IOException;

  FileRow next() throws IOException;

  @Override
  void close() throws IOException;

  /** By the ending of the name: {@code .geojson}, {@code .json}, {@code .geojsonl}, {@code .ndjson}, {@code .gpkg}; else CSV. */
  static FileRows open(Path file, Mapping mapping) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (!Files.isReadable(file)) {
      throw new IOException("there is no file " + file);
    }
    if (name.endsWith(".geojson") || name.endsWith(".json") || name.endsWith(".geojsonl") || name.endsWith(".ndjson")) {
      return new GeoJsonRows(file);
    }
    return name.endsWith(".gpkg") ? new GeoPackageRows(file) : new CsvRows(file, mapping);
  }

  /** CSV with a header. */
  final class CsvRows implements FileRows {
    private final RowFile rows;
    private final Iterator<CSVRecord> records;

    private CsvRows(Path file, Mapping mapping) throws IOException {
      rows = RowFile.open(file, mapping.encoding(), mapping.delimiter().charAt(0));
      records = rows.rows();
    }

    @Override
    public List<String> header() {
      return rows.header();
    }

    @Override
    public boolean has(String column) {
      return rows.header().contains(column);
    }

    @Override
    public boolean hasNext() throws IOException {
      try {
        return records.hasNext();
      } catch (java.io.UncheckedIOException e) {
        throw new IOException("the file is no CSV from some line on: " + e.getCause().getMessage(), e);
      }
    }

    @Override
    public FileRow next() {
      CSVRecord row = records.next();
      return new FileRow() {
        @Override
        public long number() {
          return row.getRecordNumber();
        }

        @Override
        public String value(String column) {
          String value = column == null ? "" : row.get(column).strip();
          return value.isEmpty() ? null : value;
        }

        @Override
        public String fault() {
          return row.isConsistent() ? null : "the row has " + row.size() + " fields, the header " + rows.header().size();
        }

        @Override
        public List<String> cells() {
          List<String> cells = new ArrayList<>(row.toList());
          while (cells.size() < rows.header().size()) {
            cells.add("");
          }
          return cells;
        }
      };
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }
}
