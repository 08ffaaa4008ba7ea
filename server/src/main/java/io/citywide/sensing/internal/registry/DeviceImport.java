package io.citywide.sensing.internal.registry;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.SensingProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes over registers of devices as a stream of CSV or NDJSON. Batches are on disk one after the other; bad rows are named,
 * the good ones go on; taken over a second time a file changes nothing.
 */
@Component
public class DeviceImport {

  /** A row that was not taken. @param row its number, from 1, the header not counted */
  public record Reject(long row, String field, String value, String reason) {}

  /**
   * {@code read = added + changed + unchanged + rejected}.
   *
   * @param rejects the first {@value #MOST_REJECTS}
   */
  public record Outcome(long read, long added, long changed, long unchanged, long rejected, List<Reject> rejects, long elapsedMillis) {}

  private static final int MOST_REJECTS = 10_000;
  private static final int BATCH = 5_000;
  private static final int LONGEST_LINE = 100_000;
  private static final List<String> FIELDS = List.of("code", "type", "name", "lon", "lat", "crs", "group", "component", "building", "unit", "source", "enabled");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Registrar registrar;

  DeviceImport(Registrar registrar) {
    this.registrar = registrar;
  }

  /** @throws ProblemException {@code sensing.unreadable-import}; what was read before is taken over */
  public Outcome lines(InputStream body) {
    Run run = new Run();
    try (BufferedReader in = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isBlank()) {
          run.add(row(line));
        }
      }
    } catch (IOException e) {
      throw unreadable("the rows break off after row " + run.read + ": " + e.getMessage(), "数据在第 " + run.read + " 行后中断");
    }
    return run.end();
  }

  private static Object row(String line) {
    if (line.length() > LONGEST_LINE) {
      return new Refused(null, null, "a line must have at most " + LONGEST_LINE + " characters", "一行最多 " + LONGEST_LINE + " 字");
    }
    try {
      JsonNode row = JSON.readTree(line);
      if (!row.isObject()) {
        return new Refused(null, line, "a device must be a JSON object", "一行应为一个 JSON 对象");
      }
      for (String name : row.propertyNames()) {
        if (!FIELDS.contains(name)) {
          return new Refused(name, null, "there is no field '" + name + "'; the fields are " + FIELDS, "没有字段“" + name + "”");
        }
      }
      return draft(name -> row.path(name).isMissingNode() || row.path(name).isNull() ? null : row.path(name).asString(""));
    } catch (JacksonException e) {
      return new Refused(null, line, "the line is not JSON: " + e.getOriginalMessage(), "本行不是 JSON");
    } catch (Refused refused) {
      return refused;
    }
  }

  /** @throws ProblemException {@code sensing.unreadable-import}; what was read before is taken over */
  public Outcome csv(InputStream body) {
    Run run = new Run();
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).setIgnoreEmptyLines(true).get();
    try (CSVParser rows = format.parse(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      // A spreadsheet puts a byte order mark before the first name.
      List<String> header = rows.getHeaderNames().stream().map(name -> name.replace("\uFEFF", "").strip()).toList();
      header.stream().filter(name -> !FIELDS.contains(name)).findFirst().ifPresent(name -> {
        throw unreadable("the header names '" + name + "'; the fields are " + FIELDS, "表头中的“" + name + "”不是字段，可用字段：" + FIELDS);
      });
      if (!header.contains("code")) {
        throw unreadable("the header lacks code; it has " + header, "表头缺 code 列");
      }
      for (CSVRecord row : rows) {
        run.add(row(row, header));
      }
    } catch (IOException e) {
      throw unreadable("the rows break off after row " + run.read + ": " + e.getMessage(), "数据在第 " + run.read + " 行后中断");
    } catch (UncheckedIOException e) {
      throw unreadable("the rows are no CSV after row " + run.read + ": " + e.getCause().getMessage(), "第 " + run.read + " 行之后不是有效的 CSV");
    } catch (IllegalArgumentException e) {
      throw unreadable("the header is not right: " + e.getMessage(), "表头无效");
    }
    return run.end();
  }

  private static Object row(CSVRecord row, List<String> header) {
    if (row.size() != header.size()) {
      return new Refused(null, null, "the row has " + row.size() + " fields, the header " + header.size(), "本行有 " + row.size() + " 列，表头有 " + header.size() + " 列");
    }
    try {
      return draft(name -> {
        int at = header.indexOf(name);
        return at < 0 || row.get(at).isBlank() ? null : row.get(at).strip();
      });
    } catch (Refused refused) {
      return refused;
    }
  }

  private static DeviceDraft draft(Function<String, String> said) throws Refused {
    String enabled = said.apply("enabled");
    if (enabled != null && !enabled.equals("true") && !enabled.equals("false")) {
      throw new Refused("enabled", enabled, "enabled must be true or false, was '" + enabled + "'", "enabled 应为 true 或 false");
    }
    return new DeviceDraft(said.apply("code"), said.apply("type"), said.apply("name"), degrees("lon", said.apply("lon")), degrees("lat", said.apply("lat")), said.apply("crs"),
        said.apply("group"), said.apply("component"), said.apply("building"), said.apply("unit"), said.apply("source"), enabled == null ? null : enabled.equals("true"));
  }

  private static Double degrees(String field, String said) throws Refused {
    try {
      return said == null ? null : Double.valueOf(said);
    } catch (NumberFormatException e) {
      throw new Refused(field, said, field + " must be a number in degrees, was '" + said + "'", (field.equals("lon") ? "经度" : "纬度") + "应为以度为单位的数，现为“" + said + "”");
    }
  }

  private static ProblemException unreadable(String en, String zh) {
    return new ProblemException(SensingProblem.UNREADABLE_IMPORT, en, Map.of()).zh(zh);
  }

  /** One import under way. */
  private final class Run {
    private final long began = System.nanoTime();
    private final List<Object> batch = new ArrayList<>(BATCH);
    private final List<Reject> rejects = new ArrayList<>();
    private long read;
    private long added;
    private long changed;
    private long unchanged;
    private long rejected;

    void add(Object row) {
      batch.add(row);
      read++;
      if (batch.size() == BATCH) {
        take();
      }
    }

    private void take() {
      Registrar.Outcome outcome = registrar.take(batch);
      added += outcome.added();
      changed += outcome.changed();
      unchanged += outcome.unchanged();
      rejected += outcome.rejects().size();
      long before = read - batch.size();
      outcome.rejects().stream().limit(MOST_REJECTS - rejects.size())
          .forEach(r -> rejects.add(new Reject(before + r.index() + 1, r.field(), r.value(), r.reason())));
      batch.clear();
    }

    Outcome end() {
      if (!batch.isEmpty()) {
        take();
      }
      if (read == 0) {
        throw unreadable("there are no rows", "没有数据行");
      }
      return new Outcome(read, added, changed, unchanged, rejected, rejects, (System.nanoTime() - began) / 1_000_000);
    }
  }
}
