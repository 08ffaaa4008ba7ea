package io.citywide.sensing.internal.sta;

import io.citywide.identity.AreaScope;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Viewer;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.Rows.Cell;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.springframework.stereotype.Component;

/** Whose an entity is that is made: of an area, and of a unit. */
@Component
class Charge {

  private final Places places;

  Charge(Places places) {
    this.places = places;
  }

  static Map<String, Cell> owned(Map<String, Cell> columns, String area) {
    columns.put("area_code", new Cell("text", area));
    return columns;
  }

  static Map<String, Cell> placed(Map<String, Cell> columns, String area) {
    columns.put("owner_unit_id", Cell.id(Viewer.current().unitId()));
    return owned(columns, area);
  }

  /** The area that whoever makes it is charged with. */
  static String area() {
    Viewer viewer = Viewer.current();
    if (viewer.area().equals(AreaScope.NONE)) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, viewer.displayName() + " is charged with no area in which something could be made").zh("没有负责的区域，不能创建");
    }
    return viewer.areaCode() == null ? "" : viewer.areaCode();
  }

  /** The area around a geometry where it lies within the own one; else the own. */
  String area(Geometry geometry) {
    String own = area();
    if (geometry == null) {
      return own;
    }
    Coordinate at = geometry.getCentroid().getCoordinate();
    if (at == null || Math.abs(at.y) >= 87.9) {
      return own;
    }
    return places.locate(at.x, at.y).map(spot -> spot.areaCode()).filter(Viewer.current().area()::covers).orElse(own);
  }
}
