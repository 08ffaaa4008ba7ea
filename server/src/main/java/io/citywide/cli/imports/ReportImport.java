package io.citywide.cli.imports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 * Imports a CSV file of reports. May be interrupted at any time and started again: each row has a natural
 * key (source and id), by which the server takes it only once. Rows that cannot be taken go with their
 * reason to a file of rejects, and the others go on.
 */
public final class ReportImport {

  private static final int BATCH = 500;

  /**
   * What became of the file; {@code accepted + rejected = read}.
   *
   * @param accepted rows that are in the city now, whether they came in this run or an earlier one
   * @param before rows among them that an earlier run had brought
   * @param waiting rows among them that wait for a person to give them a place
   */
  public record Outcome(long read, long accepted, long before, long opened, long joined, long waiting, long rejected, Path rejects) {

    @Override
    public String toString() {
      return "read " + read + ", accepted " + accepted + (before > 0 ? " (" + before + " of them before)" : "") + ", opened " + opened
          + ", joined " + joined + (waiting > 0 ? ", waiting for a place " + waiting : "") + ", rejected " + rejected
          + (rejected > 0 ? " (see " + rejects + ")" : "");
    }
  }

  private record Sent(long row, CSVRecord source, Map<String, Object> body) {}

  private final CityApi api;
  private final Mapping mapping;
  private final Path file;
  private final Path rejects;
  private final boolean quiet;

  /**
   * @param rejects where bad rows go; only written where there are any
   * @param quiet no progress bar
   */
  public ReportImport(CityApi api, Mapping mapping, Path file, Path rejects, boolean quiet) {
    this.api = api;
    this.mapping = mapping;
    this.file = file;
    this.rejects = rejects;
    this.quiet = quiet;
  }

  /**
   * @throws CityApi.Refused where the server refuses the import as a whole
   * @throws IOException where the file cannot be read or the server cannot be reached
   */
  public Outcome run() throws IOException, InterruptedException, Mapping.Invalid {
    Survey survey = survey();
    RowReader.AreaCodes areas = prepareAreas(survey);
    Map<String, String> kinds = prepareKinds(survey);
    prepareUnits(survey);
    RowReader reader = new RowReader(mapping, new RowReader.Names(kinds, areas));
    try (RowFile rows = open(); RejectFile bad = new RejectFile(rejects, rows.header());
        ProgressBar bar = quiet ? null : bar(survey.rows)) {
      Counts counts = new Counts();
      List<Sent> batch = new ArrayList<>();
      Iterator<CSVRecord> records = rows.rows();
      while (records.hasNext()) {
        CSVRecord record = records.next();
        counts.read++;
        try {
          batch.add(new Sent(record.getRecordNumber(), record, reader.read(record)));
        } catch (RowReader.BadRow e) {
          bad.add(record.getRecordNumber(), e.field(), e.getMessage(), record.toList());
        }
        if (batch.size() == BATCH || !records.hasNext()) {
          send(batch, counts, bad);
          batch.clear();
        }
        if (bar != null) {
          bar.stepTo(counts.read);
        }
      }
      return new Outcome(counts.read, counts.accepted + counts.before, counts.before, counts.opened, counts.joined, counts.waiting, bad.count(), rejects);
    } catch (UncheckedIOException e) {
      throw new IOException(file + " is no CSV from some line on: " + e.getCause().getMessage(), e);
    }
  }

  private static final class Counts {
    private long read;
    private long accepted;
    private long before;
    private long opened;
    private long joined;
    private long waiting;
  }

