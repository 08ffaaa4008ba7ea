package io.citywide.vitals.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.Viewer;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import io.citywide.vitals.VitalsProblem;
import io.citywide.vitals.internal.Indicator.Ready;
import io.citywide.vitals.internal.IndicatorBook.Tree;
import io.citywide.vitals.internal.Period.Span;
import io.citywide.watch.Formula;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Changes indicators and enters values. Each act goes to the ledger in its own transaction. What was entered counts at once; what formulas make of it, and values
 * after a change, follow in the background.
 */
@Component
public class IndicatorDesk {

  /**
   * What a formula comes to before anybody saved it.
   *
   * @param above what is above the line; {@code null} where it is not summed up
   * @param below {@code null} where it is no mean
   * @param value {@code null}: none, such as of a denominator of 0
   */
  public record Sample(String area, String areaName, Double above, Double below, Double value) {}

  /**
   * A formula that holds.
   *
   * @param reads the figures it reads, with their words
   * @param grows it is judged when its period is over
   * @param past whether past periods can be computed too
   */
  public record Checked(List<FigureSource.Figure> reads, boolean quotient, boolean grows, boolean past, Instant from, Instant to, List<Sample> samples) {}

  private final IndicatorStore store;
  private final IndicatorCheck check;
  private final IndicatorBook book;
  private final FigureBook figures;
  private final Entries entries;
  private final Reckoner reckoner;
  private final Wanted wanted;
  private final Places places;
  private final AccessLog access;
  private final TransactionTemplate transaction;
  private final ServerSettings server;
  private final Clock clock;

  IndicatorDesk(IndicatorStore store, IndicatorCheck check, IndicatorBook book, FigureBook figures, Entries entries, Reckoner reckoner, Wanted wanted, Places places,
      AccessLog access, TransactionTemplate transaction, ServerSettings server, Clock clock) {
    this.store = store;
    this.check = check;
    this.book = book;
    this.figures = figures;
    this.entries = entries;
    this.reckoner = reckoner;
    this.wanted = wanted;
    this.places = places;
    this.access = access;
    this.transaction = transaction;
    this.server = server;
    this.clock = clock;
  }

  /** @throws ProblemException {@code vitals.invalid-indicator}, {@code vitals.invalid-formula}, {@code vitals.indicator-taken} */
  public void create(Indicator draft) {
    transaction.executeWithoutResult(status -> {
      check.check(draft, known(draft));
      if (!store.insert(draft)) {
        throw new ProblemException(VitalsProblem.INDICATOR_TAKEN, "there is an indicator " + draft.code() + " already; change it, or choose another code", Map.of("field", "code"))
            .zh("编码 " + draft.code() + " 已被使用");
      }
      access.record("vitals.added", "indicator:" + draft.code(), "done", words(draft));
      wanted.add(draft.code(), 1, false);
    });
    reckoner.wake();
  }

  /**
   * @param change makes the new form of what there is
   * @param version that the change was made on
   * @throws ProblemException as {@link #create}, and {@code vitals.unknown-indicator}, {@code vitals.indicator-changed}
   */
  public void change(String code, int version, UnaryOperator<Indicator> change) {
    transaction.executeWithoutResult(status -> {
      Indicator before = store.find(code).orElseThrow(() -> unknown(code));
      Indicator after = change.apply(before);
      Map<String, Indicator> known = known(after);
      check.check(after, known);
      if (after.source() != Source.GROUP && known.values().stream().anyMatch(i -> code.equals(i.parentCode()))) {
        throw new ProblemException(VitalsProblem.INVALID_INDICATOR, code + " has indicators below it, so that it stays a GROUP", Map.of("field", "source"))
            .zh(code + " 有下级指标，来源只能为“汇总”");
      }
      boolean redefined = !after.hasValuesOf(before);
      if (before.version() != version || !store.change(after, redefined)) {
        throw new ProblemException(VitalsProblem.INDICATOR_CHANGED, "indicator " + code + " has version " + before.version() + " by now, your change was made on " + version + "; read it again",
            Map.of("version", before.version())).zh("指标已被他人修改，请刷新后重试");
      }
      // Indicators that read this one must still hold.
      known.values().stream().filter(i -> i.formula() != null && i.formula().contains(IndicatorBook.OTHER + code)).forEach(i -> check.check(i, known));
      Map<String, Object> changed = new LinkedHashMap<>();
      Map<String, Object> was = words(before);
      words(after).forEach((field, value) -> {
        if (!Objects.equals(value, was.get(field))) {
          changed.put(field, Map.of("from", String.valueOf(was.get(field)), "to", String.valueOf(value)));
        }
      });
      access.record("vitals.changed", "indicator:" + code, "done", changed);
      if (redefined) {
        wanted.add(code, version + 1, after.period() != before.period());
      }
    });
    reckoner.wake();
  }

