package io.citywide.bench.map;

import io.citywide.bench.BenchResult;
import io.citywide.bench.map.Contender.Built;
import io.citywide.bench.map.Contender.Client;
import io.citywide.grid.GridBox;
import io.citywide.grid.index.CellSize;
import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.Snapshot;
import io.citywide.grid.index.Where;
import io.citywide.map.internal.tile.TileDesk;
import io.citywide.map.spi.TileFrame;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The map's questions over a city of 15 million components, asked of our index, of PostgreSQL with PostGIS, of the trees
 * of JTS and of Lucene in one run, by two clients at once. Every contender holds the same points; before anything is
 * timed their answers are compared with ours, point by point.
 *
 * <p>First a server is started, filled with as many components and with cases of a year, asked over HTTP and stopped.
 *
 * <p>{@code ./citywide bench map [--points 15000000] [--cases 100000] [--seconds 15] [--no-growth] [--only-ours]
 * [--no-server | --only-server] [--url URL --data DIR] [--dry]}: {@code seconds} bounds each measurement of each contender.
 * With {@code url} and {@code data} the server that answers there, with an embedded database in that folder, is measured
 * as it is instead of one of our own. {@code dry} writes no result, and neither does {@code only-server}, which would be half
 * of one.
 */
public final class MapBench {

  private static final long SEED = 20260704;
  private static final int CLIENTS = 2;
  private static final double RADIUS = 500;
  private static final int NEAREST = 10;
  private static final int QUESTIONS = 20_000;
  private static final int CORNERS = 400;
  private static final int COMPARED_TILES = 20;

  /** Of our questions so many are asked before the clock counts, or for so many seconds, so that the JVM has compiled what it runs. */
  private static final int WARM_UP = 3_000;

  private static final double LEAST_WARM_UP = 8;

  private final long points;
  private final double seconds;
  private final boolean growth;
  private final boolean onlyOurs;
  private final Path folder;
  private final Map<String, Double> figures = new LinkedHashMap<>();
  private final List<String> checked = new ArrayList<>();
  private double[][] places;
  private int[][] tiles14;
  private int[][] tiles12;
  private int[][] tiles10;

  private MapBench(long points, double seconds, boolean growth, boolean onlyOurs, Path folder) {
    this.points = points;
    this.seconds = seconds;
    this.growth = growth;
    this.onlyOurs = onlyOurs;
    this.folder = folder;
  }

