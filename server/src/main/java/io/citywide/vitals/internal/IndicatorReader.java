package io.citywide.vitals.internal;

import io.citywide.identity.Units;
import io.citywide.place.Area;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import io.citywide.vitals.internal.AreasInSight.AreaName;
import io.citywide.vitals.internal.Health.Body;
import io.citywide.vitals.internal.Health.Node;
import io.citywide.vitals.internal.Health.State;
import io.citywide.vitals.internal.IndicatorBook.Tree;
import io.citywide.vitals.internal.Period.Span;
import io.citywide.vitals.internal.ValueStore.Stored;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Indicators as they stand in an area, and one of them with its history, within the viewer's sight. The number of statements does not grow with indicators. */
@Component
public class IndicatorReader {

  /** @param of periods; {@code null}: nobody has counted them yet */
  public record Progress(int done, Integer of) {}

  /**
   * An indicator with how it stands in one area.
   *
   * @param computing how far the values have come after a change; {@code null}: they are all there
   * @param earlier the value is of an earlier definition: its period was over before the change
   */
  public record Row(String code, String parentCode, String nameZh, String nameEn, String meaningZh, String meaningEn, String unit, int decimals,
      Direction direction, Source source, Aggregation aggregation, Period period, double weight, State state, Double value, Double above, Double below,
      Grade grade, Double score, double coverage, Instant from, Instant to, Instant asOf, String standardRef, String evidence, boolean grows,
      Progress computing, boolean earlier) {}

  /** @param earlier it is of an earlier definition */
  public record Point(Instant from, Instant to, double value, Double above, Double below, Grade grade, Double score, boolean over, boolean earlier) {}

  /**
   * @param change value minus that of the period before; {@code null} where that is of an earlier definition
   * @param percent change in percent of it; {@code null} where that was 0
   */
  public record Comparison(Instant from, Instant to, Double value, Double change, Double percent, boolean earlier) {}

  /**
   * @param since begin of the first of the periods without interruption in which it has been out of order; {@code null} while it is in order
   * @param history oldest first
   */
  public record Detail(Row row, Definition definition, AreaName area, List<AreaName> chain, Comparison previous, Comparison yearBefore, Trend trend,
      Instant since, List<Point> history) {}

  /** How it is defined. {@code thresholds}: bands by level of the area. */
  public record Definition(String formula, Map<String, List<?>> thresholds, long freshSeconds, Long ownerUnitId, String ownerUnit, String validFrom,
      String validTo, int version, String changedBy, Instant changedAt, int position) {}

  private final AreasInSight sight;
  private final IndicatorBook book;
  private final ValueStore values;
  private final Health health;
  private final Units units;
  private final ServerSettings server;
  private final Clock clock;

  IndicatorReader(AreasInSight sight, IndicatorBook book, ValueStore values, Health health, Units units, ServerSettings server, Clock clock) {
    this.sight = sight;
    this.book = book;
    this.values = values;
    this.health = health;
    this.units = units;
    this.server = server;
    this.clock = clock;
  }

  /**
   * All of them, in the order of the tree.
   *
   * @param areaCode blank or {@code null}: the viewer's own area
   * @throws ProblemException {@code vitals.unknown-area}
   */
  @Transactional(readOnly = true)
  public List<Row> rows(String areaCode) {
    Area area = sight.get(areaCode);
    Tree tree = book.tree();
    Body body = health.of(tree, List.of(area.code()), clock.instant()).get(area.code());
    return body.nodes().values().stream().map(n -> row(n, tree)).toList();
  }

  /** Those of these that are in force, as they were in the period that begins so, in the order of the tree. Within a transaction. */
  List<Row> rows(Area area, Collection<String> codes, Instant from) {
    Tree tree = book.tree();
    Body body = health.of(tree, List.of(area.code()), clock.instant()).get(area.code());
    List<Row> rows = new ArrayList<>();
    for (Node now : body.nodes().values()) {
      if (codes.contains(now.indicator().code())) {
        Stored then = values.of(now.indicator().code(), List.of(area.code()), from).get(area.code());
        State state = then != null ? State.OK : now.state() == State.PENDING ? State.PENDING : State.NONE;
        rows.add(row(new Node(now.indicator(), then, state, then == null ? null : then.score(), then == null ? null : then.grade(), now.coverage(), now.computing()), tree));
      }
    }
    return rows;
  }

