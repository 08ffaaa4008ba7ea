package io.citywide.sensing.internal.watching;

import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.WarningBook;
import io.citywide.sensing.internal.warning.WarningBook.Judgement;
import io.citywide.sensing.internal.warning.WarningBook.Place;
import io.citywide.sensing.internal.watching.RuleVersion.Manner;
import io.citywide.sensing.internal.watching.WatchStore.Spot;
import io.citywide.watch.Decision;
import io.citywide.watch.Decision.Kind;
import io.citywide.watch.Grade;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Adds to what the engine decides what only the server knows: names, places, and what is to become of a warning. */
@Component
class Judge {

  /** Sources bear this before their name where the engine knows them, so that none is taken for a device. */
  static final String SOURCE = "@";

  private static final Words SILENCE = new Words("Silence", "断供失联");

  /**
   * A rule as it was when it decided.
   *
   * @param perGroup whether its subjects are groups
   */
  record Told(Words name, boolean perGroup, Manner manner) {}

  private final WatchStore store;
  private final WatchSettings settings;

  Judge(WatchStore store, WatchSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /** In their order; what was only held back is left out. Needs a transaction. */
  List<Judgement> judge(List<Decision> decisions, Map<String, Told> rules) {
    Set<String> codes = new HashSet<>();
    Set<String> groups = new HashSet<>();
    for (Decision d : decisions) {
      boolean group = !silence(d) && rules.get(d.rule()) != null && rules.get(d.rule()).perGroup();
      (group ? groups : codes).add(d.subject());
    }
    Map<String, Spot> spots = store.spots(codes, groups);
    List<Judgement> judgements = new ArrayList<>(decisions.size());
    for (Decision d : decisions) {
      if (d.kind() != Kind.HELD) {
        judgements.add(silence(d) ? silent(d, spots.get(d.subject())) : ruled(d, rules.get(d.rule()), spots));
      }
    }
    return judgements;
  }

  private static boolean silence(Decision d) {
    return d.kind() == Kind.SILENT || d.kind() == Kind.HEARD;
  }

  private Judgement silent(Decision d, Spot spot) {
    boolean source = d.subject().startsWith(SOURCE);
    String name = source ? d.subject().substring(1) : spot == null ? d.subject() : spot.name();
    boolean begins = d.kind() == Kind.SILENT;
    return new Judgement(WarningBook.SILENCE, 0, SILENCE, d.subject(), source ? new Words("Source " + name, "数据源" + name) : new Words(name, name), d.warning(),
        begins ? Kind.RAISED : Kind.ENDED, begins ? source ? settings.silentSource() : settings.silentDevice() : null, Instant.ofEpochMilli(d.at()),
        new Words(d.reason().en().replace(SOURCE, ""), d.reason().zh().replace(SOURCE, "")), d.values(), place(spot), "Infra", null, null);
  }

  private static Judgement ruled(Decision d, Told rule, Map<String, Spot> spots) {
    boolean group = rule != null && rule.perGroup();
    Spot spot = spots.get(group ? "group " + d.subject() : d.subject());
    String name = spot == null ? d.subject() : spot.name();
    Manner manner = rule == null ? new Manner("Other", null, null, "") : rule.manner();
    return new Judgement(d.rule(), d.version(), rule == null ? new Words(d.rule(), d.rule()) : rule.name(), d.subject(), new Words(name, name), d.warning(), d.kind(),
        grade(d.to()), Instant.ofEpochMilli(d.at()), new Words(d.reason().en(), d.reason().zh()), d.values(), place(spot), manner.category(), manner.caseFrom(), manner.caseKind());
  }

  static WarningGrade grade(Grade grade) {
    return switch (grade) {
      case null -> null;
      case BLUE -> WarningGrade.BLUE;
      case YELLOW -> WarningGrade.YELLOW;
      case ORANGE -> WarningGrade.ORANGE;
      case RED -> WarningGrade.RED;
    };
  }

  private static Place place(Spot s) {
    return s == null ? null : new Place(s.device(), s.typeCode(), s.lon(), s.lat(), s.areaCode(), s.ownerUnitId(), s.componentIdent(), s.groupCode());
  }
}
