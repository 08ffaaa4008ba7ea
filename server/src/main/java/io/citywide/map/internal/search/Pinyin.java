package io.citywide.map.internal.search;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.sourceforge.pinyin4j.PinyinHelper;

/**
 * How a name may be typed in Latin letters: 南京路 as {@code njl} and {@code nanjinglu}. A character with several readings
 * counts with each of them (重庆路: {@code cql}, {@code zql}), because no dictionary knows the names of every city; at most
 * {@value #MOST} ways are kept.
 */
final class Pinyin {

  private static final int MOST = 16;

  private Pinyin() {}

  /** First letters; empty for a name without a Chinese character. */
  static Set<String> initials(String name) {
    return combine(name, true);
  }

  /** Whole syllables without tones, ü as {@code v}; empty for a name without a Chinese character. */
  static Set<String> syllables(String name) {
    return combine(name, false);
  }

  private static Set<String> combine(String name, boolean first) {
    List<String> ways = List.of("");
    boolean chinese = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      Set<String> readings = new LinkedHashSet<>();
      String[] known = c < 0x3400 ? null : PinyinHelper.toHanyuPinyinStringArray(c);
      if (known != null) {
        chinese = true;
        for (String reading : known) {
          String plain = reading.replace("u:", "v").replaceAll("[^a-z]", "");
          readings.add(first ? plain.substring(0, Math.min(1, plain.length())) : plain);
        }
      } else if (Character.isLetterOrDigit(c)) {
        readings.add(String.valueOf(c).toLowerCase(Locale.ROOT));
      } else {
        continue;
      }
      List<String> longer = new ArrayList<>();
      for (String reading : readings) {
        for (String way : ways) {
          if (longer.size() < MOST) {
            longer.add(way + reading);
          }
        }
      }
      ways = longer;
    }
    return chinese ? new LinkedHashSet<>(ways) : Set.of();
  }
}
