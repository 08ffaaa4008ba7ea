package io.citywide.map.internal.layer;

import io.citywide.grid.GridBox;
import io.citywide.grid.index.CellSize;
import io.citywide.grid.index.IndexedPoint;
import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.Snapshot;
import io.citywide.grid.index.Where;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.place.Catalogue;
import io.citywide.place.Component;
import io.citywide.place.Component.State;
import io.citywide.place.ComponentIndex;
import io.citywide.place.Components;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import io.citywide.platform.Slice;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Polygon;

/**
 * The components of the city that are in place, over the grid index: cells at low zooms, the components themselves from
 * zoom 14 on while they fit. A kind is a kind of the catalogue; the grade says the state: intact 0, abandoned 1, damaged 2,
 * lost 3. They are reference data, the same for everybody who may see the layer; who is in charge is shown to staff.
 */
@org.springframework.stereotype.Component
class ComponentLayer implements LayerSource {

  static final String NOTICE = "component";

  private static final Layer LAYER = new Layer("components", "部件", "Components", Layer.Shape.POINT, 4, 14, Permission.PLACE_READ, false, NOTICE);

  /** So many in a tile carry their identification code and state; more carry their number, kind and grade; still more only those two. */
  private static final long FEW = 4_000;
  private static final long MANY = 12_000;

  /** Identification codes of one city differ in their last 13 digits, and these JavaScript holds exactly. */
  private static final long WITHIN_CITY = 10_000_000_000_000L;

  /** Beside a tile, as a share of its side: what the index holds within centimetres of the edge is not to be missed. */
  private static final double BESIDE = 0.001;

  private static final int MOST_SHAPES = 200;

  /** The prepared boundary of an area, as it was in an edition of the areas. */
  private record Prepared(String edition, Where where) {}

  private final ComponentIndex index;
  private final Components components;
  private final Catalogue catalogue;
  private final Places places;
  private final Map<String, Prepared> areas = new ConcurrentHashMap<>();

  ComponentLayer(ComponentIndex index, Components components, Catalogue catalogue, Places places) {
    this.index = index;
    this.components = components;
    this.catalogue = catalogue;
    this.places = places;
  }

  @Override
  public Layer layer() {
    return LAYER;
  }

  @Override
  public String revision() {
    return index.revision();
  }

  @Override
  public void draw(TileFrame frame, TilePen pen) {
    KindSet kinds = index.kinds(frame.kinds());
    try (Snapshot snapshot = index.open()) {
      if (frame.zoom() >= LAYER.objectZoom()) {
        objects(snapshot, frame.box(), kinds, pen);
        if (pen.fits()) {
          return;
        }
        pen.clear();
      }
      snapshot.cells(frame.box(), CellSize.ofZoom(frame.zoom()), kinds, (box, count, dominant, worst) -> {
        pen.cell(box, count, index.kindOfGroup(dominant), worst);
        return true;
      });
    }
  }

  private void objects(Snapshot snapshot, GridBox box, KindSet kinds, TilePen pen) {
    double dx = (box.east() - box.west()) * BESIDE;
    double dy = (box.north() - box.south()) * BESIDE;
    Where around = Where.box(new GridBox(Math.max(-180, box.west() - dx), box.south() - dy, Math.min(180, box.east() + dx), box.north() + dy));
    long count = snapshot.count(around, kinds);
    snapshot.each(around, kinds, (key, kind, id, lon, lat) -> {
      pen.point(count <= MANY ? id % WITHIN_CITY : TilePen.NO_ID, lon, lat)
          .tag("kind", index.kindOf(kind)).tag("grade", IndexedPoint.grade(kind));
      if (count <= FEW) {
        pen.tag("state", index.stateOf(kind).name()).tag("ident", index.identOf(id));
      }
      return pen.fits();
    });
  }

