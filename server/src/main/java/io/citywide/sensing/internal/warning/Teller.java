package io.citywide.sensing.internal.warning;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.citywide.identity.Duty;
import io.citywide.identity.Duty.OnDuty;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.Words;
import io.citywide.sensing.internal.warning.Route.Way;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells people of warnings. The level nearest to the place is told first; where nobody acknowledges in time, the next one: community,
 * street, district, city. Which steps nobody was told of, and when the next level is due, are rows: a server that dies loses nothing,
 * and two servers tell nobody twice.
 */
@Component
class Teller {

  private static final Logger log = LoggerFactory.getLogger(Teller.class);
  private static final int BATCH = 200;

  /** Whom to tell, how and why. */
  private record Told(Long unitId, Long personId, Way way, String address, Long routeId, Words why) {}

  private final JdbcClient jdbc;
  private final WarningStore store;
  private final WarningKeeper keeper;
  private final RouteStore routes;
  private final Duty duty;
  private final Units units;
  private final Places places;
  private final LiveFeed feed;
  private final PushAudience audience;
  private final WarningSettings settings;
  private final TransactionTemplate transaction;
  private final Bell bell;
  private final Clock clock;

  /** One thread at a time; a ring meanwhile makes it look once more. */
  private final Semaphore turn = new Semaphore(1);
  private volatile boolean again;

  Teller(JdbcClient jdbc, WarningStore store, WarningKeeper keeper, RouteStore routes, Duty duty, Units units, Places places, LiveFeed feed, PushAudience audience,
      WarningSettings settings, TransactionTemplate transaction, Bell bell, Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.keeper = keeper;
    this.routes = routes;
    this.duty = duty;
    this.units = units;
    this.places = places;
    this.feed = feed;
    this.audience = audience;
    this.settings = settings;
    this.transaction = transaction;
    this.bell = bell;
    this.clock = clock;
    bell.wakes(this::wake);
  }

  private void wake() {
    again = true;
    if (turn.tryAcquire()) {
      Thread.ofVirtual().name("warning-teller").start(() -> {
        try {
          while (again) {
            again = false;
            tellAll();
          }
        } catch (RuntimeException e) {
          log.warn("people could not be told of warnings; it is tried again in a few seconds", e);
        } finally {
          turn.release();
        }
      });
    }
  }

  /** Tells all that nobody was told of; how many steps these were. */
  int tellAll() {
    return Viewer.callAs(Viewer.system("warnings"), () -> {
      int all = 0;
      int some;
      do {
        some = transaction.execute(status -> tellSome());
        all += some;
      } while (some == BATCH);
      return all;
    });
  }

  /** Tells the next level of each warning whose time is over; how many these were. */
  int passUp() {
    return Viewer.callAs(Viewer.system("warnings"), () -> {
      int all = 0;
      int some;
      do {
        some = transaction.execute(status -> passSomeUp());
        all += some;
      } while (some == BATCH);
      return all;
    });
  }

  private record Due(long warningId, int seq) {}

  private int tellSome() {
    // The row is taken and deleted in the transaction that writes the deliveries.
    List<Due> due = jdbc.sql("""
            DELETE FROM sensing_untold u USING (SELECT warning_id, seq FROM sensing_untold ORDER BY warning_id, seq LIMIT :n FOR UPDATE SKIP LOCKED) d
            WHERE u.warning_id = d.warning_id AND u.seq = d.seq RETURNING u.warning_id, u.seq""")
        .param("n", BATCH).query((rs, i) -> new Due(rs.getLong(1), rs.getInt(2))).list();
    if (due.isEmpty()) {
      return 0;
    }
    Long[] ids = due.stream().map(Due::warningId).distinct().toArray(Long[]::new);
    List<Warning> found = store.list("id = ANY (:ids)", Map.of("ids", ids));
    store.lock(found.stream().map(w -> new WarningStore.Key(w.rule(), w.subject())).toList());
    Map<Long, Warning> warnings = new HashMap<>();
    store.list("id = ANY (:ids)", Map.of("ids", ids)).forEach(w -> warnings.put(w.id(), w));
    Map<Long, List<WarningStep>> steps = store.listSteps(warnings.keySet());
    List<Route> all = routes.listAll();
    List<OnDuty> onDuty = duty.listOnDuty();
    List<PushAudience.Reader> readers = audience.list();
    for (Due d : due.stream().sorted(Comparator.comparingLong(Due::warningId).thenComparingInt(Due::seq)).toList()) {
      Warning w = warnings.get(d.warningId());
      WarningStep step = steps.get(d.warningId()).get(d.seq() - 1);
      tell(w, step, all, onDuty, readers);
      warnings.put(w.id(), store.find(w.id()).orElseThrow());
    }
    return due.size();
  }

