package io.citywide.dispatch.internal;

import io.citywide.place.Kind;
import java.util.regex.Pattern;

/**
 * The kinds a rule speaks of: one ({@code gb47678.5-M06010}), a large class ({@code gb47678.5-M06*}) or any
 * ({@code *}).
 */
public record KindPattern(String text) {

  /** How closely a pattern describes a kind, closest first. */
  public enum Match {
    EXACT,
    MAJOR,
    ANY
  }

  private static final Pattern SHAPE = Pattern.compile("\\*|[a-z0-9.]{2,40}-[CM][^*\\s]{1,60}\\*?");

  public static final KindPattern ANY = new KindPattern("*");

  /**
   * @throws IllegalArgumentException where {@code text} has none of the three shapes
   */
  public KindPattern {
    if (text == null || !SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a kind is an id such as gb47678.5-M06010, a large class such as gb47678.5-M06* or * for any, was '" + text + "'");
    }
  }

  /** The pattern of the large class that {@code kind} belongs to. */
  public static KindPattern majorOf(Kind kind) {
    return new KindPattern(kind.id().substring(0, kind.id().indexOf('-') + 2) + kind.majorCode() + "*");
  }

  public Match match() {
    if (text.equals("*")) {
      return Match.ANY;
    }
    return text.endsWith("*") ? Match.MAJOR : Match.EXACT;
  }
}
