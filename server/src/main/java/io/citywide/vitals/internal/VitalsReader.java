package io.citywide.vitals.internal;

import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import io.citywide.vitals.VitalsProblem;
import io.citywide.vitals.internal.Entries.Entry;
import io.citywide.vitals.internal.FigureSource.Figure;
import io.citywide.vitals.internal.FigureSource.Nature;
import io.citywide.vitals.internal.Health.Body;
import io.citywide.vitals.internal.Health.Node;
import io.citywide.vitals.internal.Health.State;
import io.citywide.vitals.internal.IndicatorBook.Tree;
import io.citywide.vitals.internal.Period.Span;
import io.citywide.vitals.internal.ValueStore.Stored;
import io.citywide.watch.Formula;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Vital signs within the viewer's sight. The number of statements of an answer does not grow with areas or indicators. */
@Component
public class VitalsReader {

  private static final int WRONG = 12;
  private static final int PLACES = 3;
  /** Periods over which a trend is judged. */
  private static final int TREND = 12;

  public record AreaName(String code, String name, String nameEn, AreaLevel level) {}

  /**
   * @param since begin of the first of the periods without interruption in which it has been out of order; {@code null} while it is in order
   * @param before score at the end of the day {@code beforeAt}; {@code null}: nobody computed it
   */
  public record Dimension(String code, String nameZh, String nameEn, Double score, Grade grade, double coverage, int indicators, int pending, int stale, int wrong, Instant since,
      Double before, Instant beforeAt, List<Double> trail) {}

  /** @param worst areas below where it is worst, at most three */
  public record Wrong(String code, String dimension, String nameZh, String nameEn, double value, String unit, int decimals, Grade grade, Instant from, Instant to, Instant since,
      List<AreaValue> worst) {}

  public record AreaValue(String area, String name, String nameEn, Double value, Grade grade, Double score) {}

  /** @param asOf {@code null}: no value at all */
  public record Overview(AreaName area, List<AreaName> chain, Instant at, Double score, Grade grade, double coverage, List<Dimension> dimensions, List<Wrong> wrong,
      List<AreaHealth> areas) {}

  /** @param scores of the dimensions, in their order */
  public record AreaHealth(String area, String name, String nameEn, Double score, Grade grade, double coverage, List<Double> scores) {}

  /** @param of periods; {@code null}: nobody has counted them yet */
  public record Progress(int done, Integer of) {}

  /**
   * An indicator with how it stands in one area.
   *
   * @param computing how far the values have come after a change; {@code null}: they are all there
   * @param earlier the value is of an earlier definition: its period was over before the change
   */
  public record Row(String code, String parentCode, String nameZh, String nameEn, String meaningZh, String meaningEn, String unit, int decimals, Direction direction, Source source,
      Aggregation aggregation, Period period, double weight, State state, Double value, Double above, Double below, Grade grade, Double score, double coverage, Instant from,
      Instant to, Instant asOf, String standardRef, String evidence, boolean grows, Progress computing, boolean earlier) {}

  /** @param earlier it is of an earlier definition */
  public record Point(Instant from, Instant to, double value, Double above, Double below, Grade grade, Double score, boolean over, boolean earlier) {}

  /**
   * @param change value minus that of the period before; {@code null} where that is of an earlier definition
   * @param percent change in percent of it; {@code null} where that was 0
   */
  public record Comparison(Instant from, Instant to, Double value, Double change, Double percent, boolean earlier) {}

  /** @param slope middle of the changes from period to period; {@code null} below four periods */
  public record Trend(Double slope, String direction, Boolean better) {}

  public record Detail(Row row, Definition definition, AreaName area, List<AreaName> chain, Comparison previous, Comparison yearBefore, Trend trend, Instant since, List<Point> history) {}

  public record Definition(String formula, Map<String, List<?>> thresholds, long freshSeconds, Long ownerUnitId, String ownerUnit, String validFrom, String validTo, int version, String changedBy,
      Instant changedAt, int position) {}

  /**
   * What an area below contributed to the change: {@code rate} because its own value changed, {@code mix} because its share did. Over
   * all rows they add up to the change of the area itself.
   */
  public record Contribution(String area, String name, String nameEn, Double value, Double before, Grade grade, Double score, Double above, Double below, Double rate, Double mix, Double total) {}

