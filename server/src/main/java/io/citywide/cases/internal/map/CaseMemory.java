package io.citywide.cases.internal.map;

import io.citywide.grid.GridRange;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.HistorySource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.RegionCover;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.platform.ServerSettings;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Closed cases of a place: by kind and month, and where the same kind was closed again and again. */
@Component
class CaseMemory implements HistorySource {

  private static final double SAME_PLACE_METERS = 30;
  private static final int MOST_REPEATS = 50;
  private static final int MOST_IDS = 20;

  /** Repetition is looked for among so many, the newest: it is a hint where to look, not a figure. */
  private static final int MOST_COMPARED = 100_000;

  private record Closed(long id, String kind, double lon, double lat, Instant at) {}

  private final JdbcClient jdbc;
  private final CaseDots dots;
  private final Catalogue catalogue;
  private final ServerSettings server;

  CaseMemory(JdbcClient jdbc, CaseDots dots, Catalogue catalogue, ServerSettings server) {
    this.jdbc = jdbc;
    this.dots = dots;
    this.catalogue = catalogue;
    this.server = server;
  }

  @Override
  public Settled settled(Region region, Instant from, Instant to) {
    List<Closed> all = closed(region, from, to);
    record Key(String kind, YearMonth month) {}
    Map<Key, Long> counts = new HashMap<>();
    all.forEach(c -> counts.merge(new Key(c.kind(), YearMonth.from(c.at().atZone(server.zone()))), 1L, Long::sum));
    List<Month> months = counts.entrySet().stream()
        .map(e -> new Month(e.getKey().kind(), nameZh(e.getKey().kind()), nameEn(e.getKey().kind()), e.getKey().month(), e.getValue()))
        .sorted(Comparator.comparing(Month::month).reversed().thenComparing(Comparator.comparingLong(Month::count).reversed()).thenComparing(Month::kind)).toList();
    return new Settled(all.size(), months, repeats(all));
  }

  /** The newest first. */
  private List<Closed> closed(Region region, Instant from, Instant to) {
    RegionCover cover = RegionCover.of(region);
    boolean unplaced = region instanceof Region.InArea || region instanceof Region.Anywhere;
    List<Closed> all = new ArrayList<>();
    dots.ask(ended(cover, from, to))
        .query(rs -> {
          double lon = rs.getDouble("lon");
          boolean placed = !rs.wasNull();
          double lat = rs.getDouble("lat");
          if (placed ? cover.contains(lon, lat) : unplaced) {
            all.add(new Closed(rs.getLong("id"), rs.getString("kind"), placed ? lon : Double.NaN, lat, CaseDots.instant(rs, "closed_at")));
          }
        });
    return all;
  }

  static CaseDots.Question ended(RegionCover cover, Instant from, Instant to) {
    AreaScope own = Viewer.current().area();
    Map<String, Object> params = new HashMap<>();
    params.put("from", CaseDots.utc(from));
    params.put("to", CaseDots.utc(to));
    params.put("lo", own.low().compareTo(cover.area().low()) > 0 ? own.low() : cover.area().low());
    params.put("hi", own.high().compareTo(cover.area().high()) < 0 ? own.high() : cover.area().high());
    String area = " AND area_code >= :lo AND area_code < :hi";
    String past = "SELECT case_id AS id, kind_id, lon, lat, closed_at FROM ";
    if (cover.ranges() == null) {
      past += "case_past WHERE closed_at >= :from AND closed_at < :to" + area;
    } else {
      params.put("lows", cover.ranges().stream().map(GridRange::low).toArray(Long[]::new));
      params.put("highs", cover.ranges().stream().map(GridRange::high).toArray(Long[]::new));
      past += "unnest(:lows::bigint[], :highs::bigint[]) AS r (low, high), LATERAL (SELECT * FROM case_past WHERE grid_key BETWEEN r.low AND r.high"
          + " AND closed_at >= :from AND closed_at < :to" + area + " OFFSET 0) p";
    }
    // And what ended a moment ago. OFFSET 0 keeps it a look into the primary key for each: guessing more of them, the planner reads all cases there are.
    String recent = "SELECT c.id, c.kind_id, c.lon, c.lat, c.closed_at FROM (SELECT DISTINCT case_id FROM case_step WHERE " + CasePast.RECENT + " OFFSET 0) s"
        + " CROSS JOIN LATERAL (SELECT * FROM case_file WHERE id = s.case_id AND closed_at >= :from AND closed_at < :to AND stage IN ('CLOSED', 'EVALUATED')" + area
        + " AND NOT EXISTS (SELECT 1 FROM case_past WHERE case_id = s.case_id) OFFSET 0) c";
    return new CaseDots.Question("SELECT id, coalesce(kind_id, '" + CaseDot.NO_KIND + "') AS kind, lon, lat, closed_at FROM (" + past + " UNION ALL " + recent
        + ") ended ORDER BY closed_at DESC, id DESC", params);
  }

