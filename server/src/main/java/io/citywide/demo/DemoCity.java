package io.citywide.demo;

import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Loads the demo into an empty server, as its administrators would over HTTP: areas, base map and
 * components, units, people and their positions, the responsibility matrix. What is there already is left
 * as it is, so that an interrupted load is continued by the next one.
 */
public final class DemoCity {

  /** Password of every demo account, the administrators included. */
  public static final String PASSWORD = "Citywide-Demo-1";

  /** Logins of the system and the security administrator, who load the city. */
  private static final String SYSTEM = "admin";

  private static final String SECURITY = "security";
  private static final String AUDIT = "audit";

  /** Of components, as many as a server takes. */
  private static final int IMPORTS_AT_ONCE = 2;

  private final URI base;
  private final CityData data;
  private final Consumer<String> progress;

  /**
   * @param base address of the server, such as {@code http://127.0.0.1:8080}
   * @param data what to load
   * @param progress takes one sentence for each part of the work, from several threads
   */
  public DemoCity(URI base, CityData data, Consumer<String> progress) {
    this.base = base;
    this.data = data;
    this.progress = progress;
  }

  /**
   * Loads what is missing.
   *
   * @param oneTimePasswords of a new installation, by login ({@code admin}, {@code security}, {@code audit}); empty
   *     at later starts, when all three have {@link #PASSWORD}
   * @return the accounts one may sign in with, the eight roles of the city first
   * @throws IllegalStateException where an administrator's password is neither of the two, or the server refuses a part;
   *     what was loaded by then stays
   */
  public List<Account> load(Map<String, String> oneTimePasswords) {
    try {
      ApiClient system = administrator(SYSTEM, oneTimePasswords);
      ApiClient security = administrator(SECURITY, oneTimePasswords);
      administrator(AUDIT, oneTimePasswords);
      loadAreas(system);
      Roster roster = new Roster(staffed(system.get("/api/areas")));
      List<Account> accounts = roster.accounts();
      // What one after the other asks for keeps one processor busy at most, the surroundings keep both.
      all(List.of(() -> loadSurroundings(system), () -> {
        loadPlaces(system);
        return loadStaff(system, security, roster, accounts);
      }), 2);
      return accounts;
    } catch (Refusal e) {
      throw new IllegalStateException("the demo city could not be loaded: " + e.getMessage(), e);
    }
  }

  private Void loadStaff(ApiClient system, ApiClient security, Roster roster, List<Account> accounts) {
    Map<String, Long> units = loadUnits(system, roster);
    loadPeople(system, security, roster, accounts, units);
    loadMatrix(roster);
    return null;
  }

  /** The areas that people work in: what lies around the city has components only. */
  private JsonNode staffed(JsonNode areas) {
    if (data.around() == null) {
      return areas;
    }
    var own = ApiClient.JSON.createArrayNode();
    areas.forEach(area -> {
      if (!Metropolis.around(area.path("code").asString(""))) {
        own.add(area);
      }
    });
    return own;
  }

  /** Signs in, and changes a one-time password into the demo's. */
  private ApiClient administrator(String login, Map<String, String> oneTimePasswords) {
    String oneTime = oneTimePasswords.get(login);
    if (oneTime != null) {
      try {
        settle(login, oneTime);
      } catch (Refusal e) {
        if (e.status() != 401) {
          throw e;
        }
        // Used by an earlier load that was interrupted: the demo password holds already.
      }
    }
    ApiClient client = ApiClient.person(base, login, PASSWORD);
    try {
      client.signIn();
    } catch (Refusal e) {
      throw new IllegalStateException("the account '" + login + "' does not have the demo's password. The demo can only continue in a data folder "
          + "that it began; choose an empty one. (" + e.getMessage() + ")", e);
    }
    return client;
  }

  private void settle(String login, String oneTime) {
    ApiClient fresh = ApiClient.person(base, login, oneTime);
    if (fresh.signIn().path("mustChangePassword").asBoolean()) {
      fresh.put("/api/session/password", Map.of("current", oneTime, "next", PASSWORD));
    }
  }

