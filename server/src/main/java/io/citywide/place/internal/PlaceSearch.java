package io.citywide.place.internal;

import io.citywide.place.Area;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Finds areas, roads and other named things of the base map, and components, by words or codes. */
@Component
public class PlaceSearch {

  /**
   * Something that was found.
   *
   * @param kind {@code area}, {@code component}, or the base map's layer in the singular, such as {@code road}
   * @param lon {@code null} for an area without a position
   */
  public record Found(String kind, String name, Double lon, Double lat, String areaCode) {}

  private final AreaStore areas;
  private final JdbcClient jdbc;

  PlaceSearch(AreaStore areas, JdbcClient jdbc) {
    this.areas = areas;
    this.jdbc = jdbc;
  }

  /**
   * @param words 1 to 100 characters
   * @param limit 1..100
   */
  @Transactional(readOnly = true)
  public List<Found> find(String words, int limit) {
    String wanted = words.strip();
    if (wanted.isEmpty() || wanted.length() > 100) {
      throw new ProblemException(PlatformProblem.INVALID, "q must have 1 to 100 characters", Map.of("field", "q")).zh("搜索词须为 1 至 100 字");
    }
    if (limit < 1 || limit > 100) {
      throw new ProblemException(PlatformProblem.INVALID, "limit must be 1..100, was " + limit, Map.of("field", "limit"));
    }
    List<Found> found = new ArrayList<>();
    for (Area area : areas.search(wanted, limit)) {
      found.add(new Found("area", area.name().equals(areas.describe(area.code())) ? area.name() : areas.describe(area.code()),
          area.center() == null ? null : area.center()[0], area.center() == null ? null : area.center()[1], area.code()));
    }
    if (found.size() < limit) {
      found.addAll(features(wanted, limit - found.size()));
    }
    if (found.size() < limit && wanted.matches("[0-9]{6,17}")) {
      found.addAll(components(wanted, limit - found.size()));
    }
    return found;
  }

  private List<Found> features(String wanted, int limit) {
    return jdbc.sql(
            """
            SELECT layer, name, min(lon) AS lon, min(lat) AS lat
            FROM (SELECT DISTINCT ON (layer, name) layer, name, lon, lat FROM place_feature
                  WHERE name LIKE '%' || :wanted || '%' ORDER BY layer, name, id) named
            GROUP BY layer, name
            ORDER BY name NOT LIKE :wanted || '%', length(name), name LIMIT :limit
            """)
        .param("wanted", wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_"))
        .param("limit", limit)
        .query((row, n) -> {
          double lon = row.getDouble("lon");
          double lat = row.getDouble("lat");
          String layer = row.getString("layer");
          return new Found(layer.endsWith("s") ? layer.substring(0, layer.length() - 1) : layer, row.getString("name"), lon, lat,
              areas.locate(lon, lat).map(s -> s.areaCode()).orElse(null));
        })
        .list();
  }

  private List<Found> components(String wanted, int limit) {
    return jdbc.sql(
            """
            SELECT ident, name, lon, lat, area_code FROM place_component
            WHERE ident >= :wanted AND ident < :wanted || '~' ORDER BY ident LIMIT :limit
            """)
        .param("wanted", wanted)
        .param("limit", limit)
        .query((row, n) -> new Found("component", row.getString("name") + " " + row.getString("ident"), row.getDouble("lon"),
            row.getDouble("lat"), row.getString("area_code")))
        .list();
  }
}
