package io.citywide.identity.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.citywide.identity.AccessLog;
import io.citywide.identity.Duty;
import io.citywide.identity.DutySettings;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Purpose;
import io.citywide.identity.Role;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Keeps {@code identity_duty}. Notices say that somebody of an area moved, never who or where. */
@Component
public class DutyDesk implements Duty {

  private static final String ROW = "SELECT d.*, p.name FROM identity_duty d JOIN identity_person p ON p.id = d.person_id";

  private final JdbcClient jdbc;
  private final Units units;
  private final AccessLog log;
  private final LiveFeed feed;
  private final DutyNews news;
  private final DutySettings settings;
  private final Clock clock;

  DutyDesk(JdbcClient jdbc, Units units, AccessLog log, LiveFeed feed, DutyNews news, DutySettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.units = units;
    this.log = log;
    this.feed = feed;
    this.news = news;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  @Transactional
  public OnDuty start(String areaCode, Position at) {
    Viewer viewer = person();
    Instant now = now();
    String area = areaCode != null ? areaCode : shift(viewer, now).filter(viewer.area()::covers).orElse(viewer.areaCode());
    if (!viewer.area().covers(area)) {
      throw new ProblemException(IdentityProblem.INVALID_DUTY, "area " + area + " lies beyond your position's area " + viewer.areaCode(), Map.of("field", "areaCode", "value", area))
          .zh("区域 " + area + " 不在您的岗位区域内");
    }
    try {
      jdbc.sql("""
              INSERT INTO identity_duty (person_id, position_id, role, unit_id, area_code, started_at)
              VALUES (:person, :position, :role, CAST(:unit AS bigint), :area, :now)""")
          .param("person", viewer.personId()).param("position", viewer.positionId()).param("role", viewer.role().name()).param("unit", viewer.unitId())
          .param("area", area).param("now", utc(now)).update();
    } catch (DuplicateKeyException e) {
      throw new ProblemException(IdentityProblem.ON_DUTY, "you are on duty already").zh("您已在岗");
    }
    OnDuty duty = at == null ? own().orElseThrow() : moved(own().orElseThrow(), at, now);
    tell(duty, "started", now);
    return duty;
  }

  /** Where the roster has the person now. */
  private Optional<String> shift(Viewer viewer, Instant now) {
    return jdbc.sql("SELECT area_code FROM identity_shift WHERE person_id = :person AND starts_at <= :soon AND ends_at > :now ORDER BY starts_at LIMIT 1")
        .param("person", viewer.personId()).param("now", utc(now)).param("soon", utc(now.plus(Duration.ofHours(1)))).query(String.class).optional();
  }

  @Override
  @Transactional
  public OnDuty end() {
    Instant now = now();
    OnDuty duty = ownOrThrow();
    jdbc.sql("UPDATE identity_duty SET ended_at = greatest(started_at, :now) WHERE id = :id").param("now", utc(now)).param("id", duty.id()).update();
    tell(duty, "ended", now);
    return jdbc.sql(ROW + " WHERE d.id = :id").param("id", duty.id()).query(this::row).single();
  }

  @Override
  @Transactional
  public OnDuty report(Position at) {
    Instant now = now();
    OnDuty duty = ownOrThrow();
    if (duty.seenAt() != null && now.isBefore(duty.seenAt().plus(settings.positionEvery()))) {
      throw new ProblemException(IdentityProblem.TOO_OFTEN, "a position is taken once in " + settings.positionEvery().toMillis() + " ms",
          Map.of("bound", settings.positionEvery().toMillis())).zh("位置上报过于频繁");
    }
    OnDuty moved = moved(duty, at, now);
    news.moved(moved, now);
    return moved;
  }

  private OnDuty moved(OnDuty duty, Position at, Instant now) {
    jdbc.sql("INSERT INTO identity_duty_position (duty_id, at, lon, lat, accuracy) VALUES (:id, :now, :lon, :lat, CAST(:accuracy AS real)) ON CONFLICT DO NOTHING")
        .param("id", duty.id()).param("now", utc(now)).param("lon", at.lon()).param("lat", at.lat()).param("accuracy", at.accuracyMeters()).update();
    jdbc.sql("UPDATE identity_duty SET lon = :lon, lat = :lat, accuracy = CAST(:accuracy AS real), here_code = CAST(:here AS text), seen_at = :now WHERE id = :id")
        .param("id", duty.id()).param("now", utc(now)).param("lon", at.lon()).param("lat", at.lat()).param("accuracy", at.accuracyMeters())
        .param("here", at.areaCode()).update();
    return own().orElseThrow();
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<OnDuty> findOwn() {
    return Viewer.current().personId() == null ? Optional.empty() : own();
  }

  private Optional<OnDuty> own() {
    return jdbc.sql(ROW + " WHERE d.person_id = :person AND d.ended_at IS NULL").param("person", Viewer.current().personId()).query(this::row).optional();
  }

  private OnDuty ownOrThrow() {
    person();
    return own().orElseThrow(() -> new ProblemException(IdentityProblem.NOT_ON_DUTY, "you are not on duty; go on duty first").zh("您不在岗，请先上岗"));
  }

  private static Viewer person() {
    Viewer viewer = Viewer.current();
    if (viewer.personId() == null || viewer.positionId() == null || viewer.role().administrator()) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "only people in a position of the city's work go on duty").zh("只有持业务岗位的人员可以上岗");
    }
    return viewer;
  }

