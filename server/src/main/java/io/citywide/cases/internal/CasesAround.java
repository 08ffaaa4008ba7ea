package io.citywide.cases.internal;

import io.citywide.grid.GridKeys;
import io.citywide.place.Buildings;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.sensing.spi.ReportedCases;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.locationtech.jts.geom.Envelope;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Which cases were reported near devices, for rehearsals. Cases and sites meet by the cell of the grid of level 4 (1′), which is a plain
 * equality and so a hash join; the exact distance decides then.
 */
@Component
class CasesAround implements ReportedCases {

  private static final double METERS_PER_DEGREE = 111_319.49;
  private static final int LEVEL = 4;
  private static final double CELL_DEGREES = 1 / 60.0;

  /** Bits of a key below {@link #LEVEL}. */
  private static final int SHIFT = Long.numberOfTrailingZeros(GridKeys.high(GridKeys.encode(0.01, 0.01, LEVEL)) - GridKeys.low(GridKeys.encode(0.01, 0.01, LEVEL)) + 1);

  /** A building that is wider than this, or as far from its device, is a mistake. */
  private static final double WIDEST_DEGREES = 0.05;

  private static final String HEARD = """
      heard AS MATERIALIZED (
        SELECT id, case_no, kind_id, stage, source_channel, reported_at, lon, lat, grid_key >> %d AS cell, component_ident FROM case_file
        WHERE reported_at >= :first::timestamptz AND reported_at < :last::timestamptz AND stage NOT IN ('NOT_ACCEPTED', 'VOID')
        AND""".formatted(SHIFT) + " ";

  /** Tie 1 is the component, 2 the building, 3 the distance. */
  private static final String PAIRS = """
      ),
      site AS MATERIALIZED (
        SELECT * FROM unnest(:siteNo::int[], :lon::float8[], :lat::float8[], :component::text[], :west::float8[], :south::float8[], :east::float8[], :north::float8[])
          AS s (site, lon, lat, component, west, south, east, north)),
      cell AS (SELECT * FROM unnest(:cellSite::int[], :cell::bigint[]) AS k (site, cell)),
      stretch AS (SELECT * FROM unnest(:stretch::int[], :stretchSite::int[], :begins::timestamptz[], :ends::timestamptz[]) AS t (stretch, site, begins, ends)),
      near AS MATERIALIZED (
        SELECT id, site, min(tie) AS tie, min(meters) AS meters FROM (
          SELECT c.id, s.site, CASE WHEN c.lon BETWEEN s.west AND s.east AND c.lat BETWEEN s.south AND s.north THEN 2 ELSE 3 END AS tie, d.meters
          FROM heard c JOIN cell k ON k.cell = c.cell JOIN site s ON s.site = k.site
            CROSS JOIN LATERAL (SELECT :degree * sqrt(((c.lon - s.lon) * cos(radians(s.lat))) ^ 2 + (c.lat - s.lat) ^ 2) AS meters) d
          WHERE d.meters <= :meters OR c.lon BETWEEN s.west AND s.east AND c.lat BETWEEN s.south AND s.north
          UNION ALL
          SELECT c.id, s.site, 1, :degree * sqrt(((c.lon - s.lon) * cos(radians(s.lat))) ^ 2 + (c.lat - s.lat) ^ 2)
          FROM heard c JOIN site s ON s.component = c.component_ident) n
        GROUP BY id, site),
      pair AS (
        SELECT t.stretch, c.id, min(n.tie) AS tie, min(n.meters) AS meters
        FROM near n JOIN heard c ON c.id = n.id JOIN stretch t ON t.site = n.site AND c.reported_at >= t.begins AND c.reported_at < t.ends
        GROUP BY t.stretch, c.id)
      """;

  private final JdbcClient jdbc;
  private final Buildings buildings;
  private final Catalogue catalogue;

  CasesAround(JdbcClient jdbc, Buildings buildings, Catalogue catalogue) {
    this.jdbc = jdbc;
    this.buildings = buildings;
    this.catalogue = catalogue;
  }

