package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.DutyDesk;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.place.TestCity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** People go on duty with their own phones; who answers for the place sees them, and nobody else does. */
@ServerTest
class DutyTest {

  private static final String CITY = "750500";
  private static final String STREET = "750502001";
  private static final String A = "750502001001";
  private static final String B = "750502001002";
  private static final TestCity PLACES = new TestCity(CITY, 107.91, 27.51);
  private static boolean built;

  @Autowired TestPeople people;
  @Autowired CaseGround ground;
  @Autowired DutyDesk desk;
  @Autowired LiveFeed feed;
  @Autowired JdbcClient jdbc;

  @BeforeEach
  void areas() {
    if (!built) {
      built = true;
      assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    }
  }

  private static Map<String, Object> at(double x, double y) {
    return Map.of("lon", PLACES.at(x, y).get(0), "lat", PLACES.at(x, y).get(1), "accuracy", 8);
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  /** The time that must lie between two positions is over. */
  private void later(Someone who) {
    ground.asSystem(() -> jdbc.sql("UPDATE identity_duty SET seen_at = seen_at - interval '1 minute' WHERE person_id = :id AND ended_at IS NULL").param("id", who.personId()).update());
  }

  private boolean sees(TestClient client, Someone who) {
    return StreamSupport.stream(ok(client.get("/api/map/duty")).json().spliterator(), false).anyMatch(d -> d.path("personId").asLong() == who.personId());
  }

  private long inside(TestClient client, String area) {
    JsonNode answer = ok(client.post("/api/map/inside", Map.of("region", Map.of("area", area)))).json();
    return answer.path("onDuty").asLong();
  }

  @Test
  void goesOnDutySaysWhereAndGoesOff() {
    Someone collector = people.someone(Role.COLLECTOR, A, null);
    assertThat(ok(collector.client().get("/api/duty")).json().path("onDuty").asBoolean()).isFalse();

    assertThat(ok(collector.client().post("/api/duty/start", at(0.5, 0.5))).json().path("duty").path("areaCode").asString()).isEqualTo(A);
    later(collector);
    JsonNode moved = ok(collector.client().post("/api/duty/position", at(1.5, 1.5))).json().path("duty");
    assertThat(moved.path("lon").asDouble()).isEqualTo(PLACES.at(1.5, 1.5).get(0));
    assertThat(moved.path("fresh").asBoolean()).isTrue();
    assertThat(ok(collector.client().get("/api/duty")).json().path("onDuty").asBoolean()).isTrue();

    assertThat(ok(collector.client().post("/api/duty/end", Map.of())).json().path("onDuty").asBoolean()).isFalse();
    assertThat(ok(collector.client().get("/api/duty")).json().path("onDuty").asBoolean()).isFalse();
  }

  @Test
  void whatMakesNoSenseIsRefusedAndChangesNothing() {
    Someone collector = people.someone(Role.COLLECTOR, A, null);
    TestClient phone = collector.client();
    assertThat(phone.post("/api/duty/end", Map.of()).problem()).isEqualTo("identity.not-on-duty");
    assertThat(phone.post("/api/duty/position", at(0.5, 0.5)).problem()).isEqualTo("identity.not-on-duty");
    assertThat(phone.post("/api/duty/start", Map.of("areaCode", B)).problem()).isEqualTo("identity.invalid-duty");
    assertThat(phone.post("/api/duty/start", Map.of("lon", 207.0, "lat", 27.5)).problem()).isEqualTo("identity.invalid-duty");
    assertThat(ok(phone.get("/api/duty")).json().path("onDuty").asBoolean()).as("nothing of it took effect").isFalse();
    ok(phone.post("/api/duty/start", at(0.5, 0.5)));
    assertThat(phone.post("/api/duty/start", Map.of()).problem()).isEqualTo("identity.on-duty");
    assertThat(phone.post("/api/duty/position", at(0.6, 0.6)).problem()).as("a moment after the last").isEqualTo("identity.too-often");
    later(collector);
    assertThat(phone.post("/api/duty/position", Map.of("lon", 107.91)).problem()).isEqualTo("identity.invalid-duty");
    assertThat(phone.post("/api/duty/position", Map.of("lon", 107.91, "lat", 27.51, "accuracy", -1)).problem()).isEqualTo("identity.invalid-duty");
    assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().post("/api/duty/start", Map.of()).status()).isEqualTo(403);
  }

