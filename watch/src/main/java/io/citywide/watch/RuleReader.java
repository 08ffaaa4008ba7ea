package io.citywide.watch;

import io.citywide.watch.Rule.From;
import io.citywide.watch.Rule.Input;
import io.citywide.watch.Rule.Learned;
import io.citywide.watch.Rule.Measure;
import io.citywide.watch.Rule.Method;
import io.citywide.watch.Rule.Per;
import io.citywide.watch.Rule.Rung;
import io.citywide.watch.Rule.Sequence;
import io.citywide.watch.Rule.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a rule document (YAML, or JSON, which is YAML too) and checks it against the thing model. What it reads can run:
 * every name is known, every condition is compiled and of the right type. docs/watch.md describes the document.
 */
public final class RuleReader {
  private static final int MOST_INPUTS = 20;
  private static final int MOST_WINDOWS = 40;
  private static final int MOST_LEARNED = 5;
  private static final int MOST_RESIDUAL_INPUTS = 8;
  private static final int MOST_LEARNED_FROM = 5000;
  private static final int MOST_SEQUENCES = 10;
  private static final int MOST_STEPS = 5;
  private static final String NAME = "[a-z][A-Za-z0-9_]{0,39}";
  private static final Set<String> TAKEN = Set.of("true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
      "import", "let", "loop", "package", "namespace", "return", "var", "void", "while", "int", "uint", "double", "bool", "string", "bytes", "list",
      "map", "type", "timestamp", "duration", "size", "has", "all", "exists", Plan.HOUR, Plan.WEEKDAY, Plan.WORKDAY, Plan.HOLIDAY, Plan.THING, Plan.GROUP, Plan.AREA, "grade");

  private final ThingModel model;

  public RuleReader(ThingModel model) {
    this.model = model;
  }

  /** Never throws for what the document says; every flaw that could be found is in the answer. */
  public RuleReading read(String text) {
    return new Reading(text).read();
  }

  private final class Reading {
    final String text;
    final List<Flaw> flaws = new ArrayList<>();
    final List<Input> inputs = new ArrayList<>();
    final List<Window> windows = new ArrayList<>();
    final List<Learned> learned = new ArrayList<>();
    final List<Sequence> sequences = new ArrayList<>();
    final List<Rung> grades = new ArrayList<>();
    final Set<String> names = new HashSet<>();
    final Map<String, Words> spoken = new HashMap<>();

    Reading(String text) {
      this.text = text;
    }

    RuleReading read() {
      Optional<Part> whole = Part.parse(text, flaws);
      if (whole.isEmpty()) return new RuleReading.Refused(flaws);
      Part doc = whole.get();
      doc.only("rule", "version", "name", "watch", "inputs", "windows", "learned", "sequences", "grades", "reason");
      String id = doc.text("rule", true);
      if (id != null && !id.matches("[a-z0-9][a-z0-9-]{0,63}")) {
        doc.flaw("bad-id", "rule", "The id is \"" + id + "\".", "标识为“" + id + "”。", "Write 1 to 64 small letters, digits and hyphens.", "请用1至64个小写字母、数字或连字符。");
      }
      int version = doc.count("version", 1, 1, 1_000_000);
      Words name = words(doc, "name", true);
      Part watch = doc.part("watch", true);
      String type = null;
      String group = "";
      String area = "";
      Per per = Per.THING;
      if (watch != null) {
        watch.only("type", "group", "area", "per");
        type = watch.text("type", true);
        group = orEmpty(watch.text("group", false));
        area = orEmpty(watch.text("area", false));
        per = watch.choice("per", Per.class, Per.THING);
        if (type != null && model.findType(type).isEmpty()) {
          unknownType(watch, "type", type);
          type = null;
        }
      }
      inputs(doc, type, per);
      windows(doc);
      learned(doc);
      sequences(doc);
      grades(doc);
      Words reason = words(doc, "reason", false);
      if (!flaws.isEmpty()) return new RuleReading.Refused(flaws);
      Rule rule = new Rule(id, version, name, text, type, group, area, per, inputs, windows, learned, sequences, grades, reason, spoken);
      Plan.of(rule, flaws);
      return flaws.isEmpty() ? new RuleReading.Read(rule) : new RuleReading.Refused(flaws);
    }

    private void unknownType(Part part, String key, String type) {
      String known = String.join(", ", model.listTypes());
      part.flaw("unknown-type", key, "There is no type \"" + type + "\".", "没有类型“" + type + "”。", "Name one of: " + known + ".", "请用其中之一：" + known + "。");
    }

