package io.citywide.identity.internal;

import io.citywide.identity.AreaScope;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The roster (排班): who is to be on duty where and when. */
@Component
public class RosterDesk {

  private static final int MOST = 1_000;
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration WIDEST = Duration.ofDays(62);

  /** A shift to be. */
  public record Draft(Long personId, String areaCode, Instant startsAt, Instant endsAt, String note) {}

  /** A shift as planned. */
  public record Shift(long id, long personId, String personName, String areaCode, Instant startsAt, Instant endsAt, String note) {}

  private final JdbcClient jdbc;

  RosterDesk(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Shifts that touch the time from {@code from} to {@code to}, at most 62 days, in their order.
   *
   * @param areaCode {@code null}: everywhere in the viewer's scope
   */
  @Transactional(readOnly = true)
  public List<Shift> list(String areaCode, Instant from, Instant to) {
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(WIDEST) > 0) {
      throw invalid("from", "from lies before to, by at most 62 days, was " + from + " to " + to, "查询时段须为 62 天以内，且开始早于结束");
    }
    AreaScope within = areaCode == null ? AreaScope.ALL : AreaScope.of(areaCode);
    return jdbc.sql("""
            SELECT s.*, p.name FROM identity_shift s JOIN identity_person p ON p.id = s.person_id
            WHERE s.ends_at > :from AND s.starts_at < :to AND s.area_code >= :lo AND s.area_code < :hi ORDER BY s.starts_at, p.name, s.id""")
        .param("from", utc(from)).param("to", utc(to)).param("lo", within.low()).param("hi", within.high())
        .query((rs, i) -> new Shift(rs.getLong("id"), rs.getLong("person_id"), rs.getString("name"), rs.getString("area_code"),
            rs.getObject("starts_at", OffsetDateTime.class).toInstant(), rs.getObject("ends_at", OffsetDateTime.class).toInstant(), rs.getString("note"))).list();
  }

  /**
   * Plans shifts, all or none.
   *
   * @throws ProblemException {@code identity.invalid-duty} naming the shift by its index, {@code identity.shift-overlaps}
   */
  @Transactional
  public List<Long> plan(List<Draft> drafts) {
    if (drafts.isEmpty() || drafts.size() > MOST) {
      throw invalid("shifts", "give 1 to " + MOST + " shifts, were " + drafts.size(), "每次可排 1 至 " + MOST + " 个班次");
    }
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < drafts.size(); i++) {
      ids.add(plan(i, drafts.get(i)));
    }
    return ids;
  }

  private long plan(int i, Draft d) {
    String at = "shifts[" + i + "]";
    if (d == null || d.personId() == null || d.areaCode() == null || d.startsAt() == null || d.endsAt() == null) {
      throw invalid(at, at + " needs personId, areaCode, startsAt and endsAt", "班次缺少人员、区域或时间");
    }
    Duration length = Duration.between(d.startsAt(), d.endsAt());
    if (!length.isPositive() || length.compareTo(LONGEST) > 0) {
      throw invalid(at + ".endsAt", at + " ends after it begins and within 24 hours, was " + d.startsAt() + " to " + d.endsAt(), "班次须在 24 小时以内，且结束晚于开始");
    }
    if (d.note() != null && d.note().length() > 200) {
      throw invalid(at + ".note", "a note has at most 200 characters, was " + d.note().length(), "备注最多 200 字");
    }
    if (!Viewer.current().area().covers(d.areaCode())) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "area " + d.areaCode() + " lies beyond yours", Map.of("field", at + ".areaCode")).zh("区域 " + d.areaCode() + " 不在您的管辖范围内");
    }
    // The position must reach the area: of a whole street for one of its communities, or within it.
    List<String> held = jdbc.sql("""
            SELECT o.area_code FROM identity_position o JOIN identity_person p ON p.id = o.person_id AND p.active
            WHERE o.person_id = :person AND o.ended_at IS NULL FOR UPDATE OF p""")
        .param("person", d.personId()).query(String.class).list();
    if (held.stream().noneMatch(code -> AreaScope.of(code).covers(d.areaCode()))) {
      throw invalid(at + ".personId", "person " + d.personId() + " holds no position for area " + d.areaCode(), "所选人员没有该区域的岗位");
    }
    long over = jdbc.sql("SELECT count(*) FROM identity_shift WHERE person_id = :person AND ends_at > :from AND starts_at < :to")
        .param("person", d.personId()).param("from", utc(d.startsAt())).param("to", utc(d.endsAt())).query(Long.class).single();
    if (over > 0) {
      throw new ProblemException(IdentityProblem.SHIFT_OVERLAPS, at + ": person " + d.personId() + " has a shift in this time already", Map.of("field", at)).zh("该人员在此时段已有班次");
    }
    return jdbc.sql("""
            INSERT INTO identity_shift (person_id, area_code, starts_at, ends_at, note, planned_by)
            VALUES (:person, :area, :from, :to, :note, CAST(:by AS bigint)) RETURNING id""")
        .param("person", d.personId()).param("area", d.areaCode()).param("from", utc(d.startsAt())).param("to", utc(d.endsAt()))
        .param("note", d.note() == null ? "" : d.note().strip()).param("by", Viewer.current().personId()).query(Long.class).single();
  }

  /** @throws ProblemException {@code identity.unknown-duty} */
  @Transactional
  public void cancel(long id) {
    AreaScope own = Viewer.current().area();
    if (jdbc.sql("DELETE FROM identity_shift WHERE id = :id AND area_code >= :lo AND area_code < :hi").param("id", id).param("lo", own.low()).param("hi", own.high()).update() == 0) {
      throw new ProblemException(IdentityProblem.UNKNOWN_DUTY, "there is no shift " + id + " in your sight", Map.of("value", id)).zh("没有此班次，或不在您的可见范围内");
    }
  }

  private static ProblemException invalid(String field, String detail, String zh) {
    return new ProblemException(IdentityProblem.INVALID_DUTY, detail, Map.of("field", field)).zh(zh);
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
