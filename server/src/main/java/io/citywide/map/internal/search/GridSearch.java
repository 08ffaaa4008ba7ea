package io.citywide.map.internal.search;

import io.citywide.grid.GridCode;
import io.citywide.map.spi.SearchSource;
import io.citywide.place.Places;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** BeiDou grid codes, whole or as far as they are typed, and positions in degrees. */
@Component
class GridSearch implements SearchSource {

  /** A zone and a latitude band, and what was typed after them. */
  private static final Pattern CODE = Pattern.compile("[NSns][0-9]{2}[A-Va-v][0-9A-Fa-f]{0,16}");

  private static final Pattern DEGREES = Pattern.compile("(-?[0-9]{1,3}\\.[0-9]+)[,，\\s]+(-?[0-9]{1,2}\\.[0-9]+)");

  private final Places places;

  GridSearch(Places places) {
    this.places = places;
  }

  @Override
  public List<Hit> search(String text, int limit) {
    String typed = text.replaceAll("[\\s-]", "");
    if (CODE.matcher(typed).matches()) {
      return code(typed.toUpperCase(Locale.ROOT));
    }
    Matcher degrees = DEGREES.matcher(text);
    if (degrees.matches()) {
      double lon = Double.parseDouble(degrees.group(1));
      double lat = Double.parseDouble(degrees.group(2));
      if (Math.abs(lon) <= 180 && Math.abs(lat) < 88) {
        String code = GridCode.of(lon, lat, 9).code();
        return List.of(new Hit("grid", code, text, text, detail(code, lon, lat), lon, lat, 1));
      }
    }
    return List.of();
  }

  /** The longest beginning that is a code: of 8 characters typed the 7 of a level may be one. */
  private List<Hit> code(String typed) {
    for (int length = typed.length(); length >= 4; length--) {
      try {
        GridCode code = GridCode.parse(typed.substring(0, length));
        return List.of(new Hit("grid", code.code(), code.code(), code.code(), detail(null, code.centerLon(), code.centerLat()), code.centerLon(), code.centerLat(),
            length == typed.length() ? 1 : 0.5));
      } catch (IllegalArgumentException notYet) {
        // one character less
      }
    }
    return List.of();
  }

  private String detail(String code, double lon, double lat) {
    String where = places.locate(lon, lat).map(s -> places.describe(s.areaCode())).orElse(null);
    return code == null ? where : where == null ? code : code + " · " + where;
  }
}