    private void inputs(Part doc, String type, Per per) {
      Part part = doc.part("inputs", true);
      if (part == null) return;
      part.size(1, MOST_INPUTS);
      for (String name : part.keys()) {
        name(part, name);
        String property;
        String of = type;
        From from = From.SUBJECT;
        if (part.isText(name)) {
          property = part.text(name, true);
        } else {
          Part input = part.part(name, true);
          if (input == null) continue;
          input.only("property", "type", "from");
          property = input.text("property", true);
          from = input.choice("from", From.class, From.SUBJECT);
          String other = input.text("type", false);
          if (other != null && model.findType(other).isEmpty()) {
            unknownType(input, "type", other);
            continue;
          }
          if (other != null) of = other;
          if (from == From.SUBJECT && per == Per.THING && other != null && !other.equals(type)) {
            input.flaw("foreign-type", "type", "A subject is a thing of type " + type + "; it has no values of type " + other + ".",
                "对象是类型“" + type + "”的设备，没有类型“" + other + "”的值。", "Write from: group or from: area, or watch per: group.",
                "请写 from: group 或 from: area，或按组监测（per: group）。");
          }
          if (per == Per.GROUP && from != From.SUBJECT) {
            input.flaw("group-of-group", "from", "A rule per group has the values of all things of the group already.", "按组监测的规则已包含组内所有设备的值。",
                "Leave out from.", "请去掉 from。");
          }
        }
        if (of == null || property == null) continue;
        ThingModel.Type is = model.findType(of).orElseThrow();
        if (is.findProperty(property).isEmpty()) {
          String known = String.join(", ", is.properties().stream().map(ThingModel.Property::name).toList());
          part.flaw("unknown-property", name, "Type " + of + " has no property \"" + property + "\".", "类型“" + of + "”没有属性“" + property + "”。",
              "Name one of: " + known + ".", "请用其中之一：" + known + "。");
          continue;
        }
        inputs.add(new Input(name, of, property, from));
      }
      if (inputs.stream().noneMatch(i -> i.from() == From.SUBJECT) && flaws.isEmpty()) {
        part.flaw("no-own-input", "", "No input is of the subject itself, so nothing would wake the rule.", "没有对象自身的输入，规则不会被触发。",
            "Add an input with from: subject.", "请增加一个 from: subject 的输入。");
      }
    }

    private void windows(Part doc) {
      Part part = doc.part("windows", false);
      if (part == null) return;
      part.size(0, MOST_WINDOWS);
      for (String name : part.keys()) {
        name(part, name);
        Part window = part.part(name, true);
        if (window == null) continue;
        List<Measure> said = new ArrayList<>();
        for (Measure m : Measure.values()) {
          if (window.has(m.name().toLowerCase(Locale.ROOT))) said.add(m);
        }
        if (said.size() != 1) {
          window.flaw("no-measure", "", "It names " + said.size() + " measures.", "写了" + said.size() + "种统计。",
              "Name exactly one of avg, min, max, sum, count, rate, missing, with the input.", "请恰好写 avg、min、max、sum、count、rate、missing 之一，并指明输入。");
          continue;
        }
        Measure measure = said.getFirst();
        String key = measure.name().toLowerCase(Locale.ROOT);
        String input = window.text(key, true);
        String length = measure == Measure.MISSING ? "for" : "over";
        if (measure == Measure.RATE) window.only(key, "over", "per", "name");
        else window.only(key, length, "name");
        spoken(window, name);
        long over = window.time(length, null);
        long per = measure == Measure.RATE ? window.time("per", 60_000L) : 0;
        if (input != null && inputs.stream().noneMatch(i -> i.name().equals(input))) {
          window.flaw("unknown-input", key, "There is no input \"" + input + "\".", "没有输入“" + input + "”。", "Name an input of this rule.", "请用本规则的输入名。");
          continue;
        }
        windows.add(new Window(name, measure, input, over, per));
      }
    }

