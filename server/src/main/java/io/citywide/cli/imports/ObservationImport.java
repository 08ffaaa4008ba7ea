package io.citywide.cli.imports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.commons.csv.CSVRecord;
import tools.jackson.databind.JsonNode;

/**
 * Imports a history of observations from CSV: a row for each moment, a column for each property. Batches are on disk one after
 * the other; the file may be imported again, and what is there already counts once. Bad rows go with their reason to a file of
 * rejects.
 */
public final class ObservationImport {

  /**
   * What the columns mean.
   *
   * @param time column of the moment
   * @param format of the moment as {@link DateTimeFormatter} has it, or {@code s} or {@code ms} since 1970; {@code null}: ISO 8601
   * @param zone of moments that name none
   * @param deviceColumn column of the code of the device; {@code null}: every row is of {@code device}
   * @param values property by column; empty: every other column is the property of its name
   */
  public record Plan(String time, String format, ZoneId zone, String deviceColumn, String device, Map<String, String> values, char separator, String encoding) {}

  /** What became of the file; {@code taken + rejected = read}. */
  public record Outcome(long read, long taken, long values, long rejected, Path rejects, double seconds) {

    @Override
    public String toString() {
      return "read " + read + " rows, taken " + taken + " with " + values + " values, rejected " + rejected + (rejected > 0 ? " (see " + rejects + ")" : "")
          + String.format(Locale.ROOT, "; %.1f s, %,.0f values/s", seconds, values / Math.max(seconds, 0.001));
    }
  }

  /** The server names so many faults of a batch one by one. */
  private static final int MOST_ROWS = 10_000;
  private static final String PATH = "/api/observations?faults=" + MOST_ROWS;

  private record Row(long number, List<String> cells) {}

  private final CityApi api;
  private final Plan plan;
  private final Path file;
  private final Path rejects;
  private final boolean quiet;
  private final DateTimeFormatter format;
  private final StringBuilder body = new StringBuilder();
  private final List<Row> batch = new ArrayList<>();
  private long read;
  private long taken;
  private long values;
  private RejectFile bad;

  /** @param quiet no progress bar */
  public ObservationImport(CityApi api, Plan plan, Path file, Path rejects, boolean quiet) {
    this.api = api;
    this.plan = plan;
    this.file = file;
    this.rejects = rejects;
    this.quiet = quiet;
    this.format = plan.format() == null || plan.format().equals("s") || plan.format().equals("ms") ? null : DateTimeFormatter.ofPattern(plan.format(), Locale.ROOT);
  }

  /**
   * @throws IOException where the file cannot be read, or the server cannot be reached or refuses
   * @throws Mapping.Invalid where the options do not fit the file
   */
  public Outcome run() throws IOException, InterruptedException, Mapping.Invalid {
    long began = System.nanoTime();
    try (RowFile rows = RowFile.open(file, plan.encoding(), plan.separator());
        ProgressBar bar = quiet ? null : new ProgressBarBuilder().setTaskName(String.valueOf(file.getFileName())).setInitialMax(-1)
            .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(250).showSpeed().setUnit(" rows", 1).build()) {
      Map<String, String> columns = columns(rows.header());
      bad = new RejectFile(rejects, rows.header());
      for (Iterator<CSVRecord> all = rows.rows(); all.hasNext(); ) {
        CSVRecord record = all.next();
        read++;
        Row row = new Row(record.getRecordNumber(), record.toList());
        try {
          line(record, columns);
          batch.add(row);
        } catch (RowReader.BadRow e) {
          bad.add(row.number(), e.field(), e.getMessage(), row.cells());
        }
        if (batch.size() == MOST_ROWS) {
          send();
        }
        if (bar != null) {
          bar.step();
        }
      }
      send();
    } catch (UncheckedIOException e) {
      throw new IOException("the file is no CSV from some line on: " + e.getCause().getMessage(), e);
    } finally {
      if (bad != null) {
        bad.close();
      }
    }
    return new Outcome(read, taken, values, bad.count(), rejects, (System.nanoTime() - began) / 1e9);
  }

