package io.citywide.identity.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.Stationing;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Grants and ends positions. The three administrators exclude one another and every business role
 * (GB/T 22239-2019 §8.1.5), nobody grants to themselves, and nobody grants beyond their own area.
 */
@Component
public class GrantDesk {

  private final JdbcClient jdbc;
  private final Clock clock;
  private final UnitStore units;
  private final PeopleDesk people;
  private final Sessions sessions;
  private final AccessLog log;

  GrantDesk(JdbcClient jdbc, Clock clock, UnitStore units, PeopleDesk people, Sessions sessions, AccessLog log) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.units = units;
    this.people = people;
    this.sessions = sessions;
    this.log = log;
  }

  /**
   * Grants a position from now on.
   *
   * @param unitId unit of the position; only administrators work without one
   * @param areaCode area of the position, within the unit's; empty: everywhere, for administrators only
   * @throws ProblemException {@code identity.unknown-person}, {@code identity.unknown-unit}, {@code identity.own-rights},
   *     {@code identity.exclusive-roles}, {@code identity.invalid-grant}, {@code identity.forbidden}
   */
  @Transactional
  public PeopleDesk.Person grant(long personId, Long unitId, Role role, String areaCode) {
    refuseOneself(personId);
    // The row lock lets parallel grants to one person see each other, or exclusive roles could slip past.
    jdbc.sql("SELECT id FROM identity_person WHERE id = :id FOR UPDATE").param("id", personId).query(Long.class).optional();
    PeopleDesk.Person person = people.get(personId);
    if (!person.active()) {
      throw invalid("personId", personId, person.name() + " is deactivated").zh(person.name() + "的账号已停用");
    }
    String area = areaCode == null ? "" : areaCode.strip();
    checkArea(role, area, unitId == null ? null : units.findUnit(unitId).orElseThrow(() -> UnitStore.unknown(unitId)));
    checkExclusion(person, role);
    try {
      long id =
          jdbc.sql(
                  """
                  INSERT INTO identity_position (person_id, unit_id, role, area_code, granted_by, granted_at)
                  VALUES (:person, :unit, :role, :area, :by, :now) RETURNING id
                  """)
              .param("person", personId)
              .param("unit", unitId)
              .param("role", role.name())
              .param("area", area)
              .param("by", Viewer.current().personId())
              .param("now", clock.instant().atOffset(ZoneOffset.UTC))
              .query(Long.class)
              .single();
      Map<String, Object> details = new HashMap<>(Map.of("position", id, "role", role.name(), "area", area));
      details.put("unit", unitId);
      log.record("position.granted", "person:" + personId, "done", details);
    } catch (DuplicateKeyException e) {
      throw invalid("role", role, person.name() + " holds this position already").zh(person.name() + "已有此岗位");
    }
    sessions.forget(personId);
    return people.get(personId);
  }

  /**
   * Ends a position now, and with it every session of the person.
   *
   * @throws ProblemException {@code identity.unknown-person}, {@code identity.unknown-position}, {@code identity.own-rights},
   *     {@code identity.last-administrator}, {@code identity.forbidden}
   */
  @Transactional
  public PeopleDesk.Person end(long personId, long positionId) {
    refuseOneself(personId);
    PeopleDesk.Person person = people.get(personId);
    PeopleDesk.Held held =
        person.positions().stream().filter(p -> p.id() == positionId).findFirst()
            .orElseThrow(() -> new ProblemException(IdentityProblem.UNKNOWN_POSITION,
                person.name() + " holds no position " + positionId, Map.of("field", "positionId", "value", positionId)).zh(person.name() + "没有此岗位"));
    within(held.areaCode());
    people.keepOneOfEachKind(List.of(held));
    jdbc.sql("UPDATE identity_position SET ended_at = :now WHERE id = :id AND ended_at IS NULL")
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .param("id", positionId)
        .update();
    sessions.endAll(personId);
    log.record("position.ended", "person:" + personId, "done", Map.of("position", positionId, "role", held.role().name(), "area", held.areaCode()));
    return people.get(personId);
  }

  private static void refuseOneself(long personId) {
    if (Objects.equals(Viewer.current().personId(), personId)) {
      throw new ProblemException(IdentityProblem.OWN_RIGHTS, "your own positions are granted and ended by another administrator").zh("自己的岗位须由其他管理员授予和结束");
    }
  }

  private static void within(String area) {
    if (!Viewer.current().area().covers(area)) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "area '" + area + "' lies outside your area",
          Map.of("field", "areaCode", "value", area)).zh("区域 " + area + " 不在您的管理范围内");
    }
  }

  private void checkArea(Role role, String area, UnitRef unit) {
    if (!area.matches("|[0-9A-Z]{2,17}")) {
      throw invalid("areaCode", area, "areaCode must be an area code of 2 to 17 digits, was '" + area + "'").zh("区域代码“" + area + "”无效");
    }
    within(area);
    if (unit == null) {
      if (!role.administrator()) {
        throw invalid("unitId", null, role + " needs a unit to work in").zh(role.nameZh() + "须有所属单位");
      }
      if (!area.isEmpty() && units.listUnits().stream().noneMatch(u -> AreaScope.of(area).covers(u.areaCode()))) {
        throw invalid("areaCode", area, "no unit works in area '" + area + "'").zh("区域 " + area + " 内没有单位");
      }
      return;
    }
    if (!unit.active()) {
      throw invalid("unitId", unit.id(), unit.name() + " is not active").zh(unit.name() + "已停用");
    }
    if (unit.stationing() == Stationing.TEMPORARY && unit.stationedUntil().isBefore(sessions.today())) {
      throw invalid("unitId", unit.id(), "the temporary stationing of " + unit.name() + " ended on " + unit.stationedUntil()).zh(unit.name() + "的临时派驻已于 " + unit.stationedUntil() + " 结束");
    }
    if (!AreaScope.of(unit.areaCode()).covers(area)) {
      throw invalid("areaCode", area, unit.name() + " works in area " + unit.areaCode() + "; a position of it cannot reach area '" + area + "'")
          .zh(unit.name() + "的区域为 " + unit.areaCode() + "，其岗位不能管辖区域 " + (area.isEmpty() ? "全部" : area));
    }
  }

  private static void checkExclusion(PeopleDesk.Person person, Role role) {
    person.positions().stream()
        .map(PeopleDesk.Held::role)
        .filter(other -> other != role && (other.administrator() || role.administrator()))
        .findFirst()
        .ifPresent(other -> {
          throw new ProblemException(IdentityProblem.EXCLUSIVE_ROLES,
              person.name() + " is " + other + "; " + role + " and " + other + " may not be one person. End the other position first, or choose somebody else",
              Map.of("held", other.name(), "asked", role.name()))
              .zh(person.name() + "已是" + other.nameZh() + "，" + role.nameZh() + "与" + other.nameZh() + "不能由同一人担任；请先结束原岗位，或另选他人");
        });
  }

  private static ProblemException invalid(String field, Object value, String detail) {
    Map<String, Object> extras = new HashMap<>(Map.of("field", field));
    extras.put("value", value);
    return new ProblemException(IdentityProblem.INVALID_GRANT, detail, extras);
  }
}
