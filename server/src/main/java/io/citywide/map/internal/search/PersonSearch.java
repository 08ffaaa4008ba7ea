package io.citywide.map.internal.search;

import io.citywide.identity.Duty;
import io.citywide.identity.Duty.OnDuty;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.SearchSource;
import io.citywide.place.Places;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** People on duty by name or its pinyin, as far as the viewer sees them. They are asked for anew each time and kept nowhere. */
@Component
class PersonSearch implements SearchSource {

  private final Duty duty;
  private final Places places;

  PersonSearch(Duty duty, Places places) {
    this.duty = duty;
    this.places = places;
  }

  @Override
  public List<Hit> search(String text, int limit) {
    if (text.chars().noneMatch(Character::isLetter) || !Viewer.current().may(Permission.DUTY_READ)) {
      return List.of();
    }
    String typed = text.toLowerCase(Locale.ROOT);
    return duty.listOnDuty().stream().filter(p -> bears(p.name(), typed)).limit(limit).map(p -> hit(p, text)).toList();
  }

  private static boolean bears(String name, String typed) {
    return name.toLowerCase(Locale.ROOT).contains(typed)
        || typed.chars().allMatch(c -> c < 128) && Stream.concat(Pinyin.initials(name).stream(), Pinyin.syllables(name).stream()).anyMatch(way -> way.startsWith(typed));
  }

  private Hit hit(OnDuty person, String text) {
    String where = places.describe(person.hereCode() == null ? person.areaCode() : person.hereCode());
    return new Hit("person", Long.toString(person.personId()), person.name(), person.name(), person.unitName() == null ? where : person.unitName() + " · " + where,
        person.lon(), person.lat(), person.name().equals(text) ? 1 : 0.85);
  }
}
