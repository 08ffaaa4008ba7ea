package io.citywide.cli.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import tools.jackson.databind.JsonNode;

/**
 * Imports a register of components from CSV, GeoJSON or GeoPackage. The rows go to the server as one stream and are there
 * all at once or not at all; bad rows go with their reason to a file of rejects. A second import of the same file changes
 * nothing.
 */
public final class ComponentImport {

  /** What became of the file; {@code added + changed + unchanged + rejected = read}. */
  public record Outcome(long read, long added, long changed, long unchanged, long rejected, List<String> warnings, boolean trial, Path rejects, double seconds) {

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      warnings.forEach(warning -> text.append("warning: ").append(warning).append(System.lineSeparator()));
      return text.append(trial ? "tried and kept nothing: " : "").append("read ").append(read).append(", added ").append(added).append(", changed ").append(changed)
          .append(", unchanged ").append(unchanged).append(", rejected ").append(rejected).append(rejected > 0 ? " (see " + rejects + ")" : "")
          .append(String.format(Locale.ROOT, "; %.1f s, %,.0f rows/s", seconds, read / Math.max(seconds, 0.001))).toString();
    }
  }

  private record Bad(String field, String reason) {}

  private static final String HEADER = "row,ident,kindId,name,lon,lat,crs,ownerCode,state,accuracy,source,recordedOn,changedOn\n";

  private final CityApi api;
  private final Mapping mapping;
  private final Path file;
  private final Path rejects;
  private final String kindId;
  private final boolean trial;
  private final boolean quiet;
  private final List<DateTimeFormatter> formats;
  private final Map<String, String> columnOf = new HashMap<>();
  private final Map<Long, Bad> bad = new LinkedHashMap<>();
  private long read;

  /**
   * @param rejects where bad rows go; only written where there are any
   * @param kindId kind of every row that names none itself; may be {@code null}
   * @param trial try everything and keep nothing
   * @param quiet no progress bar
   */
  public ComponentImport(CityApi api, Mapping mapping, Path file, Path rejects, String kindId, boolean trial, boolean quiet) {
    this.api = api;
    this.mapping = mapping;
    this.file = file;
    this.rejects = rejects;
    this.kindId = kindId;
    this.trial = trial;
    this.quiet = quiet;
    this.formats = mapping.timeFormats().stream().map(p -> DateTimeFormatter.ofPattern(p, Locale.ROOT)).toList();
    Mapping.Columns c = mapping.columns();
    columnOf.put("ident", c.ident());
    columnOf.put("kindId", c.kind());
    columnOf.put("name", c.name());
    columnOf.put("lon", c.lon());
    columnOf.put("lat", c.lat());
    columnOf.put("ownerCode", c.owner());
    columnOf.put("state", c.status());
    columnOf.put("accuracy", c.accuracy());
    columnOf.put("source", c.origin());
    columnOf.put("recordedOn", c.recordedOn());
    columnOf.put("changedOn", c.changedOn());
  }

  /**
   * @throws CityApi.Refused where the server refuses the import as a whole
   * @throws IOException where the file cannot be read or the server cannot be reached
   * @throws Mapping.Invalid where the mapping does not fit the file
   */
  public Outcome run() throws IOException, InterruptedException, Mapping.Invalid {
    long began = System.nanoTime();
    fit();
    JsonNode answer;
    String path = "/api/components:import?trial=" + trial + "&source=" + URLEncoder.encode(file.getFileName().toString(), StandardCharsets.UTF_8);
    try (ProgressBar bar = quiet ? null : new ProgressBarBuilder().setTaskName(String.valueOf(file.getFileName())).setInitialMax(-1)
        .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(250).showSpeed().setUnit(" rows", 1).build()) {
      answer = api.stream(path, "text/csv; charset=utf-8", () -> {
        try {
          return new Rows(bar);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
    for (JsonNode reject : answer.path("rejects")) {
      String field = reject.path("field").asString(null);
      bad.put(reject.path("row").asLong(), new Bad(field == null ? null : columnOf.getOrDefault(field, field), reject.path("reason").asString("")));
    }
    writeRejects();
    List<String> warnings = new ArrayList<>();
    answer.path("warnings").forEach(warning -> warnings.add(warning.path("detail").asString("")));
    return new Outcome(read, answer.path("added").asLong(), answer.path("changed").asLong(), answer.path("unchanged").asLong(), bad.size(), warnings, trial, rejects,
        (System.nanoTime() - began) / 1e9);
  }

  private void fit() throws IOException, Mapping.Invalid {
    try (FileRows rows = FileRows.open(file, mapping)) {
      boolean apart = !(rows instanceof FileRows.CsvRows);
      for (String field : List.of("lon", "lat")) {
        if (columnOf.get(field) == null) {
          if (!apart) {
            throw new Mapping.Invalid("the mapping must name columns." + field + " for a CSV file");
          }
          columnOf.put(field, field.equals("lon") ? FileRows.LON : FileRows.LAT);
        } else if (apart) {
          throw new Mapping.Invalid("the mapping names columns." + field + ", but the positions of " + file + " are its geometries; leave it out");
        }
      }
      for (String column : columnOf.values()) {
        if (column != null && !column.equals(FileRows.LON) && !column.equals(FileRows.LAT) && !rows.has(column)) {
          throw new Mapping.Invalid("the mapping names the column '" + column + "', which " + file + " does not have; it has " + rows.header());
        }
      }
    }
  }

  /** The file is read once more: its rows are not kept while they stream. */
  private void writeRejects() throws IOException {
    try (FileRows rows = FileRows.open(file, mapping); RejectFile out = new RejectFile(rejects, rows.header())) {
      long left = bad.size();
      while (left > 0 && rows.hasNext()) {
        FileRows.FileRow row = rows.next();
        Bad why = bad.get(row.number());
        if (why != null) {
          out.add(row.number(), why.field(), why.reason(), row.cells());
          left--;
        }
      }
    }
  }

  /** The file as the server takes it, made as it is read. */
  private final class Rows extends InputStream {

    private static final int CHUNK = 1 << 16;

    private final FileRows rows = FileRows.open(file, mapping);
    private final ProgressBar bar;
    private final StringBuilder text = new StringBuilder(CHUNK + 1024).append(HEADER);
    private byte[] bytes = new byte[0];
    private int at;

    Rows(ProgressBar bar) throws IOException {
      this.bar = bar;
      read = 0;
      bad.clear();
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      if (at == bytes.length && !fill()) {
        return -1;
      }
      int given = Math.min(length, bytes.length - at);
      System.arraycopy(bytes, at, into, from, given);
      at += given;
      return given;
    }

    @Override
    public int read() throws IOException {
      return at == bytes.length && !fill() ? -1 : bytes[at++] & 0xFF;
    }

    private boolean fill() throws IOException {
      while (text.length() < CHUNK && rows.hasNext()) {
        FileRows.FileRow row = rows.next();
        read++;
        int before = text.length();
        try {
          line(row);
        } catch (RowReader.BadRow e) {
          text.setLength(before);
          bad.put(row.number(), new Bad(e.field(), e.getMessage()));
        } catch (RuntimeException e) {
          // The HTTP client breaks a request off, as it must, only for an IOException.
          throw new IOException("row " + row.number() + " of " + file + " cannot be read", e);
        }
      }
      if (bar != null) {
        bar.stepTo(read);
      }
      bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      text.setLength(0);
      at = 0;
      return bytes.length > 0;
    }

    private void line(FileRows.FileRow row) throws RowReader.BadRow {
      if (row.fault() != null) {
        throw new RowReader.BadRow(null, row.fault());
      }
      text.append(row.number()).append(',');
      cell(row.value(columnOf.get("ident")));
      String kind = row.value(columnOf.get("kindId"));
      cell(kind == null ? kindId : mapping.kinds().values().getOrDefault(kind, kind));
      cell(row.value(columnOf.get("name")));
      cell(row.value(columnOf.get("lon")));
      cell(row.value(columnOf.get("lat")));
      cell(mapping.crs());
      String owner = row.value(columnOf.get("ownerCode"));
      cell(owner == null ? null : mapping.units().names().getOrDefault(owner, owner));
      cell(state(row));
      cell(row.value(columnOf.get("accuracy")));
      cell(row.value(columnOf.get("source")));
      cell(day(row, columnOf.get("recordedOn")));
      cell(day(row, columnOf.get("changedOn")));
      text.setCharAt(text.length() - 1, '\n');
    }

    private void cell(String value) {
      if (value != null) {
        boolean quoted = false;
        for (int i = 0; i < value.length() && !quoted; i++) {
          char c = value.charAt(i);
          quoted = c == ',' || c == '"' || c == '\n' || c == '\r';
        }
        if (quoted) {
          text.append('"').append(value.replace("\"", "\"\"")).append('"');
        } else {
          text.append(value);
        }
      }
      text.append(',');
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }
  }

  private String state(FileRows.FileRow row) throws RowReader.BadRow {
    String state = row.value(columnOf.get("state"));
    if (state == null || mapping.status().isEmpty()) {
      return state;
    }
    String ours = mapping.status().get(state);
    if (ours == null) {
      throw new RowReader.BadRow(columnOf.get("state"), "the mapping knows no status '" + state + "'; it knows " + mapping.status().keySet());
    }
    return ours;
  }

  private String day(FileRows.FileRow row, String column) throws RowReader.BadRow {
    String value = row.value(column);
    if (value == null || formats.isEmpty()) {
      return value;
    }
    for (DateTimeFormatter format : formats) {
      try {
        return LocalDate.from(format.parse(value)).toString();
      } catch (DateTimeException e) {
        // the next format may fit
      }
    }
    throw new RowReader.BadRow(column, column + " '" + value + "' is no day in " + mapping.timeFormats());
  }
}