  @Override
  public List<KindCount> count(Selection selection) {
    record Sum(long count, int worst) {}
    Map<String, Sum> sums = new TreeMap<>();
    Optional<Where> where = where(selection.region());
    if (where.isEmpty()) {
      return List.of();
    }
    try (Snapshot snapshot = index.open()) {
      snapshot.counts(where.get(), index.kinds(selection.kinds())).forEach((kind, count) -> {
        String id = index.kindOf(kind);
        if (id != null) {
          sums.merge(id, new Sum(count, IndexedPoint.grade(kind)), (a, b) -> new Sum(a.count + b.count, Math.max(a.worst, b.worst)));
        }
      });
    }
    return sums.entrySet().stream().map(e -> new KindCount(e.getKey(), nameZh(e.getKey()), nameEn(e.getKey()), e.getValue().count, e.getValue().worst))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  /** In the order of the grid. Names and the rest come from the database, in one statement for a page. */
  @Override
  public Slice<Found> list(Selection selection, String after, int limit) {
    Optional<Where> where = where(selection.region());
    if (where.isEmpty()) {
      return new Slice<>(List.of(), null);
    }
    List<IndexedPoint> points;
    try (Snapshot snapshot = index.open()) {
      points = snapshot.page(where.get(), index.kinds(selection.kinds()), after == null ? null : cursor(after), limit + 1);
    }
    List<IndexedPoint> page = points.subList(0, Math.min(limit, points.size()));
    Map<String, Component> rows = components.list(page.stream().map(p -> index.identOf(p.id())).toList()).stream().collect(Collectors.toMap(Component::ident, Function.identity()));
    List<Found> found = page.stream().map(p -> rows.get(index.identOf(p.id()))).filter(c -> c != null && c.state() != State.REMOVED).map(this::found).toList();
    return new Slice<>(found, points.size() > limit ? text(page.getLast()) : null);
  }

  private static String text(IndexedPoint point) {
    return Long.toString(point.key(), Character.MAX_RADIX) + "-" + point.kind() + "-" + Long.toString(point.id(), Character.MAX_RADIX);
  }

  private static IndexedPoint cursor(String text) {
    String[] parts = text.split("-");
    if (parts.length != 3) {
      throw new IllegalArgumentException("after is the cursor next of the page before");
    }
    return new IndexedPoint(Long.parseLong(parts[0], Character.MAX_RADIX), Integer.parseInt(parts[1]), Long.parseLong(parts[2], Character.MAX_RADIX));
  }

  @Override
  public Optional<Found> find(String id) {
    return components.find(id).filter(c -> c.state() != State.REMOVED).map(this::found);
  }

  private Found found(Component component) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("ident", component.ident());
    properties.put("name", component.name());
    properties.put("kindName", nameZh(component.kindId()));
    properties.put("state", component.state().name());
    properties.put("areaCode", component.areaCode());
    if (Viewer.current().may(Permission.PLACE_READ)) {
      properties.put("place", component.areaCode() == null ? null : places.describe(component.areaCode()));
      properties.put("ownerCode", component.ownerCode());
      properties.put("source", component.source());
    }
    properties.put("accuracy", component.accuracy());
    properties.put("recordedOn", component.recordedOn());
    properties.put("changedOn", component.changedOn());
    return new Found(component.ident(), component.kindId(), component.name(), nameEn(component.kindId()),
        Shapes.FACTORY.createPoint(new Coordinate(component.lon(), component.lat())), grade(component.state()), properties);
  }

  private static int grade(State state) {
    return switch (state) {
      case INTACT, REMOVED -> 0;
      case ABANDONED -> 1;
      case DAMAGED -> 2;
      case LOST -> 3;
    };
  }

  private String nameZh(String kindId) {
    return catalogue.findKind(kindId).map(Kind::nameZh).orElse(kindId);
  }

  private String nameEn(String kindId) {
    return catalogue.findKind(kindId).map(Kind::nameEn).orElse(kindId);
  }

  /** Empty where nothing can lie: an area whose boundary is not known. */
  private Optional<Where> where(Region region) {
    return switch (region) {
      case Region.Anywhere() -> Optional.of(Where.everywhere());
      case Region.Box(GridBox box) -> Optional.of(Where.box(box));
      case Region.Circle circle -> Optional.of(Where.circle(circle.lon(), circle.lat(), circle.radiusMeters()));
      case Region.Outline(Geometry outline) -> Optional.of(polygon(outline));
      case Region.InArea(String code) -> ofArea(code);
    };
  }

  /** Prepared once: half a city has a long boundary, and is asked about often. */
  private Optional<Where> ofArea(String code) {
    String edition = places.edition();
    Prepared known = areas.get(code);
    if (known != null && known.edition.equals(edition)) {
      return Optional.of(known.where);
    }
    Optional<Where> where = places.boundary(code).map(ComponentLayer::polygon);
    if (areas.size() >= MOST_SHAPES) {
      areas.clear();
    }
    where.ifPresent(w -> areas.put(code, new Prepared(edition, w)));
    return where;
  }

  private static Where polygon(Geometry outline) {
    int count = 0;
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      count += 1 + ((Polygon) outline.getGeometryN(i)).getNumInteriorRing();
    }
    double[][] rings = new double[count][];
    int at = 0;
    for (int i = 0; i < outline.getNumGeometries(); i++) {
      Polygon polygon = (Polygon) outline.getGeometryN(i);
      rings[at++] = flat(polygon.getExteriorRing());
      for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
        rings[at++] = flat(polygon.getInteriorRingN(hole));
      }
    }
    return Where.polygon(rings);
  }

  private static double[] flat(LineString ring) {
    Coordinate[] points = ring.getCoordinates();
    double[] flat = new double[2 * points.length];
    for (int i = 0; i < points.length; i++) {
      flat[2 * i] = points[i].x;
      flat[2 * i + 1] = points[i].y;
    }
    return flat;
  }
}