  /** @param exact whether contributions add up to the change; else there are none */
  public record Contributions(Instant from, Instant to, Instant beforeFrom, Instant beforeTo, Double value, Double before, Double change, boolean exact, List<Contribution> rows) {}

  /**
   * A figure that a formula reads.
   *
   * @param amount in the area and period, in the viewer's sight; {@code null}: not known any more
   * @param factor by which it is taken; {@code null} where the formula is no sum or quotient of sums
   * @param part {@code above} or {@code below} the line
   * @param open what shows it: {@code cases}, {@code devices}, {@code buildings}; {@code null}: nothing does
   * @param query how to ask for it
   */
  public record BehindFigure(String name, String nameZh, String nameEn, String part, Double factor, Double amount, String open, Map<String, String> query) {}

  public record BehindEntry(String area, Double value, Double base, String note, String enteredBy, Instant enteredAt) {}

  public record Behind(Instant from, Instant to, List<BehindFigure> figures, List<Row> indicators, List<BehindEntry> entries) {}

  private final IndicatorBook book;
  private final FigureBook figures;
  private final ValueStore values;
  private final Entries entries;
  private final Health health;
  private final Places places;
  private final Units units;
  private final ServerSettings server;
  private final Clock clock;

  VitalsReader(IndicatorBook book, FigureBook figures, ValueStore values, Entries entries, Health health, Places places, Units units, ServerSettings server, Clock clock) {
    this.book = book;
    this.figures = figures;
    this.values = values;
    this.entries = entries;
    this.health = health;
    this.places = places;
    this.units = units;
    this.server = server;
    this.clock = clock;
  }

  // ---- the page a mayor reads ---------------------------------------------------------------------

  @Transactional(readOnly = true)
  public Overview overview(String areaCode) {
    Area area = area(areaCode);
    Instant now = clock.instant();
    Tree tree = book.tree();
    List<Area> below = below(area);
    List<String> codes = new ArrayList<>(List.of(area.code()));
    below.forEach(a -> codes.add(a.code()));
    Map<String, Body> bodies = health.of(tree, codes, now);
    Body own = bodies.get(area.code());
    List<Node> wrong = own.nodes().values().stream()
        .filter(n -> n.indicator().source() != Source.GROUP && n.state() == State.OK && n.grade() != null && n.grade() != Grade.NORMAL)
        .sorted(Comparator.comparing(Node::grade).reversed().thenComparing(n -> -impact(n, tree))).toList();
    List<String> asked = new ArrayList<>(tree.dimensions().stream().map(Indicator::code).toList());
    wrong.stream().limit(WRONG).forEach(n -> asked.add(n.indicator().code()));
    Map<String, List<Stored>> history = values.history(area.code(), asked, now, 60).stream().collect(Collectors.groupingBy(Stored::indicator, LinkedHashMap::new, Collectors.toList()));
    List<Dimension> dimensions = tree.dimensions().stream().map(d -> dimension(d, own, tree, history.getOrDefault(d.code(), List.of()))).toList();
    return new Overview(name(area), chain(area), now, total(own, tree), grade(total(own, tree)), coverage(own, tree), dimensions,
        wrong.stream().limit(WRONG).map(n -> wrong(n, tree, history.getOrDefault(n.indicator().code(), List.of()), below, bodies)).toList(),
        below.stream().map(a -> areaHealth(a, bodies.get(a.code()), tree)).toList());
  }

  /** How much of the city's health it costs. */
  private static double impact(Node node, Tree tree) {
    double share = 1;
    for (Indicator i = node.indicator(); i != null; i = tree.byCode().get(i.parentCode())) {
      double all = (i.parentCode() == null ? tree.dimensions() : tree.childrenOf(i.parentCode())).stream().mapToDouble(Indicator::weight).sum();
      share *= all == 0 ? 0 : i.weight() / all;
    }
    return share * (node.stored().score() == null ? 0 : 100 - node.stored().score());
  }

