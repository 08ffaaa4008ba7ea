package io.citywide.dispatch.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A report that names a component and no place: from the phone of a citizen to the unit that looks after the thing. */
@ServerTest
class ComponentReportTest {

  private static final TestCity CITY = new TestCity("740200", 115.45, 31.35);
  private static final String KIND = "gb47678.5-M01001";
  private static final String LID = "74020201001000001";

  @Autowired TestPeople people;
  @Autowired LiveFeed feed;

  private TestClient leader;
  private UnitRef owner;

  /** The lid belongs to the water company; a rule gives every case of its kind to somebody else. */
  @BeforeEach
  void aLidAndItsOwner() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    assertThat(steward.put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
    owner = people.unit("云泽自来水公司", UnitKind.DEPARTMENT, CITY.city, null);
    UnitRef roads = people.unit("云泽道路管理处", UnitKind.DEPARTMENT, CITY.city, null);
    Answer taken = steward.post("/api/components:batch", List.of(Map.of("ident", LID, "lon", CITY.at(2.5, 1.5).get(0), "lat", CITY.at(2.5, 1.5).get(1), "ownerCode", owner.code())));
    assertThat(taken.json().path("accepted").asInt()).as(taken.text()).isEqualTo(1);
    leader = people.someone(Role.SHIFT_LEADER, CITY.city, null).client();
    TestClient dispatcher = people.someone(Role.DISPATCHER, CITY.city, null).client();
    assertThat(dispatcher.post("/api/dispatch/rules", Map.of("kind", KIND, "areaCode", CITY.city, "hours", "ANY", "leadUnitId", roads.id())).status()).isEqualTo(201);
    assertThat(dispatcher.put("/api/dispatch/switches", List.of(Map.of("kind", KIND, "automatic", true))).status()).isEqualTo(200);
  }

  @Test
  void itStandsWhereTheComponentStandsAndGoesToItsOwnerAndTheStepSaysWhyInBothLanguages() throws Exception {
    Answer reported = people.nobody().post("/api/public/reports", Map.of("description", "井盖松动，车一过就响", "kindId", KIND, "componentIdent", LID));
    assertThat(reported.status()).as(reported.text()).isEqualTo(201);
    String number = reported.json().path("caseNo").asString();
    JsonNode found = leader.get("/api/cases?q=" + number).json().path("items").get(0);
    long id = found.path("id").asLong();
    assertThat(found.path("areaCode").asString()).isEqualTo("740202001002003");

    var dispatched = new CompletableFuture<Boolean>();
    try (var hearing = feed.listen(notice -> {
      if (Long.valueOf(id).equals(notice.data().get("caseId")) && "DISPATCH".equals(notice.data().get("action"))) {
        dispatched.complete(true);
      }
    })) {
      for (String action : List.of("ACCEPT", "FILE")) {
        Answer step = leader.post("/api/cases/" + id + "/steps", Map.of("action", action, "version", leader.get("/api/cases/" + id).json().path("version").asLong()));
        assertThat(step.status()).as(step.text()).isLessThan(300);
      }
      assertThat(dispatched.get(30, TimeUnit.SECONDS)).isTrue();
    }

    JsonNode file = leader.get("/api/cases/" + id).json();
    assertThat(file.findValues("leadUnitId").getFirst().asLong()).isEqualTo(owner.id());
    JsonNode step = null;
    for (JsonNode s : file.findValues("steps").getFirst()) {
      step = s.path("action").asString().equals("DISPATCH") ? s : step;
    }
    JsonNode reasons = step.path("details").path("reasons");
    assertThat(reasons.get(0).path("code").asString()).isEqualTo("component-owner");
    assertThat(reasons.get(0).path("zh").asString()).contains(LID, owner.name(), "管护");
    assertThat(reasons.get(0).path("en").asString()).contains(LID, owner.name(), "looks after");
    assertThat(reasons.get(1).path("code").asString()).isEqualTo("component-owner-before-rule");
    assertThat(reasons.get(1).path("en").asString()).startsWith("Comes before rule ").contains("云泽道路管理处");
    assertThat(step.path("opinion").asString()).contains("由其主办");
  }
}
