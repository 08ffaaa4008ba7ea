package io.citywide.watch;

import io.citywide.watch.Decision.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What a draft would have done over stored history: the engine itself, run on what was. */
public final class Rehearsal {
  private Rehearsal() {}

  /**
   * One warning that would have been.
   *
   * @param peak its highest grade
   * @param ended {@code 0}: it would be live at the end of the history
   * @param decisions everything decided of it, the first with the reason it was raised
   */
  public record Episode(String subject, long number, Grade peak, long raised, long ended, List<Decision> decisions) {}

  /**
   * What would have been.
   *
   * @param warnings how many warnings in all
   * @param byPeak how many by their highest grade; each grade is there
   * @param heldBack how many were held back by the quiet after another
   * @param episodes the first of them, in the order in which they were raised, as many as were asked for
   * @param fates what became of the observations; each fate is there
   */
  public record Outcome(long warnings, Map<Grade, Long> byPeak, long heldBack, List<Episode> episodes, Map<Fate, Long> fates) {}

  /**
   * Runs the rule over the history.
   *
   * @param things those the rule may watch; known from {@code from} on
   * @param history in the order in which it came in, which need not be that of its times
   * @param from begin of the history, milliseconds since 1970 UTC
   * @param until its end; what is due by then is decided
   * @param most how many episodes are told, at least 0; all are counted
   */
  public static Outcome run(
      Rule rule, ThingModel model, Settings settings, Iterable<Thing> things, Iterator<Observation> history, long from, long until, int most) {
    Tally tally = new Tally(most);
    Engine engine = new Engine(model, settings, tally::take);
    for (Thing thing : things) engine.register(thing, from);
    engine.publish(rule, from);
    Map<Fate, Long> fates = new EnumMap<>(Fate.class);
    for (Fate fate : Fate.values()) fates.put(fate, 0L);
    while (history.hasNext()) fates.merge(engine.accept(history.next()), 1L, Long::sum);
    engine.advance(until);
    return tally.outcome(fates);
  }

  private static final class Tally {
    private final int most;
    private final Map<String, Open> open = new HashMap<>();
    private final List<Open> told = new ArrayList<>();
    private final Map<Grade, Long> byPeak = new EnumMap<>(Grade.class);
    private long warnings;
    private long heldBack;

    private static final class Open {
      String subject;
      long number;
      Grade peak;
      long raised;
      long ended;
      List<Decision> decisions;
    }

    Tally(int most) {
      if (most < 0) throw new IllegalArgumentException("most must not be negative, was " + most);
      this.most = most;
      for (Grade grade : Grade.values()) byPeak.put(grade, 0L);
    }

    void take(Decision d) {
      switch (d.kind()) {
        case RAISED -> {
          Open o = new Open();
          o.subject = d.subject();
          o.number = d.warning();
          o.peak = d.to();
          o.raised = d.at();
          open.put(d.subject(), o);
          warnings++;
          byPeak.merge(d.to(), 1L, Long::sum);
          keep(o, d);
        }
        case ESCALATED, LOWERED, ENDED -> {
          Open o = open.get(d.subject());
          if (o.decisions != null) o.decisions.add(d);
          if (d.to() != null && d.to().compareTo(o.peak) > 0) {
            byPeak.merge(o.peak, -1L, Long::sum);
            byPeak.merge(d.to(), 1L, Long::sum);
            o.peak = d.to();
          }
          if (d.kind() == Kind.ENDED) {
            o.ended = d.at();
            open.remove(d.subject());
          }
        }
        case HELD -> heldBack++;
        case SILENT, HEARD -> {}
      }
    }

    /** Each subject's timers run when its values come, so episodes are not raised in the order of their times. */
    private void keep(Open o, Decision first) {
      o.decisions = new ArrayList<>(List.of(first));
      told.add(o);
      if (told.size() > 2 * most + 64) trim();
    }

    private void trim() {
      told.sort((a, b) -> a.raised != b.raised ? Long.compare(a.raised, b.raised) : a.subject.compareTo(b.subject));
      for (Open gone : told.subList(Math.min(most, told.size()), told.size())) gone.decisions = null;
      told.subList(Math.min(most, told.size()), told.size()).clear();
    }

    Outcome outcome(Map<Fate, Long> fates) {
      trim();
      List<Episode> episodes = told.stream().map(o -> new Episode(o.subject, o.number, o.peak, o.raised, o.ended, List.copyOf(o.decisions))).toList();
      return new Outcome(warnings, byPeak, heldBack, episodes, fates);
    }
  }
}
