package io.citywide.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What an operator sees of a running server. */
@ServerTest
class OperationsTest {

  private static final Path OPERATIONS = Path.of("../docs/operations");

  @Autowired TestPeople people;

  @Test
  void livesAndIsReadyAndSaysWhy() {
    TestClient nobody = people.nobody();

    assertThat(nobody.get("/api/health").status()).isEqualTo(200);
    assertThat(nobody.get("/api/health/live").status()).isEqualTo(200);
    var ready = nobody.get("/api/health/ready");
    assertThat(ready.status()).as(ready.text()).isEqualTo(200);
    assertThat(ready.json().path("status").asString()).isEqualTo("ready");
    assertThat(ready.json().path("checks").propertyNames()).contains("database", "migrations", "scheduler", "evidence", "ledger");
    assertThat(ready.response().headers().firstValue("cache-control")).contains("no-store");
  }

  @Test
  void metricsAreForOperatorsOnly() {
    assertThat(people.nobody().get("/metrics").status()).isEqualTo(401);
    assertThat(people.someone(Role.LEADER, "850100", null).client().get("/metrics").status()).isEqualTo(403);
    assertThat(people.machine("850100", Permission.UNIT_READ).get("/metrics").status()).isEqualTo(403);
    assertThat(people.machine("850100", Permission.METRICS_READ).get("/metrics").status()).isEqualTo(200);
    assertThat(people.someone(Role.SYSTEM_ADMIN, "", null).client().get("/metrics").status()).isEqualTo(200);
  }

  @Test
  void anAnswerAndItsProblemCarryTheTraceOfTheCaller() {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    var refused = people.nobody().send("GET", "/api/units", null, Map.of("traceparent", "00-" + trace + "-00f067aa0ba902b7-01"));

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.response().headers().firstValue(Trace.HEADER)).contains(trace);
    assertThat(refused.json().path("traceId").asString()).isEqualTo(trace);
  }

  @Test
  void theErrorPageAskedForByNameIsNoFault() {
    for (String accept : new String[] {"application/json", "text/html"}) {
      var answer = people.nobody().send("GET", "/error", null, Map.of("Accept", accept));
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.problem()).isEqualTo("request.not-found");
      assertThat(answer.response().headers().firstValue("content-type").orElse("")).startsWith("application/problem+json");
    }
  }

  @Test
  void aMissingOrMalformedTraceIsMadeAnew() {
    assertThat(Trace.of(null)).matches("[0-9a-f]{32}").isNotEqualTo(Trace.of(null));
    assertThat(Trace.of("00-" + "0".repeat(32) + "-00f067aa0ba902b7-01")).isNotEqualTo("0".repeat(32));
    assertThat(Trace.of("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")).isNotEqualToIgnoringCase("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(Trace.of("00-<script>alert(1)</script>xxxxxxx-00f067aa0ba902b7-01")).matches("[0-9a-f]{32}");
  }

  @Test
  void routesInMetricsArePatternsOfTheCodeNeverPaths() {
    people.nobody().get("/api/public/reports/SECRETTRACKINGCODE");
    people.nobody().get("/no/such/page/SECRETTRACKINGCODE");

    String scrape = scrape();

    assertThat(scrape).contains("citywide_http_requests_seconds_count{method=\"GET\",route=\"/api/public/reports/{trackingCode}\"").doesNotContain("SECRETTRACKINGCODE");
  }

  @Test
  void everyMetricOfTheDashboardAndTheAlertsExists() throws IOException {
    // Meters of what has not happened yet appear with its first time.
    people.nobody().get("/api/units");
    Set<String> exposed = scrape().lines().filter(line -> !line.startsWith("#")).map(line -> line.split("[{ ]")[0]).collect(Collectors.toCollection(TreeSet::new));
    exposed.addAll(Set.of("citywide_signals_total", "citywide_case_steps_total")); // OperationsLoopTest sees these
    // Prometheus' own.
    exposed.add("up");

    Set<String> named = new TreeSet<>();
    Pattern name = Pattern.compile("\\b((?:citywide|hikaricp|jvm|process|system|disk)_[a-z_]+)\\b");
    for (String file : new String[] {"grafana-citywide.json", "prometheus-alerts.yaml"}) {
      Matcher matcher = name.matcher(Files.readString(OPERATIONS.resolve(file)));
      while (matcher.find()) {
        named.add(matcher.group(1));
      }
    }

    assertThat(named).hasSizeGreaterThan(15);
    assertThat(exposed).containsAll(named);
  }

  private String scrape() {
    var answer = people.machine("850100", Permission.METRICS_READ).get("/metrics");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.response().headers().firstValue("content-type").orElse("")).contains("version=0.0.4");
    return answer.text();
  }
}
