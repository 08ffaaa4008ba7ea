package io.citywide.dispatch.internal;

import io.citywide.dispatch.DispatchProblem;
import io.citywide.dispatch.internal.MatrixDesk.Taken;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.springframework.stereotype.Component;

/**
 * Reads the matrix from CSV. Columns by name, in any order, English or Chinese: kind 类别, area 区域, hours 时段, lead
 * 主办单位, assist 协办单位 (several with {@code ;} or {@code 、}), validFrom 生效日期, validTo 失效日期. Units by code or
 * name. UTF-8 or GB18030. Every good row is taken, every other one named with its line and what is wrong; the same
 * file twice changes nothing.
 */
@Component
public class MatrixImport {

  /** A row that was not taken. {@code line} counts from 1, the header included. */
  public record Rejected(long line, String field, String reason) {}

  /** @param accepted created + changed + unchanged */
  public record Result(int read, int accepted, int created, int changed, int unchanged, List<Rejected> rejected) {}

  private static final int MOST_ROWS = 50_000;

  private static final Map<String, String> COLUMNS = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  static {
    COLUMNS.putAll(Map.of("kind", "kind", "类别", "kind", "area", "area", "区域", "area", "hours", "hours", "时段", "hours"));
    COLUMNS.putAll(Map.of("lead", "lead", "主办单位", "lead", "assist", "assist", "协办单位", "assist"));
    COLUMNS.putAll(Map.of("validFrom", "validFrom", "生效日期", "validFrom", "validTo", "validTo", "失效日期", "validTo"));
  }

  private static final List<String> NEEDED = List.of("kind", "area", "lead");

  private record Key(KindPattern kind, String area, Hours hours, LocalDate from) {}

  private final RuleReading reading;
  private final MatrixDesk desk;
  private final Units units;

  MatrixImport(RuleReading reading, MatrixDesk desk, Units units) {
    this.reading = reading;
    this.desk = desk;
    this.units = units;
  }

  /**
   * @throws ProblemException {@code dispatch.unreadable-csv} where the text as a whole is no such CSV; nothing was changed
   */
  public Result take(byte[] csv) {
    List<Rule> good = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>();
    Map<Key, Rule> seen = new HashMap<>();
    Map<Key, Long> seenAt = new HashMap<>();
    int read = 0;
    int repeated = 0;
    try (CSVParser parser = CSVFormat.DEFAULT.builder().setIgnoreEmptyLines(true).setTrim(true).get().parse(new StringReader(text(csv)))) {
      Map<String, Integer> columns = null;
      for (CSVRecord row : parser) {
        // The line on which the row ends, where it spans several.
        long line = parser.getCurrentLineNumber() == 0 ? row.getRecordNumber() : parser.getCurrentLineNumber();
        if (columns == null) {
          columns = columns(row);
          continue;
        }
        if (++read > MOST_ROWS) {
          throw unreadable("more than " + MOST_ROWS + " rows; split the file").zh("最多 " + MOST_ROWS + " 行，请拆分文件");
        }
        try {
          Rule rule = rule(columns, row);
          Key key = new Key(rule.kind(), rule.areaCode(), rule.hours(), rule.validFrom());
          Rule before = seen.putIfAbsent(key, rule);
          if (before == null) {
            seenAt.put(key, line);
            good.add(rule);
          } else if (before.saysTheSameAs(rule)) {
            repeated++;
          } else {
            rejected.add(new Rejected(line, "lead", "line " + seenAt.get(key) + " says otherwise for the same kind, area, hours and first day"));
          }
        } catch (ProblemException e) {
          rejected.add(new Rejected(line, String.valueOf(e.extras().get("field")), e.getMessage()));
        }
      }
      if (columns == null) {
        throw unreadable("the text is empty; the first line names the columns " + NEEDED).zh("文件是空的；第一行须为列名 " + NEEDED);
      }
    } catch (IOException | UncheckedIOException e) {
      throw unreadable("not readable as CSV: " + e.getMessage()).zh("文件不是可读的 CSV");
    }
    List<Taken> taken = desk.takeAll(good);
    int created = count(taken, Taken.CREATED);
    int changed = count(taken, Taken.CHANGED);
    int unchanged = count(taken, Taken.UNCHANGED) + repeated;
    return new Result(read, created + changed + unchanged, created, changed, unchanged, List.copyOf(rejected));
  }