  @Override
  @Transactional(readOnly = true)
  public List<OnDuty> listOnDuty() {
    return jdbc.sql(ROW + " WHERE d.ended_at IS NULL ORDER BY p.name, d.id").query(this::row).list();
  }

  @Override
  @Transactional
  public List<Seen> revealWay(long dutyId, Purpose purpose) {
    OnDuty duty = jdbc.sql(ROW + " WHERE d.id = :id").param("id", dutyId).query(this::row).optional()
        .orElseThrow(() -> new ProblemException(IdentityProblem.UNKNOWN_DUTY, "there is no duty " + dutyId + " in your sight", Map.of("value", dutyId)).zh("没有此在岗记录，或不在您的可见范围内"));
    log.record("personal-data.revealed", "person:" + duty.personId(), "done", purpose.details(List.of("positions")));
    return jdbc.sql("SELECT at, lon, lat, accuracy FROM identity_duty_position WHERE duty_id = :id ORDER BY at").param("id", dutyId)
        .query((rs, i) -> new Seen(instant(rs, "at"), rs.getDouble("lon"), rs.getDouble("lat"), metres(rs))).list();
  }

  private void tell(OnDuty duty, String act, Instant at) {
    feed.publish(new Notice("duty", duty.areaCode(), duty.unitId() == null ? Set.of() : Set.of(duty.unitId()),
        Map.of("dutyId", duty.id(), "act", act, "areaCode", duty.areaCode(), "at", at.toString())));
  }

  /** Deletes positions whose time is over, and takes off duty whoever forgot to. How many rows it changed. */
  @Transactional
  public int tidy() {
    Instant now = now();
    int changed = jdbc.sql("DELETE FROM identity_duty_position WHERE at < :old").param("old", utc(now.minus(settings.positionsKept()))).update();
    changed += jdbc.sql("UPDATE identity_duty SET ended_at = started_at + make_interval(secs => :longest), forgotten = true WHERE ended_at IS NULL AND started_at < :forgotten")
        .param("longest", (double) settings.longest().toSeconds()).param("forgotten", utc(now.minus(settings.longest()))).update();
    changed += jdbc.sql("""
            UPDATE identity_duty SET lon = NULL, lat = NULL, accuracy = NULL, here_code = NULL, seen_at = NULL
            WHERE ended_at IS NOT NULL AND lon IS NOT NULL AND ended_at < :old""")
        .param("old", utc(now.minus(settings.positionsKept()))).update();
    return changed;
  }

  private OnDuty row(ResultSet rs, int i) throws SQLException {
    Long unit = rs.getObject("unit_id", Long.class);
    Instant seen = instant(rs, "seen_at");
    return new OnDuty(rs.getLong("id"), rs.getLong("person_id"), rs.getString("name"), Role.valueOf(rs.getString("role")), unit,
        unit == null ? null : units.names(List.of(unit)).get(unit), rs.getString("area_code"), instant(rs, "started_at"), instant(rs, "ended_at"),
        rs.getObject("lon", Double.class), rs.getObject("lat", Double.class), metres(rs), rs.getString("here_code"), seen,
        seen != null && seen.isAfter(clock.instant().minus(settings.fresh())));
  }

  private static Double metres(ResultSet rs) throws SQLException {
    float metres = rs.getFloat("accuracy");
    return rs.wasNull() ? null : (double) metres;
  }

  private Instant now() {
    return clock.instant();
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static Instant instant(ResultSet rs, String column) throws SQLException {
    OffsetDateTime at = rs.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }

  /** The task that keeps the promise about positions. */
  @Configuration(proxyBeanMethods = false)
  static class Schedule {

    @Bean
    RecurringTask<Void> tidyDuty(DutyDesk desk) {
      return Tasks.recurring("identity-duty-tidy", FixedDelay.of(Duration.ofMinutes(10)))
          .execute((instance, context) -> Viewer.callAs(Viewer.system("duty"), desk::tidy));
    }
  }
}