  private void loadAreas(ApiClient system) {
    Metropolis around = data.around();
    if (system.get("/api/areas?level=CITY").isEmpty() || around != null && !exists(system, "/api/areas/" + Metropolis.outerDistrict())) {
      progress.accept("areas");
      system.put("/api/areas", data.areas());
    }
  }

  private void loadPlaces(ApiClient system) {
    Set<String> layers = new HashSet<>();
    system.get("/api/basemap").forEach(layer -> {
      if (layer.path("features").asInt(1) > 0) {
        layers.add(layer.path("layer").asString());
      }
    });
    for (CityData.Layer layer : data.baseMap()) {
      if (!layers.contains(layer.name())) {
        progress.accept("base map: " + layer.name());
        system.put("/api/basemap/" + layer.name() + "?minZoom=" + layer.minZoom(), layer.geoJson());
      }
    }
    List<String> batches = data.components();
    // Batches are loaded in order, so the last component of the last one tells whether all are there.
    if (!batches.isEmpty() && !exists(system, "/api/components/" + lastIdent(batches.getLast()))) {
      int n = 0;
      for (String batch : batches) {
        progress.accept("components, part " + ++n + " of " + batches.size());
        JsonNode answer = system.postText("/api/components:batch", "application/x-ndjson", batch);
        if (!answer.path("rejected").isEmpty()) {
          throw new IllegalStateException("the server rejected components: " + answer.path("rejected").get(0));
        }
      }
    }
    loadBuildings(system);
  }

  private void loadBuildings(ApiClient system) {
    List<String> batches = data.buildings();
    if (!batches.isEmpty() && !exists(system, "/api/buildings/" + lastIdent(batches.getLast()))) {
      progress.accept("buildings, households and enterprises");
      for (String batch : batches) {
        JsonNode answer = system.postText("/api/buildings:batch", "application/x-ndjson", batch);
        if (!answer.path("rejected").isEmpty()) {
          throw new IllegalStateException("the server rejected buildings: " + answer.path("rejected").get(0));
        }
      }
    }
  }

  private static String lastIdent(String batch) {
    return ApiClient.JSON.readTree(batch.stripTrailing().lines().reduce((a, b) -> b).orElseThrow()).path("ident").asString();
  }

  private Void loadSurroundings(ApiClient system) {
    Metropolis around = data.around();
    if (around != null) {
      long began = System.nanoTime();
      AtomicLong rows = new AtomicLong();
      List<Callable<Void>> parts = new ArrayList<>();
      for (int i = 0; i < around.parts(); i++) {
        int part = i;
        parts.add(() -> {
          if (!exists(system, "/api/components/" + around.firstIdent(part))) {
            long all = rows.addAndGet(loadPart(system, around, part));
            progress.accept("components around the city: %,d, %,.0f a second".formatted(all, all / ((System.nanoTime() - began) / 1e9)));
          }
          return null;
        });
      }
      all(parts, IMPORTS_AT_ONCE);
    }
    return null;
  }

  private static long loadPart(ApiClient system, Metropolis around, int part) {
    JsonNode answer = system.postStream("/api/components:import?source=demo-" + part, "text/csv", () -> around.rows(part));
    if (!answer.path("rejects").isEmpty()) {
      throw new IllegalStateException("the server rejected components: " + answer.path("rejects").get(0));
    }
    return answer.path("read").asLong();
  }

  private static boolean exists(ApiClient client, String path) {
    try {
      client.get(path);
      return true;
    } catch (Refusal e) {
      if (e.status() == 404) {
        return false;
      }
      throw e;
    }
  }

  /** Ids by code. */
  private Map<String, Long> loadUnits(ApiClient system, Roster roster) {
    Map<String, Long> known = new HashMap<>();
    system.get("/api/units").forEach(u -> known.put(u.path("code").asString(), u.path("id").asLong()));
    List<Roster.Unit> missing = roster.units().stream().filter(u -> !known.containsKey(u.code())).toList();
    if (!missing.isEmpty()) {
      progress.accept(missing.size() + " units");
    }
    for (Roster.Unit unit : missing) {
      Map<String, Object> body = new HashMap<>(Map.of("code", unit.code(), "name", unit.name(), "kind", unit.kind(),
          "areaCode", unit.areaCode(), "stationing", unit.stationing()));
      body.put("parentId", unit.parentCode() == null ? null : known.get(unit.parentCode()));
      if (unit.stationing().equals("TEMPORARY")) {
        body.put("stationedUntil", LocalDate.now().plusYears(1).toString());
      }
      known.put(unit.code(), system.post("/api/units", body).path("id").asLong());
    }
    return known;
  }