  /** Each case goes to the newest one of its kind within 30 m that no other has taken: the same cases always make the same places. */
  private List<Repeat> repeats(List<Closed> newestFirst) {
    record Square(String kind, long x, long y) {}
    // Squares at least as wide as the reach: whatever is near lies in the nine around.
    double stepLat = SAME_PLACE_METERS / 110_000;
    Map<Square, List<Closed>> squares = new HashMap<>();
    List<Closed> compared = newestFirst.stream().filter(c -> !Double.isNaN(c.lon())).limit(MOST_COMPARED).toList();
    double widest = compared.stream().mapToDouble(c -> Math.abs(c.lat())).max().orElse(0);
    double stepLon = stepLat / Math.cos(Math.toRadians(Math.min(87, widest)));
    List<List<Closed>> places = new ArrayList<>();
    Map<Square, List<List<Closed>>> heads = new HashMap<>();
    for (Closed c : compared) {
      long x = (long) Math.floor(c.lon() / stepLon);
      long y = (long) Math.floor(c.lat() / stepLat);
      List<Closed> at = null;
      for (int i = 0; i < 9 && at == null; i++) {
        for (List<Closed> place : heads.getOrDefault(new Square(c.kind(), x + i % 3 - 1, y + i / 3 - 1), List.of())) {
          if (RegionCover.meters(place.getFirst().lon(), place.getFirst().lat(), c.lon(), c.lat()) <= SAME_PLACE_METERS) {
            at = place;
            break;
          }
        }
      }
      if (at == null) {
        at = new ArrayList<>(2);
        places.add(at);
        heads.computeIfAbsent(new Square(c.kind(), x, y), s -> new ArrayList<>(1)).add(at);
      }
      at.add(c);
    }
    return places.stream().filter(p -> p.size() > 1)
        .sorted(Comparator.<List<Closed>>comparingInt(List::size).reversed().thenComparing(p -> p.getFirst().at(), Comparator.reverseOrder())).limit(MOST_REPEATS)
        .map(p -> new Repeat(p.getFirst().kind(), nameZh(p.getFirst().kind()), nameEn(p.getFirst().kind()), p.stream().mapToDouble(Closed::lon).average().orElseThrow(),
            p.stream().mapToDouble(Closed::lat).average().orElseThrow(), p.size(), p.getFirst().at(), p.stream().map(Closed::id).limit(MOST_IDS).toList()))
        .toList();
  }

  @Override
  public List<Busy> busy(Region region, Instant at) {
    List<CaseDot> open = dots.list(region, at).stream().filter(d -> switch (d.stage()) {
      case DISPATCHED, RECEIVED, DISPOSED, CHECKED -> true;
      case REPORTED, ACCEPTED, VERIFYING, VERIFIED, FILED, CLOSED, EVALUATED, NOT_ACCEPTED, VOID -> false;
    }).toList();
    if (open.isEmpty()) {
      return List.of();
    }
    Long[] ids = open.stream().map(CaseDot::id).toArray(Long[]::new);
    String sql = at == null
        ? "SELECT lead_unit_id AS unit, count(*) AS n FROM case_file WHERE id = ANY (:ids) AND lead_unit_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        : """
          SELECT s.unit, count(*) AS n FROM unnest(:ids::bigint[]) AS c (id),
            LATERAL (SELECT (details->>'leadUnitId')::bigint AS unit FROM case_step WHERE case_id = c.id AND at <= :at AND action = 'DISPATCH' ORDER BY seq DESC LIMIT 1) s
          WHERE s.unit IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1""";
    var statement = jdbc.sql(sql).param("ids", ids);
    return (at == null ? statement : statement.param("at", CaseDots.utc(at))).query((rs, i) -> new Busy(rs.getLong("unit"), rs.getLong("n"))).list();
  }

  private String nameZh(String kind) {
    return kind.equals(CaseDot.NO_KIND) ? "未分类" : catalogue.findKind(kind).map(Kind::nameZh).orElse(kind);
  }

  private String nameEn(String kind) {
    return kind.equals(CaseDot.NO_KIND) ? "Not classified" : catalogue.findKind(kind).map(Kind::nameEn).orElse(kind);
  }
}
