package io.citywide.sensing.internal.warning;

import io.citywide.identity.People;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * To which browsers a warning goes: those of people who find it in their inbox, because they, or a unit whose inbox they read, were told. A
 * browser is told what its person may see today, in any of the positions held, and nothing else.
 */
@Component
class PushAudience {

  /** @param viewers of its person */
  record Reader(PushBrowser browser, List<Viewer> viewers) {

    /**
     * @param units whose inbox was told
     * @param persons whose inbox was told
     * @param sight units that see the warning
     */
    boolean finds(String areaCode, Set<Long> units, Set<Long> persons, Set<Long> sight) {
      return viewers.stream().anyMatch(v -> v.may(Permission.SENSING_READ) && v.sees(areaCode, sight)
          && (persons.contains(v.personId()) || WarningDesk.units(v).stream().anyMatch(units::contains)));
    }
  }

  private final PushBrowsers browsers;
  private final People people;

  PushAudience(PushBrowsers browsers, People people) {
    this.browsers = browsers;
    this.people = people;
  }

  /** Everybody who could be told. */
  List<Reader> list() {
    List<PushBrowser> all = browsers.listAll();
    Map<Long, List<Viewer>> viewers = people.viewers(all.stream().map(PushBrowser::personId).distinct().toList());
    return all.stream().map(b -> new Reader(b, viewers.getOrDefault(b.personId(), List.of()))).filter(r -> !r.viewers().isEmpty()).toList();
  }

  /** Those of {@code readers} who find it in their inbox. */
  static List<PushBrowser> among(List<Reader> readers, Warning w, Set<Long> units, Set<Long> persons) {
    Set<Long> sight = new HashSet<>(w.units());
    sight.addAll(units);
    return readers.stream().filter(r -> r.finds(w.areaCode(), units, persons, sight)).map(Reader::browser).toList();
  }
}
