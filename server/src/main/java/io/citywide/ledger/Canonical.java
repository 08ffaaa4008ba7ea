package io.citywide.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one way to write a value down, so that equal values have equal digests: JSON after RFC 8785 (members sorted by
 * UTF-16 code units, no white space, shortest escapes) with two departures: members that are null are left out, and
 * numbers are plain decimals without exponent or trailing zeros, so that a 64-bit id stays exact. Instants are texts in UTC
 * with 0, 3 or 6 decimals of a second; bytes are texts in lower case hexadecimal.
 */
public final class Canonical {

  private final StringBuilder out = new StringBuilder(512);

  private Canonical() {}

  /**
   * @param members values: null, String, Boolean, Number, Instant, Enum, byte[], or Collections and Maps of these
   * @throws IllegalArgumentException for any other value, naming its class, and for numbers that are not finite
   */
  public static String of(Map<String, ?> members) {
    Canonical canonical = new Canonical();
    canonical.object(members);
    return canonical.out.toString();
  }

  private void value(Object value) {
    switch (value) {
      case null -> out.append("null");
      case String text -> text(text);
      case Boolean bool -> out.append(bool.booleanValue());
      case Long number -> out.append(number.longValue());
      case Integer number -> out.append(number.intValue());
      case Short number -> out.append(number.intValue());
      case BigInteger number -> out.append(number);
      case BigDecimal number -> decimal(number);
      case Double number -> decimal(BigDecimal.valueOf(number));
      case Float number -> decimal(new BigDecimal(number.toString()));
      case Instant at -> text(at.truncatedTo(ChronoUnit.MICROS).toString());
      case Enum<?> constant -> text(constant.name());
      case byte[] bytes -> text(HexFormat.of().formatHex(bytes));
      case Map<?, ?> map -> object(map);
      case Collection<?> list -> {
        out.append('[');
        boolean first = true;
        for (Object element : list) {
          if (!first) {
            out.append(',');
          }
          first = false;
          value(element);
        }
        out.append(']');
      }
      default -> throw new IllegalArgumentException("the ledger cannot write down a " + value.getClass().getName());
    }
  }

  private void decimal(BigDecimal number) {
    out.append(number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
  }

  private void object(Map<?, ?> members) {
    out.append('{');
    boolean first = true;
    for (var member : new TreeMap<>(members).entrySet()) {
      if (member.getValue() != null) {
        if (!first) {
          out.append(',');
        }
        first = false;
        text((String) member.getKey());
        out.append(':');
        value(member.getValue());
      }
    }
    out.append('}');
  }

  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