  @Override
  public List<Around> around(List<Site> sites, List<Stretch> stretches, int meters, int most) {
    List<Around> all = new ArrayList<>();
    stretches.forEach(s -> all.add(Around.NOTHING));
    if (stretches.isEmpty()) {
      return all;
    }
    Map<String, Object> params = params(sites, stretches.stream().flatMap(s -> s.sites().stream()).collect(Collectors.toCollection(TreeSet::new)), stretches, meters, most);
    params.put("first", stretches.stream().map(Stretch::from).min(Comparator.naturalOrder()).orElseThrow().toString());
    params.put("last", stretches.stream().map(Stretch::to).max(Comparator.naturalOrder()).orElseThrow().toString());
    params.put("cells", Arrays.stream((Long[]) params.get("cell")).distinct().toArray(Long[]::new));
    params.put("components", Arrays.stream((String[]) params.get("component")).filter(Objects::nonNull).distinct().toArray(String[]::new));
    jdbc.sql("WITH " + HEARD + "(grid_key >> " + SHIFT + " = ANY (:cells) OR component_ident = ANY (:components))" + PAIRS + """
            SELECT r.stretch, r.n, r.tie, r.meters, c.* FROM (
              SELECT p.*, count(*) OVER (PARTITION BY stretch) AS n, row_number() OVER (PARTITION BY stretch ORDER BY tie, meters, id) AS place FROM pair p) r
            JOIN heard c ON c.id = r.id WHERE r.place <= greatest(:most, 1) ORDER BY r.stretch, r.place""")
        .params(params).query((RowCallbackHandler) rs -> {
          int of = rs.getInt("stretch");
          List<Reported> first = new ArrayList<>(all.get(of).first());
          if (first.size() < most) {
            first.add(reported(rs));
          }
          all.set(of, new Around(rs.getLong("n"), first));
        });
    return all;
  }

  @Override
  public OfKind ofKind(Ground ground, List<Site> sites, List<Stretch> stretches, int meters, int most) {
    Map<String, Object> params = params(sites, IntStream.range(0, sites.size()).boxed().toList(), stretches, meters, most);
    params.put("first", ground.from().toString());
    params.put("last", ground.to().toString());
    params.put("kind", ground.kindId());
    params.put("low", ground.area().low());
    params.put("high", ground.area().high());
    List<Reported> first = new ArrayList<>();
    long[] counts = new long[3];
    jdbc.sql("WITH " + HEARD + "kind_id = :kind AND area_code >= :low AND area_code < :high" + PAIRS + """
            , judged AS (
              SELECT c.*, w.tie, w.meters, c.id IN (SELECT id FROM pair) AS found
              FROM heard c LEFT JOIN (SELECT id, min(tie) AS tie, min(meters) AS meters FROM near GROUP BY id) w ON w.id = c.id)
            SELECT t.whole, t.missed, t.beyond, m.* FROM (
              SELECT count(*) AS whole, count(*) FILTER (WHERE NOT found) AS missed, count(*) FILTER (WHERE NOT found AND tie IS NULL) AS beyond FROM judged) t
            LEFT JOIN LATERAL (SELECT * FROM judged WHERE NOT found ORDER BY tie IS NULL, reported_at, id LIMIT :most) m ON true""")
        .params(params).query((RowCallbackHandler) rs -> {
          counts[0] = rs.getLong("whole");
          counts[1] = rs.getLong("missed");
          counts[2] = rs.getLong("beyond");
          if (rs.getObject("id") != null) {
            first.add(reported(rs));
          }
        });
    return new OfKind(counts[0], counts[1], counts[2], first);
  }

  private Reported reported(ResultSet rs) throws SQLException {
    String kind = rs.getString("kind_id");
    Kind known = kind == null ? null : catalogue.findKind(kind).orElse(null);
    Integer tie = rs.getObject("tie", Integer.class);
    Double meters = rs.getObject("meters", Double.class);
    return new Reported(rs.getLong("id"), rs.getString("case_no"), kind, known == null ? kind : known.nameZh(), known == null ? kind : known.nameEn(), rs.getString("stage"),
        rs.getString("source_channel"), CaseStore.instant(rs, "reported_at"), tie == null ? null : Tie.values()[tie - 1], meters == null ? null : (int) Math.round(meters));
  }