  private static Double total(Body body, Tree tree) {
    double weights = 0;
    double sum = 0;
    for (Indicator d : tree.dimensions()) {
      Double score = body.nodes().get(d.code()).score();
      if (score != null) {
        weights += d.weight();
        sum += d.weight() * score;
      }
    }
    return weights > 0 ? sum / weights : null;
  }

  private static Grade grade(Double score) {
    return score == null ? null : Grade.ofScore(score);
  }

  private static double coverage(Body body, Tree tree) {
    double weights = tree.dimensions().stream().mapToDouble(Indicator::weight).sum();
    return weights == 0 ? 0 : tree.dimensions().stream().mapToDouble(d -> d.weight() * body.nodes().get(d.code()).coverage()).sum() / weights;
  }

  private static AreaHealth areaHealth(Area area, Body body, Tree tree) {
    Double total = total(body, tree);
    return new AreaHealth(area.code(), area.name(), area.nameEn(), total, grade(total), coverage(body, tree), tree.dimensions().stream().map(d -> body.nodes().get(d.code()).score()).collect(ArrayList::new, ArrayList::add, ArrayList::addAll));
  }

  private Dimension dimension(Indicator d, Body body, Tree tree, List<Stored> history) {
    Node node = body.nodes().get(d.code());
    List<Node> leaves = new ArrayList<>();
    leaves(d, body, tree, leaves);
    Span today = Period.DAY.around(clock.instant(), server.zone());
    List<Stored> days = history.stream().filter(s -> s.span().from().isBefore(today.from())).toList();
    Stored before = days.isEmpty() ? null : days.getFirst();
    List<Double> trail = new ArrayList<>(days.stream().limit(30).map(Stored::score).toList().reversed());
    if (node.score() != null) {
      trail.add(node.score());
    }
    Instant since = node.grade() == null || node.grade() == Grade.NORMAL ? null : since(days, today.from());
    return new Dimension(d.code(), d.nameZh(), d.nameEn(), node.score(), node.grade(), node.coverage(), leaves.size(), count(leaves, State.PENDING), count(leaves, State.STALE),
        (int) leaves.stream().filter(n -> n.state() == State.OK && n.grade() != null && n.grade() != Grade.NORMAL).count(), since, before == null ? null : before.score(),
        before == null ? null : before.span().from(), trail);
  }

  private static int count(List<Node> nodes, State state) {
    return (int) nodes.stream().filter(n -> n.state() == state).count();
  }

  private static void leaves(Indicator of, Body body, Tree tree, List<Node> leaves) {
    for (Indicator child : tree.childrenOf(of.code())) {
      if (child.source() == Source.GROUP) {
        leaves(child, body, tree, leaves);
      } else {
        leaves.add(body.nodes().get(child.code()));
      }
    }
  }

  /** Begin of the first of the periods, newest first, that are out of order without interruption. */
  private static Instant since(List<Stored> newestFirst, Instant fallback) {
    Instant since = fallback;
    for (Stored s : newestFirst) {
      if (s.grade() == null || s.grade() == Grade.NORMAL) {
        break;
      }
      since = s.span().from();
    }
    return since;
  }

  private Wrong wrong(Node n, Tree tree, List<Stored> history, List<Area> below, Map<String, Body> bodies) {
    Indicator i = n.indicator();
    List<Stored> judged = history.stream().filter(s -> s.grade() != null).toList();
    List<AreaValue> worst = below.stream().map(a -> areaValue(a, bodies.get(a.code()).nodes().get(i.code()))).filter(v -> v.value() != null && v.grade() != null && v.grade() != Grade.NORMAL)
        .sorted(Comparator.comparing(AreaValue::grade).reversed().thenComparing(v -> v.score() == null ? 100 : v.score())).limit(PLACES).toList();
    Indicator top = i;
    while (top.parentCode() != null) {
      top = tree.byCode().get(top.parentCode());
    }
    return new Wrong(i.code(), top.code(), i.nameZh(), i.nameEn(), n.stored().value(), i.unit(), i.decimals(), n.grade(), n.stored().span().from(), n.stored().span().to(),
        since(judged, n.stored().span().from()), worst);
  }

