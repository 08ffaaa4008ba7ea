package io.citywide.map.internal.layer;

import io.citywide.identity.Permission;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.place.Area;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.Slice;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.springframework.stereotype.Component;

/**
 * Boundaries of areas; a kind is a level of the tree. They are reference data, the same for everybody who may see the
 * layer. A level shows from the zoom on at which its areas are larger than their names.
 */
@Component
class AreaLayer implements LayerSource {

  private static final Layer LAYER = new Layer("areas", "区域", "Areas", Layer.Shape.AREA, 0, 0, Permission.PLACE_READ, false, null);

  private static final Map<AreaLevel, Integer> FROM_ZOOM =
      new EnumMap<>(Map.of(AreaLevel.CITY, 0, AreaLevel.DISTRICT, 7, AreaLevel.STREET, 10, AreaLevel.COMMUNITY, 12, AreaLevel.UNIT_GRID, 14));

  private final Places places;

  AreaLayer(Places places) {
    this.places = places;
  }

  @Override
  public Layer layer() {
    return LAYER;
  }

  @Override
  public String revision() {
    return places.edition();
  }

  /** Wider levels first; the first level that would not fit into the tile is left out, and those below it. */
  @Override
  public void draw(TileFrame frame, TilePen pen) {
    List<AreaLevel> drawn = Arrays.stream(AreaLevel.values()).filter(l -> frame.zoom() >= FROM_ZOOM.get(l))
        .filter(l -> frame.kinds().isEmpty() || frame.kinds().contains(l.name())).toList();
    for (int levels = drawn.size(); levels > 0; levels--) {
      for (AreaLevel level : drawn.subList(0, levels)) {
        draw(level, pen);
      }
      if (pen.fits()) {
        return;
      }
      pen.clear();
    }
  }

  private void draw(AreaLevel level, TilePen pen) {
    for (Area area : places.listAreas()) {
      if (area.level() == level && area.boundary()) {
        places.boundary(area.code()).ifPresent(boundary -> pen.geometry(number(area.code()), boundary)
            .tag("kind", level.name()).tag("grade", 0).tag("code", area.code()).tag("name", area.name()).tag("nameEn", area.nameEn()));
      }
    }
  }

  /** A code of digits is its own number; 15 digits stay below 2^53. One with letters gets a number that is steady, below 2^52. */
  private static long number(String code) {
    if (code.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Long.parseLong(code);
    }
    long hash = 1125899906842597L;
    for (int i = 0; i < code.length(); i++) {
      hash = 31 * hash + code.charAt(i);
    }
    return hash & (1L << 52) - 1;
  }

  @Override
  public List<KindCount> count(Selection selection) {
    Map<AreaLevel, Long> counts = new EnumMap<>(AreaLevel.class);
    select(selection).forEach(a -> counts.merge(a.level(), 1L, Long::sum));
    return counts.entrySet().stream().map(e -> new KindCount(e.getKey().name(), e.getKey().nameZh(), nameEn(e.getKey()), e.getValue(), 0))
        .sorted(Comparator.comparingLong(KindCount::count).reversed().thenComparing(KindCount::kind)).toList();
  }

  /** In the order of codes. */
  @Override
  public Slice<Found> list(Selection selection, String after, int limit) {
    List<Area> rest = select(selection).sorted(Comparator.comparing(Area::code)).filter(a -> after == null || a.code().compareTo(after) > 0)
        .limit(limit + 1L).toList();
    List<Area> page = rest.subList(0, Math.min(limit, rest.size()));
    return new Slice<>(page.stream().map(this::found).toList(), rest.size() > limit ? page.getLast().code() : null);
  }

  @Override
  public Optional<Found> find(String id) {
    return places.findArea(id).filter(a -> a.code().equals(id)).filter(Area::boundary).map(this::found);
  }

  /** Areas with a boundary that the region touches; of an area all below it and itself. */
  private Stream<Area> select(Selection selection) {
    Stream<Area> areas = places.listAreas().stream().filter(Area::boundary)
        .filter(a -> selection.kinds().isEmpty() || selection.kinds().contains(a.level().name()));
    if (selection.region() instanceof Region.InArea(String code)) {
      return areas.filter(a -> AreaCode.within(a.code(), code));
    }
    Optional<PreparedGeometry> shape = Shapes.of(selection.region(), places).map(PreparedGeometryFactory::prepare);
    return shape.isEmpty() ? areas : areas.filter(a -> touches(shape.get(), a));
  }

  private boolean touches(PreparedGeometry shape, Area area) {
    Geometry boundary = places.boundary(area.code()).orElse(null);
    return boundary != null && shape.getGeometry().getEnvelopeInternal().intersects(boundary.getEnvelopeInternal()) && shape.intersects(boundary);
  }

  private Found found(Area area) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("code", area.code());
    properties.put("level", area.level().name());
    properties.put("name", area.name());
    properties.put("nameEn", area.nameEn());
    properties.put("parentCode", area.parentCode());
    return new Found(area.code(), area.level().name(), area.name(), area.nameEn() == null ? area.name() : area.nameEn(),
        places.boundary(area.code()).orElseThrow(), 0, properties);
  }

  private static String nameEn(AreaLevel level) {
    String words = level.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