  /** Property by column. */
  private Map<String, String> columns(List<String> header) throws Mapping.Invalid {
    need(header, plan.time());
    if (plan.deviceColumn() != null) {
      need(header, plan.deviceColumn());
    }
    Map<String, String> columns = new LinkedHashMap<>(plan.values());
    for (String column : columns.keySet()) {
      need(header, column);
    }
    if (columns.isEmpty()) {
      header.stream().filter(column -> !column.equals(plan.time()) && !column.equals(plan.deviceColumn())).forEach(column -> columns.put(column, column));
    }
    return columns;
  }

  private static void need(List<String> header, String column) throws Mapping.Invalid {
    if (!header.contains(column)) {
      throw new Mapping.Invalid("the file has no column '" + column + "'; it has " + header);
    }
  }

  private void line(CSVRecord row, Map<String, String> columns) throws RowReader.BadRow {
    if (!row.isConsistent()) {
      throw new RowReader.BadRow(null, "the row has " + row.size() + " fields, the header has " + row.getParser().getHeaderNames().size());
    }
    int mark = body.length();
    try {
      String device = plan.deviceColumn() == null ? plan.device() : RowReader.value(row, plan.deviceColumn());
      if (device == null) {
        throw new RowReader.BadRow(plan.deviceColumn(), plan.deviceColumn() + " is empty");
      }
      body.append("{\"device\":").append(tools.jackson.databind.json.JsonMapper.shared().writeValueAsString(device)).append(",\"time\":").append(time(row)).append(",\"values\":{");
      int count = 0;
      for (Map.Entry<String, String> column : columns.entrySet()) {
        String value = RowReader.value(row, column.getKey());
        if (value != null) {
          body.append(count++ > 0 ? "," : "").append('"').append(column.getValue()).append("\":").append(number(column.getKey(), value));
        }
      }
      if (count == 0) {
        throw new RowReader.BadRow(null, "the row has no value");
      }
      body.append("}}\n");
    } catch (RowReader.BadRow e) {
      body.setLength(mark);
      throw e;
    }
  }

  private static String number(String column, String value) throws RowReader.BadRow {
    try {
      return new BigDecimal(value).toString();
    } catch (NumberFormatException e) {
      throw new RowReader.BadRow(column, column + " '" + value + "' is no number");
    }
  }

  /** Milliseconds since 1970 UTC. */
  private long time(CSVRecord row) throws RowReader.BadRow {
    String value = RowReader.value(row, plan.time());
    if (value == null) {
      throw new RowReader.BadRow(plan.time(), plan.time() + " is empty");
    }
    try {
      if (plan.format() != null && format == null) {
        return new BigDecimal(value).scaleByPowerOfTen(plan.format().equals("s") ? 3 : 0).longValue();
      }
      if (format != null) {
        TemporalAccessor parsed = format.parse(value);
        ZoneId zone = parsed.query(TemporalQueries.zone());
        LocalDate date = LocalDate.from(parsed);
        var time = parsed.query(TemporalQueries.localTime());
        return (time == null ? date.atStartOfDay() : date.atTime(time)).atZone(zone == null ? plan.zone() : zone).toInstant().toEpochMilli();
      }
      String iso = value.replace(' ', 'T');
      try {
        return OffsetDateTime.parse(iso).toInstant().toEpochMilli();
      } catch (DateTimeParseException e) {
        return LocalDateTime.parse(iso).atZone(plan.zone()).toInstant().toEpochMilli();
      }
    } catch (DateTimeException | NumberFormatException e) {
      throw new RowReader.BadRow(plan.time(), plan.time() + " '" + value + "' is no moment " + (plan.format() == null ? "of ISO 8601; say --time-format" : "of the form " + plan.format()));
    }
  }

  private void send() throws IOException, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    JsonNode answer;
    try {
      answer = api.postText(PATH, "application/x-ndjson", body.toString());
    } catch (CityApi.Refused e) {
      if (!e.problem().path("code").asString("").equals("sensing.nothing-stored")) {
        throw e;
      }
      answer = e.problem();
    }
    values += answer.path("stored").asLong();
    Set<Integer> refused = new HashSet<>();
    for (JsonNode fault : answer.path("faults")) {
      int at = fault.path("line").asInt() - 1;
      refused.add(at);
      bad.add(batch.get(at).number(), null, fault.path("detail").asString() + " (" + fault.path("code").asString() + ")", batch.get(at).cells());
    }
    taken += batch.size() - refused.size();
    batch.clear();
    body.setLength(0);
  }
}
