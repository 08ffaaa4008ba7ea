package io.citywide.platform;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.MDC;

/**
 * The trace id of the request under way: 32 hexadecimal digits, of the caller's {@code traceparent} (W3C Trace Context)
 * or made here. It stands in every log line of the request, in the header {@value #HEADER} of the answer and in
 * problem documents, so that a user can quote it.
 */
public final class Trace {

  /** Header of every answer. */
  public static final String HEADER = "Trace-Id";

  /** Name in the log. */
  public static final String FIELD = "traceId";

  private Trace() {}

  /** {@code null} outside a request. */
  public static String current() {
    return MDC.get(FIELD);
  }

  /**
   * The trace id of a {@code traceparent} header, or a new one where it is missing or malformed.
   *
   * @param traceparent {@code version-traceid-parentid-flags}, may be {@code null}
   */
  public static String of(String traceparent) {
    if (traceparent != null && traceparent.length() >= 55 && traceparent.charAt(2) == '-' && traceparent.charAt(35) == '-') {
      String id = traceparent.substring(3, 35);
      boolean zero = true;
      for (int i = 0; i < 32; i++) {
        char c = id.charAt(i);
        if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
          return fresh();
        }
        zero &= c == '0';
      }
      return zero ? fresh() : id;
    }
    return fresh();
  }

  private static String fresh() {
    // Not secret: it only tells requests apart.
    var random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong() | 1L) + hex.toHexDigits(random.nextLong());
  }
}
