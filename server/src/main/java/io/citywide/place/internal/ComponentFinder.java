package io.citywide.place.internal;

import io.citywide.grid.GridBox;
import io.citywide.grid.index.IndexedPoint;
import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.Snapshot;
import io.citywide.grid.index.Where;
import io.citywide.place.Component;
import io.citywide.place.Component.State;
import io.citywide.place.ComponentIndex;
import io.citywide.place.Components;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.transaction.annotation.Transactional;

/**
 * Components by where they stand: the index says which, the register says what they are. So the register needs no index
 * of places of its own, and a component that changed since the index looked is answered as it is now.
 *
 * <p>Each method throws {@link io.citywide.platform.ProblemException} with {@link io.citywide.place.PlaceProblem#INDEX_BUILDING}
 * while the index is built for the first time.
 */
@org.springframework.stereotype.Component
public class ComponentFinder {

  private static final Set<State> STANDING = Set.of(State.INTACT, State.DAMAGED, State.LOST);

  /** Beyond the first, for those that went since the index looked. */
  private static final int NEAREST = 8;

  private final ComponentIndex index;
  private final Components components;
  private final KindStore kinds;

  ComponentFinder(ComponentIndex index, Components components, KindStore kinds) {
    this.index = index;
    this.components = components;
    this.kinds = kinds;
  }

  /** A component and how far away it is. */
  public record Near(Component component, double distanceMeters) {}

  /**
   * The nearest component that is still there (neither abandoned nor removed).
   *
   * @param radiusMeters more than 0, at most 2,000
   * @param kindId kind of component, or of a matter about a component (供水井盖异常 → 供水井盖); {@code null}: any
   * @throws IllegalArgumentException for a position or radius outside its bounds
   */
  @Transactional(readOnly = true)
  public Optional<Near> nearest(double lon, double lat, double radiusMeters, String kindId) {
    if (!(radiusMeters > 0 && radiusMeters <= 2_000)) {
      throw new IllegalArgumentException("radius must be above 0 and at most 2000 m, was " + radiusMeters);
    }
    KindSet wanted = index.states(STANDING);
    if (kindId != null) {
      wanted = wanted.and(index.kinds(Set.of(kinds.findKind(kindId).map(k -> k.componentKindId() == null ? k.id() : k.componentKindId()).orElse(kindId))));
    }
    Map<String, Double> meters = new LinkedHashMap<>();
    try (Snapshot now = index.open()) {
      now.nearest(lon, lat, NEAREST, radiusMeters, wanted).forEach(near -> meters.put(index.identOf(near.point().id()), near.meters()));
    }
    return rows(List.copyOf(meters.keySet())).stream().filter(c -> STANDING.contains(c.state())).findFirst().map(c -> new Near(c, meters.get(c.ident())));
  }

  /** Components in a box that were not removed, at most {@code limit}, those near one another beside one another. */
  @Transactional(readOnly = true)
  public List<Component> inBox(GridBox box, int limit) {
    List<String> idents;
    try (Snapshot now = index.open()) {
      idents = now.page(Where.box(box), KindSet.all(), null, limit).stream().map(IndexedPoint::id).map(index::identOf).toList();
    }
    return rows(idents).stream().filter(c -> c.state() != State.REMOVED).toList();
  }

  /** In the order of the idents. */
  private List<Component> rows(List<String> idents) {
    Map<String, Component> byIdent = components.list(idents).stream().collect(Collectors.toMap(Component::ident, Function.identity()));
    return idents.stream().map(byIdent::get).filter(c -> c != null).toList();
  }
}
