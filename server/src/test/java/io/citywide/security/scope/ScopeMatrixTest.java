package io.citywide.security.scope;

import static io.citywide.security.scope.ScopeGround.WHERE;
import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient.Answer;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.AccessLog;
import io.citywide.identity.Open;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.internal.TestPeople;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Least sight, as one table: every endpoint × every role × rows of the own area, the area beside it, the one above and the
 * one below, each led by the own and by another unit. What is expected follows from the declaration of the endpoint, the
 * permissions of the role and the place of the row; what is seen comes over HTTP from the running server. Both stand side
 * by side in {@code target/scope-matrix.csv} and, grouped, in docs/security/scope-matrix.md, which is written anew with
 * {@code -Dwrite.docs=true}. An endpoint without a probe fails by name: {@link Doors} says
 * how to add one.
 */
@ServerTest
class ScopeMatrixTest {

  private static final Path DOC = Path.of("../docs/security/scope-matrix.md");

  @Autowired CaseGround cases;
  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired AccessLog access;
  @Autowired TransactionTemplate transaction;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mapping;

  private ScopeGround ground;

  @AfterEach
  void devicesArePlacedAgain() {
    cases.asSystem(() -> jdbc.sql("UPDATE sensing_placed SET revision = 0, upto = 0").update());
  }

  @Test
  void everyEndpointShowsEveryRoleWhatItsScopeHoldsAndNothingElse() throws IOException {
    ground = new ScopeGround(cases, people, jdbc);
    Map<String, Probe> probes = new LinkedHashMap<>();
    for (Doors doors : List.of(new SessionDoors(ground), new CaseDoors(ground), new SensingDoors(ground), new FigureDoors(ground),
        new AdministrationDoors(ground), new PlaceDoors(ground), new MapDoors(ground), new WarningDoors(ground), new CitizenDoors(ground))) {
      probes.putAll(doors.probes());
    }
    ground.leaveTraces(access, transaction);

    Map<String, HandlerMethod> doors = doors();
    Set<String> missing = new TreeSet<>(doors.keySet());
    missing.removeAll(probes.keySet());
    assertThat(missing).as("endpoints without a probe").isEmpty();
    Set<String> gone = new TreeSet<>(probes.keySet());
    gone.removeAll(doors.keySet());
    assertThat(gone).as("probes without an endpoint").isEmpty();

    List<String> before = ground.rowVersions();
    List<Cell> cells = new ArrayList<>();
    for (String door : probes.keySet()) {
      Probe probe = probes.get(door);
      for (Caller caller : ground.callers()) {
        for (Target target : reached(probe.rows())) {
          Answer answer = probe.call().make(caller, target);
          String seen = String.valueOf(answer.status());
          if (probe.marker() != null && answer.status() == 200) {
            seen += answer.text().contains(probe.marker().apply(target)) ? " shown" : " left out";
          }
          if (!seen.startsWith("2") && !caller.sees(target)) {
            assertThat(answer.text()).as(door + " tells " + caller.name()).doesNotContain(target.text()).doesNotContain(target.caseNo());
          }
          cells.add(new Cell(door, declared(doors.get(door)), caller, target, expected(doors.get(door), probe, caller, target), seen));
        }
      }
    }
    ScopePage.writeCells(cells);

    assertThat(cells.stream().filter(c -> !c.expected().equals(c.seen())).map(c -> c.door() + " as " + c.caller().name() + " on " + c.target().name()
        + ": expected " + c.expected() + ", seen " + c.seen()).toList()).isEmpty();
    assertThat(ground.rowVersions()).as("no call of the matrix changed a case, a signal or a rule").isEqualTo(before);
    assertThat(cells).hasSizeGreaterThan(2_000);
    String page = ScopePage.of(cells);
    if (Boolean.getBoolean("write.docs")) {
      Files.createDirectories(DOC.getParent());
      Files.writeString(DOC, page);
    }
    assertThat(DOC).as("run the tests once with -Dwrite.docs=true").hasContent(page);
  }

  private List<Target> reached(Probe.Rows rows) {
    return switch (rows) {
      case NONE -> ground.targets().subList(0, 1);
      case AREA -> ground.targets().subList(0, WHERE.size());
      case CASE -> ground.targets();
    };
  }

  private static String expected(HandlerMethod method, Probe probe, Caller caller, Target target) {
    Requires requires = method.getMethodAnnotation(Requires.class);
    if (requires != null && caller.name().equals("public")) {
      return requires.value()[0] == Permission.SIGNAL_REPORT && method.getBeanType().getName().contains(".open311.") ? "403" : "401"; // GeoReport v2: no key is a 403
    }
    if (requires != null && (requires.wholeCity() || Arrays.stream(requires.value()).noneMatch(caller.permissions()::contains))) {
      return "403";
    }
    return probe.expected().of(caller, target);
  }

  private static String declared(HandlerMethod method) {
    Requires requires = method.getMethodAnnotation(Requires.class);
    return requires == null ? "open: " + method.getMethodAnnotation(Open.class).value()
        : Arrays.stream(requires.value()).map(Enum::name).collect(Collectors.joining(" or ")) + (requires.wholeCity() ? ", whole city" : "");
  }

  private Map<String, HandlerMethod> doors() {
    Map<String, HandlerMethod> doors = new TreeMap<>();
    mapping.getHandlerMethods().forEach((info, method) -> {
      String bean = method.getBeanType().getName();
      if (bean.startsWith("io.citywide.")) {
        for (String pattern : info.getPatternValues()) {
          for (RequestMethod verb : info.getMethodsCondition().getMethods()) {
            doors.put(verb + " " + pattern, method);
          }
        }
      }
    });
    return doors;
  }
}
