package io.citywide.cli.imports;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.commons.csv.CSVRecord;

/** From a row of the file to the body of a report, by the mapping; whatever cannot be understood is named. */
final class RowReader {

  /** A row that cannot be sent. */
  static final class BadRow extends Exception {
    private final String field;

    BadRow(String field, String reason) {
      super(reason);
      this.field = field;
    }

    String field() {
      return field;
    }
  }

  /** What stands between the values of the file and those of the city: kinds, units and areas by their names in the file. */
  record Names(Map<String, String> kindIds, AreaCodes areaCodes) {}

  /** Finds the area that a row's own columns name; {@code null}: none. */
  interface AreaCodes {
    String codeOf(CSVRecord row);
  }

  private final Mapping mapping;
  private final Names names;
  private final ZoneId zone;
  private final List<DateTimeFormatter> formats;

  RowReader(Mapping mapping, Names names) {
    this.mapping = mapping;
    this.names = names;
    this.zone = mapping.zone();
    this.formats = mapping.timeFormats().stream().map(p -> DateTimeFormatter.ofPattern(p, Locale.ROOT)).toList();
  }

  /** The body of one report for {@code POST /api/signals:batch}. */
  Map<String, Object> read(CSVRecord row) throws BadRow {
    if (!row.isConsistent()) {
      throw new BadRow(null, "the row has " + row.size() + " fields, the header has " + row.getParser().getHeaderNames().size());
    }
    Mapping.Columns columns = mapping.columns();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("channel", mapping.channel());
    body.put("sourceSystem", mapping.source());
    body.put("sourceRef", columns.ref() == null ? fingerprint(row) : required(row, columns.ref(), "ref"));
    String title = joined(row, columns.title());
    String description = joined(row, columns.description());
    if (description == null) {
      throw new BadRow("description", "nothing stands in " + columns.description());
    }
    body.put("title", title);
    body.put("description", description);
    String kind = value(row, columns.kind());
    body.put("kindId", kind == null ? null : names.kindIds().get(kind));
    body.put("lon", number(row, columns.lon()));
    body.put("lat", number(row, columns.lat()));
    body.put("crs", mapping.crs());
    body.put("address", joined(row, columns.address()));
    String area = value(row, columns.area());
    body.put("areaCode", area != null ? area : names.areaCodes().codeOf(row));
    body.put("componentIdent", value(row, columns.component()));
    body.put("occurredAt", text(time(row, columns.occurredAt())));
    body.put("urgency", value(row, columns.urgency()));
    String name = value(row, columns.reporterName());
    String phone = value(row, columns.reporterPhone());
    if (name != null || phone != null) {
      Map<String, Object> reporter = new LinkedHashMap<>();
      reporter.put("name", name);
      reporter.put("phone", phone);
      body.put("reporter", reporter);
    }
    if (columns.attributes() != null) {
      Map<String, String> attributes = new LinkedHashMap<>();
      columns.attributes().forEach((key, column) -> {
        String value = value(row, column);
        if (value != null) {
          attributes.put(key, value);
        }
      });
      body.put("attributes", attributes);
    }
    if (mapping.history()) {
      body.put("history", history(row, kind));
    }
    return body;
  }

  private Map<String, Object> history(CSVRecord row, String kind) throws BadRow {
    Mapping.Columns columns = mapping.columns();
    Instant opened = time(row, columns.openedAt());
    if (opened == null) {
      throw new BadRow("openedAt", columns.openedAt() + " is empty; a row with a history needs its opening time");
    }
    Instant closed = time(row, columns.closedAt());
    if (closed != null && closed.isBefore(opened)) {
      throw new BadRow("closedAt", "closed at " + closed + ", before it was opened at " + opened);
    }
    Map<String, Object> history = new LinkedHashMap<>();
    history.put("openedAt", text(opened));
    history.put("targetAt", text(time(row, columns.targetAt())));
    history.put("closedAt", text(closed));
    String status = value(row, columns.status());
    if (status != null && !mapping.status().isEmpty()) {
      String ours = mapping.status().get(status);
      if (ours == null) {
        throw new BadRow("status", "the mapping knows no status '" + status + "'; it knows " + mapping.status().keySet());
      }
      status = ours;
    }
    history.put("status", status);
    String unit = value(row, columns.unit());
    history.put("unitName", unit == null ? null : mapping.units().names().getOrDefault(unit, unit));
    history.put("closure", value(row, columns.closure()));
    return history;
  }

  /** A row without an id of its own is known by what it says. */
  private static String fingerprint(CSVRecord row) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String field : row) {
        digest.update(field.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return "sha256-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String required(CSVRecord row, String column, String field) throws BadRow {
    String value = value(row, column);
    if (value == null) {
      throw new BadRow(field, column + " is empty");
    }
    return value;
  }

  static String value(CSVRecord row, String column) {
    if (column == null) {
      return null;
    }
    String value = row.get(column).strip();
    return value.isEmpty() ? null : value;
  }

  private static String joined(CSVRecord row, List<String> columns) {
    if (columns == null) {
      return null;
    }
    List<String> parts = new ArrayList<>();
    for (String column : columns) {
      String value = value(row, column);
      if (value != null && !parts.contains(value)) {
        parts.add(value);
      }
    }
    return parts.isEmpty() ? null : String.join(" ", parts).replaceAll("[ \\t\\u00A0\\u3000]+", " ");
  }

  static Double number(CSVRecord row, String column) throws BadRow {
    String value = value(row, column);
    try {
      return value == null ? null : Double.valueOf(value);
    } catch (NumberFormatException e) {
      throw new BadRow(column, column + " must be a number of degrees, was '" + value + "'");
    }
  }

  private Instant time(CSVRecord row, String column) throws BadRow {
    String value = value(row, column);
    if (value == null) {
      return null;
    }
    for (DateTimeFormatter format : formats) {
      try {
        return instant(format.parse(value));
      } catch (DateTimeParseException e) {
        // the next format may fit
      } catch (DateTimeException e) {
        throw new BadRow(column, column + " '" + value + "' names no moment: " + e.getMessage());
      }
    }
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeParseException e) {
      try {
        return LocalDateTime.parse(value.replace(' ', 'T')).atZone(zone).toInstant();
      } catch (DateTimeParseException f) {
        throw new BadRow(column, column + " '" + value + "' is no time in " + (mapping.timeFormats().isEmpty() ? "ISO 8601" : mapping.timeFormats()));
      }
    }
  }

  private Instant instant(TemporalAccessor parsed) {
    ZoneId own = parsed.query(TemporalQueries.zone());
    LocalDate date = LocalDate.from(parsed);
    var time = parsed.query(TemporalQueries.localTime());
    return (time == null ? date.atStartOfDay() : date.atTime(time)).atZone(own == null ? zone : own).toInstant();
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }
}