  private static int count(List<Taken> taken, Taken what) {
    return (int) taken.stream().filter(what::equals).count();
  }

  private static Map<String, Integer> columns(CSVRecord header) {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      String name = COLUMNS.get(header.get(i));
      if (name == null) {
        throw unreadable("unknown column '" + header.get(i) + "'; known are " + COLUMNS.keySet()).zh("无法识别列“" + header.get(i) + "”，可用的列为 " + COLUMNS.keySet());
      }
      if (columns.put(name, i) != null) {
        throw unreadable("the column '" + header.get(i) + "' stands twice").zh("列“" + header.get(i) + "”重复");
      }
    }
    for (String needed : NEEDED) {
      if (!columns.containsKey(needed)) {
        throw unreadable("the column '" + needed + "' is missing in the first line").zh("第一行缺少列“" + needed + "”");
      }
    }
    return columns;
  }

  private Rule rule(Map<String, Integer> columns, CSVRecord row) {
    if (row.size() > columns.size()) {
      throw RuleReading.invalid("row", "the row has " + row.size() + " values, the header " + columns.size()).zh("此行有 " + row.size() + " 个值，列名有 " + columns.size() + " 个");
    }
    String lead = value(columns, row, "lead");
    if (lead.isEmpty()) {
      throw RuleReading.invalid("lead", "a rule needs a unit that leads").zh("缺少主办单位");
    }
    String area = value(columns, row, "area");
    String kind = value(columns, row, "kind");
    if (area.isEmpty() || kind.isEmpty()) {
      // An empty cell is rather a slip than "everywhere": that is written as *.
      throw RuleReading.invalid(area.isEmpty() ? "area" : "kind", "the value is missing; * stands for any").zh("缺少取值；* 表示不限");
    }
    Rule rule = reading.read(new RuleDraft(kind, area, hours(value(columns, row, "hours")), unit("lead", lead),
        Arrays.stream(value(columns, row, "assist").split("[;；、]")).map(String::strip).filter(s -> !s.isEmpty())
            .map(s -> unit("assist", s)).toList(),
        date("validFrom", value(columns, row, "validFrom")), date("validTo", value(columns, row, "validTo"))));
    if (!RuleReading.within(Viewer.current(), rule.areaCode())) {
      throw RuleReading.invalid("area", "area " + area + " is outside your scope").zh("区域 " + area + " 不在您的管理范围内");
    }
    return rule;
  }

  private static String value(Map<String, Integer> columns, CSVRecord row, String name) {
    Integer i = columns.get(name);
    return i == null || i >= row.size() ? "" : row.get(i).strip();
  }

  private long unit(String field, String codeOrName) {
    return units.findUnitByCode(codeOrName).or(() -> units.findUnitByName(codeOrName)).map(UnitRef::id)
        .orElseThrow(() -> RuleReading.invalid(field, "there is no unit with the code or name '" + codeOrName + "'"));
  }

  private static Hours hours(String text) {
    if (text.isEmpty()) {
      return Hours.ANY;
    }
    return Arrays.stream(Hours.values()).filter(h -> h.name().equalsIgnoreCase(text) || h.nameZh().equals(text)).findFirst()
        .orElseThrow(() -> RuleReading.invalid("hours",
            "hours are ANY, WORKING or OFF (全天, 工作时间, 非工作时间), were '" + text + "'"));
  }

  private static LocalDate date(String field, String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw RuleReading.invalid(field, "a date is written as 2026-11-22, was '" + text + "'").zh("日期须写作 2026-11-22，现为“" + text + "”");
    }
  }

  private static String text(byte[] csv) {
    for (Charset charset : List.of(StandardCharsets.UTF_8, Charset.forName("GB18030"))) {
      try {
        String text = charset.newDecoder().decode(ByteBuffer.wrap(csv)).toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
      } catch (CharacterCodingException e) {
        // Not in this encoding: the next one.
      }
    }
    throw unreadable("the text is neither UTF-8 nor GB18030").zh("文件编码既非 UTF-8 也非 GB18030");
  }

  private static ProblemException unreadable(String detail) {
    return new ProblemException(DispatchProblem.UNREADABLE_CSV, detail);
  }
}