  private static AreaValue areaValue(Area a, Node n) {
    return n.stored() == null ? new AreaValue(a.code(), a.name(), a.nameEn(), null, null, null)
        : new AreaValue(a.code(), a.name(), a.nameEn(), n.stored().value(), n.grade(), n.stored().score());
  }

  // ---- the tree ------------------------------------------------------------------------------------

  @Transactional(readOnly = true)
  public List<Row> rows(String areaCode) {
    Area area = area(areaCode);
    Tree tree = book.tree();
    Body body = health.of(tree, List.of(area.code()), clock.instant()).get(area.code());
    return body.nodes().values().stream().map(n -> row(n, tree)).toList();
  }

  private static Row row(Node n, Tree tree) {
    Indicator i = n.indicator();
    Stored s = n.stored();
    boolean group = i.source() == Source.GROUP;
    return new Row(i.code(), i.parentCode(), i.nameZh(), i.nameEn(), i.meaningZh(), i.meaningEn(), i.unit(), i.decimals(), i.direction(), i.source(), i.aggregation(), i.period(),
        i.weight(), n.state(), group ? n.score() : s == null ? null : (Double) s.value(), s == null ? null : s.above(), s == null ? null : s.below(), n.grade(),
        group ? n.score() : s == null ? null : s.score(), n.coverage(), s == null ? null : s.span().from(), s == null ? null : s.span().to(), s == null ? null : s.asOf(), i.standardRef(), i.evidence(), tree.grows(i.code()),
        n.computing() == null ? null : new Progress(n.computing().done(), n.computing().of()), earlier(i, s));
  }

  private static boolean earlier(Indicator i, Stored s) {
    return s != null && s.version() < i.defined();
  }

  // ---- one indicator -------------------------------------------------------------------------------

  @Transactional(readOnly = true)
  public Detail detail(String code, String areaCode) {
    Area area = area(areaCode);
    Tree tree = book.tree();
    Indicator i = indicator(tree, code);
    Instant now = clock.instant();
    Node node = health.of(tree, List.of(area.code()), now).get(area.code()).nodes().get(code);
    Period period = i.source() == Source.GROUP ? Period.DAY : i.period();
    // After a change of its period those of the old one go with the first that is computed; until then they are none of it.
    List<Stored> newestFirst = values.history(area.code(), List.of(code), now, period.shown() + (period == Period.DAY ? 370 : 0)).stream()
        .filter(s -> s.version() >= i.defined() || period.around(s.span().from(), server.zone()).equals(s.span())).toList();
    Stored current = node.stored() != null || node.state() == State.COMPUTING || newestFirst.isEmpty() ? node.stored() : newestFirst.getFirst();
    Map<Instant, Stored> byFrom = newestFirst.stream().collect(Collectors.toMap(s -> s.span().from(), s -> s));
    Comparison previous = current == null ? null : comparison(i, current, period.shift(current.span(), -1, server.zone()), byFrom);
    Comparison yearBefore = current == null ? null : comparison(i, current, period.yearBefore(current.span(), server.zone()), byFrom);
    List<Stored> judged = newestFirst.stream().filter(s -> s.grade() != null).toList();
    Instant since = node.grade() == null || node.grade() == Grade.NORMAL || current == null ? null : since(judged, current.span().from());
    List<Point> history = newestFirst.stream().limit(period.shown()).map(s -> new Point(s.span().from(), s.span().to(), s.value(), s.above(), s.below(), s.grade(), s.score(), s.span().isOver(now), earlier(i, s))).toList().reversed();
    return new Detail(row(node, tree), definition(i), name(area), chain(area), previous, yearBefore, trend(i, history), since, history);
  }

  private static Comparison comparison(Indicator i, Stored current, Span span, Map<Instant, Stored> byFrom) {
    Stored then = byFrom.get(span.from());
    if (then == null) {
      return new Comparison(span.from(), span.to(), null, null, null, false);
    }
    if (earlier(i, then) && !earlier(i, current)) {
      return new Comparison(span.from(), span.to(), then.value(), null, null, true);
    }
    double change = current.value() - then.value();
    return new Comparison(span.from(), span.to(), then.value(), change, then.value() == 0 ? null : 100 * change / Math.abs(then.value()), false);
  }

