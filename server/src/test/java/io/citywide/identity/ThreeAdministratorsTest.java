package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.internal.TestPeople;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.server.PathContainer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** GB/T 22239-2019 §8.1.5: system, security and audit administrators cannot do one another's work, nor the city's. Every endpoint is tried as each. */
@ServerTest
class ThreeAdministratorsTest {

  /** What each administers, told once more and apart from {@link Role}. */
  private static final Map<Role, Set<Permission>> WORK = new EnumMap<>(Map.of(
      Role.SYSTEM_ADMIN, EnumSet.of(Permission.UNIT_EDIT, Permission.PERSON_EDIT, Permission.PLACE_EDIT, Permission.CATALOGUE_EDIT, Permission.CALENDAR_EDIT, Permission.MATRIX_READ,
          Permission.API_KEY_APPROVE, Permission.METRICS_READ, Permission.BUILDING_READ, Permission.BUILDING_EDIT, Permission.MAP_EXPORT,
          Permission.SENSING_READ, Permission.DEVICE_EDIT, Permission.VITALS_READ),
      Role.SECURITY_ADMIN, EnumSet.of(Permission.GRANT_EDIT, Permission.API_KEY_EDIT),
      Role.AUDIT_ADMIN, EnumSet.of(Permission.AUDIT_READ)));

  /** Reading what all three need to know, and one's own session. */
  private static final Set<Permission> SHARED = EnumSet.of(Permission.SELF, Permission.LIVE, Permission.PLACE_READ, Permission.UNIT_READ, Permission.PERSON_READ);

  @Autowired TestPeople people;
  @Autowired MachineKeys keys;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mapping;

  @Test
  void nobodyAdministersWhatAnotherDoes() {
    for (Role one : WORK.keySet()) {
      for (Role other : WORK.keySet()) {
        assertThat(one == other || EnumSet.copyOf(WORK.get(one)).stream().noneMatch(WORK.get(other)::contains)).as(one + " and " + other).isTrue();
      }
    }
  }

