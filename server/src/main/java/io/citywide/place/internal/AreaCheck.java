package io.citywide.place.internal;

import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.geom.util.AffineTransformation;
import org.locationtech.jts.index.strtree.STRtree;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.operation.valid.IsValidOp;

/**
 * Whether an import leaves the area tree sound: rings valid, every area inside its parent, siblings apart, and unit
 * grids covering their community without gap or overlap (GB/T 30428.1 and GB/T 47678.3: 无缝拼接). What is smaller than
 * the tolerance in square metres is forgiven, as neighbours are often digitised apart. Areas are measured in the plane
 * around each parent, exact to a few per mille.
 */
final class AreaCheck {

  private static final double METERS_PER_DEGREE = 111_319.49;

  private final double tolerance;
  private final LocalDate today;
  private final Map<String, AreaDraft> before;
  private final Map<String, AreaDraft> after = new TreeMap<>();
  private final List<AreaFault> faults = new ArrayList<>();

  /** @param before all areas of the table by code, ended ones too */
  AreaCheck(Map<String, AreaDraft> before, double toleranceSquareMeters, LocalDate today) {
    this.before = before;
    this.tolerance = toleranceSquareMeters;
    this.today = today;
  }

  /** All faults of an import; empty when the tree is sound after it. */
  List<AreaFault> check(List<AreaDraft> imported) {
    Map<String, AreaDraft> seen = new HashMap<>();
    for (AreaDraft draft : imported) {
      AreaDraft twice = seen.put(draft.code(), draft);
      if (twice != null) {
        fault(draft, "code appears twice, first in feature " + twice.feature(), draft.center());
      }
      checkHistory(draft);
      checkRings(draft);
    }
    if (!faults.isEmpty()) {
      return faults; // shapes that are broken in themselves say nothing about their neighbours
    }
    before.values().stream().filter(this::inForce).forEach(a -> after.put(a.code(), a));
    imported.forEach(a -> {
      if (inForce(a)) {
        after.put(a.code(), a);
      } else {
        after.remove(a.code());
      }
    });
    Map<String, List<AreaDraft>> families = new TreeMap<>();
    for (AreaDraft area : after.values()) {
      AreaCode.parentOf(area.code()).ifPresent(parent -> {
        if (!after.containsKey(parent)) {
          fault(area, "its parent " + parent + " is neither in the file nor known", area.center());
        } else {
          families.computeIfAbsent(parent, p -> new ArrayList<>()).add(area);
        }
      });
    }
    families.forEach((parent, children) -> {
      AreaDraft above = after.get(parent);
      if (above.feature() >= 0 || children.stream().anyMatch(c -> c.feature() >= 0)) {
        checkFamily(above, children);
      } else if (imported.stream().anyMatch(a -> !inForce(a) && parent.equals(AreaCode.parentOf(a.code()).orElse(null)))) {
        checkFamily(above, children);
      }
    });
    return faults;
  }

  private boolean inForce(AreaDraft area) {
    return area.validTo() == null || !area.validTo().isBefore(today);
  }

  private void checkHistory(AreaDraft draft) {
    AreaDraft known = before.get(draft.code());
    if (known == null) {
      return;
    }
    if (!inForce(known) && inForce(draft)) {
      fault(draft, "the code was ended on " + known.validTo() + " and is never used again; give the area a new code", draft.center());
    }
    if (AreaCode.levelOf(draft.code()) == AreaLevel.UNIT_GRID && inForce(draft) && known.boundary() != null
        && draft.boundary() != null && differs(known.boundary(), draft.boundary())) {
      fault(draft, "a unit grid with another boundary needs a new code; end this one with validTo", draft.center());
    }
  }

  private boolean differs(Geometry a, Geometry b) {
    if (a.equalsExact(b, 1e-9)) {
      return false;
    }
    Plane plane = new Plane(a);
    return !b.isValid() || overlay(plane.of(a), plane.of(b), OverlayNG.SYMDIFFERENCE).getArea() > tolerance;
  }

  private void checkRings(AreaDraft draft) {
    if (draft.boundary() == null) {
      return;
    }
    var error = new IsValidOp(draft.boundary()).getValidationError();
    if (error != null) {
      fault(draft, "the boundary is not valid: " + error.getMessage(), where(error.getCoordinate()));
    } else if (draft.boundary().isEmpty() || new Plane(draft.boundary()).of(draft.boundary()).getArea() < 1) {
      fault(draft, "the boundary encloses less than 1 m²", draft.center());
    }
  }