  /** By the middle of the slopes between any two of the last periods that are over (Theil and Sen), which single strange ones do not move. */
  private static Trend trend(Indicator i, List<Point> history) {
    // Of two definitions the step between them would be the trend.
    List<Point> over = history.stream().filter(p -> p.over() && !p.earlier()).toList();
    List<Point> last = over.subList(Math.max(0, over.size() - TREND), over.size());
    if (last.size() < 4) {
      return new Trend(null, "UNKNOWN", null);
    }
    double[] slopes = new double[last.size() * (last.size() - 1) / 2];
    int n = 0;
    for (int a = 0; a < last.size(); a++) {
      for (int b = a + 1; b < last.size(); b++) {
        slopes[n++] = (last.get(b).value() - last.get(a).value()) / (b - a);
      }
    }
    Arrays.sort(slopes);
    double slope = slopes.length % 2 == 1 ? slopes[slopes.length / 2] : (slopes[slopes.length / 2 - 1] + slopes[slopes.length / 2]) / 2;
    double level = last.stream().mapToDouble(p -> Math.abs(p.value())).average().orElse(0);
    // Less than two hundredths of the level over the whole time is no trend.
    if (Math.abs(slope) * (last.size() - 1) <= 0.02 * level) {
      return new Trend(slope, "STEADY", null);
    }
    return new Trend(slope, slope > 0 ? "RISING" : "FALLING", switch (i.direction()) {
      case HIGHER -> slope > 0;
      case LOWER -> slope < 0;
      case RANGE, NONE -> null;
    });
  }

  private Definition definition(Indicator i) {
    Map<String, List<?>> thresholds = new LinkedHashMap<>();
    i.thresholds().forEach((level, bands) -> thresholds.put(level, bands.json()));
    return new Definition(i.formula(), thresholds, i.freshFor().toSeconds(), i.ownerUnitId(), i.ownerUnitId() == null ? null : units.findUnit(i.ownerUnitId()).map(u -> u.name()).orElse(null),
        i.validFrom().toString(), i.validTo() == null ? null : i.validTo().toString(), i.version(), i.changedBy(), i.changedAt(), i.position());
  }

  // ---- where, and what moved it ----------------------------------------------------------------------

  /**
   * The areas below, in one period and in the one before it.
   *
   * @param from begin of the period; {@code null}: that of the value which counts now
   * @param before begin of the other; {@code null}: the period before
   */
  @Transactional(readOnly = true)
  public Contributions contributions(String code, String areaCode, Instant from, Instant before) {
    Area area = area(areaCode);
    Tree tree = book.tree();
    Indicator i = indicator(tree, code);
    Period period = i.source() == Source.GROUP ? Period.DAY : i.period();
    Instant now = clock.instant();
    Span span = period.around(from != null ? from : current(tree, i, area, now), server.zone());
    Span other = before != null ? period.around(before, server.zone()) : period.shift(span, -1, server.zone());
    List<Area> below = below(area);
    List<String> codes = new ArrayList<>(List.of(area.code()));
    below.forEach(a -> codes.add(a.code()));
    Map<String, Stored> after = values.of(code, codes, span.from());
    Map<String, Stored> then = values.of(code, codes, other.from());
    Stored own = after.get(area.code());
    Stored ownThen = then.get(area.code());
    boolean alike = own == null || ownThen == null || earlier(i, own) == earlier(i, ownThen);
    boolean exact = alike && own != null && ownThen != null && own.above() != null && ownThen.above() != null && (i.aggregation() == Aggregation.SUM || own.below() != null && ownThen.below() != null)
        && i.source() == Source.FORMULA;
    List<Contribution> rows = new ArrayList<>();
    double[] left = exact ? new double[] {own.above(), nothing(own.below()), ownThen.above(), nothing(ownThen.below())} : null;
    for (Area a : below) {
      Stored s = after.get(a.code());
      Stored t = then.get(a.code());
      rows.add(contribution(i, a.code(), a.name(), a.nameEn(), s, t, own, ownThen, exact));
      if (exact) {
        left[0] -= s == null ? 0 : nothing(s.above());
        left[1] -= s == null ? 0 : nothing(s.below());
        left[2] -= t == null ? 0 : nothing(t.above());
        left[3] -= t == null ? 0 : nothing(t.below());
      }
    }
    // What lies in the area but in none below it: cases whose community nobody knows.
    if (exact && !below.isEmpty() && Arrays.stream(left).anyMatch(x -> Math.abs(x) > 1e-6)) {
      rows.add(contribution(i, null, null, null, stored(own, left[0], left[1]), stored(ownThen, left[2], left[3]), own, ownThen, true));
    }
    rows.sort(Comparator.comparing((Contribution c) -> c.total() == null ? 0 : -Math.abs(c.total())).thenComparing(c -> c.score() == null ? 101 : c.score()));
    return new Contributions(span.from(), span.to(), other.from(), other.to(), own == null ? null : own.value(), ownThen == null ? null : ownThen.value(),
        own == null || ownThen == null || !alike ? null : own.value() - ownThen.value(), exact, rows);
  }

