package io.citywide.bench.map;

import io.citywide.bench.load.Wire;
import io.citywide.bench.load.Wire.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How soon the search box answers while somebody types: {@value #QUESTIONS} beginnings of numbers, names, initials and
 * BeiDou codes, one after the other over HTTP, each timed from the request to the last byte.
 */
final class SearchProbe {

  private static final int QUESTIONS = 400;
  private static final long SEED = 20260704;

  private final Wire wire;

  SearchProbe(Wire wire) {
    this.wire = wire;
  }

  /** @throws IllegalStateException where something is not found by its whole number */
  Stats run(CityRows city) {
    for (String ident : city.idents().subList(0, Math.min(20, city.idents().size()))) {
      if (ask(ident).json().path("hits").isEmpty()) throw new IllegalStateException("nothing was found for the component " + ident);
    }
    List<String> questions = questions(city.idents(), city.names());
    questions.forEach(this::ask); // the JVM compiles, the pages come into memory
    return new Stats(questions.stream().mapToLong(q -> ask(q).nanos()).toArray());
  }

  private static List<String> questions(List<String> idents, List<String> names) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> questions = new ArrayList<>();
    while (questions.size() < QUESTIONS) {
      switch (questions.size() % 5) {
        case 0, 1 -> questions.add(begun(idents.get(random.nextInt(idents.size())), 6, random));
        case 2, 3 -> questions.add(names.isEmpty() ? "路" : begun(names.get(random.nextInt(names.size())), 1, random));
        default -> questions.add(random.nextBoolean() ? letters(random) : "N50G4A0010".substring(0, 5 + random.nextInt(6)));
      }
    }
    return questions;
  }

  private static String begun(String whole, int least, SplittableRandom random) {
    return whole.length() <= least ? whole : whole.substring(0, least + random.nextInt(whole.length() - least + 1));
  }

  private static String letters(SplittableRandom random) {
    StringBuilder letters = new StringBuilder();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      letters.append("abcdfghjlmnpqrstwxyz".charAt(random.nextInt(20)));
    }
    return letters.toString();
  }

  private Answer ask(String q) {
    Answer answer = wire.get("/api/map/search?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8));
    if (!answer.done()) throw new IllegalStateException("'" + q + "' was answered with " + answer.status() + ": " + answer.text());
    return answer;
  }
}
