package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.MethodParameter;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** SQL through every parameter and path variable that the server reads: generated from its handler methods, so that a new one is attacked at once. */
@ServerTest
class InjectionAttackTest {

  private static final List<String> ATTACKS = List.of("'", "' OR '1'='1", "'; SELECT pg_sleep(30)--", "1; SELECT pg_sleep(30)", "' || pg_sleep(30)::text || '", "id DESC, pg_sleep(30)",
      "\\'; DROP TABLE case_file;--", "%' AND 1=(SELECT 1 FROM pg_sleep(30)) AND '%'='", "$$; SELECT pg_sleep(30); $$", "{830100}') OR pg_sleep(30) IS NULL--", "\u0000", ":id", "?", "%_", "1e400", "-1",
      "9223372036854775808", "NaN", " ", ",", "+999999999-12-31T23:59:59Z", "-999999999-01-01T00:00:00Z", "+999999999-12-31", "-999999999-01-01", "\uD83D\uDE00".repeat(200));

  /** A sleep takes thirty seconds; an attack that gets through takes longer than this. */
  private static final long SLEPT_NANOS = 25_000_000_000L;

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mapping;

  @Test
  void noParameterOfAnyReadIsSql() {
    Map<Permission, TestClient> holders = new EnumMap<>(Permission.class);
    Map<String, HandlerMethod> reads = new TreeMap<>();
    mapping.getHandlerMethods().forEach((info, method) -> {
      if (method.getBeanType().getName().startsWith("io.citywide.") && info.getMethodsCondition().getMethods().equals(Set.of(RequestMethod.GET))
          && !info.getPatternValues().contains("/api/live") && info.getPatternValues().stream().noneMatch(p -> p.endsWith("/events"))) {
        reads.put(info.getPatternValues().iterator().next(), method);
      }
    });
    List<String> through = new ArrayList<>();
    int tried = 0;
    for (Map.Entry<String, HandlerMethod> read : reads.entrySet()) {
      Requires requires = read.getValue().getMethodAnnotation(Requires.class);
      TestClient client = requires == null ? people.nobody() : holders.computeIfAbsent(requires.value()[0], this::holder);
      for (String place : places(read.getValue())) {
        for (String attack : ATTACKS) {
          String path = path(read.getKey(), read.getValue(), place, attack);
          long begin = System.nanoTime();
          Answer answer = client.send("GET", path, null, Map.of("X-Forwarded-For", "198.18." + tried / 200 + "." + (1 + tried % 200)));
          long nanos = System.nanoTime() - begin;
          tried++;
          if (answer.status() >= 500 || nanos > SLEPT_NANOS && attack.contains("pg_sleep") || answer.text().contains("SQLSTATE") || answer.text().contains("org.postgresql")) {
            through.add(answer.status() + " after " + nanos / 1_000_000 + " ms: " + path);
          }
        }
      }
    }
    assertThat(through).isEmpty();
    assertThat(tried).isGreaterThan(1_000);
    assertThat(jdbc.sql("SELECT to_regclass('case_file') IS NOT NULL").query(Boolean.class).single()).isTrue();
  }

  private TestClient holder(Permission permission) {
    Role role = Arrays.stream(Role.values()).filter(r -> r.permissions().contains(permission) && !r.unitBound()).findFirst().orElseThrow();
    return people.someone(role, "830300", null).client();
  }

  private static List<String> places(HandlerMethod method) {
    List<String> places = new ArrayList<>();
    for (MethodParameter p : method.getMethodParameters()) {
      if (p.hasParameterAnnotation(RequestParam.class)) {
        if (Map.class.isAssignableFrom(p.getParameterType())) {
          places.addAll(List.of("service_request_id", "service_code", "start_date", "end_date", "status", "jurisdiction_id"));
        } else {
          places.add(name(p));
        }
      } else if (p.hasParameterAnnotation(PathVariable.class)) {
        places.add("{" + name(p) + "}");
      }
    }
    return places;
  }

  private static String name(MethodParameter p) {
    RequestParam param = p.getParameterAnnotation(RequestParam.class);
    return param != null && !param.name().isEmpty() ? param.name() : p.getParameter().getName();
  }

  /** The attack in one place, something harmless in the others that are needed. */
  private static String path(String pattern, HandlerMethod method, String place, String attack) {
    String path = pattern.replace(place, URLEncoder.encode(attack, StandardCharsets.UTF_8).replace("+", "%20"));
    path = path.replace("{format}", "json").replaceAll("\\{[^}]+}", "1");
    StringBuilder query = new StringBuilder();
    for (MethodParameter p : method.getMethodParameters()) {
      RequestParam param = p.getParameterAnnotation(RequestParam.class);
      if (param != null && !Map.class.isAssignableFrom(p.getParameterType())) {
        String name = name(p);
        String value = name.equals(place) ? attack : param.required() && param.defaultValue().startsWith("\n") ? harmless(name) : null;
        if (value != null) {
          query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
      } else if (param != null && !place.startsWith("{")) {
        query.append(query.isEmpty() ? '?' : '&').append(place).append('=').append(URLEncoder.encode(attack, StandardCharsets.UTF_8));
      }
    }
    return path + query;
  }

  private static String harmless(String name) {
    return switch (name) {
      case "bbox" -> "83,33,83.001,33.001";
      case "object" -> "area";
      case "counter" -> "reported";
      case "period" -> "day";
      default -> "1";
    };
  }
}