  private static double nothing(Double value) {
    return value == null ? 0 : value;
  }

  private static Stored stored(Stored like, double above, double below) {
    return new Stored(like.indicator(), null, like.span(), above, below, like.below() == null ? above : below == 0 ? 0 : above / below, null, null, like.asOf(), like.version());
  }

  /**
   * A sum changes by what its parts change. A mean R = Σ wᵢ rᵢ (share wᵢ of the denominator, value rᵢ) changes by
   * Σ w̄ᵢ Δrᵢ + Σ Δwᵢ (r̄ᵢ − R̄), bars being the middle of both periods: exactly, because the shares always add up to 1.
   */
  private static Contribution contribution(Indicator i, String code, String name, String nameEn, Stored s, Stored t, Stored own, Stored ownThen, boolean exact) {
    Double rate = null;
    Double mix = null;
    if (exact && i.aggregation() == Aggregation.SUM) {
      rate = (s == null ? 0 : nothing(s.above())) - (t == null ? 0 : nothing(t.above()));
      mix = 0.0;
    } else if (exact) {
      double w1 = s == null ? 0 : nothing(s.below()) / own.below();
      double w0 = t == null ? 0 : nothing(t.below()) / ownThen.below();
      // Without a share it has no value: then that of the whole, which counts for nothing.
      double r1 = w1 == 0 ? own.value() : s.value();
      double r0 = w0 == 0 ? ownThen.value() : t.value();
      rate = (w1 + w0) / 2 * (r1 - r0);
      mix = (w1 - w0) * ((r1 + r0) / 2 - (own.value() + ownThen.value()) / 2);
    }
    return new Contribution(code, name, nameEn, s == null ? null : s.value(), t == null ? null : t.value(), s == null ? null : s.grade(), s == null ? null : s.score(),
        s == null ? null : s.above(), s == null ? null : s.below(), rate, mix, rate == null ? null : (Double) (rate + mix));
  }

  private Instant current(Tree tree, Indicator i, Area area, Instant now) {
    return values.latest(List.of(area.code()), List.of(i.code()), tree.grows(i.code()) ? Set.of(i.code()) : Set.of(), now).stream().findFirst().map(s -> s.span().from()).orElse(now);
  }

  // ---- what a number is made of ------------------------------------------------------------------------

