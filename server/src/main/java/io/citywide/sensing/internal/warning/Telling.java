package io.citywide.sensing.internal.warning;

import io.citywide.place.Area;
import io.citywide.place.Places;
import io.citywide.platform.ServerSettings;
import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * What is said of a warning where others may listen: in e-mails, pushes, webhooks and messages. Grade, headline, place, time and link; the reason only where a
 * rule gave it. Who did something, and what a person wrote, stays in the house.
 */
@Component
class Telling {

  private static final int LONGEST = 160;

  private final Places places;
  private final WarningSettings settings;
  private final DateTimeFormatter time;

  Telling(Places places, WarningSettings settings, ServerSettings server) {
    this.places = places;
    this.settings = settings;
    this.time = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx").withZone(server.zone());
  }

  /** 红色预警升级：烟雾浓度; at its end without a grade. */
  Words headline(Warning w, WarningStep step) {
    boolean over = step.act() == WarningAct.ENDED;
    String zh = over ? "预警解除：" : step.grade().nameZh() + "预警" + step.act().nameZh() + "：";
    String en = over ? "Warning ended: " : colour(step.grade()) + " warning " + step.act().nameEn().toLowerCase(Locale.ROOT) + ": ";
    return new Words(line(en + w.name().en()), line(zh + WarningKeeper.zh(w.name())));
  }

  /** Of what it warns, and where that is. */
  Words place(Warning w) {
    Words area = area(w.areaCode());
    return new Words(line(w.subjectName().en() + (area.en().isEmpty() ? "" : " · " + area.en())), line(WarningKeeper.zh(w.subjectName()) + (area.zh().isEmpty() ? "" : " · " + area.zh())));
  }

  /** From the district down, of a city its own name; the code itself where it is unknown. */
  Words area(String code) {
    List<Area> chain = places.chain(code);
    if (chain.isEmpty()) {
      return new Words(code, code);
    }
    List<Area> below = chain.size() > 1 ? chain.subList(1, chain.size()) : chain;
    return new Words(below.stream().map(a -> a.nameEn() == null ? a.name() : a.nameEn()).collect(Collectors.joining(", ")), below.stream().map(Area::name).collect(Collectors.joining(" ")));
  }

  /** Why, as the rule says it; {@code null} where a person did it. */
  Words reason(WarningStep step) {
    return step.byPerson() ? null : new Words(line(step.reason().en()), line(WarningKeeper.zh(step.reason())));
  }

  /**
   * Why, for a message that has a place for it whoever did it (CAP, Atom, webhooks): as the rule says it and in full; of what a person did
   * only that a person did it, and what it was found to be. No form tells people that their words are published, so none are.
   */
  static Words outward(Warning w, WarningStep step) {
    if (!step.byPerson()) {
      return new Words(step.reason().en(), WarningKeeper.zh(step.reason()));
    }
    String en = step.act().nameEn().toLowerCase(Locale.ROOT) + " by a person";
    String zh = "由人员" + step.act().nameZh();
    return step.act() != WarningAct.ENDED || w.verdict() == null ? new Words(en, zh) : new Words(en + ": " + w.verdict().nameEn(), zh + "（" + w.verdict().nameZh() + "）");
  }

  /** In the city's time. */
  String time(Instant at) {
    return time.format(at);
  }

  /** Within the console. */
  static String path(Warning w) {
    return "/warnings/" + w.id();
  }

  /** From anywhere; empty where no address of the console is set. */
  String link(Warning w) {
    return link(path(w));
  }

  /** @param path within the console */
  String link(String path) {
    return settings.consoleUrl().isEmpty() ? "" : settings.consoleUrl() + path;
  }

  private static String colour(WarningGrade grade) {
    return grade.name().charAt(0) + grade.name().substring(1).toLowerCase(Locale.ROOT);
  }

  /** One line: a name may hold line breaks, which would begin a header of its own. */
  static String line(String text) {
    String flat = text.codePoints().map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString().replaceAll(" {2,}", " ").strip();
    return flat.codePointCount(0, flat.length()) <= LONGEST ? flat : flat.substring(0, flat.offsetByCodePoints(0, LONGEST - 1)) + "…";
  }
}
