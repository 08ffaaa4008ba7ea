package io.citywide.bench.map;

import io.citywide.bench.load.Wire;
import io.citywide.bench.load.Wire.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * How soon a server says what lies inside, over HTTP, one question after the other, each timed from the request to the
 * last byte: counts of all layers, first pages of lists, what happened there before, tiles of the past, and how long a
 * change of a component takes until it is counted. One half of the places are where components stand, the other where
 * cases were.
 */
final class InsideProbe {

  private static final int QUESTIONS = 200;
  private static final int WARM_UP = 100;
  private static final int HALVES = 20;
  private static final int CHANGES = 10;
  private static final int CORNERS = 200;
  private static final int COMPARED = 10;
  private static final int DAYS_BACK = 300;
  private static final Duration CHANGE_SEEN_WITHIN = Duration.ofSeconds(30);

  private final Wire wire;
  private final CityRows city;
  private final List<double[]> places = new ArrayList<>();

  InsideProbe(Wire wire, CityRows city) {
    this.wire = wire;
    this.city = city;
    for (int i = 0; i < QUESTIONS + WARM_UP; i++) {
      List<double[]> from = i % 2 == 0 ? city.componentsAt() : city.casesAt();
      places.add(from.get(i / 2 % from.size()));
    }
  }

  /** @return how the answers were checked */
  String run(Map<String, Double> figures) throws InterruptedException {
    String checked = check();
    figures.put("inside_circle200_p95_ms", circles("", 200).quantile(0.95));
    figures.put("inside_circle500_p95_ms", circles("", 500).quantile(0.95));
    figures.put("inside_circle2km_p95_ms", circles("", 2_000).quantile(0.95));
    String half = polygon(west());
    for (int i = 0; i < HALVES / 4; i++) ask("", half);
    figures.put("inside_half_city_ms", times(HALVES, i -> ask("", half)).quantile(0.95));
    double list = 0;
    for (String layer : List.of("components", "cases")) {
      for (double radius : new double[] {500, 2_000}) list = Math.max(list, circles("/" + layer + "?limit=50", radius).quantile(0.95));
      list = Math.max(list, times(HALVES, i -> ask("/" + layer + "?limit=50", half)).quantile(0.95));
    }
    figures.put("inside_list_p95_ms", list);
    figures.put("history_p95_ms", Math.max(circles("/history", 500).quantile(0.95), circles("/history", 2_000).quantile(0.95)));
    figures.put("replay_tile_p95_ms", replay().quantile(0.95));
    figures.put("change_visible_ms", changes());
    return checked;
  }

  private interface Question {
    Answer ask(int number);
  }

