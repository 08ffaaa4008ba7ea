package io.citywide.map.internal.inside;

import io.citywide.map.internal.inside.InsideDesk.LayerCount;
import io.citywide.map.internal.inside.RegionReader.Read;
import io.citywide.map.spi.Region;
import io.citywide.place.Surroundings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.springframework.stereotype.Component;

/** The penetrating query with a building for its region. */
@Component
class BuildingSurroundings implements Surroundings {

  private static final Set<String> LAYERS = Set.of("components", "cases");
  private static final double AT_METERS = 15;
  private static final double WITHOUT_OUTLINE_METERS = 30;
  private static final double METERS_PER_DEGREE = 111_320;
  private static final int FIRST = 20;

  private final InsideDesk desk;

  BuildingSurroundings(InsideDesk desk) {
    this.desk = desk;
  }

  @Override
  public List<Things> around(Geometry outline, double lon, double lat) {
    Region region = outline == null ? new Region.Circle(lon, lat, WITHOUT_OUTLINE_METERS) : new Region.Outline(widened(outline, lat));
    Read read = new Read(region, Map.of(), new double[] {lon, lat}, null);
    return desk.count(read, LAYERS).stream().map(layer -> things(layer, read)).toList();
  }

  /** Degrees of longitude are shorter than those of latitude: made equal for the while. */
  private static Geometry widened(Geometry outline, double lat) {
    double shorter = Math.cos(Math.toRadians(lat));
    Geometry even = AffineTransformation.scaleInstance(shorter, 1).transform(outline).buffer(AT_METERS / METERS_PER_DEGREE, 4);
    return AffineTransformation.scaleInstance(1 / shorter, 1).transform(even);
  }

  private Things things(LayerCount layer, Read read) {
    List<Thing> first = layer.count() == 0 ? List.of() : desk.list(read, layer.id(), Set.of(), null, null, FIRST).items().stream().map(found -> {
      Coordinate at = found.geometry().getCoordinate();
      return new Thing(found.id(), found.kind(), found.titleZh(), found.titleEn(), at.x, at.y, found.grade());
    }).toList();
    return new Things(layer.id(), layer.titleZh(), layer.titleEn(), layer.count(), layer.worst(),
        layer.kinds().stream().map(k -> new Kind(k.kind(), k.titleZh(), k.titleEn(), k.count(), k.worst())).toList(), first);
  }
}