  private void send(List<Sent> batch, Counts counts, RejectFile bad) throws IOException, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    JsonNode result = api.post("/api/signals:batch", batch.stream().map(Sent::body).toList());
    counts.accepted += result.path("accepted").asLong(0);
    counts.before += result.path("duplicates").asLong(0);
    counts.opened += result.path("opened").asLong(0);
    counts.joined += result.path("joined").asLong(0);
    counts.waiting += result.path("waiting").asLong(0);
    for (JsonNode rejected : result.path("rejected")) {
      Sent sent = batch.get(rejected.path("index").asInt());
      bad.add(sent.row(), rejected.path("field").asString(null), rejected.path("reason").asString(""), sent.source().toList());
    }
  }

  private RowFile open() throws IOException, Mapping.Invalid {
    RowFile rows = RowFile.open(file, mapping.encoding(), mapping.delimiter().charAt(0));
    Set<String> header = new HashSet<>(rows.header());
    for (String column : named()) {
      if (!header.contains(column)) {
        rows.close();
        throw new Mapping.Invalid("the mapping names the column '" + column + "', which " + file + " does not have; it has " + rows.header());
      }
    }
    return rows;
  }

  private Set<String> named() {
    Mapping.Columns c = mapping.columns();
    Set<String> columns = new LinkedHashSet<>();
    for (String one : new String[] {c.ref(), c.kind(), c.lon(), c.lat(), c.area(), c.component(), c.occurredAt(), c.openedAt(), c.targetAt(),
        c.closedAt(), c.status(), c.unit(), c.closure(), c.urgency(), c.reporterName(), c.reporterPhone()}) {
      columns.add(one);
    }
    for (List<String> many : java.util.Arrays.asList(c.title(), c.description(), c.address())) {
      columns.addAll(many == null ? List.of() : many);
    }
    columns.addAll(c.attributes() == null ? List.of() : c.attributes().values());
    if (mapping.areas() != null && mapping.areas().columns() != null) {
      columns.add(mapping.areas().columns().district());
      columns.add(mapping.areas().columns().street());
      columns.add(mapping.areas().columns().community());
    }
    if (mapping.compare() != null) {
      columns.add(mapping.compare().column());
    }
    columns.remove(null);
    return columns;
  }

  // ---- the first pass: what the file is about ----------------------------------------------------

  private static final class Survey {
    private long rows;
    private final Set<String> kinds = new LinkedHashSet<>();
    private final Set<String> units = new LinkedHashSet<>();
    private AreaDerivation areas;
  }

  private Survey survey() throws IOException, Mapping.Invalid {
    Survey survey = new Survey();
    survey.areas = mapping.areas() == null ? null : new AreaDerivation(mapping.areas());
    Mapping.Columns columns = mapping.columns();
    try (RowFile rows = open()) {
      for (Iterator<CSVRecord> records = rows.rows(); records.hasNext(); ) {
        CSVRecord row = records.next();
        survey.rows++;
        if (!row.isConsistent()) {
          continue;
        }
        add(survey.kinds, RowReader.value(row, columns.kind()));
        add(survey.units, RowReader.value(row, columns.unit()));
        if (survey.areas != null) {
          StringBuilder text = new StringBuilder();
          columns.description().forEach(c -> text.append(row.get(c)).append('\n'));
          try {
            survey.areas.learn(row, RowReader.number(row, columns.lon()), RowReader.number(row, columns.lat()), text.toString());
          } catch (RowReader.BadRow e) {
            // the second pass rejects the row and says why
          }
        }
      }
    } catch (UncheckedIOException e) {
      throw new IOException(file + " is no CSV after row " + survey.rows + ": " + e.getCause().getMessage(), e);
    }
    return survey;
  }

  private static void add(Set<String> values, String value) {
    if (value != null) {
      values.add(value);
    }
  }

  private RowReader.AreaCodes prepareAreas(Survey survey) throws IOException, InterruptedException {
    if (survey.areas == null) {
      return row -> null;
    }
    Map<String, Object> features = survey.areas.features();
    // A city that is there keeps its areas: a second file of the same city must not redraw them.
    boolean known = false;
    for (JsonNode area : api.get("/api/areas?level=CITY")) {
      known |= area.path("code").asString("").equals(mapping.areas().city());
    }
    if (!known) {
      api.put("/api/areas", features);
      return survey.areas;
    }
    Set<String> codes = new HashSet<>();
    api.get("/api/areas").forEach(area -> codes.add(area.path("code").asString("")));
    RowReader.AreaCodes derived = survey.areas;
    return row -> {
      String code = derived.codeOf(row);
      return codes.contains(code) ? code : null;
    };
  }

  private Map<String, String> prepareKinds(Survey survey) throws IOException, InterruptedException {
    Map<String, String> ids = new HashMap<>(mapping.kinds().values());
    String local = mapping.kinds().local();
    if (local == null) {
      return ids;
    }
    for (String value : survey.kinds) {
      if (ids.containsKey(value)) {
        continue;
      }
      Map<String, Object> kind = new LinkedHashMap<>();
      kind.put("standardRef", local);
      kind.put("family", "MATTER");
      kind.put("code", slug(value, 60));
      kind.put("nameZh", value);
      kind.put("nameEn", value);
      kind.put("majorZh", mapping.source());
      kind.put("majorEn", mapping.source());
      kind.put("keywords", List.of());
      ids.put(value, api.post("/api/kinds", kind).path("id").asString(null));
    }
    return ids;
  }

  private void prepareUnits(Survey survey) throws IOException, InterruptedException {
    if (!mapping.units().create()) {
      return;
    }
    Set<String> known = new HashSet<>();
    api.get("/api/units").forEach(unit -> known.add(unit.path("name").asString("").toLowerCase(Locale.ROOT)));
    for (String value : survey.units) {
      String name = mapping.units().names().getOrDefault(value, value);
      if (known.add(name.toLowerCase(Locale.ROOT))) {
        Map<String, Object> unit = new LinkedHashMap<>();
        unit.put("code", slug(mapping.source() + "-" + value, 32));
        unit.put("name", name);
        unit.put("kind", "DEPARTMENT");
        unit.put("areaCode", mapping.areas() == null ? "" : mapping.areas().city());
        api.post("/api/units", unit);
      }
    }
  }

  /** Lower-case letters, digits and dashes; names that would become the same are told apart by their hash. */
  private static String slug(String text, int length) {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String hash = Integer.toHexString(text.hashCode());
    boolean lossy = !plain.equals(text.toLowerCase(Locale.ROOT).replaceAll("[ _-]+", "-")) || plain.length() > length || plain.isEmpty();
    String head = plain.length() > length - hash.length() - 1 ? plain.substring(0, length - hash.length() - 1) : plain;
    return lossy ? (head + "-" + hash).replaceAll("--+", "-").replaceAll("^-", "") : plain;
  }

  private ProgressBar bar(long rows) {
    return new ProgressBarBuilder().setTaskName(String.valueOf(file.getFileName())).setInitialMax(rows).setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250).showSpeed().setUnit(" rows", 1).build();
  }
}