  @Test
  void everyEndpointRefusesTheAdministratorsWhoseWorkItIsNot() {
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    for (Role role : WORK.keySet()) {
      var client = people.someone(role, "", null).client();
      for (Map.Entry<RequestMappingInfo, HandlerMethod> endpoint : mapping.getHandlerMethods().entrySet()) {
        Requires requires = endpoint.getValue().getMethodAnnotation(Requires.class);
        if (requires == null) {
          continue;
        }
        boolean may = Arrays.stream(requires.value()).anyMatch(p -> WORK.get(role).contains(p) || SHARED.contains(p));
        String method = endpoint.getKey().getMethodsCondition().getMethods().iterator().next().name();
        String path = path(endpoint.getKey());
        if (may && (!method.equals("GET") || path.equals("/api/live"))) {
          continue; // what may be done would be done
        }
        Answer answer = client.send(method, path, method.equals("GET") ? null : Map.of(), Map.of("Content-Type", contentType(endpoint.getKey())));
        boolean refused = answer.status() == 403 && answer.text().contains(path.startsWith("/open311") ? "403" : "identity.forbidden");
        tried++;
        if (refused == may) {
          wrong.add(role + " " + method + " " + path + " must " + (may ? "" : "not ") + "answer, was " + answer.status());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(tried).isGreaterThan(100);
  }

  @Test
  void aKeyIsNoWayRoundToTheWorkOfAnother() {
    var security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    Set<Permission> others = EnumSet.copyOf(Permission.FOR_MACHINES);
    others.retainAll(WORK.get(Role.SYSTEM_ADMIN));
    assertThat(others).contains(Permission.UNIT_EDIT, Permission.PLACE_EDIT, Permission.CATALOGUE_EDIT, Permission.CALENDAR_EDIT, Permission.BUILDING_EDIT,
        Permission.DEVICE_EDIT);
    for (Permission permission : others) {
      Made key = make(security, List.of(permission, Permission.SIGNAL_REPORT));
      Answer tried = key.machine().get("/api/units");
      assertThat(tried.status()).as(permission + ": " + tried.text()).isEqualTo(403);
      assertThat(tried.problem()).isEqualTo("identity.key-waiting");
      assertThat(tried.json().path("permissions").toString()).isEqualTo("[\"" + permission + "\"]");
      assertThat(tried.json().path("approvers").toString()).isEqualTo("[\"SYSTEM_ADMIN\"]");
    }
  }

  @Test
  void aKeyWorksOnceAnotherPersonWhoHoldsItsPermissionsHasApprovedIt() {
    var maker = people.someone(Role.SECURITY_ADMIN, "", null);
    Made key = make(maker.client(), List.of(Permission.UNIT_EDIT));
    String approve = "/api/api-keys/" + key.id() + "/approve";
    var admin = people.someone(Role.SYSTEM_ADMIN, "", null);
    var district = people.someone(Role.SYSTEM_ADMIN, "990781", null).client();
    for (Answer refused : List.of(maker.client().post(approve, null), people.someone(Role.SECURITY_ADMIN, "", null).client().post(approve, null),
        people.someone(Role.AUDIT_ADMIN, "", null).client().post(approve, null),
        people.machine("", Permission.FOR_MACHINES.toArray(Permission[]::new)).post(approve, null))) {
      assertThat(refused.problem()).as(refused.text()).isEqualTo("identity.forbidden");
    }
    assertThat(people.later(maker, Role.SYSTEM_ADMIN, "").client().post(approve, null).problem()).isEqualTo("identity.own-key");
    assertThat(district.post(approve, null).problem()).isEqualTo("identity.unknown-key");
    assertThat(waits(district, key)).isFalse();
    assertThat(waits(admin.client(), key)).isTrue();
    Map<String, Object> unit = Map.of("code", "ROUND-" + System.nanoTime(), "name", "绕行单位", "kind", "DEPARTMENT", "areaCode", "990781");
    assertThat(key.machine().post("/api/units", unit).problem()).isEqualTo("identity.key-waiting");
    assertThat(people.nobody().get("/open311/v2/discovery.json?api_key=" + key.secret()).status()).isEqualTo(403);
    assertThat(keys.find(key.secret())).as("at other doors").isEmpty();

    Answer approved = admin.client().post(approve, null);

    assertThat(approved.status()).as(approved.text()).isEqualTo(200);
    assertThat(approved.json().path("approval").path("state").asString()).isEqualTo("APPROVED");
    assertThat(approved.json().path("approval").path("decidedBy").asString()).isEqualTo(admin.viewer().displayName());
    Answer work = key.machine().post("/api/units", unit);
    assertThat(work.status()).as(work.text()).isEqualTo(201);
    assertThat(keys.find(key.secret())).isPresent();
    assertThat(waits(admin.client(), key)).isFalse();
    assertThat(admin.client().post(approve, null).problem()).isEqualTo("identity.key-settled");
    assertThat(leaves("api-key.approved", key, admin.personId())).isEqualTo(1);
  }

  @Test
  void aRefusedKeyIsEnded() {
    var maker = people.someone(Role.SECURITY_ADMIN, "", null);
    Made key = make(maker.client(), List.of(Permission.PLACE_EDIT, Permission.DEVICE_EDIT));
    String refuse = "/api/api-keys/" + key.id() + "/refuse";
    var admin = people.someone(Role.SYSTEM_ADMIN, "", null);
    assertThat(people.later(maker, Role.SYSTEM_ADMIN, "").client().post(refuse, Map.of("reason", "不需要")).problem()).isEqualTo("identity.own-key");
    assertThat(admin.client().post(refuse, Map.of("reason", " ")).json().path("field").asString()).isEqualTo("reason");

    assertThat(admin.client().post(refuse, Map.of("reason", "不需要")).status()).isEqualTo(200);

    assertThat(key.machine().get("/api/units").status()).isEqualTo(401);
    assertThat(waits(admin.client(), key)).isFalse();
    assertThat(admin.client().post("/api/api-keys/" + key.id() + "/approve", null).problem()).isEqualTo("identity.key-settled");
    assertThat(maker.client().get("/api/api-keys").json().valueStream().filter(each -> each.path("id").asLong() == key.id()).toList())
        .singleElement().extracting(each -> each.path("approval")).satisfies(approval -> {
          assertThat(approval.path("state").asString()).isEqualTo("REFUSED");
          assertThat(approval.path("refusal").asString()).isEqualTo("不需要");
          assertThat(approval.path("decidedBy").asString()).isEqualTo(admin.viewer().displayName());
        });
    assertThat(leaves("api-key.refused", key, admin.personId())).isEqualTo(1);
  }

  private record Made(long id, String secret, TestClient machine) {}

  private Made make(TestClient security, List<Permission> permissions) {
    Answer made = security.post("/api/api-keys", Map.of("name", "way round", "permissions", permissions, "areaCode", ""));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    String secret = made.json().path("secret").asString();
    return new Made(made.json().path("key").path("id").asLong(), secret, TestClient.withKey(people.port(), secret));
  }

  private static boolean waits(TestClient admin, Made key) {
    return admin.get("/api/api-keys/waiting").json().valueStream().anyMatch(each -> each.path("id").asLong() == key.id());
  }

  /** Leaves of the ledger for an act of a person on a key. */
  private long leaves(String act, Made key, long personId) {
    return transaction.execute(status -> {
      jdbc.sql("SELECT set_config('citywide.ledger', 'open', true)").query(String.class).single();
      return jdbc.sql("""
              SELECT count(*) FROM ledger_entry e JOIN identity_access_log l ON e.subject = 'access-log' AND e.subject_id = l.id
              WHERE e.kind = :act AND l.act = :act AND l.object = :object AND l.person_id = :person""")
          .param("act", act).param("object", "api-key:" + key.id()).param("person", personId).query(Long.class).single();
    });
  }

  private static String path(RequestMappingInfo info) {
    String pattern = info.getPathPatternsCondition().getPatterns().iterator().next().getPatternString();
    return PathContainer.parsePath(pattern).value().replace("{format}", "json").replaceAll("\\{[^}]+}", "999999999");
  }

  private static String contentType(RequestMappingInfo info) {
    return info.getConsumesCondition().getConsumableMediaTypes().stream().findFirst().map(Object::toString).orElse("application/json");
  }
}