  @Test
  void onlyWhoAnswersForTheAreaSeesSomebodyOnDuty() {
    Someone inB = people.someone(Role.COLLECTOR, B, null);
    TestClient leaderA = people.someone(Role.LEADER, A, null).client();
    TestClient leaderB = people.someone(Role.LEADER, B, null).client();
    long before = inside(leaderB, B);
    ok(inB.client().post("/api/duty/start", at(3.5, 0.5)));

    assertThat(sees(leaderB, inB)).isTrue();
    assertThat(sees(leaderA, inB)).isFalse();
    assertThat(inside(leaderB, B)).isEqualTo(before + 1);
    assertThat(inside(leaderA, B)).isZero();
    assertThat(people.someone(Role.HANDLER, B, people.unit("值守单位", UnitRef.UnitKind.ENTERPRISE, B, null)).client().get("/api/map/duty").status()).isEqualTo(403);
    assertThat(leaderA.post("/api/map/inside/duty?limit=500", Map.of("region", Map.of("area", CITY))).text()).doesNotContain("\"personId\":" + inB.personId() + ",");
    JsonNode listed = ok(leaderB.post("/api/map/inside/duty?limit=500", Map.of("region", Map.of("circle",
        Map.of("lon", PLACES.at(3.5, 0.5).get(0), "lat", PLACES.at(3.5, 0.5).get(1), "radius", 30))))).json().path("items");
    assertThat(listed.toString()).contains("\"personId\":" + inB.personId() + ",");
    JsonNode children = ok(leaderB.get("/api/map/areas/" + STREET + "/figures")).json().path("children");
    assertThat(children.path(0).path("figures").path("onDuty").asLong()).isZero();
    assertThat(children.path(1).path("figures").path("onDuty").asLong()).isEqualTo(inside(leaderB, B));
  }

  @Test
  void theWayOfSomebodyIsShownForAPurposeAndTheLookIsOnRecord() {
    Someone collector = people.someone(Role.COLLECTOR, A, null);
    ok(collector.client().post("/api/duty/start", at(0.5, 0.5)));
    later(collector);
    long id = ok(collector.client().post("/api/duty/position", at(0.9, 0.9))).json().path("duty").path("id").asLong();
    Someone leader = people.someone(Role.LEADER, A, null);
    Map<String, Object> purpose = Map.of("purpose", "EMERGENCY", "reason", "联系不上，需要找到本人");

    assertThat(leader.client().post("/api/map/duty/" + id + "/way", Map.of()).problem()).isEqualTo("identity.purpose");
    assertThat(ok(leader.client().post("/api/map/duty/" + id + "/way", purpose)).json()).hasSize(2);
    assertThat(people.someone(Role.LEADER, B, null).client().post("/api/map/duty/" + id + "/way", purpose).problem()).isEqualTo("identity.unknown-duty");
    assertThat(ground.<Long>asSystem(() -> jdbc.sql("SELECT count(*) FROM identity_access_log WHERE person_id = :who AND object = :whom AND details->>'purpose' = 'EMERGENCY'")
        .param("who", leader.personId()).param("whom", "person:" + collector.personId()).query(Long.class).single())).isEqualTo(1);
  }

  @Test
  void positionsAreDeletedWhenTheirTimeIsOverAndTheForgetfulAreTakenOffDuty() {
    Someone collector = people.someone(Role.COLLECTOR, A, null);
    long id = ok(collector.client().post("/api/duty/start", at(0.5, 0.5))).json().path("duty").path("id").asLong();
    ground.asSystem(() -> jdbc.sql("UPDATE identity_duty_position SET at = at - interval '8 days' WHERE duty_id = :id").param("id", id).update()
        + jdbc.sql("UPDATE identity_duty SET started_at = started_at - interval '9 days' WHERE id = :id").param("id", id).update());

    Viewer.callAs(Viewer.system("duty"), desk::tidy);
    Viewer.callAs(Viewer.system("duty"), desk::tidy);

    assertThat(ok(collector.client().get("/api/duty")).json().path("onDuty").asBoolean()).isFalse();
    assertThat(ground.<Map<String, Object>>asSystem(() -> jdbc.sql("""
        SELECT forgotten, lon IS NULL AS gone, (SELECT count(*) FROM identity_duty_position WHERE duty_id = d.id) AS kept FROM identity_duty d WHERE id = :id""")
        .param("id", id).query().singleRow())).containsEntry("forgotten", true).containsEntry("gone", true).containsEntry("kept", 0L);
  }

