package io.citywide.cli.imports;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.commons.csv.CSVRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Imports the register of buildings, and what is in them: NDJSON as the server takes it, or CSV with a row for each building,
 * each household or each enterprise. Batches are on disk one after the other; the file may be imported again and changes
 * nothing then. Bad rows go with their reason to a file of rejects.
 */
public final class RegisterImport {

  /** What the rows of a file are. */
  public enum Register {
    BUILDINGS("ident", "name", "address", "use", "floors", "height", "built", "lon", "lat"),
    /** A row for each room, or for each household of a room; those of a building follow one another. */
    ROOMS("building", "number", "floor", "occupancy", "members", "care", "head", "phone"),
    ENTERPRISES("building", "name", "uscc", "trade", "room", "contact", "phone");

    private final List<String> fields;

    Register(String... fields) {
      this.fields = List.of(fields);
    }

    public List<String> fields() {
      return fields;
    }

    /** The column that says which building it is. */
    private String key() {
      return fields.getFirst();
    }
  }

  /** What became of the file; {@code taken + rejected = read}. */
  public record Outcome(long read, long taken, long rejected, Path rejects, double seconds) {

    @Override
    public String toString() {
      return "read " + read + ", taken " + taken + ", rejected " + rejected + (rejected > 0 ? " (see " + rejects + ")" : "")
          + String.format(Locale.ROOT, "; %.1f s, %,.0f rows/s", seconds, read / Math.max(seconds, 0.001));
    }
  }

  /** As many as the server takes at once, and no more characters than a request should have. */
  private static final int MOST_BUILDINGS = 500;
  private static final int MOST_CHARACTERS = 2_000_000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private record Row(long number, List<String> cells) {}

  /** A building as it goes to the server, and the rows that it was made of. */
  private record Item(String ident, Map<String, Object> body, String line, List<Row> rows) {}

  private static final class BadValue extends Exception {
    private final String field;

    BadValue(String field, String reason) {
      super(reason, null, false, false);
      this.field = field;
    }
  }

  private final CityApi api;
  private final Register register;
  private final RegisterMapping mapping;
  private final Path file;
  private final Path rejects;
  private final boolean quiet;
  private final List<Item> batch = new ArrayList<>();
  private int characters;
  private long read;
  private long taken;
  private RejectFile bad;

  /**
   * @param rejects where bad rows go; only written where there are any
   * @param quiet no progress bar
   */
  public RegisterImport(CityApi api, Register register, RegisterMapping mapping, Path file, Path rejects, boolean quiet) {
    this.api = api;
    this.register = register;
    this.mapping = mapping;
    this.file = file;
    this.rejects = rejects;
    this.quiet = quiet;
  }

  /**
   * @throws CityApi.Refused where the server refuses a batch as a whole
   * @throws IOException where the file cannot be read or the server cannot be reached
   * @throws Mapping.Invalid where the mapping does not fit the file
   */
  public Outcome run() throws IOException, InterruptedException, Mapping.Invalid {
    long began = System.nanoTime();
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    boolean lines = name.endsWith(".ndjson") || name.endsWith(".jsonl");
    if (lines && register != Register.BUILDINGS) {
      throw new Mapping.Invalid("rooms and enterprises come as CSV; in NDJSON they stand within their buildings");
    }
    try (ProgressBar bar = quiet ? null : new ProgressBarBuilder().setTaskName(String.valueOf(file.getFileName())).setInitialMax(-1)
        .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(250).showSpeed().setUnit(" rows", 1).build()) {
      if (lines) {
        lines(bar);
      } else {
        rows(bar);
      }
    } finally {
      if (bad != null) {
        bad.close();
      }
    }
    if (register == Register.BUILDINGS && taken > 0) {
      api.post("/api/buildings:outline", Map.of());
    }
    return new Outcome(read, taken, bad.count(), rejects, (System.nanoTime() - began) / 1e9);
  }