  /**
   * Enters a value, or takes back the one before it. A person enters any that is not computed, a system those of {@link Source#DATASET}.
   *
   * @param at in the period that it is of
   * @param value {@code null}: takes back what was entered
   * @param base what the value is a mean over; {@code null}: not said
   * @throws ProblemException {@code vitals.unknown-indicator}, {@code vitals.invalid-value}, {@code vitals.outside-scope}
   */
  public void enter(String code, String area, Instant at, Double value, Double base, String note) {
    Instant from = transaction.execute(status -> {
      Indicator indicator = store.find(code).orElseThrow(() -> unknown(code));
      if (!indicator.source().isEntered()) {
        throw bad("indicator", "indicator " + code + " is computed, nobody enters it: its source is " + indicator.source() + "; change the source first", "指标 " + code + " 由系统计算，不能填报，请先修改其来源");
      }
      Area of = places.findArea(area).filter(a -> a.level() != AreaLevel.UNIT_GRID).orElseThrow(() -> bad("area", "there is no area " + area + " down to communities", "没有区域 " + area));
      if (!Viewer.current().area().covers(of.code())) {
        throw new ProblemException(VitalsProblem.OUTSIDE_SCOPE, "area " + area + " is beyond your own area, whose values alone you may enter", Map.of("field", "area"))
            .zh("区域 " + of.name() + " 超出您的管理范围");
      }
      if (Viewer.current().kind() == Viewer.Kind.MACHINE && indicator.source() != Source.DATASET) {
        throw bad("indicator", "indicator " + code + " is entered by people, its source is " + indicator.source() + "; a system delivers values of DATASET indicators",
            "指标 " + code + " 由人员填报；系统只能报送“接入数据”类指标");
      }
      if (value != null && !(Math.abs(value) <= 1e15)) {
        throw bad("value", "a value is a number up to 1e15, was " + value, "数值超出范围");
      }
      if (value != null && indicator.unit().equals("%") && (value < 0 || value > 100) && indicator.direction() != Direction.NONE) {
        throw bad("value", "a percentage is 0 to 100, was " + value, "百分比须为 0 至 100");
      }
      if (base != null && !(base > 0 && base <= 1e15)) {
        throw bad("base", "the base is more than 0, was " + base, "基数须大于 0");
      }
      if (note.length() > 500) {
        throw bad("note", "a note has at most 500 characters, was " + note.length(), "说明最多 500 字");
      }
      if (at.isAfter(clock.instant())) {
        throw bad("at", "nobody knows the value of a time to come, was " + at, "不能填报未来的数据");
      }
      Span span = indicator.period().around(at, server.zone());
      entries.add(code, of.code(), span.from(), value, base, note);
      Map<String, Object> said = new HashMap<>(Map.of("area", of.code(), "period", span.from().toString(), "note", note));
      said.put("value", value);
      said.put("base", base);
      access.record("vitals.entered", "indicator:" + code, "done", said);
      wanted.addCame(code, span.from());
      return span.from();
    });
    reckoner.reckonEntered(code, from);
    if (Viewer.current().kind() != Viewer.Kind.MACHINE) {
      reckoner.wake(); // A system delivers many at a time: what reads them follows a few seconds later, once for all.
    }
  }

