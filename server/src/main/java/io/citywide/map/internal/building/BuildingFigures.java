package io.citywide.map.internal.building;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.AreaFigureSource;
import io.citywide.place.Buildings;
import io.citywide.place.Buildings.Sum;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Buildings and households by area, from the sums by community: one statement, as they are now. */
@Component
class BuildingFigures implements AreaFigureSource {

  private static final String BUILDINGS = "buildings";
  private static final Map<String, String> FIGURES = Map.of(Buildings.HOUSEHOLDS, "households", "CARED_FOR", "caredFor");

  private final Buildings buildings;

  BuildingFigures(Buildings buildings) {
    this.buildings = buildings;
  }

  @Override
  public List<Figure> figures() {
    return Viewer.current().may(Permission.BUILDING_READ)
        ? List.of(new Figure(BUILDINGS, "楼宇", "Buildings"), new Figure("households", "住户", "Households"), new Figure("caredFor", "关爱户", "Households cared for")) : List.of();
  }

  @Override
  public Map<String, Map<String, Long>> count(String root, Instant at) {
    if (!Viewer.current().may(Permission.BUILDING_READ)) {
      return Map.of();
    }
    Map<String, Map<String, Long>> byArea = new HashMap<>();
    for (Sum sum : buildings.sums(AreaScope.of(root))) {
      String figure = sum.figure().startsWith("USE:") ? BUILDINGS : FIGURES.get(sum.figure());
      if (figure != null) {
        byArea.computeIfAbsent(sum.areaCode(), a -> new HashMap<>()).merge(figure, sum.n(), Long::sum);
      }
    }
    return byArea;
  }
}
