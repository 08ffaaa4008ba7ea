package io.citywide.sensing.internal.registry;

import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.SearchSource;
import io.citywide.place.Places;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Devices by the beginning of their code or of their name: ranges of two indexes, whatever their number is. */
@Component
class DeviceSearch implements SearchSource {

  private final JdbcClient jdbc;
  private final Places places;

  DeviceSearch(JdbcClient jdbc, Places places) {
    this.jdbc = jdbc;
    this.places = places;
  }

  @Override
  @Transactional(readOnly = true)
  public List<Hit> search(String text, int limit) {
    if (text.length() < 2 || !Viewer.current().may(Permission.SENSING_READ)) {
      return List.of();
    }
    return jdbc.sql(
            """
            (SELECT code, name, area_code, lon, lat FROM sensing_device WHERE code >= :from AND code < :from || '~' ORDER BY code LIMIT :limit)
            UNION
            (SELECT code, name, area_code, lon, lat FROM sensing_device WHERE name COLLATE "C" >= :from COLLATE "C" AND name COLLATE "C" < (:from || U&'\\FFFD') COLLATE "C"
             ORDER BY name COLLATE "C" LIMIT :limit)
            LIMIT :limit
            """)
        .param("from", text).param("limit", limit)
        .query((row, n) -> {
          String code = row.getString("code");
          String title = row.getString("name").equals(code) ? code : row.getString("name") + " " + code;
          String area = row.getString("area_code");
          return new Hit("device", code, title, title, area == null ? null : places.describe(area), row.getDouble("lon"), row.getDouble("lat"),
              code.equals(text) || row.getString("name").equals(text) ? 1 : 0.5 + Math.min(0.3, text.length() / 40.0));
        }).list();
  }
}