    private void learned(Part doc) {
      Part part = doc.part("learned", false);
      if (part == null) return;
      part.size(0, MOST_LEARNED);
      for (String name : part.keys()) {
        name(part, name);
        Part watch = part.part(name, true);
        if (watch == null) continue;
        List<Method> said = new ArrayList<>();
        for (Method m : Method.values()) {
          if (watch.has(m.name().toLowerCase(Locale.ROOT))) said.add(m);
        }
        if (said.size() != 1) {
          watch.flaw("no-method", "", "It names " + said.size() + " methods.", "写了" + said.size() + "种方法。",
              "Name exactly one of baseline, change, residual, with its input or inputs.", "请恰好写 baseline、change、residual 之一，并指明输入。");
          continue;
        }
        Method method = said.getFirst();
        String key = method.name().toLowerCase(Locale.ROOT);
        Learned one = switch (method) {
          case BASELINE -> {
            watch.only(key, "name");
            yield new Learned(name, method, one(watch, key), 0, 0);
          }
          case CHANGE -> {
            watch.only(key, "learn", "name");
            yield new Learned(name, method, one(watch, key), watch.count("learn", 200, 10, MOST_LEARNED_FROM), 0);
          }
          case RESIDUAL -> {
            watch.only(key, "learn", "every", "name");
            List<String> of = watch.texts(key, 2, MOST_RESIDUAL_INPUTS);
            int least = of == null ? 0 : 10 * of.size() + Learner.AVERAGED;
            yield new Learned(name, method, of == null ? List.of() : of, watch.count("learn", 1000, Math.max(1, least), MOST_LEARNED_FROM), watch.time("every", 60_000L));
          }
        };
        spoken(watch, name);
        boolean known = true;
        for (String input : one.inputs()) {
          if (inputs.stream().anyMatch(i -> i.name().equals(input) && i.from() == From.SUBJECT)) continue;
          known = false;
          watch.flaw("unknown-input", key, "There is no input \"" + input + "\" of the subject itself.", "对象自身没有输入“" + input + "”。",
              "Name an input of this rule without from.", "请用本规则中未写 from 的输入名。");
        }
        if (known && !one.inputs().isEmpty()) learned.add(one);
      }
    }

    private static List<String> one(Part part, String key) {
      String input = part.text(key, true);
      return input == null ? List.of() : List.of(input);
    }

    private void sequences(Part doc) {
      Part part = doc.part("sequences", false);
      if (part == null) return;
      part.size(0, MOST_SEQUENCES);
      for (String name : part.keys()) {
        name(part, name);
        Part sequence = part.part(name, true);
        if (sequence == null) continue;
        sequence.only("steps", "within", "name");
        spoken(sequence, name);
        List<String> steps = sequence.texts("steps", 2, MOST_STEPS);
        long within = sequence.time("within", null);
        if (steps != null) sequences.add(new Sequence(name, steps, within));
      }
    }

    private void grades(Part doc) {
      Part part = doc.part("grades", true);
      if (part == null) return;
      part.only("blue", "yellow", "orange", "red");
      part.size(1, 4);
      for (Grade grade : Grade.values()) {
        Part rung = part.part(grade.nameEn(), false);
        if (rung == null) continue;
        rung.only("when", "for", "until", "untilFor", "quiet");
        String when = rung.text("when", true);
        String until = rung.text("until", false);
        grades.add(new Rung(grade, when, rung.time("for", 0L), until, rung.time("untilFor", 0L), rung.time("quiet", 0L)));
      }
    }

    private void name(Part part, String name) {
      if (!name.matches(NAME) || TAKEN.contains(name)) {
        part.flaw("bad-name", name, "\"" + name + "\" cannot be a name.", "“" + name + "”不能用作名称。",
            "Begin with a small letter, then up to 39 letters, digits or _; no word of CEL, none of hour, weekday, workday, holiday, thing, group, area.",
            "以小写字母开头，其后至多39个字母、数字或下划线；不能是CEL的保留字，也不能是 hour、weekday、workday、holiday、thing、group、area。");
      } else if (!names.add(name)) {
        part.flaw("name-twice", name, "\"" + name + "\" is the name of two things in this rule.", "名称“" + name + "”在本规则中重复。",
            "Give each input, window and sequence a name of its own.", "请为每个输入、窗口和序列起不同的名称。");
      }
    }

    /** What people read in place of {@code name}, where the document says. */
    private void spoken(Part part, String name) {
      Words words = words(part, "name", false);
      if (words != null) spoken.put(name, words);
    }

    private Words words(Part doc, String key, boolean needed) {
      Part part = doc.part(key, needed);
      if (part == null) return null;
      part.only("zh", "en");
      String zh = part.text("zh", true);
      String en = part.text("en", true);
      return new Words(en, zh);
    }

    private static String orEmpty(String text) {
      return text == null ? "" : text;
    }
  }
}
