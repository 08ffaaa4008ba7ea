package io.citywide.cases.internal.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseView;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.Role;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Cases in the search box, by number and, the newest, by title. */
@ServerTest
class CaseSearchTest {

  @Autowired CaseGround ground;

  @Test
  void aCaseIsFoundByItsNumberAsSoonAsTheYearIsTyped() {
    CaseGround.Crew crew = ground.crew();
    long id = crew.caseAfter(CaseAction.ACCEPT);
    CaseView file = ground.file(id);
    var leader = crew.as(Role.SHIFT_LEADER);
    var whole = leader.get("/api/map/search?q=" + file.caseNo()).json().path("hits");
    assertThat(whole.at("/0/type").asString()).isEqualTo("case");
    assertThat(whole.at("/0/id").asString()).isEqualTo(Long.toString(id));
    assertThat(whole.at("/0/score").asDouble()).isEqualTo(1);
    assertThat(leader.get("/api/map/search?limit=20&q=" + file.caseNo().substring(0, 9)).json().path("hits").findValuesAsString("type"))
        .as("a district and half a year say nothing yet").doesNotContain("case");
    assertThat(List.of("%25%25", "__")).allSatisfy(q ->
        assertThat(leader.get("/api/map/search?q=" + q).json().path("hits").size()).as("no wildcards").isZero());
  }
}