  /** @param from begin of the period; {@code null}: that of the value which counts now */
  @Transactional(readOnly = true)
  public Behind behind(String code, String areaCode, Instant from) {
    Area area = area(areaCode);
    Tree tree = book.tree();
    Indicator i = indicator(tree, code);
    Instant now = clock.instant();
    Span span = i.period().around(from != null ? from : current(tree, i, area, now), server.zone());
    if (i.source().isEntered()) {
      return new Behind(span.from(), span.to(), List.of(), List.of(), entries.list(code, area.code(), span.from()).stream().map(VitalsReader::said).toList());
    }
    Indicator.Ready ready = tree.findReady(code).orElse(null);
    if (ready == null) {
      return new Behind(span.from(), span.to(), List.of(), i.source() == Source.GROUP ? rows(areaCode).stream().filter(r -> code.equals(r.parentCode())).toList() : List.of(), List.of());
    }
    Formula formula = ready.formula();
    Map<String, Figure> known = new HashMap<>();
    formula.reads().forEach(n -> figures.find(n).ifPresent(f -> known.put(n, f)));
    Set<String> readable = known.values().stream().filter(f -> f.nature() != Nature.STATE || !span.isOver(now)).map(Figure::name).collect(Collectors.toSet());
    FigureBook.Read read = figures.read(readable, span);
    int at = read.land().get(area.code());
    List<BehindFigure> shown = new ArrayList<>();
    List<String> others = new ArrayList<>();
    double[] above = formula.factorsAbove();
    double[] below = formula.factorsBelow();
    for (int n = 0; n < formula.reads().size(); n++) {
      String name = formula.reads().get(n);
      Figure figure = known.get(name);
      if (figure == null) {
        others.add(name.substring(IndicatorBook.OTHER.length()));
        continue;
      }
      double[] amounts = read.total().get(name);
      Double amount = amounts == null || at < 0 || Double.isNaN(amounts[at]) ? null : amounts[at];
      if (above != null && above[n] != 0 || above == null) {
        shown.add(behind(figure, "above", above == null ? null : above[n], amount, area.code(), span));
      }
      if (below != null && below[n] != 0) {
        shown.add(behind(figure, "below", below[n], amount, area.code(), span));
      }
    }
    return new Behind(span.from(), span.to(), shown, others.isEmpty() ? List.of() : rows(areaCode).stream().filter(r -> others.contains(r.code())).toList(), List.of());
  }

  private static BehindFigure behind(Figure f, String part, Double factor, Double amount, String area, Span span) {
    Map<String, String> query = new LinkedHashMap<>();
    if ("cases".equals(f.open())) {
      CaseFigureSource.wanted(f.name()).ifPresent(w -> {
        query.put("counted", w.code());
        query.put("kinds", w.kinds());
        query.put("areaCode", area);
        query.put("from", span.from().toString());
        query.put("to", span.to().toString());
      });
    } else if (f.open() != null) {
      query.put("area", area);
      query.putAll(SensingFigureSource.wanted(f.name()));
    }
    return new BehindFigure(f.name(), f.nameZh(), f.nameEn(), part, factor, amount, f.open(), query);
  }

  private static BehindEntry said(Entry e) {
    return new BehindEntry(e.area(), e.value(), e.base(), e.note(), e.enteredBy(), e.enteredAt());
  }

  /** All figures that a formula may read. */
  public List<Figure> listFigures() {
    return figures.list();
  }

  // ---- areas -----------------------------------------------------------------------------------------

  /** @throws ProblemException {@code vitals.unknown-area} also for one that is out of sight */
  Area area(String code) {
    Viewer viewer = Viewer.current();
    String wanted = code != null && !code.isBlank() ? code : viewer.areaCode() == null || viewer.areaCode().isEmpty() ? places.listAreas().stream().findFirst().map(Area::code).orElse("") : viewer.areaCode();
    // Who works in a unit grid sees the vital signs of nothing: they end with communities.
    return places.findArea(wanted).filter(a -> a.level() != AreaLevel.UNIT_GRID && viewer.area().covers(a.code()))
        .orElseThrow(() -> new ProblemException(VitalsProblem.UNKNOWN_AREA, "there is no area '" + wanted + "' down to communities in your sight", Map.of("field", "area", "value", wanted))
            .zh("没有区域“" + wanted + "”，或不在您的管理范围内"));
  }

  /** Code of the area; see {@link #area}. */
  public String areaCode(String code) {
    return area(code).code();
  }

  private List<Area> below(Area area) {
    return places.listChildren(area.code()).stream().filter(a -> a.level() != AreaLevel.UNIT_GRID && Viewer.current().area().covers(a.code())).toList();
  }

  private List<AreaName> chain(Area area) {
    return places.chain(area.code()).stream().filter(a -> Viewer.current().area().covers(a.code())).map(VitalsReader::name).toList();
  }

  private static AreaName name(Area a) {
    return new AreaName(a.code(), a.name(), a.nameEn(), a.level());
  }

  private static Indicator indicator(Tree tree, String code) {
    Indicator i = tree.byCode().get(code);
    if (i == null) {
      throw IndicatorDesk.unknown(code);
    }
    return i;
  }
}