  /**
   * Tries a formula on an area and those directly below it, in the viewer's sight, without keeping anything.
   *
   * @throws ProblemException {@code vitals.invalid-formula}, {@code vitals.invalid-indicator}
   */
  public Checked check(Indicator draft, String area) {
    return transaction.execute(status -> {
      Map<String, Indicator> known = known(draft);
      check.check(draft, known);
      Formula formula = check.compile(draft.formula(), known);
      Map<String, Ready> others = new HashMap<>();
      Tree tree = book.tree();
      tree.ready().forEach(r -> others.put(r.indicator().code(), r));
      Ready ready = book.ready(draft, formula, known, others);
      Span now = draft.period().around(clock.instant(), server.zone());
      // A period that just began holds next to nothing.
      Span span = ready.past() ? draft.period().shift(now, -1, server.zone()) : now;
      List<Ready> chain = new ArrayList<>(Reckoner.withOthers(tree, formula.reads().stream().filter(n -> n.startsWith(IndicatorBook.OTHER))
          .map(n -> others.get(n.substring(IndicatorBook.OTHER.length()))).filter(Objects::nonNull).toList()));
      chain.add(ready);
      FigureBook.Read read = figures.read(Computation.names(chain), span);
      Map<String, double[]> values = entries.read(chain, read.land(), span.from());
      Computation.Parts parts = null;
      for (Ready each : chain) {
        parts = Computation.compute(each, read, values);
        values.put(IndicatorBook.OTHER + each.indicator().code(), parts.value());
      }
      List<Sample> samples = new ArrayList<>();
      samples.add(sample(read, parts, area));
      for (Area child : places.listChildren(area)) {
        if (child.level() != AreaLevel.UNIT_GRID) {
          samples.add(sample(read, parts, child.code()));
        }
      }
      return new Checked(formula.reads().stream().filter(n -> !n.startsWith(IndicatorBook.OTHER)).flatMap(n -> figures.find(n).stream()).toList(), formula.isQuotient(), ready.grows(),
          ready.past(), span.from(), span.to(), samples);
    });
  }

  /** All figures that a formula may read. */
  public List<FigureSource.Figure> listFigures() {
    return figures.list();
  }

  private Sample sample(FigureBook.Read read, Computation.Parts parts, String area) {
    int i = read.land().get(area);
    String name = places.findArea(area).map(Area::name).orElse(area);
    return i < 0 ? new Sample(area, name, null, null, null) : new Sample(area, name, number(parts.above()[i]), number(parts.below()[i]), number(parts.value()[i]));
  }

  private static Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private Map<String, Indicator> known(Indicator draft) {
    Map<String, Indicator> known = new LinkedHashMap<>();
    store.list().forEach(i -> known.put(i.code(), i));
    known.put(draft.code(), draft);
    return known;
  }

  /** What the ledger is told. */
  private static Map<String, Object> words(Indicator i) {
    Map<String, Object> words = new LinkedHashMap<>();
    words.put("parent", i.parentCode());
    words.put("nameZh", i.nameZh());
    words.put("nameEn", i.nameEn());
    words.put("unit", i.unit());
    words.put("direction", i.direction().name());
    words.put("source", i.source().name());
    words.put("formula", i.formula());
    words.put("aggregation", i.aggregation().name());
    words.put("period", i.period().name());
    words.put("weight", i.weight());
    Map<String, Object> thresholds = new LinkedHashMap<>();
    i.thresholds().forEach((level, bands) -> thresholds.put(level, bands.json()));
    words.put("thresholds", thresholds);
    words.put("freshSeconds", i.freshFor().toSeconds());
    words.put("owner", i.ownerUnitId());
    words.put("validFrom", i.validFrom().toString());
    words.put("validTo", i.validTo() == null ? null : i.validTo().toString());
    return words;
  }

  static ProblemException unknown(String code) {
    return new ProblemException(VitalsProblem.UNKNOWN_INDICATOR, "there is no indicator '" + code + "'", Map.of("value", code)).zh("没有编码为“" + code + "”的指标");
  }

  private static ProblemException bad(String field, String en, String zh) {
    return new ProblemException(VitalsProblem.INVALID_VALUE, en, Map.of("field", field)).zh(zh);
  }
}