  private static Row row(Node n, Tree tree) {
    Indicator i = n.indicator();
    Stored s = n.stored();
    boolean group = i.source() == Source.GROUP;
    return new Row(i.code(), i.parentCode(), i.nameZh(), i.nameEn(), i.meaningZh(), i.meaningEn(), i.unit(), i.decimals(), i.direction(), i.source(),
        i.aggregation(), i.period(), i.weight(), n.state(), group ? n.score() : s == null ? null : (Double) s.value(), s == null ? null : s.above(),
        s == null ? null : s.below(), n.grade(), group ? n.score() : s == null ? null : s.score(), n.coverage(), s == null ? null : s.span().from(),
        s == null ? null : s.span().to(), s == null ? null : s.asOf(), i.standardRef(), i.evidence(), tree.grows(i.code()),
        n.computing() == null ? null : new Progress(n.computing().done(), n.computing().of()), s != null && s.isEarlierThan(i));
  }

  /**
   * One of them.
   *
   * @param areaCode blank or {@code null}: the viewer's own area
   * @throws ProblemException {@code vitals.unknown-area}, {@code vitals.unknown-indicator}
   */
  @Transactional(readOnly = true)
  public Detail detail(String code, String areaCode) {
    Area area = sight.get(areaCode);
    Tree tree = book.tree();
    Indicator i = tree.get(code);
    Instant now = clock.instant();
    Node node = health.of(tree, List.of(area.code()), now).get(area.code()).nodes().get(code);
    Period period = i.source() == Source.GROUP ? Period.DAY : i.period();
    // After a change of its period those of the old one go with the first that is computed; until then they are none of it.
    List<Stored> newestFirst = values.history(area.code(), List.of(code), now, period.shown() + (period == Period.DAY ? 370 : 0)).stream()
        .filter(s -> !s.isEarlierThan(i) || period.around(s.span().from(), server.zone()).equals(s.span())).toList();
    Stored current = node.stored() != null || node.state() == State.COMPUTING || newestFirst.isEmpty() ? node.stored() : newestFirst.getFirst();
    Map<Instant, Stored> byFrom = newestFirst.stream().collect(Collectors.toMap(s -> s.span().from(), s -> s));
    Comparison previous = current == null ? null : comparison(i, current, period.shift(current.span(), -1, server.zone()), byFrom);
    Comparison yearBefore = current == null ? null : comparison(i, current, period.yearBefore(current.span(), server.zone()), byFrom);
    List<Stored> judged = newestFirst.stream().filter(s -> s.grade() != null).toList();
    Instant since = Grade.isWrong(node.grade()) && current != null ? Stored.wrongSince(judged, current.span().from()) : null;
    List<Point> history = newestFirst.stream().limit(period.shown())
        .map(s -> new Point(s.span().from(), s.span().to(), s.value(), s.above(), s.below(), s.grade(), s.score(), s.span().isOver(now), s.isEarlierThan(i)))
        .toList().reversed();
    return new Detail(row(node, tree), definition(i), AreaName.of(area), sight.chain(area), previous, yearBefore, Trend.of(i, history), since, history);
  }

  private static Comparison comparison(Indicator i, Stored current, Span span, Map<Instant, Stored> byFrom) {
    Stored then = byFrom.get(span.from());
    if (then == null) {
      return new Comparison(span.from(), span.to(), null, null, null, false);
    }
    if (then.isEarlierThan(i) && !current.isEarlierThan(i)) {
      return new Comparison(span.from(), span.to(), then.value(), null, null, true);
    }
    double change = current.value() - then.value();
    return new Comparison(span.from(), span.to(), then.value(), change, then.value() == 0 ? null : 100 * change / Math.abs(then.value()), false);
  }

  private Definition definition(Indicator i) {
    Map<String, List<?>> thresholds = new LinkedHashMap<>();
    i.thresholds().forEach((level, bands) -> thresholds.put(level, bands.json()));
    return new Definition(i.formula(), thresholds, i.freshFor().toSeconds(), i.ownerUnitId(),
        i.ownerUnitId() == null ? null : units.findUnit(i.ownerUnitId()).map(u -> u.name()).orElse(null), i.validFrom().toString(),
        i.validTo() == null ? null : i.validTo().toString(), i.version(), i.changedBy(), i.changedAt(), i.position());
  }
}
