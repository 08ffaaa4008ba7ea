package io.citywide.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * The watch rules that the demo begins with, drafted and published by its shift leader as any other rule, and with the first of them
 * the routes: of fire hear who manages the place, its residents' committee and who is on duty, of a worse one the fire service too, which
 * is also sent the hot spots of each district. A rule of which the server knows any version already,
 * even one that was withdrawn, is left as it is.
 */
final class StarterRules {

  /**
   * A rule whose document is the resource {@code /demo/rules/ID.yaml}.
   *
   * @param category of CAP 1.2
   * @param caseFrom grade from which on a warning opens a case; {@code null}: none does
   * @param caseKind id of the kind of that case; {@code null}: people say it
   */
  record Starter(String id, String category, String caseFrom, String caseKind) {

    /** Its document, for a city. */
    String document(String cityCode) {
      try (InputStream in = StarterRules.class.getResourceAsStream("/demo/rules/" + id + ".yaml")) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(CityPlan.CITY, cityCode);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static final List<Starter> ALL = List.of(
      new Starter("shed-smoke", "Fire", "ORANGE", null),
      new Starter("shed-masked", "Security", null, null),
      new Starter("lift-trapped", "Rescue", "YELLOW", "gb47678.5-M01076"),
      new Starter("cover-tilted", "Infra", "YELLOW", "gb47678.5-M01002"),
      new Starter("drain-flood", "Met", "ORANGE", "gb47678.5-M01004"),
      new Starter("gas-leak", "Safety", "YELLOW", null),
      new Starter("power-leakage", "Fire", "ORANGE", "gb47678.5-M01028"),
      new Starter("noise-night", "Env", "YELLOW", "gb47678.5-M06028"),
      new Starter("air-dust", "Env", "YELLOW", "gb47678.5-M08004"),
      new Starter("station-crowd", "Safety", null, null),
      new Starter("station-uncounted", "Infra", null, null),
      new Starter("park-crowd", "Safety", null, null));

  /** A source of which nothing is heard for so long is silent: sooner than its devices are, or each of them would be announced. */
  private static final int SOURCE_SILENT_AFTER_SECONDS = 240;

  private final URI base;
  private final Consumer<String> progress;

  /** @param base address of a server on which {@link DemoCity} was loaded */
  StarterRules(URI base, Consumer<String> progress) {
    this.base = base;
    this.progress = progress;
  }

  /** Publishes what is missing; the second time nothing. */
  void publish() {
    ApiClient shift = ApiClient.person(base, "shift", DemoCity.PASSWORD);
    String city = shift.signIn().path("position").path("areaCode").asString();
    Map<String, JsonNode> known = new HashMap<>();
    shift.get("/api/watch-rules").forEach(rule -> known.put(rule.path("rule").asString(), rule));
    List<Starter> missing = ALL.stream().filter(rule -> !known.containsKey(rule.id()) || interrupted(known.get(rule.id()))).toList();
    if (missing.isEmpty()) {
      return;
    }
    progress.accept(missing.size() + " watch rules");
    allowSources(shift);
    if (known.isEmpty() && shift.get("/api/warning-routes").isEmpty()) {
      setRoutes(shift);
    }
    for (Starter rule : missing) {
      JsonNode draft = known.containsKey(rule.id()) ? known.get(rule.id()).path("newest") : shift.put("/api/watch-rules/draft", draft(rule, city));
      shift.post("/api/watch-rules/" + rule.id() + "/publish", Map.of("edit", draft.path("edit").asInt()));
    }
  }

  /** Whether an earlier start saved its first draft and was stopped before it published it. */
  private static boolean interrupted(JsonNode known) {
    JsonNode newest = known.path("newest");
    return newest.path("version").asInt() == 1 && newest.path("edit").asInt() == 1 && newest.path("state").asString().equals("DRAFT");
  }

  private static Map<String, Object> draft(Starter rule, String city) {
    Map<String, Object> draft = new HashMap<>();
    draft.put("document", rule.document(city));
    draft.put("category", rule.category());
    draft.put("caseFrom", rule.caseFrom());
    draft.put("caseKind", rule.caseKind());
    draft.put("note", "演示城市的起步规则");
    return draft;
  }

  private static void setRoutes(ApiClient shift) {
    for (JsonNode unit : shift.get("/api/units")) {
      if (unit.path("code").asString().equals("YZ-FIRE")) {
        long fireService = unit.path("id").asLong();
        setRoute(shift, "report:hotspots", "DISTRICT", "BLUE", "UNIT", fireService);
        setRoute(shift, "category:Fire", "COMMUNITY", "ORANGE", "UNIT", fireService);
      }
    }
    // A level with a route tells nobody besides: whom it would tell without one is named too.
    for (String target : List.of("OWNER", "AREA", "DUTY")) {
      setRoute(shift, "category:Fire", "COMMUNITY", "BLUE", target, null);
    }
  }

  private static void setRoute(ApiClient shift, String watch, String level, String gradeFrom, String target, Long unitId) {
    Map<String, Object> route = new HashMap<>(Map.of("watch", watch, "level", level, "gradeFrom", gradeFrom, "target", target, "way", "INBOX"));
    route.put("unitId", unitId);
    shift.post("/api/warning-routes", route);
  }

  private static void allowSources(ApiClient shift) {
    Set<String> known = new HashSet<>();
    shift.get("/api/watch-sources").forEach(source -> {
      if (!source.path("usual").asBoolean()) {
        known.add(source.path("source").asString());
      }
    });
    for (SensorWorld.Sort sort : SensorWorld.Sort.values()) {
      if (known.add(sort.source())) {
        shift.put("/api/watch-sources/" + sort.source(), Map.of("silentAfterSeconds", SOURCE_SILENT_AFTER_SECONDS));
      }
    }
  }
}
