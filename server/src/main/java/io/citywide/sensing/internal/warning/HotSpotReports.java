package io.citywide.sensing.internal.warning;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Daily;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.ServerSettings;
import io.citywide.platform.Words;
import io.citywide.sensing.internal.warning.Route.Way;
import java.time.Clock;
import java.time.LocalTime;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends the hot spots of a month once it is over: those of a street to its office, and those of the areas of a route of
 * {@link Route#HOT_SPOTS} to the unit that it names, such as a fire service. Who was sent what is rows, with the month and the area in
 * their unique key; the {@link Courier} carries what leaves the house.
 */
@Component
class HotSpotReports {

  private static final Logger log = LoggerFactory.getLogger(HotSpotReports.class);
  private static final LocalTime IN_THE_MORNING = LocalTime.of(6, 30);

  /** Where a report goes. */
  private record Receiver(long unitId, Way way, String address, Long routeId, Words why) {}

  private final JdbcClient jdbc;
  private final HotSpots hotSpots;
  private final RouteStore routes;
  private final Units units;
  private final Places places;
  private final TransactionTemplate transaction;
  private final Bell bell;
  private final ServerSettings server;
  private final Clock clock;

  HotSpotReports(JdbcClient jdbc, HotSpots hotSpots, RouteStore routes, Units units, Places places, TransactionTemplate transaction, Bell bell, ServerSettings server, Clock clock) {
    this.jdbc = jdbc;
    this.hotSpots = hotSpots;
    this.routes = routes;
    this.units = units;
    this.places = places;
    this.transaction = transaction;
    this.bell = bell;
    this.server = server;
    this.clock = clock;
  }

  /** Sends what was not sent of the month before, and of the months since the last that was; how many deliveries these are. */
  int sendDue() {
    return Viewer.callAs(Viewer.system("hot spots"), () -> {
      YearMonth before = YearMonth.now(clock.withZone(server.zone())).minusMonths(1);
      int all = 0;
      for (YearMonth month = first(before); !month.isAfter(before); month = month.plusMonths(1)) {
        YearMonth one = month;
        int sent = transaction.execute(status -> send(one));
        if (sent > 0) {
          log.info("the hot spots of {} are sent, {} deliveries", one, sent);
        }
        all += sent;
      }
      return all;
    });
  }

  /** A server that was away for months makes up for all of them. */
  private YearMonth first(YearMonth before) {
    return transaction.execute(status -> jdbc.sql("SELECT max(report_month) FROM sensing_delivery WHERE report_month < :before").param("before", before.toString())
        .query((rs, i) -> rs.getString(1) == null ? before : YearMonth.parse(rs.getString(1)).plusMonths(1)).single());
  }

  private int send(YearMonth month) {
    List<String> codes = hotSpots.listAreas(month).stream().filter(code -> AreaCode.fault(code).isEmpty()).toList();
    List<UnitRef> active = units.listUnits().stream().filter(UnitRef::active).toList();
    List<Route> named = routes.listAll().stream().filter(r -> r.watch().equals(Route.HOT_SPOTS) && active.stream().anyMatch(u -> u.id() == r.unitId())).toList();
    int sent = 0;
    for (AreaLevel level : List.of(AreaLevel.CITY, AreaLevel.DISTRICT, AreaLevel.STREET, AreaLevel.COMMUNITY)) {
      for (String area : codes.stream().map(code -> at(code, level)).filter(Objects::nonNull).distinct().toList()) {
        for (Receiver to : Stream.concat(usual(active, area, level), routed(named, area, level)).toList()) {
          sent += write(month, area, level, to);
        }
      }
    }
    if (sent > 0) {
      bell.ringAfterCommit();
    }
    return sent;
  }

  /** The area of this level around another; {@code null}: that one is larger. */
  private static String at(String code, AreaLevel level) {
    return AreaCode.levelOf(code).compareTo(level) < 0 ? null : level == AreaLevel.CITY ? code.substring(0, 4) + "00" : code.substring(0, level.codeLength());
  }

  private Stream<Receiver> usual(List<UnitRef> active, String area, AreaLevel level) {
    return active.stream().filter(u -> level == AreaLevel.STREET && u.kind() == UnitKind.STREET_OFFICE && area.equals(u.areaCode()))
        .map(u -> new Receiver(u.id(), Way.INBOX, "", null, new Words("the unit of " + places.describe(area), places.describe(area) + "的单位")));
  }

  /** By its way, and always in the inbox of the unit too. */
  private static Stream<Receiver> routed(List<Route> named, String area, AreaLevel level) {
    return named.stream().filter(r -> r.level() == level && (r.areaCode().isEmpty() || AreaCode.within(area, r.areaCode()))).flatMap(r -> {
      Words why = new Words("route " + r.id() + ": " + r.watch(), "按路由 " + r.id() + "（" + r.watch() + "）发送");
      return Stream.of(new Receiver(r.unitId(), Way.INBOX, "", r.id(), why), new Receiver(r.unitId(), r.way(), r.address(), r.id(), why));
    });
  }

  /** 0 where it was sent before. */
  private int write(YearMonth month, String area, AreaLevel level, Receiver to) {
    boolean inbox = to.way() == Way.INBOX;
    return jdbc.sql("""
            INSERT INTO sensing_delivery (report_month, report_area, seq, level, unit_id, way, address, route_id, why_zh, why_en, asks, state, next_at, made_at, sent_at)
            VALUES (:month, :area, 0, :level, :unit, :way, :address, CAST(:route AS bigint), :zh, :en, false, :state,
              CASE WHEN :inbox THEN NULL ELSE CAST(:now AS timestamptz) END, :now, CASE WHEN :inbox THEN CAST(:now AS timestamptz) END)
            ON CONFLICT ON CONSTRAINT sensing_delivery_once DO NOTHING""")
        .param("month", month.toString()).param("area", area).param("level", level.name()).param("unit", to.unitId()).param("way", to.way().name()).param("address", to.address())
        .param("route", to.routeId()).param("zh", to.why().zh()).param("en", to.why().en()).param("state", inbox ? "SENT" : "WAITING").param("inbox", inbox)
        .param("now", WarningStore.utc(clock.instant())).update();
  }

  /** Looks each morning, so that what failed, or a unit that was named late, waits for a day and not for a month. */
  @Configuration(proxyBeanMethods = false)
  static class Schedule {

    @Bean
    RecurringTask<Void> hotSpotReportTask(HotSpotReports reports, ServerSettings server) {
      return Tasks.recurring("sensing-hot-spot-reports", new Daily(server.zone(), IN_THE_MORNING)).execute((instance, context) -> reports.sendDue());
    }
  }
}
