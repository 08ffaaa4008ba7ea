package io.citywide.place.internal;

import io.citywide.grid.GridRange;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.place.Buildings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Reads the register of buildings by ranges of grid keys and of area codes, and its sums. */
@Component
class BuildingStore implements Buildings {

  private static final String COLUMNS =
      "id, ident, name, address, use, floors, coalesce(height, floors * 3) AS height, built, area_code, lon, lat, rooms, households, enterprises, cared_for, care, worst, outline, grid_key";
  private static final String DOT = "lon, lat, use, households, cared_for, care, worst";

  /** A code of a community; whoever's own area has a longer one sees no sums. */
  private static final int COMMUNITY = 12;

  /** Rows of one statement of a page, where a test refuses most of them. */
  private static final int MOST_READ = 1_000;

  /** No character comes after it. */
  private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

  private final JdbcClient jdbc;
  private final JsonMapper json;

  BuildingStore(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  @Override
  public Optional<Building> find(String ident) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM place_building WHERE ident = :ident").param("ident", ident).query((row, n) -> building(row)).optional();
  }

  @Override
  public List<Building> listByAddress(String beginning, int limit) {
    return jdbc.sql("""
            SELECT DISTINCT ON (address, ident) * FROM (
              (SELECT %1$s FROM place_building WHERE address COLLATE "C" >= :from AND address COLLATE "C" < :to ORDER BY address COLLATE "C" LIMIT :limit)
              UNION ALL
              (SELECT %1$s FROM place_building WHERE name COLLATE "C" >= :from AND name COLLATE "C" < :to ORDER BY name COLLATE "C" LIMIT :limit)) b
            ORDER BY address, ident LIMIT :limit""".formatted(COLUMNS))
        .param("from", beginning).param("to", beginning + LAST).param("limit", limit).query((row, n) -> building(row)).list();
  }