  /** @param used those of the sites that matter */
  private Map<String, Object> params(List<Site> sites, Collection<Integer> used, List<Stretch> stretches, int meters, int most) {
    if (meters < 1 || meters > 5000) {
      throw new IllegalArgumentException("meters must be 1..5000, was " + meters);
    }
    Map<String, Envelope> boxes = boxes(used.stream().map(i -> sites.get(i).buildingIdent()).filter(Objects::nonNull).collect(Collectors.toSet()));
    List<Envelope> box = used.stream().map(i -> boxes.get(sites.get(i).buildingIdent())).toList();
    Map<String, Object> params = new HashMap<>(Map.of("degree", METERS_PER_DEGREE, "meters", meters, "most", most));
    params.put("siteNo", used.toArray(Integer[]::new));
    params.put("lon", used.stream().map(i -> sites.get(i).lon()).toArray(Double[]::new));
    params.put("lat", used.stream().map(i -> sites.get(i).lat()).toArray(Double[]::new));
    params.put("component", used.stream().map(i -> sites.get(i).componentIdent()).toArray(String[]::new));
    params.put("west", box.stream().map(b -> b == null ? null : b.getMinX()).toArray(Double[]::new));
    params.put("south", box.stream().map(b -> b == null ? null : b.getMinY()).toArray(Double[]::new));
    params.put("east", box.stream().map(b -> b == null ? null : b.getMaxX()).toArray(Double[]::new));
    params.put("north", box.stream().map(b -> b == null ? null : b.getMaxY()).toArray(Double[]::new));
    List<Integer> cellSites = new ArrayList<>();
    List<Long> cells = new ArrayList<>();
    for (int i : used) {
      for (long cell : cells(sites.get(i), boxes.get(sites.get(i).buildingIdent()), meters)) {
        cellSites.add(i);
        cells.add(cell);
      }
    }
    params.put("cellSite", cellSites.toArray(Integer[]::new));
    params.put("cell", cells.toArray(Long[]::new));
    List<Integer> stretchNo = new ArrayList<>();
    List<Integer> stretchSite = new ArrayList<>();
    for (int n = 0; n < stretches.size(); n++) {
      for (int site : stretches.get(n).sites()) {
        stretchNo.add(n);
        stretchSite.add(site);
      }
    }
    params.put("stretch", stretchNo.toArray(Integer[]::new));
    params.put("stretchSite", stretchSite.toArray(Integer[]::new));
    params.put("begins", stretchNo.stream().map(n -> stretches.get(n).from().toString()).toArray(String[]::new));
    params.put("ends", stretchNo.stream().map(n -> stretches.get(n).to().toString()).toArray(String[]::new));
    return params;
  }

  private Map<String, Envelope> boxes(Set<String> idents) {
    Map<String, Envelope> boxes = new HashMap<>();
    if (!idents.isEmpty()) {
      for (Buildings.Building b : buildings.list(idents)) {
        Envelope box = b.outline() == null ? null : b.outline().getEnvelopeInternal();
        if (box != null && Math.max(box.getWidth(), box.getHeight()) <= WIDEST_DEGREES) {
          boxes.put(b.ident(), box);
        }
      }
    }
    return boxes;
  }

  /** The cells that a circle around the site touches, and the building's box: probed at steps of the width of a cell. */
  private static Set<Long> cells(Site site, Envelope building, int meters) {
    double high = meters / METERS_PER_DEGREE;
    double wide = high / Math.cos(Math.toRadians(site.lat()));
    Envelope box = new Envelope(site.lon() - wide, site.lon() + wide, site.lat() - high, site.lat() + high);
    if (building != null && building.distance(box) <= WIDEST_DEGREES) {
      box.expandToInclude(building);
    }
    Set<Long> cells = new LinkedHashSet<>();
    for (double lat = box.getMinY(); ; lat = Math.min(lat + CELL_DEGREES, box.getMaxY())) {
      for (double lon = box.getMinX(); ; lon = Math.min(lon + CELL_DEGREES, box.getMaxX())) {
        cells.add(GridKeys.encode(lon, lat, LEVEL) >>> SHIFT);
        if (lon >= box.getMaxX()) {
          break;
        }
      }
      if (lat >= box.getMaxY()) {
        return cells;
      }
    }
  }
}
