package io.citywide.cases.internal;

import io.citywide.cases.WorkingCalendar;
import io.citywide.cases.WorkingCalendar.Shift;
import io.citywide.cases.WorkingCalendar.Version;
import io.citywide.platform.Recent;
import io.citywide.platform.ServerSettings;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The versions of the working calendar, and the calendar made of them. */
@Component
class CalendarStore {

  /** A version as it is stored. */
  record Stored(int number, Version version, String source, String changedBy, Instant changedAt) {}

  private static final String CITY = "default";
  private static final TypeReference<List<List<String>>> SHIFTS = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final ServerSettings server;
  private final Recent<WorkingCalendar> calendar;

  CalendarStore(JdbcClient jdbc, JsonMapper json, ServerSettings server) {
    this.jdbc = jdbc;
    this.json = json;
    this.server = server;
    this.calendar = new Recent<>(() -> new WorkingCalendar(server.zone(), list().stream().map(Stored::version).toList()));
  }

  /** The calendar in force, whichever server stored its newest version. */
  WorkingCalendar calendar() {
    return calendar.get();
  }

  private int newest() {
    return jdbc.sql("SELECT max(version) FROM case_calendar WHERE city = :city").param("city", CITY).query(Integer.class).single();
  }

  /** All versions, the newest last. */
  List<Stored> list() {
    return jdbc.sql("SELECT * FROM case_calendar WHERE city = :city ORDER BY version").param("city", CITY).query(this::stored).list();
  }

  /** Stores a further version; two at once get different numbers or one of them fails. */
  Stored add(Version version, String source, String by, Instant at) {
    int number = newest() + 1;
    jdbc.sql("""
            INSERT INTO case_calendar (version, city, valid_from, valid_to, shifts, holidays, makeup_days, source, changed_by, changed_at)
            VALUES (:version, :city, :from, :to, :shifts::jsonb, :holidays, :makeup, :source, :by, :at)""")
        .param("version", number).param("city", CITY).param("from", version.validFrom()).param("to", version.validTo())
        .param("shifts", json.writeValueAsString(version.shifts().stream().map(s -> List.of(s.open().toString(), s.close().toString())).toList()))
        .param("holidays", dates(version.holidays())).param("makeup", dates(version.makeupDays()))
        .param("source", source).param("by", by).param("at", CaseStore.utc(at)).update();
    calendar.changed();
    return new Stored(number, version, source, by, at);
  }

  private static Date[] dates(Set<LocalDate> days) {
    return days.stream().sorted().map(Date::valueOf).toArray(Date[]::new);
  }

  private Stored stored(ResultSet rs, int i) throws SQLException {
    List<Shift> shifts = json.readValue(rs.getString("shifts"), SHIFTS).stream()
        .map(s -> new Shift(LocalTime.parse(s.get(0)), LocalTime.parse(s.get(1)))).toList();
    Version version = new Version(rs.getObject("valid_from", LocalDate.class), rs.getObject("valid_to", LocalDate.class), shifts,
        days(rs, "holidays"), days(rs, "makeup_days"));
    return new Stored(rs.getInt("version"), version, rs.getString("source"), rs.getString("changed_by"), CaseStore.instant(rs, "changed_at"));
  }

  private static Set<LocalDate> days(ResultSet rs, String column) throws SQLException {
    return Arrays.stream((Date[]) rs.getArray(column).getArray()).map(Date::toLocalDate).collect(Collectors.toSet());
  }
}