  @Override
  public List<Building> list(Collection<String> idents) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM place_building WHERE ident = ANY (:idents)").param("idents", idents.toArray(String[]::new)).query((row, n) -> building(row)).list();
  }

  @Override
  public Page list(Ground ground, Wanted wanted, Exact exact, String after, int limit) {
    List<Building> page = new ArrayList<>(Math.min(limit, MOST_READ));
    String last = null;
    String read = after;
    for (int asked = limit + 1; ; asked = Math.min(2 * asked, Math.max(MOST_READ, limit + 1))) {
      List<Placed> rows = read(ground, wanted, read, asked);
      for (Placed p : rows) {
        Building b = p.building();
        if (p.certain() || exact.lies(b.lon(), b.lat(), b::outline)) {
          if (page.size() == limit) {
            return new Page(page, last);
          }
          page.add(b);
          last = cursor(ground, p);
        }
      }
      if (rows.size() < asked) {
        return new Page(page, null);
      }
      read = cursor(ground, rows.getLast());
    }
  }

  private record Placed(Building building, long key, boolean certain) {}

  private static String cursor(Ground ground, Placed last) {
    return (ground.stretches() == null ? last.building().areaCode() : Long.toString(last.key(), Character.MAX_RADIX)) + "_" + last.building().ident();
  }

  private List<Placed> read(Ground ground, Wanted wanted, String after, int limit) {
    boolean byArea = ground.stretches() == null;
    Map<String, Object> params = new HashMap<>(Map.of("limit", limit));
    String from = from(ground, wanted, params, COLUMNS,
        (byArea ? " AND (area_code, ident) > (:afterArea COLLATE \"C\", :afterIdent COLLATE \"C\") ORDER BY area_code, ident"
            : " AND (grid_key, ident) > (:afterKey, :afterIdent COLLATE \"C\") ORDER BY grid_key, ident") + " LIMIT :limit");
    String[] cursor = after == null ? new String[] {byArea ? "" : "0", ""} : after.split("_", 2);
    if (cursor.length != 2) {
      throw new IllegalArgumentException("after is the cursor next of the page before");
    }
    if (byArea) {
      params.put("afterArea", cursor[0]);
    } else {
      params.put("afterKey", Long.parseLong(cursor[0], Character.MAX_RADIX));
    }
    params.put("afterIdent", cursor[1]);
    String order = byArea ? "" : " ORDER BY grid_key, ident LIMIT :limit";
    return jdbc.sql("SELECT *, " + (byArea ? "true" : "range_certain") + " AS certain FROM " + from + order).params(params)
        .query((row, n) -> new Placed(building(row), row.getLong("grid_key"), row.getBoolean("certain"))).list();
  }

  @Override
  public void each(Ground ground, Wanted wanted, Exact exact, Consumer<Dot> each) {
    Map<String, Object> params = new HashMap<>();
    boolean byArea = ground.stretches() == null;
    String sql = "SELECT " + DOT + (byArea ? ", true AS certain" : ", range_certain AS certain, CASE WHEN NOT range_certain THEN outline END AS outline") + " FROM "
        + from(ground, wanted, params, byArea ? DOT : DOT + ", outline", "");
    jdbc.sql(sql).params(params).query(row -> {
      double lon = row.getDouble("lon");
      double lat = row.getDouble("lat");
      if (row.getBoolean("certain") || exact.lies(lon, lat, () -> outlineOf(row))) {
        each.accept(new Dot(lon, lat, Use.valueOf(row.getString("use")), row.getInt("households"), row.getInt("cared_for"), care(row), row.getInt("worst")));
      }
    });
  }

  /** The rows under a ground, as something to select from; {@code tail} ends the statement, for each range where there are ranges. */
  private static String from(Ground ground, Wanted wanted, Map<String, Object> params, String columns, String tail) {
    StringBuilder where = new StringBuilder("area_code >= :low AND area_code < :high");
    AreaScope own = Viewer.current().area();
    params.put("low", own.low().compareTo(ground.area().low()) > 0 ? own.low() : ground.area().low());
    params.put("high", own.high().compareTo(ground.area().high()) < 0 ? own.high() : ground.area().high());
    if (!wanted.uses().isEmpty()) {
      where.append(" AND use = ANY (:uses)");
      params.put("uses", wanted.uses().stream().map(Use::name).toArray(String[]::new));
    }
    if (wanted.households()) {
      where.append(" AND households > 0");
    }
    if (!wanted.care().isEmpty()) {
      where.append(wanted.care().contains(PLAIN) ? " AND (households > cared_for OR care ??| :care)" : " AND care ??| :care");
      params.put("care", wanted.care().toArray(String[]::new));
    }
    if (ground.stretches() == null) {
      return "(SELECT " + columns + " FROM place_building WHERE " + where + tail + ") b";
    }
    params.put("lows", ground.stretches().stream().map(s -> s.range().low()).toArray(Long[]::new));
    params.put("highs", ground.stretches().stream().map(s -> s.range().high()).toArray(Long[]::new));
    params.put("reaches", ground.stretches().stream().map(Stretch::reach).toArray(Integer[]::new));
    params.put("certain", ground.stretches().stream().map(Stretch::certain).toArray(Boolean[]::new));
    // OFFSET 0 keeps it a search per range.
    return "unnest(:lows::bigint[], :highs::bigint[], :reaches::integer[], :certain::boolean[]) AS r (range_low, range_high, range_reach, range_certain), "
        + "LATERAL (SELECT " + columns + " FROM place_building WHERE reach = r.range_reach AND grid_key BETWEEN r.range_low AND r.range_high AND " + where + tail + " OFFSET 0) b";
  }

  @Override
  public List<Sum> sums(AreaScope area) {
    AreaScope own = Viewer.current().area();
    boolean few = own.low().length() > COMMUNITY || area.low().length() >= COMMUNITY;
    String sql = few
        ? "SELECT b.area_code, f.figure, sum(f.n) FROM place_building b CROSS JOIN LATERAL place_building_figures(b.use, b.rooms, b.households, b.enterprises, b.cared_for, b.care, b.worst) f "
            + "WHERE b.area_code >= :low AND b.area_code < :high GROUP BY 1, 2"
        : "SELECT area_code, figure, sum(n) FROM place_building_sum WHERE area_code >= :low AND area_code < :high GROUP BY 1, 2";
    return jdbc.sql(sql).param("low", area.low()).param("high", area.high()).query((row, n) -> new Sum(row.getString(1), 0, row.getString(2), row.getLong(3))).list();
  }

  @Override
  public Optional<List<Sum>> cells(List<GridRange> ranges) {
    if (Viewer.current().area().low().length() > COMMUNITY) {
      return Optional.empty();
    }
    Map<String, Object> params = new HashMap<>();
    String within = "";
    if (ranges != null) {
      within = " WHERE EXISTS (SELECT 1 FROM unnest(:lows::bigint[], :highs::bigint[]) AS r (low, high) WHERE s.cell BETWEEN r.low AND r.high)";
      params.put("lows", ranges.stream().map(GridRange::low).toArray(Long[]::new));
      params.put("highs", ranges.stream().map(GridRange::high).toArray(Long[]::new));
    }
    return Optional.of(jdbc.sql("SELECT cell, figure, sum(n) FROM place_building_sum s" + within + " GROUP BY 1, 2 HAVING sum(n) > 0")
        .params(params).query((row, n) -> new Sum(null, row.getLong(1), row.getString(2), row.getLong(3))).list());
  }

  @Override
  public List<Marker> markers() {
    return jdbc.sql("SELECT code, name_zh, name_en, grade FROM place_care_marker ORDER BY grade DESC, code")
        .query((row, n) -> new Marker(row.getString(1), row.getString(2), row.getString(3), row.getInt(4))).list();
  }

  @Override
  public String revision() {
    return jdbc.sql("SELECT revision FROM place_revision WHERE subject = 'buildings'").query(Long.class).single().toString();
  }

  private Building building(ResultSet row) throws SQLException {
    return new Building(row.getLong("id"), row.getString("ident"), row.getString("name"), row.getString("address"), Use.valueOf(row.getString("use")),
        row.getObject("floors", Integer.class), row.getObject("height", Double.class), row.getObject("built", Integer.class), row.getString("area_code"), row.getDouble("lon"),
        row.getDouble("lat"), row.getInt("rooms"), row.getInt("households"), row.getInt("enterprises"), row.getInt("cared_for"), care(row), row.getInt("worst"),
        outline(row.getBytes("outline")));
  }

  private Map<String, Integer> care(ResultSet row) throws SQLException {
    String text = row.getString("care");
    if (text.equals("{}")) {
      return Map.of();
    }
    Map<String, Integer> care = new LinkedHashMap<>();
    json.readTree(text).properties().forEach(e -> care.put(e.getKey(), e.getValue().asInt()));
    return care;
  }

  private static Geometry outlineOf(ResultSet row) {
    try {
      return outline(row.getBytes("outline"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Geometry outline(byte[] wkb) {
    if (wkb == null) {
      return null;
    }
    try {
      return new WKBReader(GeoJson.FACTORY).read(wkb);
    } catch (ParseException e) {
      throw new IllegalStateException("an outline of a building is no WKB", e);
    }
  }
}
