package io.citywide.sensing.internal.warning;

import io.citywide.identity.AreaScope;
import io.citywide.map.spi.RegionCover;
import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Warnings of several rules at one place and time are one situation. Each gathers around its oldest warning: what lies within 200 m of it or
 * belongs to the same group or building, and was live at most half an hour apart. It does not reach on from neighbour to neighbour: in a
 * dense city that would make the whole city one.
 */
@Service
public class Situations {

  private static final double RADIUS_METERS = 200;
  private static final Duration APART = Duration.ofMinutes(30);

  /** A warning that ended so long ago at most still belongs to what is going on. */
  private static final Duration MEMORY = Duration.ofHours(1);
  private static final int MOST = 5_000;

  /** Side of a square of degrees that is wider than the radius up to 60° of latitude. */
  private static final double SQUARE = 0.004;

  /**
   * Something that several rules say at once.
   *
   * @param id of its oldest warning
   * @param why these belong together
   * @param warnings the worst first
   */
  public record Situation(long id, WarningGrade grade, boolean live, Instant since, Words why, Double lon, Double lat, String areaCode, int rules, List<Warning> warnings) {}

  private final WarningStore store;
  private final Clock clock;

  Situations(WarningStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Those with a live warning, the worst first. */
  @Transactional(readOnly = true)
  public List<Situation> list(String areaCode) {
    AreaScope area = areaCode == null ? AreaScope.ALL : AreaScope.of(areaCode);
    Instant now = clock.instant();
    List<Warning> all = store.list("(state = 'LIVE' OR ended_at > :ended) AND area_code >= :lo AND area_code < :hi ORDER BY since, id LIMIT :most",
        Map.of("ended", WarningStore.utc(now.minus(MEMORY)), "lo", area.low(), "hi", area.high(), "most", MOST));
    return gather(all, now).stream().filter(Situation::live)
        .sorted(Comparator.comparing(Situation::grade).reversed().thenComparing(Situation::since, Comparator.reverseOrder())).toList();
  }

  /** @param warnings oldest first */
  static List<Situation> gather(List<Warning> warnings, Instant now) {
    Map<Object, List<Warning>> near = new HashMap<>();
    for (Warning w : warnings) {
      keys(w).forEach(key -> near.computeIfAbsent(key, k -> new ArrayList<>()).add(w));
    }
    Set<Long> taken = new HashSet<>();
    List<Situation> situations = new ArrayList<>();
    for (Warning first : warnings) {
      if (taken.contains(first.id())) {
        continue;
      }
      Map<Long, Warning> members = new HashMap<>();
      around(first).forEach(key -> near.getOrDefault(key, List.of()).stream().filter(w -> !taken.contains(w.id()) && together(first, w, now)).forEach(w -> members.put(w.id(), w)));
      members.put(first.id(), first);
      long rules = members.values().stream().map(Warning::rule).distinct().count();
      if (rules > 1) {
        taken.addAll(members.keySet());
        situations.add(situation(first, members.values().stream().sorted(Comparator.comparing(Warning::live).thenComparing(Warning::grade).reversed()
            .thenComparing(Warning::since)).toList(), (int) rules));
      }
    }
    return situations;
  }

  private record Square(long x, long y) {}

  private static Square square(Warning w) {
    return new Square((long) Math.floor(w.lon() / SQUARE), (long) Math.floor(w.lat() / SQUARE));
  }

  /** Under what it is found. */
  private static List<Object> keys(Warning w) {
    List<Object> keys = new ArrayList<>();
    if (w.lon() != null) {
      keys.add(square(w));
    }
    if (!w.groupCode().isEmpty()) {
      keys.add("group " + w.groupCode());
    }
    if (w.buildingIdent() != null) {
      keys.add("building " + w.buildingIdent());
    }
    return keys;
  }

  /** Where its company may be found. */
  private static List<Object> around(Warning w) {
    List<Object> keys = new ArrayList<>(keys(w));
    if (w.lon() != null) {
      Square own = square(w);
      for (int dx = -1; dx <= 1; dx++) {
        for (int dy = -1; dy <= 1; dy++) {
          keys.add(new Square(own.x() + dx, own.y() + dy));
        }
      }
    }
    return keys;
  }

  private static boolean together(Warning a, Warning b, Instant now) {
    Instant endA = a.endedAt() == null ? now : a.endedAt();
    Instant endB = b.endedAt() == null ? now : b.endedAt();
    boolean inTime = !b.since().isAfter(endA.plus(APART)) && !a.since().isAfter(endB.plus(APART));
    boolean same = !a.groupCode().isEmpty() && a.groupCode().equals(b.groupCode()) || a.buildingIdent() != null && a.buildingIdent().equals(b.buildingIdent());
    return inTime && (same || a.lon() != null && b.lon() != null && RegionCover.meters(a.lon(), a.lat(), b.lon(), b.lat()) <= RADIUS_METERS);
  }

  private static Situation situation(Warning first, List<Warning> members, int rules) {
    WarningGrade grade = members.stream().filter(Warning::live).map(Warning::grade).max(Comparator.naturalOrder()).orElse(first.grade());
    String namesZh = members.stream().map(w -> WarningKeeper.zh(w.name())).distinct().collect(Collectors.joining("、"));
    String namesEn = members.stream().map(w -> w.name().en()).distinct().collect(Collectors.joining(", "));
    Words why = new Words(members.size() + " warnings of " + rules + " rules (" + namesEn + ") within " + (int) RADIUS_METERS + " m of " + first.subjectName().en()
        + " or in the same group or building, at most " + APART.toMinutes() + " min apart",
        rules + " 类规则（" + namesZh + "）的 " + members.size() + " 条预警，位于“" + WarningKeeper.zh(first.subjectName()) + "”周边 " + (int) RADIUS_METERS + " 米内或同组、同楼，时间相隔不超过 "
            + APART.toMinutes() + " 分钟");
    return new Situation(first.id(), grade, members.stream().anyMatch(Warning::live), first.since(), why, first.lon(), first.lat(), first.areaCode(), rules, members);
  }
}