  public static void main(String[] args) throws Exception {
    long points = 15_000_000;
    double seconds = 15;
    boolean growth = true;
    boolean onlyOurs = false;
    boolean dry = false;
    int cases = 100_000;
    boolean server = true;
    boolean contenders = true;
    URI url = null;
    Path data = null;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--points" -> points = Long.parseLong(args[++i]);
        case "--seconds" -> seconds = Double.parseDouble(args[++i]);
        case "--no-growth" -> growth = false;
        case "--only-ours" -> onlyOurs = true;
        case "--dry" -> dry = true;
        case "--cases" -> cases = Integer.parseInt(args[++i]);
        case "--no-server" -> server = false;
        case "--only-server" -> contenders = false;
        case "--url" -> url = URI.create(args[++i]);
        case "--data" -> data = Path.of(args[++i]);
        default -> throw new IllegalArgumentException("map takes --points N, --cases N, --seconds N, --no-growth, --only-ours, --no-server, --only-server, "
            + "--url URL with --data DIR, and --dry, was " + args[i]);
      }
    }
    if (url == null != (data == null)) throw new IllegalArgumentException("--url and --data belong together");
    Path folder = Files.createTempDirectory("citywide-map-bench");
    // The server of PostGIS is another user.
    folder.toFile().setExecutable(true, false);
    try {
      MapBench bench = new MapBench(points, seconds, growth, onlyOurs, folder);
      if (server) {
        bench.checked.add(url == null ? CityServer.measure(folder.resolve("server"), points, cases, bench.figures) : CityServer.measure(url, data, bench.figures));
      }
      // Gigabytes that nobody reads any more would be written to the disk while others are measured.
      delete(folder.resolve("server"));
      if (contenders) bench.run();
      BenchResult result = BenchResult.now("map", "./citywide bench map" + (args.length == 0 ? "" : " " + String.join(" ", args)),
          "%,d components of a made-up city of Shanghai's size, seed %d; %d clients at once; over HTTP the demo's city, one question after the other".formatted(points, SEED, CLIENTS),
          String.join("; ", bench.checked), bench.figures);
      bench.figures.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-36s %,.4g%n", name, value));
      GoalTable.print(bench.figures);
      System.out.println("checked: " + result.answersChecked());
      if (!dry && contenders) System.out.println("written to " + result.write());
    } finally {
      delete(folder);
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) return;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) Files.deleteIfExists(path);
    }
  }

  private void run() throws Exception {
    City city = new City(SEED, points);
    Points all = new Points(city);
    places = places(city);
    try (GridIndexContender ours = new GridIndexContender(folder.resolve("index"))) {
      Built built = ours.build(all);
      say(ours, built);
      figures.put("build_seconds", built.seconds());
      figures.put("size_mb", built.megabytes());
      figures.put("open_ms", ours.reopen());
      tiles14 = tilesWith(ours, 14, 18_000, 22_000, 200);
      tiles12 = tilesWith(ours, 12, 1, Long.MAX_VALUE, 400);
      tiles10 = tilesWith(ours, 10, 1, Long.MAX_VALUE, 16);
      checkOurs(ours, all);
      measure(ours);
      if (!onlyOurs) {
        Optional<PostgisContender> postgis = PostgisContender.find(folder.resolve("postgis"));
        if (postgis.isPresent()) beside(ours, postgis.get(), all);
        else System.out.println("PostGIS is not installed (apt-get install postgresql-15-postgis-3): its figures are left out");
        List<JvmTimes> jvm = new ArrayList<>();
        for (Contender contender : List.of(JtsContender.hpr(), JtsContender.str(), new LuceneContender(folder.resolve("lucene")))) {
          jvm.add(besideInJvm(ours, contender, all));
        }
        best("circle500_speedup_best_jvm", jvm, JvmTimes::circle);
        best("nearest10_speedup_best_jvm", jvm, JvmTimes::nearest);
        best("polygon_counts_speedup_best_jvm", jvm, JvmTimes::polygon);
        best("size_times_best_jvm", jvm, JvmTimes::size);
      }
    }
    if (growth) {
      all = null;
      for (long n : new long[] {1_500_000, 60_000_000}) grow(n);
    }
  }

  private void best(String figure, List<JvmTimes> jvm, ToDoubleFunction<JvmTimes> times) {
    figures.put(figure, jvm.stream().mapToDouble(times).min().orElseThrow());
  }

  private static void say(Contender contender, Built built) {
    System.out.printf(Locale.ROOT, "%s: built in %.1f s, %.0f MB%n", contender.name(), built.seconds(), built.megabytes());
  }

  private static double[][] places(City city) {
    SplittableRandom random = new SplittableRandom(SEED + 1);
    double[][] places = new double[QUESTIONS][];
    for (int i = 0; i < QUESTIONS; i++) places[i] = city.somewhere(random);
    return places;
  }

  // ---- ours --------------------------------------------------------------------------------------

  private Stats counts;
  private Stats lists;
  private Stats nearest;
  private Stats plainTiles14;
  private Stats plainTiles12;
  private Stats plainTiles10;
  private Stats polygons;

  private void measure(GridIndexContender ours) throws Exception {
    counts = warm(ours::client, QUESTIONS, this::askCount);
    lists = warm(ours::client, QUESTIONS, this::askList);
    figures.put("circle500_count_ms", counts.mean());
    figures.put("circle500_list_ms", lists.mean());
    figures.put("circle500_p99_ms", Math.max(counts.quantile(0.99), lists.quantile(0.99)));
    nearest = warm(ours::client, QUESTIONS, this::askNearest);
    figures.put("nearest10_ms", nearest.mean());
    figures.put("nearest10_p99_ms", nearest.quantile(0.99));

    plainTiles14 = warm(ours::client, 1_000, this::askTile14);
    plainTiles12 = warm(ours::client, 1_000, this::askTile12);
    plainTiles10 = warm(ours::client, 400, this::askTile10);
    figures.put("tile_z14_ms", plainTiles14.mean());
    // As they go over the wire: compressed.
    int[] largest = new int[2];
    figures.put("tile_z14_p99_ms", warm(ours::client, 1_000, (client, q) -> gzip(client, 14, tiles14[q % tiles14.length], largest)).quantile(0.99));
    figures.put("tile_z14_kb", largest[0] / 1000.0);
    Arrays.fill(largest, 0);
    figures.put("tile_z12_p99_ms", warm(ours::client, 2_000, (client, q) -> gzip(client, 12, tiles12[q % tiles12.length], largest)).quantile(0.99));
    figures.put("tile_z12_kb", largest[0] / 1000.0);
    figures.put("tile_z12_plain_kb", largest[1] / 1000.0);
    Arrays.fill(largest, 0);
    figures.put("tile_z10_p99_ms", warm(ours::client, 1_000, (client, q) -> gzip(client, 10, tiles10[q % tiles10.length], largest)).quantile(0.99));
    figures.put("tile_z10_kb", largest[0] / 1000.0);
    figures.put("tile_z10_plain_kb", largest[1] / 1000.0);

    polygons = warm(ours::client, 200, this::askPolygon);
    figures.put("polygon_counts_ms", polygons.mean());
  }

  private Stats warm(Stats.Opening clients, int questions, Stats.Call call) throws Exception {
    Stats.of(clients, CLIENTS, Math.max(questions, WARM_UP), Math.max(LEAST_WARM_UP, seconds / 3), call);
    return Stats.of(clients, CLIENTS, questions, seconds, call);
  }

  private void askCount(Client client, int q) throws Exception {
    client.count(places[q][0], places[q][1], RADIUS);
  }

  private void askList(Client client, int q) throws Exception {
    long[] sum = {0};
    client.list(places[q][0], places[q][1], RADIUS, (id, kind, lon, lat) -> sum[0] += id ^ kind ^ Double.doubleToRawLongBits(lon + lat));
    if (sum[0] == 42) System.out.print("");
  }

  private void askNearest(Client client, int q) throws Exception {
    client.nearest(places[q][0], places[q][1], NEAREST);
  }

  private void askTile14(Client client, int q) throws Exception {
    tile(client, 14, tiles14[q % tiles14.length]);
  }

  private void askTile12(Client client, int q) throws Exception {
    tile(client, 12, tiles12[q % tiles12.length]);
  }

  private void askTile10(Client client, int q) throws Exception {
    tile(client, 10, tiles10[q % tiles10.length]);
  }

  private void askPolygon(Client client, int q) throws Exception {
    client.counts(City.half(CORNERS));
  }

  private static byte[] tile(Client client, int zoom, int[] tile) throws Exception {
    return client.tile(zoom, tile[0], tile[1]);
  }

  private static void gzip(Client client, int zoom, int[] tile, int[] largest) throws Exception {
    byte[] plain = tile(client, zoom, tile);
    byte[] wire = TileDesk.gzip(plain);
    synchronized (largest) {
      largest[0] = Math.max(largest[0], wire.length);
      largest[1] = Math.max(largest[1], plain.length);
    }
  }

  /** Tiles that hold so many points, around the places that are asked for. */
  private int[][] tilesWith(GridIndexContender ours, int zoom, long least, long most, int wanted) {
    Set<Long> seen = new HashSet<>();
    List<int[]> tiles = new ArrayList<>();
    try (Snapshot snapshot = ours.snapshot()) {
      for (int i = 0; i < places.length && tiles.size() < wanted; i++) {
        int n = 1 << zoom;
        double lat = Math.toRadians(places[i][1]);
        int x = (int) ((places[i][0] + 180) / 360 * n);
        int y = (int) ((1 - Math.log(Math.tan(lat) + 1 / Math.cos(lat)) / Math.PI) / 2 * n);
        if (!seen.add((long) x << 32 | y)) continue;
        long count = snapshot.count(Where.box(new TileFrame(zoom, x, y, Set.of(), null).box()), KindSet.all());
        if (count >= least && count <= most) tiles.add(new int[] {x, y});
      }
    }
    // In a small city for trying no tile holds so many; then any will do.
    return tiles.isEmpty() ? tilesWith(ours, zoom, 1, Long.MAX_VALUE, wanted) : tiles.toArray(int[][]::new);
  }

  // ---- checks ------------------------------------------------------------------------------------

  /** Ours against looking at every point. */
  private void checkOurs(GridIndexContender ours, Points all) throws Exception {
    int circles = 5;
    try (Client client = ours.client(); Snapshot snapshot = ours.snapshot()) {
      for (int q = 0; q < circles; q++) {
        Where where = Where.circle(places[q][0], places[q][1], RADIUS);
        long expected = 0;
        for (int i = 0; i < all.size(); i++) {
          if (where.contains(all.keys[i])) expected++;
        }
        same("circle " + q, expected, client.count(places[q][0], places[q][1], RADIUS));
      }
      // With few corners, as here every side is looked at for every point; the large polygon is compared with PostGIS.
      double[][] few = City.half(16);
      Where half = Where.polygon(few);
      Map<Integer, Long> expected = new HashMap<>();
      for (int i = 0; i < all.size(); i++) {
        if (half.contains(all.keys[i])) expected.merge((int) all.kinds[i], 1L, Long::sum);
      }
      Map<Integer, Long> its = client.counts(few);
      if (!its.equals(expected)) throw new IllegalStateException("counts in the polygon differ: " + its + ", expected " + expected);
      long[] inCells = {0};
      snapshot.cells(new GridBox(119, 29, 124, 33), CellSize.SECONDS_20, KindSet.all(), (box, count, dominant, worst) -> {
        inCells[0] += count;
        return true;
      });
      same("all cells of 20 seconds", all.size(), inCells[0]);
    }
    checked.add("ours with looking at each point: %d circles, a polygon by kind, the sum of all cells".formatted(circles));
  }

  private static void same(String what, long expected, long actual) {
    if (expected != actual) throw new IllegalStateException(what + ": " + actual + ", expected " + expected);
  }

  // ---- others ------------------------------------------------------------------------------------

  private void beside(GridIndexContender ours, PostgisContender postgis, Points all) throws Exception {
    try (postgis) {
      Built built = postgis.build(all);
      say(postgis, built);
      figures.put("postgis_build_seconds", built.seconds());
      figures.put("postgis_size_mb", built.megabytes());
      Comparison compared = new Comparison(ours, postgis, places, checked);
      compared.circles(RADIUS, 0.02);
      // The operator <-> of geographies reckons on a sphere.
      compared.nearest(NEAREST, Comparison.SPHERE);
      compared.polygon(City.half(CORNERS), 0);
      compared.tiles(14, Arrays.copyOf(tiles14, Math.min(COMPARED_TILES, tiles14.length)));
      Stats count = Stats.of(postgis::client, CLIENTS, QUESTIONS, seconds, this::askCount);
      Stats list = Stats.of(postgis::client, CLIENTS, QUESTIONS, seconds, this::askList);
      figures.put("postgis_circle500_count_ms", count.mean());
      figures.put("postgis_circle500_list_ms", list.mean());
      figures.put("circle500_speedup_postgis", Math.min(count.times(counts), list.times(lists)));
      Stats near = Stats.of(postgis::client, CLIENTS, QUESTIONS, seconds, this::askNearest);
      Stats inDegrees = Stats.of(postgis::clientInDegrees, CLIENTS, QUESTIONS, seconds, this::askNearest);
      figures.put("postgis_nearest10_ms", near.mean());
      figures.put("postgis_nearest10_in_degrees_ms", inDegrees.mean());
      figures.put("nearest10_speedup_postgis", Math.min(near.times(nearest), inDegrees.times(nearest)));
      Stats tile14 = Stats.of(postgis::client, CLIENTS, 1_000, seconds, this::askTile14);
      figures.put("postgis_tile_z14_ms", tile14.mean());
      figures.put("tile_z14_speedup_postgis", tile14.times(plainTiles14));
      figures.put("postgis_tile_z12_ms", Stats.of(postgis::client, CLIENTS, 1_000, seconds, this::askTile12).mean());
      figures.put("postgis_tile_z10_ms", Stats.of(postgis::client, 1, 2, seconds, this::askTile10).mean());
      figures.put("postgis_polygon_counts_ms", Stats.of(postgis::client, 1, 3, seconds, this::askPolygon).mean());
    }
  }

  /**
   * How many times as much a contender takes as ours does.
   *
   * @param circle the lesser of counting and listing
   * @param size of what it keeps, on disk or in the heap
   */
  private record JvmTimes(double circle, double nearest, double polygon, double size) {}

  private JvmTimes besideInJvm(GridIndexContender ours, Contender contender, Points all) throws Exception {
    String key = contender.name().replaceAll(".* ", "").toLowerCase(Locale.ROOT);
    boolean sphere = contender instanceof LuceneContender;
    try (contender) {
      Built built = contender.build(all);
      say(contender, built);
      figures.put(key + "_build_seconds", built.seconds());
      figures.put(key + "_size_mb", built.megabytes());
      Comparison compared = new Comparison(ours, contender, places, checked);
      compared.circles(RADIUS, sphere ? Comparison.SPHERE * RADIUS : 0.1);
      compared.nearest(NEAREST, sphere ? Comparison.SPHERE : Comparison.ELLIPSOID);
      // Lucene keeps positions to a centimetre: a few of millions of points are on the other side of the line.
      compared.polygon(City.half(CORNERS), sphere ? 1e-5 : 0);
      Stats count = warm(contender::client, QUESTIONS, this::askCount);
      Stats list = warm(contender::client, QUESTIONS, this::askList);
      Stats near = warm(contender::client, QUESTIONS, this::askNearest);
      Stats polygon = Stats.of(contender::client, CLIENTS, 20, seconds, this::askPolygon);
      figures.put(key + "_circle500_count_ms", count.mean());
      figures.put(key + "_circle500_list_ms", list.mean());
      figures.put(key + "_nearest10_ms", near.mean());
      figures.put(key + "_polygon_counts_ms", polygon.mean());
      return new JvmTimes(Math.min(count.times(counts), list.times(lists)), near.times(nearest), polygon.times(polygons), built.megabytes() / figures.get("size_mb"));
    }
  }

  // ---- growth ------------------------------------------------------------------------------------

  private void grow(long n) throws Exception {
    String key = "_" + (n < 10_000_000 ? n / 100_000 / 10.0 : n / 1_000_000) + "m";
    key = key.replace(".", "_").replace("_0m", "m");
    City city = new City(SEED, n);
    places = places(city);
    try (GridIndexContender ours = new GridIndexContender(folder.resolve("index" + n))) {
      Built built = ours.build(new Points(city));
      say(ours, built);
      figures.put("build_seconds" + key, built.seconds());
      figures.put("size_mb" + key, built.megabytes());
      figures.put("open_ms" + key, ours.reopen());
      figures.put("circle500_count_ms" + key, warm(ours::client, QUESTIONS, this::askCount).mean());
      figures.put("circle500_list_ms" + key, warm(ours::client, QUESTIONS, this::askList).mean());
      figures.put("nearest10_ms" + key, warm(ours::client, QUESTIONS, this::askNearest).mean());
      figures.put("tile_z12_ms" + key, warm(ours::client, 1_000, this::askTile12).mean());
      figures.put("tile_z10_ms" + key, warm(ours::client, 400, this::askTile10).mean());
      figures.put("polygon_counts_ms" + key, warm(ours::client, 200, this::askPolygon).mean());
    }
  }
}