  private void lines(ProgressBar bar) throws IOException, InterruptedException {
    bad = new RejectFile(rejects, List.of("line"));
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isBlank()) {
          read++;
          add(new Item(null, null, line, List.of(new Row(read, List.of(line)))), bar);
        }
      }
      send(bar);
    }
  }

  private void rows(ProgressBar bar) throws IOException, InterruptedException, Mapping.Invalid {
    try (RowFile rows = RowFile.open(file, mapping.encoding(), mapping.delimiter().charAt(0))) {
      Map<String, String> columns = columns(rows.header());
      bad = new RejectFile(rejects, rows.header());
      Map<String, Long> begun = new HashMap<>();
      Item item = null;
      for (Iterator<CSVRecord> all = rows.rows(); all.hasNext(); ) {
        CSVRecord record = all.next();
        read++;
        Row row = new Row(record.getRecordNumber(), record.toList());
        try {
          Map<String, Object> said = said(record, columns);
          String ident = (String) said.remove(register.key());
          if (item == null || !ident.equals(item.ident())) {
            Long first = begun.putIfAbsent(ident, row.number());
            if (first != null) {
              throw new BadValue(register.key(), register == Register.BUILDINGS ? "building " + ident + " stands in row " + first + " already"
                  : "the rows of building " + ident + " stand apart, they began in row " + first + "; sort the file by building");
            }
            if (item != null) {
              add(item, bar);
            }
            item = new Item(ident, new LinkedHashMap<>(Map.of("ident", ident)), null, new ArrayList<>());
          }
          item.rows().add(row);
          put(item.body(), said);
        } catch (BadValue e) {
          bad.add(row.number(), e.field, e.getMessage(), row.cells());
        }
      }
      if (item != null) {
        add(item, bar);
      }
      send(bar);
    } catch (UncheckedIOException e) {
      throw new IOException("the file is no CSV after row " + read + ": " + e.getCause().getMessage(), e);
    }
  }

  /** Column by field, of those that the file has. */
  private Map<String, String> columns(List<String> header) throws Mapping.Invalid {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String field : register.fields()) {
      String named = mapping.columns().get(field);
      if (named != null && !header.contains(named)) {
        throw new Mapping.Invalid("the mapping names the column '" + named + "', which " + file + " does not have; it has " + header);
      }
      if (named != null || header.contains(field)) {
        columns.put(field, named == null ? field : named);
      }
    }
    if (!columns.containsKey(register.key())) {
      throw new Mapping.Invalid("no column of " + file + " says which building a row is about; name it as columns." + register.key() + " in a mapping; it has " + header);
    }
    return columns;
  }

  /** Values by field; a field whose column the file lacks is not among them. */
  private Map<String, Object> said(CSVRecord record, Map<String, String> columns) throws BadValue {
    if (!record.isConsistent()) {
      throw new BadValue(null, "the row has " + record.size() + " fields, the header " + record.getParser().getHeaderNames().size());
    }
    Map<String, Object> said = new LinkedHashMap<>();
    for (Map.Entry<String, String> column : columns.entrySet()) {
      String value = RowReader.value(record, column.getValue());
      Map<String, String> values = mapping.values().getOrDefault(column.getKey(), Map.of());
      said.put(column.getKey(), switch (column.getKey()) {
        case "floors", "built", "floor", "members" -> number(column.getValue(), value);
        case "lon", "lat", "height" -> degrees(record, column.getValue());
        case "care" -> value == null ? List.of() : List.of(value.split("[;；、,，|]+")).stream().map(String::strip).map(v -> values.getOrDefault(v, v)).toList();
        default -> value == null ? null : values.getOrDefault(value, value);
      });
    }
    if (said.get(register.key()) == null) {
      throw new BadValue(columns.get(register.key()), columns.get(register.key()) + " is empty");
    }
    return said;
  }

  private static Integer number(String column, String value) throws BadValue {
    try {
      return value == null ? null : Integer.valueOf(value);
    } catch (NumberFormatException e) {
      throw new BadValue(column, column + " must be a whole number, was '" + value + "'");
    }
  }

  private static Double degrees(CSVRecord record, String column) throws BadValue {
    try {
      return RowReader.number(record, column);
    } catch (RowReader.BadRow e) {
      throw new BadValue(column, column + " must be a number, was '" + record.get(column) + "'");
    }
  }

  /** Puts what a row says into its building. */
  private void put(Map<String, Object> building, Map<String, Object> said) {
    switch (register) {
      case BUILDINGS -> {
        building.putAll(said);
        building.put("crs", mapping.crs());
      }
      case ENTERPRISES -> list(building, "enterprises").add(said);
      case ROOMS -> {
        List<Map<String, Object>> rooms = list(building, "rooms");
        Map<String, Object> room = !rooms.isEmpty() && said.get("number") != null && said.get("number").equals(rooms.getLast().get("number")) ? rooms.getLast() : new LinkedHashMap<>();
        if (room.isEmpty()) {
          room.put("number", said.get("number"));
          room.put("floor", said.get("floor"));
          room.put("occupancy", said.get("occupancy"));
          rooms.add(room);
        }
        Map<String, Object> household = new LinkedHashMap<>();
        for (String field : List.of("members", "care", "head", "phone")) {
          Object value = said.get(field);
          if (value != null && !List.of().equals(value)) {
            household.put(field, value);
          }
        }
        if (!household.isEmpty()) {
          list(room, "households").add(household);
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> list(Map<String, Object> of, String name) {
    return (List<Map<String, Object>>) of.computeIfAbsent(name, n -> new ArrayList<Map<String, Object>>());
  }

  private void add(Item item, ProgressBar bar) throws IOException, InterruptedException {
    Item made = item.line() != null ? item : new Item(item.ident(), null, JSON.writeValueAsString(item.body()), item.rows());
    batch.add(made);
    characters += made.line().length();
    if (batch.size() == MOST_BUILDINGS || characters > MOST_CHARACTERS) {
      send(bar);
    }
  }

  private void send(ProgressBar bar) throws IOException, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    StringBuilder body = new StringBuilder(characters + batch.size());
    batch.forEach(item -> body.append(item.line()).append('\n'));
    JsonNode answer = api.postText("/api/buildings:batch", "application/x-ndjson", body.toString());
    Map<Integer, String> refused = new HashMap<>();
    answer.path("rejected").forEach(r -> refused.put(r.path("index").asInt(), r.path("reason").asString("")));
    for (int i = 0; i < batch.size(); i++) {
      List<Row> rows = batch.get(i).rows();
      if (refused.get(i) == null) {
        taken += rows.size();
        continue;
      }
      for (Row row : rows) {
        bad.add(row.number(), null, refused.get(i), row.cells());
      }
    }
    batch.clear();
    characters = 0;
    if (bar != null) {
      bar.stepTo(read);
    }
  }
}
