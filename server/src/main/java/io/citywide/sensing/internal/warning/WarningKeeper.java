package io.citywide.sensing.internal.warning;

import io.citywide.grid.GridCell;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Viewer;
import io.citywide.ledger.Act;
import io.citywide.ledger.Ledger;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.Words;
import io.citywide.sensing.CaseWanted;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.WarningStore.Key;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps the book of warnings: whatever changes one, a rule, a camera, a person or a clock, is written here, with its line of the
 * history, its entry in the ledger, its message number, its notice for the screens, and the case that it wants.
 */
@Component
public class WarningKeeper implements WarningBook {

  private static final Logger log = LoggerFactory.getLogger(WarningKeeper.class);

  /**
   * What is written of one act.
   *
   * @param at when it was so
   * @param person who did it; {@code null}: the server
   */
  private record Line(Warning after, WarningAct act, Instant at, Words reason, Map<String, Double> readings, Viewer person) {}

  private final WarningStore store;
  private final CapNumbers numbers;
  private final Ledger ledger;
  private final LiveFeed feed;
  private final ApplicationEventPublisher events;
  private final Places places;
  private final Bell bell;
  private final Clock clock;

  WarningKeeper(WarningStore store, CapNumbers numbers, Ledger ledger, LiveFeed feed, ApplicationEventPublisher events, Places places, Bell bell,
      Clock clock) {
    this.store = store;
    this.numbers = numbers;
    this.ledger = ledger;
    this.feed = feed;
    this.events = events;
    this.places = places;
    this.bell = bell;
    this.clock = clock;
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public void apply(List<Judgement> judgements) {
    if (judgements.isEmpty()) {
      return;
    }
    List<Key> keys = judgements.stream().map(WarningKeeper::key).toList();
    store.lock(new HashSet<>(keys));
    Book book = new Book(store.list(keys, judgements.stream().map(Judgement::number).toList()), judgements);
    judgements.forEach(book::apply);
    write(book.lines);
  }

  private static Key key(Judgement j) {
    return new Key(j.rule(), j.subject());
  }

  /** Warnings as they are while a list of judgements is gone through. */
  private final class Book {

    private record Name(String rule, String subject, long number) {}

    /** What a line of a history says, as far as a repetition of it would say the same. */
    private record Said(long warning, WarningAct act, Instant at) {}

    private final Map<Name, Warning> known = new HashMap<>();
    private final Map<Key, Warning> live = new HashMap<>();
    private final Set<Said> said = new HashSet<>();
    private final Map<Long, String> buildings;
    private final List<Line> lines = new ArrayList<>();

    Book(List<Warning> warnings, List<Judgement> judgements) {
      warnings.forEach(this::put);
      store.listSteps(warnings.stream().map(Warning::id).toList()).values().forEach(steps -> steps.forEach(s -> said.add(new Said(s.warningId(), s.act(), s.at()))));
      this.buildings = store.buildings(judgements.stream().map(Judgement::place).filter(Objects::nonNull).map(Place::deviceId).collect(Collectors.toSet()));
    }

    private void put(Warning w) {
      known.put(new Name(w.rule(), w.subject(), w.number()), w);
      Key key = new Key(w.rule(), w.subject());
      if (w.live()) {
        live.put(key, w);
      } else if (live.containsKey(key) && live.get(key).id() == w.id()) {
        live.remove(key);
      }
    }

    void apply(Judgement j) {
      Instant at = micros(j.at());
      Warning w = known.get(new Name(j.rule(), j.subject(), j.number()));
      WarningAct act = WarningAct.valueOf(j.kind().name());
      if (w == null) {
        if (j.grade() == null) {
          return; // over before it was ever told
        }
        Warning before = live.get(key(j));
        if (before != null && before.number() > j.number()) {
          log.info("warning {} of {} on {} is older than the live one, {}: left out", j.number(), j.rule(), j.subject(), before.number());
          return;
        }
        if (before != null) {
          end(before, at, new Words("the watch began anew: warning " + j.number() + " takes its place", "监测已重新开始，由第 " + j.number() + " 次预警接替"), Map.of());
        }
        raise(j, at);
      } else if (w.live() && said.add(new Said(w.id(), act, at))) {
        switch (j.kind()) {
          case RAISED -> {}
          case ESCALATED, LOWERED -> {
            if (j.grade() != w.grade()) {
              grade(w, j, at);
            }
          }
          case ENDED -> end(w, at, j.reason(), j.values());
          case HELD, SILENT, HEARD -> throw new IllegalArgumentException(j.kind() + " is no judgement");
        }
      }
    }

    private void raise(Judgement j, Instant at) {
      LinkedHashMap<String, Object> c = new LinkedHashMap<>();
      c.put("origin", j.rule().equals(SILENCE) ? Origin.SILENCE : Origin.WATCH);
      c.put("rule_code", j.rule());
      c.put("rule_version", j.version());
      c.put("name_zh", zh(j.ruleName()));
      c.put("name_en", j.ruleName().en());
      c.put("subject", j.subject());
      c.put("subject_zh", zh(j.subjectName()));
      c.put("subject_en", j.subjectName().en());
      c.put("number", j.number());
      c.put("category", j.category());
      Place p = j.place();
      c.put("device_id", p == null ? null : p.deviceId());
      c.put("type_code", p == null ? null : p.typeCode());
      c.put("group_code", p == null || p.groupCode() == null ? "" : p.groupCode());
      c.put("building_ident", p == null ? null : buildings.get(p.deviceId()));
      c.put("component_ident", p == null ? null : p.componentIdent());
      c.put("lon", p == null ? null : p.lon());
      c.put("lat", p == null ? null : p.lat());
      c.put("area_code", p == null ? null : p.areaCode());
      c.put("owner_unit_id", p == null ? null : p.ownerUnitId());
      Warning made = WarningKeeper.this.raise(c, j.grade(), at, j.reason(), finite(j.values()), wants(j));
      said.add(new Said(made.id(), WarningAct.RAISED, at));
      put(made);
      lines.add(new Line(made, WarningAct.RAISED, at, j.reason(), finite(j.values()), null));
      if (made.wantsCase()) {
        want(made, j.caseKindId(), "SENSOR", List.of());
      }
    }

    private void grade(Warning w, Judgement j, Instant at) {
      boolean higher = j.grade().compareTo(w.grade()) > 0;
      Map<String, Object> c = new HashMap<>();
      c.put("grade", j.grade());
      c.put("worst", j.grade().compareTo(w.worst()) > 0 ? j.grade() : w.worst());
      c.put("grade_since", at);
      c.put("changed_at", now());
      c.put("rule_version", j.version());
      c.put("reason_zh", zh(j.reason()));
      c.put("reason_en", j.reason().en());
      c.put("readings", finite(j.values()));
      if (higher) {
        // What was acknowledged was less than this.
        c.put("acknowledged_by", null);
        c.put("acknowledged_name", null);
        c.put("acknowledged_at", null);
      }
      boolean wanted = !w.wantsCase() && wants(j);
      if (wanted) {
        c.put("wants_case", true);
      }
      Warning after = store.change(w.id(), c);
      put(after);
      lines.add(new Line(after, higher ? WarningAct.ESCALATED : WarningAct.LOWERED, at, j.reason(), finite(j.values()), null));
      if (wanted) {
        want(after, j.caseKindId(), "SENSOR", List.of());
      }
    }

    private void end(Warning w, Instant at, Words reason, Map<String, Double> readings) {
      Warning after = store.change(w.id(), ended(at, reason, readings, null));
      put(after);
      lines.add(new Line(after, WarningAct.ENDED, at, reason, finite(readings), null));
    }

    private static boolean wants(Judgement j) {
      return j.caseFrom() != null && j.grade() != null && j.grade().compareTo(j.caseFrom()) >= 0;
    }
  }

  /**
   * A new warning.
   *
   * @param c what it is about; {@code area_code} may be {@code null}
   */
  private Warning raise(LinkedHashMap<String, Object> c, WarningGrade grade, Instant at, Words reason, Map<String, Double> readings, boolean wantsCase) {
    Instant now = now();
    if (c.get("area_code") == null) {
      c.put("area_code", city());
    }
    c.put("grid_key", c.get("lon") == null ? null : GridCell.of((double) c.get("lon"), (double) c.get("lat"), 9).key());
    c.put("state", "LIVE");
    c.put("grade", grade);
    c.put("worst", grade);
    c.put("since", at);
    c.put("grade_since", at);
    c.put("changed_at", now);
    c.put("last_alarm_at", at);
    c.put("reason_zh", zh(reason));
    c.put("reason_en", reason.en());
    c.put("readings", readings);
    c.put("wants_case", wantsCase);
    c.put("steps", 1);
    return store.insert(c);
  }

  private Map<String, Object> ended(Instant at, Words reason, Map<String, Double> readings, Viewer by) {
    Map<String, Object> c = new HashMap<>();
    c.put("state", "ENDED");
    c.put("ended_at", at);
    c.put("changed_at", now());
    c.put("escalate_at", null);
    c.put("reason_zh", zh(reason));
    c.put("reason_en", reason.en());
    c.put("readings", finite(readings));
    c.put("ended_by", by == null ? null : by.personId());
    c.put("ended_name", by == null ? null : by.displayName());
    return c;
  }

  /**
   * A warning that an alarm of a camera raises. The caller holds the lock of its rule and subject, and has seen that none is live.
   *
   * @param about columns of what it is about, without number
   * @param kindId of the case; {@code null}: to be recognised
   * @param pictures SHA-256 of evidence
   */
  public Warning raiseOfCamera(LinkedHashMap<String, Object> about, WarningGrade grade, Instant at, Words reason, Map<String, Double> readings, boolean opensCase, String kindId,
      List<String> pictures) {
    about.put("origin", Origin.CAMERA);
    about.put("number", store.lastNumber((String) about.get("rule_code"), (String) about.get("subject")) + 1);
    Warning made = raise(about, grade, at, reason, readings, opensCase);
    if (opensCase) {
      want(made, kindId, "CAMERA", pictures);
    }
    write(List.of(new Line(made, WarningAct.RAISED, at, reason, readings, null)));
    return made;
  }

  /** One more alarm of the same. The caller holds the lock; it is no line of the history. */
  public void joined(Warning w, Instant at) {
    store.joined(w.id(), at);
  }

  /** The live warning of a rule and subject. */
  public Optional<Warning> findLive(String rule, String subject) {
    return store.findLive(rule, subject);
  }

  /** The last warning of a rule and subject, live or over. */
  public Optional<Warning> findLast(String rule, String subject) {
    return store.list("rule_code = :rule AND subject = :subject ORDER BY number DESC LIMIT 1", Map.of("rule", rule, "subject", subject)).stream().findFirst();
  }

  /** Live warnings of cameras whose last alarm came before that. */
  public List<Warning> listQuietCameras(Instant before) {
    return store.list("state = 'LIVE' AND origin = 'CAMERA' AND last_alarm_at < :before ORDER BY last_alarm_at LIMIT 500", Map.of("before", WarningStore.utc(before)));
  }

  /** The server ends a warning. The caller holds the lock. */
  public void end(Warning w, Instant at, Words reason) {
    write(List.of(new Line(store.change(w.id(), ended(at.isBefore(w.since()) ? w.since() : at, reason, w.readings(), null)), WarningAct.ENDED, at, reason, w.readings(), null)));
  }

  /** Whoever changes the warning of a rule and subject waits here until the others have committed. */
  public void lock(String rule, String subject) {
    store.lock(Set.of(new Key(rule, subject)));
  }

  /** What a person does, or the clock: columns that change, and the line of the history. The caller holds the lock. */
  Warning take(Warning w, WarningAct act, Map<String, Object> columns, Words reason, Viewer person) {
    Warning after = store.change(w.id(), columns);
    write(List.of(new Line(after, act, now(), reason, act == WarningAct.ENDED ? w.readings() : Map.of(), person)));
    return after;
  }

  /** A person ends it; the watch is told by the caller. */
  Warning endByPerson(Warning w, Warning.Verdict verdict, Words reason, Viewer person) {
    Instant now = now();
    Map<String, Object> c = ended(now.isBefore(w.since()) ? w.since() : now, reason, w.readings(), person);
    c.put("verdict", verdict);
    return take(w, WarningAct.ENDED, c, reason, person);
  }

  private void want(Warning w, String kindId, String channel, List<String> pictures) {
    events.publishEvent(new CaseWanted("warning", String.valueOf(w.id()), channel, kindId, shortened(zh(w.name()) + "：" + zh(w.subjectName())),
        w.grade().nameZh() + "预警。" + zh(w.reason()), w.lon(), w.lat(), w.areaCode().isEmpty() ? null : w.areaCode(), w.componentIdent(),
        w.grade().compareTo(WarningGrade.ORANGE) >= 0, pictures, w.gradeSince()));
  }

  private static String shortened(String title) {
    return title.codePointCount(0, title.length()) <= 200 ? title : title.substring(0, title.offsetByCodePoints(0, 199)) + "…";
  }

  private void write(List<Line> lines) {
    if (lines.isEmpty()) {
      return;
    }
    Instant now = now();
    List<Line> sent = lines.stream().filter(l -> l.act().sent()).toList();
    List<CapNumbers.Number> taken = numbers.take(sent.stream().map(l -> l.after().areaCode()).toList());
    Map<Line, CapNumbers.Number> numbered = new java.util.IdentityHashMap<>();
    for (int i = 0; i < taken.size(); i++) {
      numbered.put(sent.get(i), taken.get(i));
    }
    List<WarningStep> steps = new ArrayList<>(lines.size());
    for (Line l : lines) {
      CapNumbers.Number number = numbered.get(l);
      steps.add(new WarningStep(l.after().id(), l.after().steps(), l.act(), l.after().grade(), micros(l.at()), now, new Words(l.reason().en(), zh(l.reason())), l.readings(),
          l.person() == null ? null : l.person().personId(), l.person() == null ? null : l.person().displayName(), number == null ? null : number.identifier(),
          number == null ? null : number.sent()));
    }
    store.insert(steps);
    store.untold(steps.stream().filter(s -> s.act().sent() || s.act() == WarningAct.PASSED_UP).toList());
    ledger.append(steps.stream().map(s -> new Act("warning." + s.act().name().toLowerCase(Locale.ROOT).replace('_', '-'), WarningSubject.SUBJECT, s.warningId(), s.seq(), now,
        Act.actor(s.personId(), s.personId() == null ? null : Viewer.current().positionId()), ledger.digest(WarningSubject.canonical(s)), null)).toList());
    lines.forEach(l -> feed.publish(notice(l.after(), l.act().name(), Map.of())));
    bell.ringAfterCommit();
  }

  /** @param more further facts, such as whom it is for */
  static Notice notice(Warning w, String act, Map<String, Object> more) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("warningId", w.id());
    data.put("act", act);
    data.put("grade", w.grade().name());
    data.put("live", w.live());
    data.put("rule", w.rule());
    data.put("nameZh", w.name().zh());
    data.put("nameEn", w.name().en());
    data.put("subjectZh", w.subjectName().zh());
    data.put("subjectEn", w.subjectName().en());
    data.put("areaCode", w.areaCode());
    data.put("at", w.changedAt().toString());
    data.putAll(more);
    return new Notice("warning", w.areaCode(), w.units(), data);
  }

  /** Of the city where nothing is known of the place. */
  private String city() {
    return places.listAreas().stream().filter(a -> a.level() == AreaLevel.CITY).map(Area::code).findFirst().orElse("");
  }

  /** A value that is no number is no fact. */
  private static Map<String, Double> finite(Map<String, Double> values) {
    Map<String, Double> finite = new LinkedHashMap<>();
    values.forEach((name, value) -> {
      if (value != null && Double.isFinite(value)) {
        finite.put(name, value);
      }
    });
    return finite;
  }

  static String zh(Words words) {
    return words.zh() == null ? words.en() : words.zh();
  }

  private Instant now() {
    return clock.instant();
  }

  private static Instant micros(Instant at) {
    return at.truncatedTo(ChronoUnit.MICROS);
  }
}
