package io.citywide.sensing.internal.watching;

import io.citywide.identity.AreaScope;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.DeviceType;
import io.citywide.sensing.Observations;
import io.citywide.sensing.Observations.Value;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.watching.CaseComparison.Watched;
import io.citywide.sensing.spi.ReportedCases.Around;
import io.citywide.sensing.spi.ReportedCases.OfKind;
import io.citywide.sensing.spi.ReportedCases.Site;
import io.citywide.watch.Observation;
import io.citywide.watch.Rehearsal;
import io.citywide.watch.Rehearsal.Episode;
import io.citywide.watch.Rehearsal.Outcome;
import io.citywide.watch.Rule;
import io.citywide.watch.Rule.From;
import io.citywide.watch.Rule.Input;
import io.citywide.watch.Rule.Per;
import io.citywide.watch.Settings;
import io.citywide.watch.Thing;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs a draft over what is stored of the devices that the viewer sees: what would have been, and beside it what was. Devices that
 * can have to do with one another are read together, one such party after the other, so a long history needs the room of one party.
 */
@Service
public class RehearsalDesk {

  /** Most episodes and real warnings that are told; all are counted. */
  public static final int MOST_TOLD = 200;

  /** Most episodes that are compared with cases; the first of them. */
  public static final int MOST_COMPARED = 5000;

  private static final Duration LONGEST = Duration.ofDays(400);
  private static final int MOST_SERIES = 20_000;
  private static final int MOST_OF_A_SERIES = 1_000_000;
  private static final int AT_ONCE = 2;
  private static final long TELL_EVERY_NANOS = 200_000_000;

  /**
   * How far it is.
   *
   * @param parties of devices that were read, of {@code of}
   * @param values read so far
   */
  public record Progress(int parties, int of, long values) {}

  /**
   * A warning that was.
   *
   * @param verdict what a person found it to be who ended it; {@code null} where nobody did
   */
  public record Real(long id, String rule, String nameZh, String nameEn, String subject, String subjectName, WarningGrade worst, Instant since, Instant endedAt, String verdict) {}

  /**
   * Which cases count as reported around an episode.
   *
   * @param meters farthest from a device, 1..2000
   * @param within before the episode begins and after it ends, 0..7 days
   * @param kindId kind of the catalogue that the rule is to catch; {@code null}: nobody said
   */
  public record Beside(int meters, Duration within, String kindId) {}

  /**
   * The episodes beside what people reported.
   *
   * @param episodes that were compared
   * @param with at least one case around them
   * @param without none
   * @param around the cases of the episodes that are told, in their order
   * @param ofKind cases of the rule's kind in its area and time; {@code null} where no kind was said
   */
  public record Compared(Beside beside, long episodes, long with, long without, List<Around> around, OfKind ofKind) {}

  /**
   * What came of it.
   *
   * @param devices that the rule covers, within the scope
   * @param values read
   * @param names of the subjects of the episodes
   * @param real warnings of all rules on these devices in this time, the first of them
   * @param realCount how many there were
   * @param compared {@code null} where the viewer may not see cases
   * @param tookMillis how long it took
   */
  public record Report(Rule rule, long devices, long values, Outcome outcome, Map<String, String> names, List<Real> real, long realCount,
      Compared compared, long tookMillis) {}

  private record Part(String code, String name, String type, String group, String area, String property, int series, Site site) {}

  private final JdbcClient jdbc;
  private final TransactionTemplate reading;
  private final RuleDesk desk;
  private final Model model;
  private final Observations observations;
  private final Settings engine;
  private final WatchSettings settings;
  private final CaseComparison comparison;
  private final Semaphore places = new Semaphore(AT_ONCE);

  RehearsalDesk(JdbcClient jdbc, PlatformTransactionManager transactions, RuleDesk desk, Model model, Observations observations, Settings engine, WatchSettings settings,
      CaseComparison comparison) {
    this.jdbc = jdbc;
    this.reading = new TransactionTemplate(transactions);
    reading.setReadOnly(true);
    this.desk = desk;
    this.model = model;
    this.observations = observations;
    this.engine = engine;
    this.settings = settings;
    this.comparison = comparison;
  }

