package io.citywide.bench.map;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of the map as a table: what is wanted, what was measured, and PostGIS, JTS and Lucene beside it. */
final class GoalTable {

  /**
   * @param ours figure that has the goal
   * @param least whether the goal is a lower bound
   * @param goal {@code NaN}: none; the row is there to compare
   * @param beside figures of the others, in the order of {@link #OTHERS}; {@code null}: none was measured
   */
  private record Row(String work, String ours, boolean least, double goal, String... beside) {

    boolean reached(double value) {
      return least ? value >= goal : value <= goal;
    }
  }

  private static final List<String> OTHERS = List.of("PostGIS", "STRtree", "HPRtree", "Lucene");

  private static final double NONE = Double.NaN;

  private static final List<Row> ROWS = List.of(
      new Row("circle of 500 m, times PostGIS", "circle500_speedup_postgis", true, 100),
      new Row("circle of 500 m counted and listed, p99 ms", "circle500_p99_ms", false, 1, "postgis_circle500_list_ms", "strtree_circle500_list_ms", "hprtree_circle500_list_ms", "latlonpoint_circle500_list_ms"),
      new Row("circle of 500 m, times the best in the JVM", "circle500_speedup_best_jvm", true, 1),
      new Row("10 nearest, ms", "nearest10_ms", false, NONE, "postgis_nearest10_ms", "strtree_nearest10_ms", "hprtree_nearest10_ms", "latlonpoint_nearest10_ms"),
      new Row("10 nearest, times PostGIS", "nearest10_speedup_postgis", true, 10),
      new Row("10 nearest, times the best in the JVM", "nearest10_speedup_best_jvm", true, 1),
      new Row("tile z14 of 20,000 points, ms", "tile_z14_ms", false, NONE, "postgis_tile_z14_ms"),
      new Row("tile z14, times PostGIS", "tile_z14_speedup_postgis", true, 10),
      new Row("tile z12, p99 ms", "tile_z12_p99_ms", false, 15, "postgis_tile_z12_ms"),
      new Row("tile z12, KB", "tile_z12_kb", false, 500),
      new Row("tile z10, p99 ms", "tile_z10_p99_ms", false, 15, "postgis_tile_z10_ms"),
      new Row("tile z10, KB", "tile_z10_kb", false, 500),
      new Row("counts by kind in half the city, ms", "polygon_counts_ms", false, 10, "postgis_polygon_counts_ms", "strtree_polygon_counts_ms", "hprtree_polygon_counts_ms", "latlonpoint_polygon_counts_ms"),
      new Row("the same, times the best in the JVM", "polygon_counts_speedup_best_jvm", true, 1),
      new Row("build, s", "build_seconds", false, 15, "postgis_build_seconds", "strtree_build_seconds", "hprtree_build_seconds", "latlonpoint_build_seconds"),
      new Row("size, MB", "size_mb", false, 250, "postgis_size_mb", "strtree_size_mb", "hprtree_size_mb", "latlonpoint_size_mb"),
      new Row("size of the best in the JVM, times ours", "size_times_best_jvm", true, 1),
      new Row("search, p95 ms", "search_p95_ms", false, 50),
      new Row("a server has loaded the city, s", "server_load_seconds", false, 180),
      new Row("import of components, rows a second", "component_import_rows_per_second", true, 50_000));

  private GoalTable() {}

  /** Rows whose figure was measured. */
  static void print(Map<String, Double> figures) {
    System.out.printf("%-46s %10s %10s %-7s", "", "Citywide", "goal", "");
    OTHERS.forEach(other -> System.out.printf(" %10s", other));
    System.out.println();
    for (Row row : ROWS) {
      Double value = figures.get(row.ours());
      if (value == null) continue;
      boolean goal = !Double.isNaN(row.goal());
      System.out.printf(Locale.ROOT, "%-46s %,10.4g %10s %-7s", row.work(), value, goal ? (row.least() ? ">= " : "<= ") + (int) row.goal() : "", !goal ? "" : row.reached(value) ? "reached" : "MISSED");
      for (String other : row.beside()) {
        Double measured = figures.get(other);
        System.out.printf(Locale.ROOT, " %10s", measured == null ? "-" : String.format(Locale.ROOT, "%,.4g", measured));
      }
      System.out.println();
    }
  }
}
