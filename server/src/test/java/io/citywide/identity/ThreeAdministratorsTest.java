package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
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
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** GB/T 22239-2019 §8.1.5: system, security and audit administrators cannot do one another's work, nor the city's. Every endpoint is tried as each. */
@ServerTest
class ThreeAdministratorsTest {

  /** What each administers, told once more and apart from {@link Role}. */
  private static final Map<Role, Set<Permission>> WORK = new EnumMap<>(Map.of(
      Role.SYSTEM_ADMIN, EnumSet.of(Permission.UNIT_EDIT, Permission.PERSON_EDIT, Permission.PLACE_EDIT, Permission.CATALOGUE_EDIT, Permission.CALENDAR_EDIT, Permission.MATRIX_READ,
          Permission.METRICS_READ, Permission.BUILDING_READ, Permission.BUILDING_EDIT, Permission.MAP_EXPORT,
          Permission.SENSING_READ, Permission.DEVICE_EDIT, Permission.VITALS_READ),
      Role.SECURITY_ADMIN, EnumSet.of(Permission.GRANT_EDIT, Permission.API_KEY_EDIT),
      Role.AUDIT_ADMIN, EnumSet.of(Permission.AUDIT_READ)));

  /** Reading what all three need to know, and one's own session. */
  private static final Set<Permission> SHARED = EnumSet.of(Permission.SELF, Permission.LIVE, Permission.PLACE_READ, Permission.UNIT_READ, Permission.PERSON_READ);

  @Autowired TestPeople people;

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

  private static String path(RequestMappingInfo info) {
    String pattern = info.getPathPatternsCondition().getPatterns().iterator().next().getPatternString();
    return PathContainer.parsePath(pattern).value().replace("{format}", "json").replaceAll("\\{[^}]+}", "999999999");
  }

  private static String contentType(RequestMappingInfo info) {
    return info.getConsumesCondition().getConsumableMediaTypes().stream().findFirst().map(Object::toString).orElse("application/json");
  }
}
