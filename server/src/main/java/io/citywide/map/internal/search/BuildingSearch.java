package io.citywide.map.internal.search;

import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.SearchSource;
import io.citywide.place.Buildings;
import io.citywide.place.Buildings.Building;
import io.citywide.place.Places;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Buildings of the register by the beginning of their address or name, within the viewer's scope. */
@Component
class BuildingSearch implements SearchSource {

  /** Two characters at least, one of them a letter: what is all digits is the number of something. */
  private static final Pattern TYPED = Pattern.compile("(?=.*\\p{L}).{2,}");

  private final Buildings buildings;
  private final Places places;

  BuildingSearch(Buildings buildings, Places places) {
    this.buildings = buildings;
    this.places = places;
  }

  @Override
  @Transactional(readOnly = true)
  public List<Hit> search(String text, int limit) {
    if (!TYPED.matcher(text).matches() || !Viewer.current().may(Permission.BUILDING_READ)) {
      return List.of();
    }
    return buildings.listByAddress(text, limit).stream().map(b -> hit(b, text)).toList();
  }

  private Hit hit(Building b, String text) {
    String where = places.describe(b.areaCode());
    boolean address = b.address() != null && b.address().startsWith(text);
    String title = address ? b.address() : b.name();
    return new Hit(address ? "address" : "building", b.ident(), title, title, address ? b.name() + " · " + where : b.address() == null ? where : b.address() + " · " + where,
        b.lon(), b.lat(), title.equals(text) ? 1 : 0.8);
  }
}