  /** A rehearsal that may begin; to be run once, or closed. */
  public final class Ready implements AutoCloseable {
    private final Rule rule;
    private final Instant from;
    private final Instant to;
    private final Beside beside;
    private final Model.Made types;
    private final List<List<Part>> parties;
    private final long devices;
    private boolean closed;

    private Ready(Rule rule, Instant from, Instant to, Beside beside, Model.Made types, List<List<Part>> parties, long devices) {
      this.rule = rule;
      this.from = from;
      this.to = to;
      this.beside = beside;
      this.types = types;
      this.parties = parties;
      this.devices = devices;
    }

    /**
     * Runs it.
     *
     * @param told now and then how far it is; what it throws ends the rehearsal
     * @throws ProblemException {@link WatchProblem#TOO_MUCH} where it reads more, or takes longer, than the settings allow
     */
    public Report run(Consumer<Progress> told) {
      long begun = System.nanoTime();
      History history = new History(this, told, begun);
      List<Thing> things = new ArrayList<>();
      Set<String> known = new HashSet<>();
      Map<String, String> names = new HashMap<>();
      for (List<Part> party : parties) {
        for (Part p : party) {
          if (known.add(p.code())) {
            things.add(new Thing(p.code(), p.type(), p.group(), p.area(), ""));
            names.put(p.code(), p.name());
          }
        }
      }
      Outcome all = Rehearsal.run(rule, types.model(), engine, things, history, from.toEpochMilli(), to.toEpochMilli(), MOST_COMPARED);
      List<Episode> first = all.episodes().subList(0, Math.min(MOST_TOLD, all.episodes().size()));
      Outcome outcome = new Outcome(all.warnings(), all.byPeak(), all.heldBack(), first, all.fates());
      Map<String, String> said = new HashMap<>();
      first.stream().map(Episode::subject).distinct().forEach(s -> said.put(s, names.getOrDefault(s, s)));
      List<Real> real = new ArrayList<>();
      long count = reading.execute(s -> real(rule, from, to, real));
      Compared compared = reading.execute(s -> comparison.compare(rule, beside, watched(rule, parties), all.episodes(), MOST_TOLD, from, to)).orElse(null);
      return new Report(rule, devices, history.values, outcome, said, real, count, compared, (System.nanoTime() - begun) / 1_000_000);
    }

    @Override
    public void close() {
      if (!closed) {
        places.release();
      }
      closed = true;
    }
  }

  /**
   * Makes a rehearsal ready, or refuses it before anything is read.
   *
   * @throws ProblemException {@link WatchProblem#INVALID_RULE}, {@link WatchProblem#INVALID}, {@link WatchProblem#TOO_MUCH},
   *     {@link WatchProblem#REHEARSAL_UNDER_WAY}
   */
  public Ready ready(String document, Instant from, Instant to, Beside beside) {
    Rule rule = desk.readOrRefuse(document);
    comparison.check(beside);
    if (!from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw new ProblemException(WatchProblem.INVALID, "a rehearsal goes over more than nothing and at most " + LONGEST.toDays() + " days, was " + from + " to " + to,
          Map.of("field", "to", "value", to.toString(), "bound", LONGEST.toDays())).zh("推演时段的止应晚于起，且最长" + LONGEST.toDays() + "天");
    }
    Model.Made types = model.now();
    List<Part> parts = reading.execute(s -> parts(rule));
    long devices = parts.stream().map(Part::code).distinct().count();
    refuseTooMuch(types, parts, devices, from, to);
    if (!places.tryAcquire()) {
      throw new ProblemException(WatchProblem.REHEARSAL_UNDER_WAY, AT_ONCE + " rehearsals are under way; try again when one is over", Map.of("bound", AT_ONCE))
          .zh("已有" + AT_ONCE + "个推演正在进行，请稍后再试");
    }
    return new Ready(rule, from, to, beside, types, parties(rule, parts), devices);
  }

