package io.citywide.vitals.internal;

import io.citywide.vitals.internal.IndicatorBook.Tree;
import io.citywide.vitals.internal.ValueStore.Stored;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * From values to health. An indicator has the score of its newest value, if that is fresh; a group and a dimension have the
 * mean of their children's scores by weight, over those that have one. Coverage is the share of the weight that has.
 */
@Component
class Health {

  /** How it stands with a value. */
  enum State {
    OK,
    /** Older than promised. */
    STALE,
    /** It was made or changed a moment ago: what there is of it is of an earlier definition. */
    COMPUTING,
    /** There is none, though there could be. */
    NONE,
    /** The city has yet to connect it. */
    PENDING
  }

  /**
   * An indicator in one area.
   *
   * @param stored newest value; {@code null}: none of its present definition, or none at all
   * @param score 0 to 100; {@code null}: none that counts
   * @param coverage 0 to 1
   * @param computing how far its computation has come after a change; {@code null}: it is at rest
   */
  record Node(Indicator indicator, Stored stored, State state, Double score, Grade grade, double coverage, Wanted.Order computing) {}

  /** All indicators of an area. */
  record Body(String area, Map<String, Node> nodes) {}

  private final ValueStore values;
  private final Wanted wanted;

  Health(ValueStore values, Wanted wanted) {
    this.values = values;
    this.wanted = wanted;
  }

  /** By area, in two statements. */
  Map<String, Body> of(Tree tree, Collection<String> areas, Instant now) {
    List<String> codes = tree.indicators().stream().filter(i -> i.source() != Source.GROUP).map(Indicator::code).toList();
    Set<String> closed = codes.stream().filter(tree::grows).collect(Collectors.toSet());
    // Before the values: what is no longer being computed by then has its values.
    Map<String, Wanted.Order> computing = wanted.byIndicator();
    Map<String, Map<String, Stored>> latest = new HashMap<>();
    values.latest(areas, codes, closed, now).forEach(s -> latest.computeIfAbsent(s.area(), a -> new HashMap<>()).put(s.indicator(), s));
    Map<String, Body> bodies = new LinkedHashMap<>();
    for (String area : areas) {
      Map<String, Node> nodes = new LinkedHashMap<>();
      tree.dimensions().forEach(d -> node(d, tree, latest.getOrDefault(area, Map.of()), computing, now, nodes));
      bodies.put(area, new Body(area, nodes));
    }
    return bodies;
  }

  private static Node node(Indicator indicator, Tree tree, Map<String, Stored> latest, Map<String, Wanted.Order> computing, Instant now,
      Map<String, Node> nodes) {
    nodes.put(indicator.code(), null); // keeps the order of the tree
    Node node = indicator.source() == Source.GROUP ? group(indicator, tree, latest, computing, now, nodes) : leaf(indicator, latest.get(indicator.code()), computing.get(indicator.code()), now);
    nodes.put(indicator.code(), node);
    return node;
  }

  private static Node group(Indicator indicator, Tree tree, Map<String, Stored> latest, Map<String, Wanted.Order> computing, Instant now,
      Map<String, Node> nodes) {
    double weights = 0;
    double scored = 0;
    double sum = 0;
    double covered = 0;
    boolean waits = true;
    for (Indicator child : tree.childrenOf(indicator.code())) {
      Node node = node(child, tree, latest, computing, now, nodes);
      weights += child.weight();
      covered += child.weight() * node.coverage();
      waits &= node.state() == State.PENDING;
      if (node.score() != null) {
        scored += child.weight();
        sum += child.weight() * node.score();
      }
    }
    Double score = scored > 0 ? sum / scored : null;
    return new Node(indicator, null, score != null ? State.OK : waits ? State.PENDING : State.NONE, score, score == null ? null : Grade.ofScore(score), weights > 0 ? covered / weights : 0, null);
  }

  private static Node leaf(Indicator indicator, Stored stored, Wanted.Order computing, Instant now) {
    if (computing != null && (stored == null || stored.isEarlierThan(indicator))) {
      return new Node(indicator, null, State.COMPUTING, null, null, 0, computing);
    }
    if (stored == null) {
      return new Node(indicator, null, indicator.source() == Source.DATASET ? State.PENDING : State.NONE, null, null, 0, computing);
    }
    boolean fresh = !stored.asOf().plus(indicator.freshFor()).isBefore(now);
    return new Node(indicator, stored, fresh ? State.OK : State.STALE, fresh && indicator.weight() > 0 ? stored.score() : null, stored.grade(), fresh && stored.score() != null ? 1 : 0, computing);
  }
}
