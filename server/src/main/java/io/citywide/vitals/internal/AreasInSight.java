package io.citywide.vitals.internal;

import io.citywide.identity.Viewer;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.vitals.VitalsProblem;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The areas whose vital signs the viewer may see: those of the own area down to communities. */
@Component
public class AreasInSight {

  /** An area as answers name it. */
  public record AreaName(String code, String name, String nameEn, AreaLevel level) {

    static AreaName of(Area area) {
      return new AreaName(area.code(), area.name(), area.nameEn(), area.level());
    }
  }

  private final Places places;

  AreasInSight(Places places) {
    this.places = places;
  }

  /**
   * @param code blank or {@code null}: the viewer's own area, of who has none the first of the city
   * @throws ProblemException {@code vitals.unknown-area} also for one that is out of sight
   */
  Area get(String code) {
    Viewer viewer = Viewer.current();
    String wanted = code != null && !code.isBlank() ? code
        : viewer.areaCode() == null || viewer.areaCode().isEmpty() ? places.listAreas().stream().findFirst().map(Area::code).orElse("") : viewer.areaCode();
    // Who works in a unit grid sees the vital signs of nothing: they end with communities.
    return places.findArea(wanted).filter(a -> a.level() != AreaLevel.UNIT_GRID && viewer.area().covers(a.code()))
        .orElseThrow(() -> new ProblemException(VitalsProblem.UNKNOWN_AREA, "there is no area '" + wanted + "' down to communities in your sight",
            Map.of("field", "area", "value", wanted)).zh("没有区域“" + wanted + "”，或不在您的管理范围内"));
  }

  /** Code of the area; see {@link #get}. */
  public String getCode(String code) {
    return get(code).code();
  }

  /** The areas directly below it. */
  List<Area> below(Area area) {
    return places.listChildren(area.code()).stream().filter(a -> a.level() != AreaLevel.UNIT_GRID && Viewer.current().area().covers(a.code())).toList();
  }

  /** From the highest in sight down to the area itself. */
  List<AreaName> chain(Area area) {
    return places.chain(area.code()).stream().filter(a -> Viewer.current().area().covers(a.code())).map(AreaName::of).toList();
  }
}
