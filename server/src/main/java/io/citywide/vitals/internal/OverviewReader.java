package io.citywide.vitals.internal;

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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The page a mayor reads: how an area does as a whole, what is wrong in it, and how the areas below do, within the viewer's sight. The
 * number of statements does not grow with areas or indicators.
 */
@Component
public class OverviewReader {

  /** Of what is wrong, at most so many indicators are named, and of each so many areas below. */
  private static final int WRONG = 12;
  private static final int PLACES = 3;

  /**
   * @param since begin of the first of the periods without interruption in which it has been out of order; {@code null} while it is in order
   * @param before score at the end of the day {@code beforeAt}; {@code null}: nobody computed it
   */
  public record Dimension(String code, String nameZh, String nameEn, Double score, Grade grade, double coverage, int indicators, int pending, int stale,
      int wrong, Instant since, Double before, Instant beforeAt, List<Double> trail) {}

  /** @param worst areas below where it is worst, at most three */
  public record Wrong(String code, String dimension, String nameZh, String nameEn, double value, String unit, int decimals, Grade grade, Instant from,
      Instant to, Instant since, List<AreaValue> worst) {}

  public record AreaValue(String area, String name, String nameEn, Double value, Grade grade, Double score) {}

  /** @param chain from the highest area in sight down to this one */
  public record Overview(AreaName area, List<AreaName> chain, Instant at, Double score, Grade grade, double coverage, List<Dimension> dimensions,
      List<Wrong> wrong, List<AreaHealth> areas) {}

  /** @param scores of the dimensions, in their order */
  public record AreaHealth(String area, String name, String nameEn, Double score, Grade grade, double coverage, List<Double> scores) {}

  private final AreasInSight sight;
  private final IndicatorBook book;
  private final ValueStore values;
  private final Health health;
  private final ServerSettings server;
  private final Clock clock;

  OverviewReader(AreasInSight sight, IndicatorBook book, ValueStore values, Health health, ServerSettings server, Clock clock) {
    this.sight = sight;
    this.book = book;
    this.values = values;
    this.health = health;
    this.server = server;
    this.clock = clock;
  }

  /**
   * @param areaCode blank or {@code null}: the viewer's own area
   * @throws ProblemException {@code vitals.unknown-area}
   */
  @Transactional(readOnly = true)
  public Overview overview(String areaCode) {
    Area area = sight.get(areaCode);
    Instant now = clock.instant();
    Tree tree = book.tree();
    List<Area> below = sight.below(area);
    List<String> codes = new ArrayList<>(List.of(area.code()));
    below.forEach(a -> codes.add(a.code()));
    Map<String, Body> bodies = health.of(tree, codes, now);
    Body own = bodies.get(area.code());
    List<Node> wrong = own.nodes().values().stream()
        .filter(n -> n.indicator().source() != Source.GROUP && n.state() == State.OK && Grade.isWrong(n.grade()))
        .sorted(Comparator.comparing(Node::grade).reversed().thenComparing(n -> -impact(n, tree))).toList();
    List<String> asked = new ArrayList<>(tree.dimensions().stream().map(Indicator::code).toList());
    wrong.stream().limit(WRONG).forEach(n -> asked.add(n.indicator().code()));
    Map<String, List<Stored>> history = values.history(area.code(), asked, now, 60).stream()
        .collect(Collectors.groupingBy(Stored::indicator, LinkedHashMap::new, Collectors.toList()));
    List<Dimension> dimensions = tree.dimensions().stream().map(d -> dimension(d, own, tree, history.getOrDefault(d.code(), List.of()))).toList();
    return new Overview(AreaName.of(area), sight.chain(area), now, total(own, tree), grade(total(own, tree)), coverage(own, tree), dimensions,
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
    return new AreaHealth(area.code(), area.name(), area.nameEn(), total, grade(total), coverage(body, tree),
        tree.dimensions().stream().map(d -> body.nodes().get(d.code()).score()).collect(ArrayList::new, ArrayList::add, ArrayList::addAll));
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
    Instant since = Grade.isWrong(node.grade()) ? Stored.wrongSince(days, today.from()) : null;
    return new Dimension(d.code(), d.nameZh(), d.nameEn(), node.score(), node.grade(), node.coverage(), leaves.size(), count(leaves, State.PENDING),
        count(leaves, State.STALE), (int) leaves.stream().filter(n -> n.state() == State.OK && Grade.isWrong(n.grade())).count(), since,
        before == null ? null : before.score(), before == null ? null : before.span().from(), trail);
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

  private Wrong wrong(Node n, Tree tree, List<Stored> history, List<Area> below, Map<String, Body> bodies) {
    Indicator i = n.indicator();
    List<Stored> judged = history.stream().filter(s -> s.grade() != null).toList();
    List<AreaValue> worst = below.stream().map(a -> areaValue(a, bodies.get(a.code()).nodes().get(i.code())))
        .filter(v -> v.value() != null && Grade.isWrong(v.grade()))
        .sorted(Comparator.comparing(AreaValue::grade).reversed().thenComparing(v -> v.score() == null ? 100 : v.score())).limit(PLACES).toList();
    Indicator top = i;
    while (top.parentCode() != null) {
      top = tree.byCode().get(top.parentCode());
    }
    return new Wrong(i.code(), top.code(), i.nameZh(), i.nameEn(), n.stored().value(), i.unit(), i.decimals(), n.grade(), n.stored().span().from(),
        n.stored().span().to(), Stored.wrongSince(judged, n.stored().span().from()), worst);
  }

  private static AreaValue areaValue(Area a, Node n) {
    return n.stored() == null ? new AreaValue(a.code(), a.name(), a.nameEn(), null, null, null)
        : new AreaValue(a.code(), a.name(), a.nameEn(), n.stored().value(), n.grade(), n.stored().score());
  }
}