  private void refuseTooMuch(Model.Made types, List<Part> parts, long devices, Instant from, Instant to) {
    double expected = 0;
    for (Part p : parts) {
      Duration interval = types.of().get(p.type()).findProperty(p.property()).map(DeviceType.Property::interval).orElse(Duration.ofMinutes(1));
      expected += (double) Duration.between(from, to).toMillis() / Math.max(1, interval.toMillis());
    }
    if (parts.size() > MOST_SERIES || expected > settings.rehearsalValues()) {
      throw new ProblemException(WatchProblem.TOO_MUCH, "this would read about %,.0f values of %,d series of %,d devices; at most %,d values of %,d series are read. Shorten the time, or name an area or a group"
          .formatted(expected, parts.size(), devices, settings.rehearsalValues(), MOST_SERIES),
          Map.of("values", Math.round(expected), "series", parts.size(), "bound", settings.rehearsalValues()))
          .zh("推演约需读取%,d台设备、%,d条序列的%,.0f个值，上限为%,d条序列、%,d个值。请缩短时段，或限定区划、分组".formatted(devices, parts.size(), expected, MOST_SERIES, settings.rehearsalValues()));
    }
  }

  /** The series that the rule reads, within the viewer's scope. */
  private List<Part> parts(Rule rule) {
    Set<String> wanted = new HashSet<>();
    rule.inputs().forEach(i -> wanted.add(i.type() + "/" + i.property()));
    AreaScope area = rule.area().isEmpty() ? AreaScope.ALL : AreaScope.of(rule.area());
    return jdbc.sql("""
            SELECT d.code, d.name, d.type_code, d.group_code, coalesce(d.area_code, '') AS area, s.property, s.id, d.lon, d.lat,
              d.component_ident, d.building_ident
            FROM sensing_device d JOIN sensing_series s ON s.device_id = d.id
            WHERE d.enabled AND d.type_code || '/' || s.property = ANY (:wanted) AND coalesce(d.area_code, '') >= :lo AND coalesce(d.area_code, '') < :hi
              AND (:group = '' OR d.group_code = :group) AND (NOT :grouped OR d.group_code <> '')
            ORDER BY d.code, s.id LIMIT :most""")
        .param("wanted", wanted.toArray(String[]::new)).param("lo", area.low()).param("hi", area.high()).param("group", nearby(rule, From.AREA) ? "" : rule.group())
        .param("grouped", rule.per() == Per.GROUP).param("most", MOST_SERIES + 1)
        .query((rs, i) -> new Part(rs.getString(1), rs.getString(2), rs.getString(3), rs.getString(4), rs.getString(5), rs.getString(6), rs.getInt(7),
            new Site(rs.getDouble(8), rs.getDouble(9), rs.getString(10), rs.getString(11)))).list();
  }

  /** The devices whose warnings these are, each once: not those that are only read beside them. */
  private static List<Watched> watched(Rule rule, List<List<Part>> parties) {
    Set<String> types = rule.inputs().stream().filter(i -> i.from() == From.SUBJECT).map(Input::type).collect(Collectors.toSet());
    Set<String> known = new HashSet<>();
    return parties.stream().flatMap(List::stream).filter(p -> types.contains(p.type()) && (rule.group().isEmpty() || rule.group().equals(p.group())) && known.add(p.code()))
        .map(p -> new Watched(CaseComparison.subject(rule, p.code(), p.group()), p.site())).toList();
  }

  private static boolean nearby(Rule rule, From from) {
    return rule.inputs().stream().map(Input::from).anyMatch(from::equals);
  }