  private static Stats times(int count, Question question) {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) nanos[i] = question.ask(i).nanos();
    return new Stats(nanos);
  }

  private Stats circles(String path, double radius) {
    times(WARM_UP, i -> ask(path, circle(places.get(QUESTIONS + i), radius)));
    return times(QUESTIONS, i -> ask(path, circle(places.get(i), radius)));
  }

  private Answer ask(String path, String region) {
    return done(path, wire.post("/api/map/inside" + path, "{\"region\":" + region + "}"));
  }

  private static Answer done(String what, Answer answer) {
    if (!answer.done()) throw new IllegalStateException(what + " was answered with " + answer.status() + ": " + answer.text());
    return answer;
  }

  private static String circle(double[] at, double radius) {
    return String.format(Locale.ROOT, "{\"circle\":{\"lon\":%.7f,\"lat\":%.7f,\"radius\":%s}}", at[0], at[1], radius);
  }

  // ---- half the city -----------------------------------------------------------------------------

  private double bound(int axis, boolean most) {
    var all = city.componentsAt().stream().mapToDouble(at -> at[axis]);
    return most ? all.max().orElseThrow() + 0.2 : all.min().orElseThrow() - 0.2;
  }

  /** A border from south to north that halves the components, with corners as of a coast. */
  private List<double[]> border() {
    double middle = city.componentsAt().stream().mapToDouble(at -> at[0]).sorted().skip(city.componentsAt().size() / 2).findFirst().orElseThrow();
    List<double[]> border = new ArrayList<>();
    for (int i = 0; i <= CORNERS; i++) {
      double lat = bound(1, false) + (bound(1, true) - bound(1, false)) * i / CORNERS;
      border.add(new double[] {middle + 0.01 * Math.sin(i * 0.7), lat});
    }
    return border;
  }

  private List<double[]> west() {
    return closed(border(), bound(0, false));
  }

  private static List<double[]> closed(List<double[]> border, double outer) {
    List<double[]> ring = new ArrayList<>(border);
    ring.add(new double[] {outer, border.getLast()[1]});
    ring.add(new double[] {outer, border.getFirst()[1]});
    ring.add(border.getFirst());
    return ring;
  }

  private static String polygon(List<double[]> ring) {
    StringBuilder text = new StringBuilder("{\"polygon\":{\"type\":\"Polygon\",\"coordinates\":[[");
    for (double[] at : ring) text.append(String.format(Locale.ROOT, "[%.7f,%.7f],", at[0], at[1]));
    return text.deleteCharAt(text.length() - 1).append("]]}}").toString();
  }

  // ---- the past ----------------------------------------------------------------------------------

  private Stats replay() {
    SplittableRandom random = new SplittableRandom(5);
    List<String> tiles = new ArrayList<>();
    for (int i = 0; i < WARM_UP + QUESTIONS; i++) {
      int zoom = 11 + i % 5;
      double[] at = city.casesAt().get(random.nextInt(city.casesAt().size()));
      int n = 1 << zoom;
      double lat = Math.toRadians(at[1]);
      tiles.add("/api/map/tiles/cases/%d/%d/%d.mvt?at=%s".formatted(zoom, (int) ((at[0] + 180) / 360 * n),
          (int) ((1 - Math.log(Math.tan(lat) + 1 / Math.cos(lat)) / Math.PI) / 2 * n), Instant.now().minus(Duration.ofHours(1 + random.nextInt(24 * DAYS_BACK)))));
    }
    times(WARM_UP, i -> done("a tile", wire.get(tiles.get(QUESTIONS + i))));
    return times(QUESTIONS, i -> done("a tile", wire.get(tiles.get(i))));
  }

  // ---- changes -----------------------------------------------------------------------------------

  /** The longest of several, from the request that changes a component to the answer that counts it as damaged. */
  private double changes() throws InterruptedException {
    double longest = 0;
    int done = 0;
    for (int i = 0; done < CHANGES && i < city.idents().size(); i++) {
      JsonNode component = done("a component", wire.get("/api/components/" + city.idents().get(i))).json();
      component = component.has("component") ? component.path("component") : component;
      double[] at = {component.path("lon").asDouble(), component.path("lat").asDouble()};
      if (!component.path("state").asString().equals("INTACT") || worst(at) != 0) continue;
      longest = Math.max(longest, seen(component, "DAMAGED", at, 2));
      longest = Math.max(longest, seen(component, "INTACT", at, 0));
      done++;
    }
    if (done == 0) throw new IllegalStateException("no component of the sample stands alone and intact");
    return longest;
  }

  private double seen(JsonNode component, String state, double[] at, int worst) throws InterruptedException {
    var row = Wire.JSON.createObjectNode();
    for (String field : List.of("ident", "kindId", "name", "lon", "lat", "ownerCode", "accuracy", "source", "recordedOn")) {
      if (component.hasNonNull(field)) row.set(field, component.get(field));
    }
    row.put("state", state);
    long begun = System.nanoTime();
    JsonNode taken = done("a change", wire.post("/api/components:batch", "[" + row + "]")).json();
    if (taken.path("accepted").asInt() != 1) throw new IllegalStateException("a change was refused: " + taken);
    while (worst(at) != worst) {
      if (System.nanoTime() - begun > CHANGE_SEEN_WITHIN.toNanos()) throw new IllegalStateException("the change of " + component.path("ident").asString() + " was not seen within " + CHANGE_SEEN_WITHIN);
      Thread.sleep(5);
    }
    return (System.nanoTime() - begun) / 1e6;
  }

  private int worst(double[] at) {
    JsonNode inside = done("a circle", wire.post("/api/map/inside", "{\"layers\":[\"components\"],\"region\":" + circle(at, 0.5) + "}")).json();
    return inside.path("layers").path(0).path("worst").asInt(-1);
  }

  // ---- checks ------------------------------------------------------------------------------------

  private String check() {
    long listed = 0;
    for (int q = 0; q < COMPARED; q++) {
      double[] at = places.get(q);
      JsonNode layers = ask("", circle(at, 200)).json().path("layers");
      for (String layer : List.of("components", "cases")) {
        long counted = count(layers, layer);
        long found = 0;
        Globe globe = new Globe(at[0], at[1]);
        String after = "";
        while (after != null) {
          JsonNode page = ask("/" + layer + "?limit=500" + after, circle(at, 200)).json();
          for (JsonNode one : page.path("items")) {
            JsonNode position = one.path("geometry").path("coordinates");
            double meters = Math.sqrt(globe.square(position.path(0).asDouble(), position.path(1).asDouble()));
            // The index keeps the cell of 12 cm.
            if (meters > 200.2) throw new IllegalStateException(one.path("id") + " is listed " + meters + " m from the middle of a circle of 200 m");
            found++;
          }
          after = page.path("next").isNull() ? null : "&after=" + page.path("next").asString();
        }
        if (found != counted) throw new IllegalStateException("circle " + q + ": " + counted + " " + layer + " counted, " + found + " listed");
        listed += found;
      }
    }
    long west = count(ask("", polygon(west())).json().path("layers"), "components");
    long east = count(ask("", polygon(closed(border(), bound(0, true)))).json().path("layers"), "components");
    if (west + east != city.components()) throw new IllegalStateException("the halves of the city hold " + west + " and " + east + " components, of " + city.components());
    return "over HTTP: %d circles counted and listed to the end (%,d), the halves of the city against all %,d components".formatted(COMPARED, listed, city.components());
  }

  private static long count(JsonNode layers, String id) {
    return StreamSupport.stream(layers.spliterator(), false).filter(l -> l.path("id").asString().equals(id)).findFirst().orElseThrow().path("count").asLong();
  }
}