  @Test
  void theRosterSaysForWhichAreaSomebodyGoesOnDuty() {
    Someone ofStreet = people.someone(Role.COLLECTOR, STREET, null);
    TestClient planner = people.someone(Role.SHIFT_LEADER, STREET, null).client();
    Instant now = Instant.now();
    Map<String, Object> shift = Map.of("personId", ofStreet.personId(), "areaCode", B, "startsAt", now.minusSeconds(60).toString(), "endsAt", now.plus(Duration.ofHours(8)).toString());

    Answer planned = planner.post("/api/roster", List.of(shift));
    assertThat(planned.status()).as(planned.text()).isEqualTo(201);
    assertThat(planner.post("/api/roster", List.of(shift)).problem()).isEqualTo("identity.shift-overlaps");
    assertThat(planner.post("/api/roster", List.of(Map.of("personId", ofStreet.personId(), "areaCode", B, "startsAt", now.toString(), "endsAt", now.toString()))).json().path("detail").asString())
        .contains("shifts[0] ends after it begins");
    Someone ofA = people.someone(Role.COLLECTOR, A, null);
    assertThat(planner.post("/api/roster", List.of(Map.of("personId", ofA.personId(), "areaCode", B, "startsAt", now.toString(), "endsAt", now.plusSeconds(60).toString()))).problem())
        .isEqualTo("identity.invalid-duty");
    assertThat(people.someone(Role.SHIFT_LEADER, A, null).client().post("/api/roster", List.of(shift)).problem()).isEqualTo("identity.forbidden");

    assertThat(ok(ofStreet.client().post("/api/duty/start", Map.of())).json().path("duty").path("areaCode").asString()).isEqualTo(B);
    String window = "/api/roster?from=" + now + "&to=" + now.plus(Duration.ofDays(1));
    long id = planned.json().path(0).asLong();
    assertThat(ok(planner.get(window)).json().path(0).path("personName").asString()).isNotEmpty();
    assertThat(ok(people.someone(Role.SHIFT_LEADER, A, null).client().get(window)).json()).isEmpty();
    assertThat(people.someone(Role.SHIFT_LEADER, A, null).client().delete("/api/roster/" + id).status()).isEqualTo(404);
    assertThat(planner.delete("/api/roster/" + id).status()).isEqualTo(204);
    assertThat(ok(planner.get(window)).json()).isEmpty();
  }

  @Test
  void theLiveFeedSaysThatSomebodyMovedButNeverWhoOrWhere() throws Exception {
    List<Notice> heard = new CopyOnWriteArrayList<>();
    Someone collector = people.someone(Role.COLLECTOR, A, null);
    try (AutoCloseable listening = feed.listen(heard::add)) {
      ok(collector.client().post("/api/duty/start", at(0.5, 0.5)));
    }
    Notice notice = heard.stream().filter(n -> n.type().equals("duty")).findFirst().orElseThrow();
    assertThat(notice.areaCode()).isEqualTo(A);
    assertThat(notice.data()).containsOnlyKeys("dutyId", "act", "areaCode", "at");
  }

  @Test
  void whoMovesWithinASecondIsToldTogether() throws Exception {
    BlockingQueue<Notice> moved = new LinkedBlockingQueue<>();
    Set<Long> all = new HashSet<>();
    List<Someone> collectors = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Someone collector = people.someone(Role.COLLECTOR, A, null);
      all.add(ok(collector.client().post("/api/duty/start", Map.of())).json().path("duty").path("id").asLong());
      collectors.add(collector);
    }
    Set<Long> told = new HashSet<>();
    int notices = 0;
    try (AutoCloseable listening = feed.listen(n -> {
      if (n.type().equals("duty") && n.data().get("act").equals("moved")) moved.add(n);
    })) {
      collectors.parallelStream().forEach(c -> ok(c.client().post("/api/duty/position", at(0.5, 0.5))));
      while (!told.containsAll(all)) {
        Notice notice = moved.poll(30, TimeUnit.SECONDS);
        assertThat(notice).as("told so far: " + told).isNotNull();
        assertThat(notice.data()).containsOnlyKeys("dutyIds", "act", "areaCode", "at");
        ((List<?>) notice.data().get("dutyIds")).forEach(id -> told.add((Long) id));
        notices++;
      }
    }
    assertThat(notices).isLessThan(all.size());
  }

  @Test
  void aTileShowsThemWithTheirRole() {
    Someone collector = people.someone(Role.COLLECTOR, A, null);
    ok(collector.client().post("/api/duty/start", at(1.2, 0.4)));
    int z = 14;
    int x = (int) ((PLACES.at(1.2, 0.4).get(0) + 180) / 360 * (1 << z));
    double lat = Math.toRadians(PLACES.at(1.2, 0.4).get(1));
    int y = (int) ((1 - Math.log(Math.tan(lat) + 1 / Math.cos(lat)) / Math.PI) / 2 * (1 << z));
    Answer tile = people.someone(Role.LEADER, A, null).client().get("/api/map/tiles/duty/" + z + "/" + x + "/" + y + ".mvt");
    assertThat(tile.status()).isEqualTo(200);
    assertThat(tile.text()).contains("duty").contains("COLLECTOR");
    assertThat(people.someone(Role.LEADER, B, null).client().get("/api/map/tiles/duty/" + z + "/" + x + "/" + y + ".mvt").text()).doesNotContain("COLLECTOR");
  }
}
