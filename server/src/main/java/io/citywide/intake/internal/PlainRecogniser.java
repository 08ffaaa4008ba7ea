package io.citywide.intake.internal;

import io.citywide.intake.internal.matching.PlainLikeness;
import io.citywide.intake.spi.Recogniser;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.platform.ServerSettings;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Finds the catalogue's own words in a text. The longer a word, the more it says; a word within a longer one that was
 * found says nothing more. Chinese is searched anywhere, other scripts at the beginning of a word.
 */
@Component
class PlainRecogniser implements Recogniser {

  private static final int MOST = 5;

  private final Catalogue catalogue;
  private final Clock clock;
  private final ServerSettings server;
  private volatile Words words = new Words(List.of(), LocalDate.MIN, Map.of(), 0);

  /** Words of the catalogue as it was on a day, each with the kinds it speaks for. */
  private record Words(List<Kind> of, LocalDate day, Map<String, List<Kind>> kinds, int longest) {}

  PlainRecogniser(Catalogue catalogue, Clock clock, ServerSettings server) {
    this.catalogue = catalogue;
    this.clock = clock;
    this.server = server;
  }

  @Override
  public List<Guess> recognise(String title, String description) {
    String text = PlainLikeness.normalise((title == null ? "" : title) + " " + (description == null ? "" : description));
    Words words = words();
    Map<String, List<Kind>> kinds = words.kinds();
    Set<String> found = find(text, words);
    Map<String, Double> scores = new HashMap<>();
    Map<String, List<String>> because = new LinkedHashMap<>();
    Map<String, Kind> byId = new HashMap<>();
    for (String word : found) {
      for (Kind kind : kinds.get(word)) {
        boolean withinLonger = found.stream().anyMatch(w -> w.length() > word.length() && w.contains(word) && kinds.get(w).contains(kind));
        if (!withinLonger) {
          scores.merge(kind.id(), weight(word), Double::sum);
          because.computeIfAbsent(kind.id(), k -> new ArrayList<>()).add(word);
          byId.put(kind.id(), kind);
        }
      }
    }
    // What is reported is something that happens: of a component and the matter about it, the matter.
    return scores.entrySet().stream()
        .map(e -> new Guess(e.getKey(), e.getValue() / (e.getValue() + 3), because.get(e.getKey())))
        .sorted(Comparator.comparingDouble(Guess::score).reversed()
            .thenComparing(g -> byId.get(g.kindId()).family() == Kind.Family.MATTER ? 0 : 1)
            .thenComparing(Guess::kindId))
        .limit(MOST)
        .toList();
  }

  /** Every word of the catalogue in the text, by looking up what begins at each place. */
  private static Set<String> find(String text, Words words) {
    Set<String> found = new LinkedHashSet<>();
    for (int i = 0; i < text.length(); i++) {
      boolean begins = i == 0 || text.charAt(i - 1) == ' ' || Character.isIdeographic(text.charAt(i));
      for (int end = i + 2; begins && end <= Math.min(text.length(), i + words.longest()); end++) {
        String word = text.substring(i, end);
        if (words.kinds().containsKey(word)) {
          found.add(word);
        }
      }
    }
    return found;
  }

  /** A Chinese character says about as much as three letters; the power makes one long word outweigh two short ones. */
  private static double weight(String word) {
    double length = ideographic(word) ? word.length() : word.length() / 3.0;
    return Math.pow(length, 1.5) / 2;
  }

  private static boolean ideographic(String word) {
    return Character.isIdeographic(word.codePointAt(0));
  }

  private Words words() {
    List<Kind> now = catalogue.listKinds();
    Words known = words;
    LocalDate today = LocalDate.ofInstant(clock.instant(), server.zone());
    if (!known.day().equals(today) || !known.of().equals(now)) {
      Map<String, List<Kind>> kinds = new HashMap<>();
      for (Kind kind : now.stream().filter(k -> k.activeOn(today)).toList()) {
        add(kinds, kind.nameZh(), kind);
        add(kinds, kind.nameEn(), kind);
        kind.keywords().forEach(word -> add(kinds, word, kind));
      }
      known = new Words(now, today, kinds, kinds.keySet().stream().mapToInt(String::length).max().orElse(0));
      words = known;
    }
    return known;
  }

  private static void add(Map<String, List<Kind>> kinds, String word, Kind kind) {
    String plain = PlainLikeness.normalise(word);
    if (plain.length() >= 2) {
      List<Kind> list = kinds.computeIfAbsent(plain, k -> new ArrayList<>());
      if (!list.contains(kind)) {
        list.add(kind);
      }
    }
  }
}