  private void checkFamily(AreaDraft parent, List<AreaDraft> children) {
    List<AreaDraft> drawn = children.stream().filter(c -> c.boundary() != null).toList();
    if (drawn.isEmpty()) {
      return;
    }
    Geometry frame = parent.boundary() != null ? parent.boundary() : drawn.getFirst().boundary();
    Plane plane = new Plane(frame);
    List<Geometry> shapes = drawn.stream().map(c -> plane.of(c.boundary())).toList();
    boolean apart = checkSiblings(drawn, shapes, plane);
    if (parent.boundary() == null) {
      return;
    }
    Geometry outline = plane.of(parent.boundary());
    var prepared = PreparedGeometryFactory.prepare(outline);
    boolean inside = true;
    for (int i = 0; i < shapes.size(); i++) {
      if (!prepared.covers(shapes.get(i))) {
        Geometry outside = overlay(shapes.get(i), outline, OverlayNG.DIFFERENCE);
        if (outside.getArea() > tolerance) {
          inside = false;
          fault(drawn.get(i), "%.1f m² of it lie outside its parent %s %s".formatted(outside.getArea(), parent.code(), parent.name()),
              plane.where(outside));
        }
      }
    }
    boolean grids = AreaCode.levelOf(drawn.getFirst().code()) == AreaLevel.UNIT_GRID;
    if (grids && drawn.size() == children.size()) {
      checkCover(parent, outline, shapes, plane, apart && inside);
    }
  }

  private boolean checkSiblings(List<AreaDraft> drawn, List<Geometry> shapes, Plane plane) {
    boolean apart = true;
    STRtree index = new STRtree();
    for (int i = 0; i < shapes.size(); i++) {
      index.insert(shapes.get(i).getEnvelopeInternal(), i);
    }
    for (int i = 0; i < shapes.size(); i++) {
      for (Object found : index.query(shapes.get(i).getEnvelopeInternal())) {
        int other = (Integer) found;
        if (other <= i) {
          continue;
        }
        Geometry shared = overlay(shapes.get(i), shapes.get(other), OverlayNG.INTERSECTION);
        if (shared.getArea() > tolerance) {
          apart = false;
          AreaDraft blamed = drawn.get(other).feature() >= 0 ? drawn.get(other) : drawn.get(i);
          AreaDraft second = blamed == drawn.get(i) ? drawn.get(other) : drawn.get(i);
          fault(blamed, "overlaps %s %s by %.1f m²".formatted(second.code(), second.name(), shared.getArea()), plane.where(shared));
        }
      }
    }
    return apart;
  }

  private void checkCover(AreaDraft community, Geometry outline, List<Geometry> grids, Plane plane, boolean soundSoFar) {
    if (soundSoFar) {
      // The parts lie inside and apart, so a gap shows in the sum, without the cost of a union.
      double missing = outline.getArea() - grids.stream().mapToDouble(Geometry::getArea).sum();
      if (missing <= tolerance) {
        return;
      }
    }
    Geometry gap = overlay(outline, OverlayNGRobust.union(grids), OverlayNG.DIFFERENCE);
    for (int i = 0; i < gap.getNumGeometries(); i++) {
      Geometry piece = gap.getGeometryN(i);
      if (piece.getArea() > tolerance) {
        fault(community, "its unit grids leave a gap of %.1f m²".formatted(piece.getArea()), plane.where(piece));
      }
    }
  }

  private static Geometry overlay(Geometry a, Geometry b, int operation) {
    return OverlayNGRobust.overlay(a, b, operation);
  }

  private void fault(AreaDraft area, String fault, double[] where) {
    faults.add(new AreaFault(area.feature(), area.code(), fault, where));
  }

  private static double[] where(Coordinate c) {
    return c == null ? null : new double[] {c.x, c.y};
  }

  /** Metres around the middle of a shape. */
  private static final class Plane {
    private final AffineTransformation toMeters;
    private final double lon;
    private final double lat;
    private final double scaleX;

    Plane(Geometry around) {
      var middle = around.getEnvelopeInternal().centre();
      lon = middle.x;
      lat = middle.y;
      scaleX = METERS_PER_DEGREE * Math.cos(Math.toRadians(lat));
      toMeters = AffineTransformation.translationInstance(-lon, -lat).scale(scaleX, METERS_PER_DEGREE);
    }

    Geometry of(Geometry degrees) {
      return toMeters.transform(degrees);
    }

    double[] where(Geometry meters) {
      var point = meters.getInteriorPoint().getCoordinate();
      return new double[] {
        Math.rint((point.x / scaleX + lon) * 1e7) / 1e7, Math.rint((point.y / METERS_PER_DEGREE + lat) * 1e7) / 1e7
      };
    }
  }
}
