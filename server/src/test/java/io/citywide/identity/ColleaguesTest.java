package io.citywide.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Whom a task can be given to. */
@ServerTest
class ColleaguesTest {

  @Autowired TestPeople people;

  @Test
  void aHandlerSeesThePeopleOfTheOwnUnitAndOfThoseBelowIt() {
    UnitRef lamps = people.unit("路灯所", UnitKind.DEPARTMENT, "3201", null);
    UnitRef crew = people.unit("路灯一班", UnitKind.DEPARTMENT, "3201", lamps.id());
    var chief = people.someone(Role.HANDLER, "3201", lamps);
    var fitter = people.someone(Role.HANDLER, "3201", crew);

    var answer = chief.client().get("/api/units/" + lamps.id() + "/people");
    assertThat(answer.json().findValuesAsString("id")).containsExactlyInAnyOrder("" + chief.personId(), "" + fitter.personId());
    assertThat(answer.text()).doesNotContain(chief.login()).doesNotContain("phone");
  }

  @Test
  void aHandlerDoesNotSeeThePeopleOfAnotherUnitButADispatcherDoes() {
    UnitRef lamps = people.unit("路灯所", UnitKind.DEPARTMENT, "3201", null);
    UnitRef roads = people.unit("道路所", UnitKind.DEPARTMENT, "3201", null);
    var handler = people.someone(Role.HANDLER, "3201", lamps);
    people.someone(Role.HANDLER, "3201", roads);

    assertThat(handler.client().get("/api/units/" + roads.id() + "/people").problem()).isEqualTo("identity.unknown-unit");
    var dispatcher = people.someone(Role.DISPATCHER, "3201", null);
    assertThat(dispatcher.client().get("/api/units/" + roads.id() + "/people").json()).hasSize(1);
    assertThat(dispatcher.client().get("/api/units/999999999/people").status()).isEqualTo(404);
  }
}