  private static List<List<Part>> parties(Rule rule, List<Part> parts) {
    boolean area = nearby(rule, From.AREA);
    boolean group = rule.per() == Per.GROUP || nearby(rule, From.GROUP);
    Map<String, List<Part>> parties = new HashMap<>();
    for (Part p : parts) {
      String party = area && !group ? "area " + p.area() : area ? "all" : group && !p.group().isEmpty() ? "group " + p.group() : "device " + p.code();
      parties.computeIfAbsent(party, k -> new ArrayList<>()).add(p);
    }
    return parties.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue).toList();
  }

  /** What is stored of one party after the other, each in the order of time. */
  private final class History implements Iterator<Observation> {
    private final Ready of;
    private final Consumer<Progress> told;
    private final long begun;
    private final PriorityQueue<Track> tracks = new PriorityQueue<>(Comparator.comparingLong(Track::time).thenComparing(t -> t.part.series()));
    private int party;
    private long values;
    private long toldAt;

    History(Ready of, Consumer<Progress> told, long begun) {
      this.of = of;
      this.told = told;
      this.begun = begun;
    }

    @Override
    public boolean hasNext() {
      while (tracks.isEmpty() && party < of.parties.size()) {
        tell();
        for (Part part : of.parties.get(party)) {
          Track track = new Track(part, of.from, of.to);
          if (track.more()) {
            tracks.add(track);
          }
        }
        party++;
      }
      return !tracks.isEmpty();
    }

    private void tell() {
      if (System.nanoTime() - toldAt > TELL_EVERY_NANOS) {
        toldAt = System.nanoTime();
        told.accept(new Progress(party, of.parties.size(), values));
      }
    }

    @Override
    public Observation next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Track track = tracks.poll();
      Observation next = track.take();
      if (track.more()) {
        tracks.add(track);
      }
      values++;
      if (values % 8192 == 0) {
        tell();
      }
      if (values > settings.rehearsalValues() || values % 8192 == 0 && System.nanoTime() - begun > settings.rehearsalTime().toNanos()) {
        throw new ProblemException(WatchProblem.TOO_MUCH, "after %,d values of %,d of %,d parties of devices the rehearsal was ended; at most %,d values are read, for at most %s. Shorten the time, or name an area or a group"
            .formatted(values, party, of.parties.size(), settings.rehearsalValues(), settings.rehearsalTime()), Map.of("values", values, "bound", settings.rehearsalValues()))
            .zh("已读取%,d个值（%,d/%,d组设备），超出推演上限：%,d个值或%d秒。请缩短时段，或限定区划、分组".formatted(values, party, of.parties.size(), settings.rehearsalValues(),
                settings.rehearsalTime().toSeconds()));
      }
      return next;
    }
  }

  /** One series, piece by piece. */
  private final class Track {
    private final Part part;
    private final Instant to;
    private List<Value> piece;
    private int at;

    Track(Part part, Instant from, Instant to) {
      this.part = part;
      this.to = to;
      piece = observations.list(part.series(), from, to, MOST_OF_A_SERIES);
    }

    long time() {
      return piece.get(at).time();
    }

    boolean more() {
      if (at == piece.size() && piece.size() == MOST_OF_A_SERIES) {
        piece = observations.list(part.series(), Instant.ofEpochMilli(piece.getLast().time() + 1), to, MOST_OF_A_SERIES);
        at = 0;
      }
      return at < piece.size();
    }

    Observation take() {
      Value value = piece.get(at++);
      return new Observation(part.code(), part.property(), value.time(), value.value());
    }
  }

  /** Warnings of this time on devices that the rule covers, by its area, type and group. */
  private long real(Rule rule, Instant from, Instant to, List<Real> real) {
    AreaScope area = rule.area().isEmpty() ? AreaScope.ALL : AreaScope.of(rule.area());
    String where = """
        FROM sensing_warning WHERE since >= :from AND since < :to AND type_code = ANY (:types) AND (:group = '' OR group_code = :group)
          AND area_code >= :lo AND area_code < :hi""";
    Map<String, Object> params = Map.of("from", utc(from), "to", utc(to), "types", rule.inputs().stream().filter(i -> i.from() == From.SUBJECT).map(Input::type).distinct()
        .toArray(String[]::new), "group", rule.group(), "lo", area.low(), "hi", area.high(), "most", MOST_TOLD);
    real.addAll(jdbc.sql("SELECT id, rule_code, name_zh, name_en, subject, subject_zh, worst, since, ended_at, verdict " + where + " ORDER BY since, id LIMIT :most").params(params)
        .query((rs, i) -> new Real(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getString(4), rs.getString(5), rs.getString(6), WarningGrade.values()[rs.getInt(7) - 1],
            rs.getObject(8, OffsetDateTime.class).toInstant(), rs.getObject(9) == null ? null : rs.getObject(9, OffsetDateTime.class).toInstant(), rs.getString(10))).list());
    return real.size() < MOST_TOLD ? real.size() : jdbc.sql("SELECT count(*) " + where).params(params).query(Long.class).single();
  }

  private static OffsetDateTime utc(Instant at) {
    return WatchRuleStore.utc(at);
  }
}
