package io.citywide.place.internal;

import io.citywide.place.CoordinateSystem;
import io.citywide.place.CoordinateSystem.Position;
import io.citywide.place.internal.ComponentReader.Read;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.CoordinateSequenceFilter;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.index.strtree.GeometryItemDistance;
import org.locationtech.jts.index.strtree.STRtree;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Whether a file's positions are in the coordinate system it says. GCJ-02 given as WGS-84 moves a whole file by half a
 * kilometre, and no single row looks wrong. But components stand along roads, and known ones where they are known: the
 * sample is read in each system, and one that brings it at least {@value #TIMES} times nearer is named with the figures.
 */
@Component
class SystemCheck {

  private static final int LEAST = 20;
  private static final int TIMES = 3;
  /** Nearer than this is the width of a road and tells nothing. */
  private static final double NEAR_METERS = 15;
  private static final double MARGIN_DEGREES = 0.02;
  private static final double METERS_PER_DEGREE = 111_319.49;
  private static final List<CoordinateSystem> SYSTEMS = List.of(CoordinateSystem.WGS84, CoordinateSystem.GCJ02, CoordinateSystem.BD09);

  private final JdbcClient jdbc;

  SystemCheck(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** At most one doubt for each thing to compare with. */
  List<SystemDoubt> check(List<Read> sample) {
    List<SystemDoubt> doubts = new ArrayList<>();
    if (sample.size() >= LEAST) {
      againstRegister(sample).ifPresent(doubts::add);
      againstRoads(sample).ifPresent(doubts::add);
    }
    return doubts;
  }

  private Optional<SystemDoubt> againstRegister(List<Read> sample) {
    Map<String, Position> known = new HashMap<>();
    // Without the rows that this import has written already.
    jdbc.sql("SELECT ident, lon, lat FROM place_component WHERE ident = ANY (:idents) AND changed_xid <> pg_current_xact_id()::text::bigint").param("idents", sample.stream().map(Read::ident).toArray(String[]::new))
        .query((row, n) -> known.put(row.getString(1), new Position(row.getDouble(2), row.getDouble(3)))).list();
    List<Read> both = sample.stream().filter(c -> known.containsKey(c.ident())).toList();
    return judge(both, "register", system -> median(both, c -> {
      Position at = readAs(c, system);
      Position was = known.get(c.ident());
      return Math.hypot((at.lon() - was.lon()) * Math.cos(Math.toRadians(at.lat())), at.lat() - was.lat()) * METERS_PER_DEGREE;
    }));
  }

  private Optional<SystemDoubt> againstRoads(List<Read> sample) {
    Envelope around = new Envelope();
    sample.forEach(c -> around.expandToInclude(c.at().lon(), c.at().lat()));
    around.expandBy(MARGIN_DEGREES);
    double scale = Math.cos(Math.toRadians(around.centre().y));
    STRtree roads = new STRtree();
    jdbc.sql("SELECT geometry FROM place_feature WHERE layer = 'roads' AND lon BETWEEN :west AND :east AND lat BETWEEN :south AND :north")
        .param("west", around.getMinX()).param("east", around.getMaxX()).param("south", around.getMinY()).param("north", around.getMaxY())
        .query((row, n) -> AreaStore.geometry(row.getBytes(1))).list()
        .forEach(road -> {
          Geometry flat = flat(road, scale);
          roads.insert(flat.getEnvelopeInternal(), flat);
        });
    if (roads.isEmpty()) {
      return Optional.empty();
    }
    GeometryItemDistance distance = new GeometryItemDistance();
    return judge(sample, "roads", system -> median(sample, c -> {
      Position at = readAs(c, system);
      Point point = GeoJson.FACTORY.createPoint(new Coordinate(at.lon() * scale, at.lat()));
      Geometry nearest = (Geometry) roads.nearestNeighbour(point.getEnvelopeInternal(), point, distance);
      return nearest.distance(point) * METERS_PER_DEGREE;
    }));
  }

  /** Degrees of equal length in both directions. */
  private static Geometry flat(Geometry road, double scale) {
    Geometry flat = road.copy();
    flat.apply(new CoordinateSequenceFilter() {
      @Override
      public void filter(CoordinateSequence points, int i) {
        points.setOrdinate(i, 0, points.getX(i) * scale);
      }

      @Override
      public boolean isDone() {
        return false;
      }

      @Override
      public boolean isGeometryChanged() {
        return true;
      }
    });
    return flat;
  }

  private static Position readAs(Read component, CoordinateSystem system) {
    Position said = component.system().fromWgs84(component.at().lon(), component.at().lat());
    return system.toWgs84(said.lon(), said.lat());
  }

  private static Optional<SystemDoubt> judge(List<Read> compared, String against, ToDoubleFunction<CoordinateSystem> median) {
    if (compared.size() < LEAST) {
      return Optional.empty();
    }
    CoordinateSystem declared = compared.getFirst().system();
    double asDeclared = median.applyAsDouble(declared);
    CoordinateSystem likely = declared;
    double least = asDeclared;
    for (CoordinateSystem system : SYSTEMS) {
      double meters = median.applyAsDouble(system);
      if (meters < least) {
        least = meters;
        likely = system;
      }
    }
    if (asDeclared < NEAR_METERS || least * TIMES > asDeclared) {
      return Optional.empty();
    }
    String thing = against.equals("roads") ? "the nearest road" : "where the register has the same component";
    return Optional.of(new SystemDoubt(declared.name(), likely.name(), against, compared.size(), round(asDeclared), round(least),
        "the file says " + declared + ", but its positions look like " + likely + ": of " + compared.size() + " compared, half lie more than " + round(asDeclared)
            + " m from " + thing + " as declared, and half within " + round(least) + " m read as " + likely + "; if so, set crs: " + likely + " in the mapping and import again"));
  }

  private static double median(List<Read> sample, ToDoubleFunction<Read> meters) {
    double[] all = sample.stream().mapToDouble(meters).toArray();
    Arrays.sort(all);
    return all[all.length / 2];
  }

  private static double round(double meters) {
    return Math.round(meters * 10) / 10.0;
  }
}