  /** Of a person who is on the list already. */
  private record Known(long id, boolean mustChange, Set<String> positions) {}

  private void loadPeople(ApiClient system, ApiClient security, Roster roster, List<Account> accounts, Map<String, Long> units) {
    Map<String, Known> known = people(system);
    List<Callable<Void>> work = new ArrayList<>();
    for (Account account : accounts) {
      work.add(() -> {
        Known person = known.get(account.login());
        long id = person == null ? create(system, account) : person.id();
        if (person != null && person.mustChange()) {
          String oneTime = system.post("/api/people/" + id + "/password-reset", null).path("oneTimePassword").asString();
          settle(account.login(), oneTime);
        }
        grant(security, id, person, account.role(), units.get(account.unitCode()), account.areaCode());
        return null;
      });
    }
    for (Roster.GridMember member : roster.gridMembers()) {
      work.add(() -> {
        Known person = known.get(member.login());
        long id = person != null ? person.id()
            : system.post("/api/people", Map.of("login", member.login(), "name", member.name(), "phone", member.phone(), "signIn", false))
                .path("person").path("id").asLong();
        grant(security, id, person, "COLLECTOR", units.get(member.unitCode()), member.areaCode());
        return null;
      });
    }
    if (known.size() < work.size()) {
      progress.accept((work.size()) + " people and their positions");
    }
    // Password hashes take most of the time and both ends of the line compute them: as many at once as there are processors.
    all(work, Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8));
  }

  /** Does all of it, or ends with the first failure: what is under way then is interrupted. */
  private static void all(List<Callable<Void>> work, int atOnce) {
    try (var threads = Executors.newFixedThreadPool(atOnce)) {
      var done = new ExecutorCompletionService<Void>(threads);
      work.forEach(done::submit);
      try {
        for (int i = 0; i < work.size(); i++) {
          done.take().get();
        }
      } finally {
        threads.shutdownNow();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while loading the city", e);
    }
  }

  private long create(ApiClient system, Account account) {
    JsonNode made = system.post("/api/people", Map.of("login", account.login(), "name", account.name()));
    settle(account.login(), made.path("oneTimePassword").asString());
    return made.path("person").path("id").asLong();
  }

  private static void grant(ApiClient security, long person, Known known, String role, Long unitId, String area) {
    if (known == null || !known.positions().contains(role + "|" + unitId + "|" + area)) {
      security.post("/api/people/" + person + "/positions", Map.of("role", role, "unitId", unitId, "areaCode", area));
    }
  }

  private static Map<String, Known> people(ApiClient system) {
    Map<String, Known> known = new HashMap<>();
    String next = null;
    do {
      JsonNode page = system.get("/api/people?limit=500" + (next == null ? "" : "&after=" + ApiClient.encode(next)));
      page.path("items").forEach(p -> {
        Set<String> positions = new HashSet<>();
        p.path("positions").forEach(q -> positions.add(q.path("role").asString() + "|" + q.path("unitId").asString() + "|" + q.path("areaCode").asString()));
        known.put(p.path("login").asString(), new Known(p.path("id").asLong(), p.path("mustChangePassword").asBoolean(), positions));
      });
      next = page.path("next").asString(null);
    } while (next != null);
    return known;
  }

  private void loadMatrix(Roster roster) {
    ApiClient dispatcher = ApiClient.person(base, "dispatcher", PASSWORD);
    if (!dispatcher.get("/api/dispatch/rules?limit=1").path("items").isEmpty()) {
      return;
    }
    progress.accept("responsibility matrix");
    JsonNode answer = dispatcher.postText("/api/dispatch/rules:import", "text/csv; charset=utf-8", roster.matrix());
    if (!answer.path("rejected").isEmpty()) {
      throw new IllegalStateException("the server rejected a rule of the matrix: " + answer.path("rejected").get(0));
    }
    dispatcher.put("/api/dispatch/switches", roster.switches());
  }
}