  private void tell(Warning w, WarningStep step, List<Route> all, List<OnDuty> onDuty, List<PushAudience.Reader> readers) {
    Instant now = now();
    if (jdbc.sql("SELECT EXISTS (SELECT 1 FROM sensing_delivery WHERE warning_id = :id AND seq = :seq)").param("id", w.id()).param("seq", step.seq()).query(Boolean.class).single()) {
      return; // told before
    }
    boolean asks = switch (step.act()) {
      case RAISED, ESCALATED, PASSED_UP -> w.live() && w.acknowledgedAt() == null;
      case LOWERED, ENDED, ACKNOWLEDGED, NOTED, PUBLISHED, WITHDRAWN -> false;
    };
    Set<Told> told = new LinkedHashSet<>();
    AreaLevel level = w.toldLevel();
    Duration within = null;
    if (asks) {
      List<AreaLevel> levels = levels(w);
      int from = level == null ? 0 : Math.max(0, levels.indexOf(level)) + (step.act() == WarningAct.PASSED_UP ? 1 : 0);
      for (int i = from; i < levels.size() && told.isEmpty(); i++) {
        level = levels.get(i);
        List<Route> own = matching(all, w, level);
        told.addAll(own.isEmpty() ? usual(w, level, onDuty) : routed(own, w, level, onDuty));
        within = own.stream().map(Route::acknowledgeWithin).filter(Objects::nonNull).min(Comparator.naturalOrder()).orElse(null);
      }
    }
    if (step.act() != WarningAct.RAISED && step.act() != WarningAct.PASSED_UP) {
      // Who heard of it hears what became of it.
      told.addAll(heardBefore(w));
    }
    told.addAll(pushed(w, told, readers));
    write(w, step, level, told, asks, now);
    Set<Long> unitIds = new TreeSet<>(w.unitIds());
    told.stream().map(Told::unitId).filter(Objects::nonNull).forEach(unitIds::add);
    boolean above = asks && level != null && levels(w).indexOf(level) < levels(w).size() - 1;
    Instant due = above ? now.plus(within == null ? settings.acknowledgeWithin(w.grade()) : within) : null;
    jdbc.sql("UPDATE sensing_warning SET unit_ids = :units, told_level = :level, escalate_at = CAST(:due AS timestamptz) WHERE id = :id")
        .param("units", unitIds.toArray(Long[]::new)).param("level", level == null ? null : level.name()).param("due", WarningStore.utc(due), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
        .param("id", w.id()).update();
    if (!told.isEmpty()) {
      Map<String, Object> more = new LinkedHashMap<>();
      more.put("step", step.act().name());
      more.put("asks", asks);
      more.put("toUnits", told.stream().filter(t -> t.way() == Way.INBOX).map(Told::unitId).filter(Objects::nonNull).distinct().toList());
      more.put("toPersons", told.stream().filter(t -> t.way() == Way.INBOX).map(Told::personId).filter(Objects::nonNull).distinct().toList());
      store.find(w.id()).ifPresent(after -> feed.publish(WarningKeeper.notice(after, "TOLD", more)));
    }
    if (told.stream().anyMatch(t -> t.way() != Way.INBOX)) {
      bell.ringAfterCommit();
    }
  }

  /** From the one nearest to the place up to the city. */
  private static List<AreaLevel> levels(Warning w) {
    if (w.areaCode().isEmpty() || AreaCode.fault(w.areaCode()).isPresent()) {
      return List.of(AreaLevel.CITY);
    }
    AreaLevel deepest = AreaCode.levelOf(w.areaCode());
    return List.of(AreaLevel.COMMUNITY, AreaLevel.STREET, AreaLevel.DISTRICT, AreaLevel.CITY).stream().filter(l -> l.compareTo(deepest) <= 0).toList();
  }

  /** The area of this level around the warning. */
  private static Optional<String> areaAt(Warning w, AreaLevel level) {
    if (w.areaCode().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(level == AreaLevel.CITY ? w.areaCode().substring(0, 4) + "00" : w.areaCode().substring(0, level.codeLength()));
  }

  /** Of the routes of a level those of the narrowest area and the closest rule speak for their target and way. */
  private List<Route> matching(List<Route> all, Warning w, AreaLevel level) {
    Map<List<Object>, Route> best = new LinkedHashMap<>();
    all.stream().filter(r -> r.level() == level && r.about(w) && (r.areaCode().isEmpty() || w.areaCode().startsWith(AreaCode.prefix(r.areaCode()))))
        .sorted(Comparator.comparingInt((Route r) -> r.areaCode().length()).thenComparingInt(Route::closeness).thenComparingLong(Route::id))
        .forEach(r -> best.put(java.util.Arrays.asList(r.target(), r.unitId(), r.dutyRole(), r.way(), r.address()), r));
    return List.copyOf(best.values());
  }

  private List<Told> routed(List<Route> own, Warning w, AreaLevel level, List<OnDuty> onDuty) {
    List<Told> told = new ArrayList<>();
    for (Route r : own) {
      Words why = new Words("route " + r.id() + ": " + r.watch() + " from " + r.gradeFrom() + " in " + (r.areaCode().isEmpty() ? "every area" : r.areaCode()) + ", level "
          + level, "按路由 " + r.id() + "（" + r.watch() + "，" + r.gradeFrom().nameZh() + "及以上，" + (r.areaCode().isEmpty() ? "全部区域" : places.describe(r.areaCode())) + "）通知"
          + level.nameZh() + "一级");
      List<Told> to = switch (r.target()) {
        case UNIT -> List.of(new Told(r.unitId(), null, r.way(), r.address(), r.id(), why));
        // An e-mail or a call goes out once, whichever units there are.
        case AREA -> r.way() == Way.INBOX ? unitsOf(w, level).map(id -> new Told(id, null, r.way(), r.address(), r.id(), why)).toList()
            : List.of(new Told(null, null, r.way(), r.address(), r.id(), why));
        case OWNER -> w.ownerUnitId() == null ? List.of() : List.of(new Told(w.ownerUnitId(), null, r.way(), r.address(), r.id(), why));
        // An e-mail or a call goes out once for all who are on duty.
        case DUTY -> onDuty(w, level, onDuty).stream().filter(d -> r.dutyRole() == null || d.role() == r.dutyRole())
            .map(d -> r.way() == Way.INBOX ? new Told(null, d.personId(), r.way(), "", r.id(), why) : new Told(null, null, r.way(), r.address(), r.id(), why)).distinct().toList();
      };
      told.addAll(to);
    }
    return told;
  }

  private static List<OnDuty> onDuty(Warning w, AreaLevel level, List<OnDuty> onDuty) {
    String area = areaAt(w, level).orElse("");
    // Of a community also who is on duty for the unit grid around the place.
    return onDuty.stream().filter(d -> d.areaCode().equals(area) || level == AreaLevel.COMMUNITY && d.areaCode().startsWith(area) && w.areaCode().startsWith(d.areaCode())).toList();
  }

  private Stream<Long> unitsOf(Warning w, AreaLevel level) {
    String area = areaAt(w, level).orElse("");
    UnitKind kind = switch (level) {
      case COMMUNITY, UNIT_GRID -> UnitKind.COMMUNITY;
      case STREET -> UnitKind.STREET_OFFICE;
      case DISTRICT, CITY -> UnitKind.CENTRE;
    };
    return units.listUnits().stream().filter(u -> u.active() && u.kind() == kind && area.equals(u.areaCode())).map(UnitRef::id);
  }

  /** Without a route: the unit that answers for the subject, the units of the area, and who is on duty for it. */
  private List<Told> usual(Warning w, AreaLevel level, List<OnDuty> onDuty) {
    List<Told> told = new ArrayList<>();
    if (level == levels(w).getFirst() && w.ownerUnitId() != null) {
      told.add(new Told(w.ownerUnitId(), null, Way.INBOX, "", null, new Words("the unit that answers for " + w.subject(), "负责" + WarningKeeper.zh(w.subjectName()) + "的单位")));
    }
    String area = places.describe(areaAt(w, level).orElse(""));
    unitsOf(w, level).forEach(id -> told.add(new Told(id, null, Way.INBOX, "", null, new Words("no route: the unit of " + area, "未设路由，通知" + area + "的" + level.nameZh() + "单位"))));
    onDuty(w, level, onDuty).forEach(d -> told.add(new Told(null, d.personId(), Way.INBOX, "", null,
        new Words("no route: on duty for " + places.describe(d.areaCode()), "未设路由，通知" + places.describe(d.areaCode()) + "的在岗人员"))));
    return told;
  }

  /** Who finds it in the inbox, and wants it pushed. */
  private static List<Told> pushed(Warning w, Set<Told> told, List<PushAudience.Reader> readers) {
    Set<Long> inboxes = told.stream().filter(t -> t.way() == Way.INBOX).map(Told::unitId).filter(Objects::nonNull).collect(Collectors.toSet());
    Set<Long> persons = told.stream().filter(t -> t.way() == Way.INBOX).map(Told::personId).filter(Objects::nonNull).collect(Collectors.toSet());
    Words why = new Words("was told by the inbox, and turned pushes on in this browser", "已收到站内通知，本人在浏览器开启了推送");
    return PushAudience.among(readers, w, inboxes, persons).stream().map(b -> new Told(null, b.personId(), Way.PUSH, String.valueOf(b.id()), null, why)).toList();
  }

  /** Browsers are asked anew each time. */
  private List<Told> heardBefore(Warning w) {
    Words why = new Words("was told of this warning before", "此前已收到此预警的通知");
    return jdbc.sql("SELECT DISTINCT unit_id, person_id, way, address, max(route_id) AS route_id FROM sensing_delivery WHERE warning_id = :id AND way <> 'PUSH' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4")
        .param("id", w.id()).query((rs, i) -> new Told(rs.getObject("unit_id", Long.class), rs.getObject("person_id", Long.class), Way.valueOf(rs.getString("way")),
            rs.getString("address"), rs.getObject("route_id", Long.class), why)).list();
  }

  private void write(Warning w, WarningStep step, AreaLevel level, Set<Told> told, boolean asks, Instant now) {
    for (Told t : told) {
      boolean inbox = t.way() == Way.INBOX;
      jdbc.sql("""
              INSERT INTO sensing_delivery (warning_id, seq, level, unit_id, person_id, way, address, route_id, why_zh, why_en, asks, state, next_at, made_at, sent_at)
              VALUES (:warning, :seq, :level, CAST(:unit AS bigint), CAST(:person AS bigint), :way, :address, CAST(:route AS bigint), :zh, :en, :asks, :state,
                CAST(:next AS timestamptz), :now, CAST(:sent AS timestamptz))
              ON CONFLICT ON CONSTRAINT sensing_delivery_once DO NOTHING""")
          .param("warning", w.id()).param("seq", step.seq()).param("level", level == null ? AreaLevel.CITY.name() : level.name()).param("unit", t.unitId())
          .param("person", t.personId()).param("way", t.way().name()).param("address", t.address()).param("route", t.routeId()).param("zh", t.why().zh())
          .param("en", t.why().en()).param("asks", asks).param("state", inbox ? "SENT" : "WAITING").param("next", inbox ? null : WarningStore.utc(now), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
          .param("now", WarningStore.utc(now)).param("sent", inbox ? WarningStore.utc(now) : null, java.sql.Types.TIMESTAMP_WITH_TIMEZONE).update();
    }
  }

  private int passSomeUp() {
    Instant now = now();
    List<Long> ids = jdbc.sql("SELECT id FROM sensing_warning WHERE escalate_at <= :now ORDER BY escalate_at LIMIT :n").param("now", WarningStore.utc(now)).param("n", BATCH)
        .query(Long.class).list();
    if (ids.isEmpty()) {
      return 0;
    }
    Map<String, Object> these = Map.of("ids", ids.toArray(Long[]::new));
    store.lock(store.list("id = ANY (:ids)", these).stream().map(w -> new WarningStore.Key(w.rule(), w.subject())).toList());
    for (Warning w : store.list("id = ANY (:ids) AND escalate_at <= :now AND state = 'LIVE' AND acknowledged_at IS NULL ORDER BY id",
        Map.of("ids", ids.toArray(Long[]::new), "now", WarningStore.utc(now)))) {
      String from = w.toldLevel() == null ? "" : w.toldLevel().nameZh();
      Map<String, Object> c = new HashMap<>();
      c.put("escalate_at", null);
      keeper.take(w, WarningAct.PASSED_UP, c, new Words("nobody at the level " + w.toldLevel() + " acknowledged it in time; the next level is told",
          from + "一级未在时限内签收，通知上一级"), null);
    }
    return ids.size();
  }

  private Instant now() {
    return clock.instant();
  }

  /** The tasks; what is due is rows, so that any number of servers share the work. */
  @Configuration(proxyBeanMethods = false)
  static class Schedule {

    @Bean
    Task<?> warningTellTask(Teller teller) {
      return Tasks.recurring("sensing-warning-tell", FixedDelay.of(Duration.ofSeconds(5))).execute((instance, context) -> {
        teller.passUp();
        teller.tellAll();
      });
    }
  }
}
