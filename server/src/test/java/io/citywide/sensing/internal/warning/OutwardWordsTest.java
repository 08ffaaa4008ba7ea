package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.sensing.WarningGrade;
import io.citywide.watch.Decision.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks, CAP messages and feeds say that a person ended a warning and what it was, and neither who that was nor what the person wrote. */
class OutwardWordsTest extends OutwardGround {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void noReceiverLearnsWhoEndedAWarningNorWhatThatPersonWrote() throws Exception {
    UnitRef owner = people.unit("回调单位", UnitKind.ENTERPRISE, B, null);
    Answer route = people.someone(Role.SHIFT_LEADER, CITY, null).client().post("/api/warning-routes",
        Map.of("watch", "rule:smoke-out", "areaCode", B, "level", "COMMUNITY", "gradeFrom", "BLUE", "target", "OWNER", "way", "WEBHOOK", "address", hook("/words")));
    assertThat(route.status()).as(route.text()).isEqualTo(201);
    String subject = subject();
    apply(judged(subject, Kind.RAISED, WarningGrade.ORANGE, B, owner));
    long id = id(subject);
    Someone officer = people.someone(Role.SHIFT_LEADER, B, null);
    TestClient client = officer.client();
    assertThat(client.post("/api/warnings/" + id + "/public", Map.of("open", true, "reason", "值班员李大勇要求公开")).status()).isEqualTo(200);
    until("the warning is told", () -> bodies(id).size() == 1);
    JsonNode raised = JSON.readTree(bodies(id).getFirst());
    assertThat(raised.path("reasonZh").asString()).as("what a rule says goes out in full").isEqualTo("烟雾 0.21 高于 0.15");

    assertThat(client.post("/api/warnings/" + id + "/end", Map.of("verdict", "FALSE", "reason", "户主王小明 13800138000 说是做饭")).status()).isEqualTo(200);
    until("the end is told", () -> bodies(id).size() == 2);
    JsonNode ended = JSON.readTree(bodies(id).getLast());
    assertThat(ended.path("act").asString()).isEqualTo("ENDED");
    assertThat(ended.path("reasonZh").asString()).isEqualTo("由人员解除（误报）");
    assertThat(ended.path("reasonEn").asString()).isEqualTo("ended by a person: false alarm");
    assertThat(ended.path("cap").path("info").path(0).path("description").asString()).isEqualTo("由人员解除（误报）");
    assertThat(ended.path("cap").path("info").path(1).path("description").asString()).isEqualTo("ended by a person: false alarm");

    TestClient nobody = people.nobody();
    String feed = nobody.get("/api/public/warnings/feed.atom").text();
    assertThat(feed).contains("<summary>由人员解除（误报）</summary>").contains("<summary>烟雾 0.21 高于 0.15</summary>");
    for (String said : List.of(bodies(id).getLast(), feed, nobody.get("/api/public/warnings/" + id + "/cap.xml").text(), client.get("/api/warnings/" + id + "/cap.xml").text(),
        client.get("/api/warnings/" + id + "/cap.json").text(), client.get("/api/warnings/feed.atom").text())) {
      assertThat(said).contains("由人员解除").doesNotContain("王小明").doesNotContain("13800138000").doesNotContain("李大勇").doesNotContain(officer.viewer().displayName());
    }
    assertThat(client.get("/api/warnings/" + id).text()).as("in the house it stands in full").contains("王小明").contains(officer.viewer().displayName());
    assertThat(people.someone(Role.SHIFT_LEADER, CITY, null).client().delete("/api/warning-routes/" + route.json().path("route").path("id").asLong()).status()).isEqualTo(204);
  }

  private static List<String> bodies(long warning) {
    return HOOKED.stream().filter(b -> b.contains("\"warning\":" + warning + ",")).toList();
  }
}
