package io.citywide.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** A mapping of a rule document and its path; what it is asked for and does not have becomes a flaw. */
final class Part {
  private static final int LONGEST_DOCUMENT = 100_000;
  private static final int LONGEST_TEXT = 2000;
  private static final long LONGEST_TIME = 31L * 86_400_000;
  private static final Pattern TIME = Pattern.compile("(\\d{1,10})\\s*(ms|s|m|h|d)");

  private final Map<?, ?> map;
  private final String path;
  private final List<Flaw> flaws;

  private Part(Map<?, ?> map, String path, List<Flaw> flaws) {
    this.map = map;
    this.path = path;
    this.flaws = flaws;
  }

  static Optional<Part> parse(String text, List<Flaw> flaws) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(10);
    options.setCodePointLimit(LONGEST_DOCUMENT);
    try {
      Object read = new Yaml(new SafeConstructor(options)).load(text);
      if (read instanceof Map<?, ?> map) return Optional.of(new Part(map, "", flaws));
      flaws.add(new Flaw("not-a-mapping", "", new Words("The document is not a mapping.", "文档不是键值结构。"),
          new Words("Begin with rule: and the id of the rule.", "请以 rule: 和规则标识开头。")));
    } catch (YAMLException e) {
      String at = e instanceof MarkedYAMLException m && m.getProblemMark() != null
          ? "line " + (m.getProblemMark().getLine() + 1) + ", column " + (m.getProblemMark().getColumn() + 1) : "";
      String problem = e instanceof MarkedYAMLException m && m.getProblem() != null ? m.getProblem() : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      flaws.add(new Flaw("not-yaml", at, new Words("This is not YAML: " + problem + ".", "不是有效的YAML：" + problem + "。"),
          new Words("Mend the document at this place; quote texts that hold : or #. At most 100,000 characters, no key twice, no anchors.",
              "请在该处修正；含有 : 或 # 的文字须加引号。至多10万字符，键不可重复，不可用锚点。")));
    }
    return Optional.empty();
  }

  void flaw(String code, String key, String en, String zh, String mendEn, String mendZh) {
    String where = key.isEmpty() ? path : path.isEmpty() ? key : path + "." + key;
    flaws.add(new Flaw(code, where, new Words(en, zh), new Words(mendEn, mendZh)));
  }

  List<String> keys() {
    List<String> keys = new ArrayList<>();
    map.keySet().forEach(k -> keys.add(String.valueOf(k)));
    return keys;
  }

  boolean has(String key) {
    return map.containsKey(key);
  }

  boolean isText(String key) {
    return map.get(key) instanceof String;
  }

  void only(String... allowed) {
    for (String key : keys()) {
      if (!Arrays.asList(allowed).contains(key)) {
        String known = String.join(", ", allowed);
        flaw("unknown-key", key, "\"" + key + "\" is not known here.", "此处没有“" + key + "”这一项。", "Use: " + known + ".", "可用：" + known + "。");
      }
    }
  }

  void size(int least, int most) {
    if (map.size() < least || map.size() > most) {
      flaw("bad-size", "", "It has " + map.size() + " entries, " + least + " to " + most + " are allowed.", "有" + map.size() + "项，允许" + least + "至" + most + "项。",
          "Divide the rule, or add what is missing.", "请拆分规则或补齐。");
    }
  }

  Part part(String key, boolean needed) {
    Object value = map.get(key);
    if (value instanceof Map<?, ?> inner) return new Part(inner, path.isEmpty() ? key : path + "." + key, flaws);
    if (value != null) {
      flaw("not-a-mapping", key, "It must be a mapping, was \"" + value + "\".", "应为键值结构，实为“" + value + "”。", "Write keys and values below it.", "请在其下写键和值。");
    } else if (needed) {
      missing(key);
    }
    return null;
  }

  String text(String key, boolean needed) {
    Object value = map.get(key);
    if (value == null) {
      if (needed) missing(key);
      return null;
    }
    if (value instanceof Map || value instanceof List) {
      flaw("not-a-text", key, "It must be a text.", "应为文字。", "Write one text.", "请写一段文字。");
      return null;
    }
    String text = value.toString().strip();
    if (text.isEmpty() || text.length() > LONGEST_TEXT) {
      flaw("bad-length", key, "It has " + text.length() + " characters, 1 to " + LONGEST_TEXT + " are allowed.",
          "有" + text.length() + "个字符，允许1至" + LONGEST_TEXT + "个。", "Shorten or complete it.", "请缩短或补全。");
      return null;
    }
    return text;
  }

  List<String> texts(String key, int least, int most) {
    if (!(map.get(key) instanceof List<?> list) || list.size() < least || list.size() > most || !list.stream().allMatch(String.class::isInstance)) {
      flaw("not-a-list", key, "It must be a list of " + least + " to " + most + " texts.", "应为" + least + "至" + most + "段文字的列表。",
          "Write one text after each hyphen.", "请在每个连字符后写一段文字。");
      return null;
    }
    return list.stream().map(String.class::cast).toList();
  }

  int count(String key, int otherwise, int least, int most) {
    Object value = map.get(key);
    if (value == null) return otherwise;
    if (value instanceof Integer n && n >= least && n <= most) return n;
    flaw("bad-number", key, "It must be a whole number of " + least + " to " + most + ", was \"" + value + "\".",
        "应为" + least + "至" + most + "的整数，实为“" + value + "”。", "Write a whole number.", "请写整数。");
    return otherwise;
  }

  <E extends Enum<E>> E choice(String key, Class<E> of, E otherwise) {
    Object value = map.get(key);
    if (value == null) return otherwise;
    for (E one : of.getEnumConstants()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(value)) return one;
    }
    String known = String.join(", ", Arrays.stream(of.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT)).toList());
    flaw("bad-choice", key, "It was \"" + value + "\".", "写的是“" + value + "”。", "Write one of: " + known + ".", "请写其中之一：" + known + "。");
    return otherwise;
  }

  /** In milliseconds; {@code otherwise} where it is left out, {@code null}: it may not be. */
  long time(String key, Long otherwise) {
    Object value = map.get(key);
    if (value == null && otherwise != null) return otherwise;
    if (value == null) {
      missing(key);
      return 1;
    }
    Matcher m = TIME.matcher(value.toString());
    if (m.matches()) {
      long unit = switch (m.group(2)) {
        case "ms" -> 1;
        case "s" -> 1000;
        case "m" -> 60_000;
        case "h" -> 3_600_000;
        default -> 86_400_000;
      };
      long time = Math.multiplyExact(Long.parseLong(m.group(1)), unit);
      if (time >= 1 && time <= LONGEST_TIME) return time;
    }
    flaw("bad-time", key, "It must be a time of 1 ms to 31 days, was \"" + value + "\".", "应为1毫秒至31天的时长，实为“" + value + "”。",
        "Write a number with ms, s, m, h or d, such as 30s or 5m.", "请写数字加 ms、s、m、h 或 d，如 30s、5m。");
    return 1;
  }

  private void missing(String key) {
    flaw("missing", key, "\"" + key + "\" is missing.", "缺少“" + key + "”。", "Add it.", "请补上。");
  }
}
