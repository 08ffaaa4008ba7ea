package io.citywide.sensing.internal.warning;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Identifiers of messages after GB/T 35965.1: {@code ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N}, 31 characters. Six of GB/T 2260, the sector, the
 * office, an extension, Beijing time, a number. N alone tells ten messages of one second apart; with the extension (00 unless it is
 * needed) it is a thousand, and whatever comes on top takes the seconds that follow.
 */
@Component
class CapNumbers {

  /** @param sent to the second, as the identifier says it */
  record Number(String identifier, Instant sent) {}

  /** The standard counts by it, whatever the zone of the server. */
  static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

  private static final int PER_SECOND = 1000;
  private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern("yyyyMMddHHmmss").withZone(BEIJING);

  private final JdbcClient jdbc;
  private final WarningSettings settings;
  private final Clock clock;

  CapNumbers(JdbcClient jdbc, WarningSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.settings = settings;
    this.clock = clock;
  }

  /** One for each of these areas, in their order; nobody else gets them. Joins the transaction under way. */
  List<Number> take(List<String> areaCodes) {
    Map<String, List<Integer>> byIssuer = new TreeMap<>();
    for (int i = 0; i < areaCodes.size(); i++) {
      byIssuer.computeIfAbsent(region(areaCodes.get(i)) + settings.sector() + settings.office(), k -> new ArrayList<>()).add(i);
    }
    Number[] taken = new Number[areaCodes.size()];
    // In the order of the issuers, so that two transactions never wait for each other.
    byIssuer.forEach((issuer, indexes) -> {
      long next = jdbc.sql("""
              INSERT INTO sensing_warning_issuer AS i (issuer, next) VALUES (:issuer, :now + :count)
              ON CONFLICT (issuer) DO UPDATE SET next = greatest(i.next, :now) + :count RETURNING next""")
          .param("issuer", issuer).param("now", clock.instant().getEpochSecond() * PER_SECOND).param("count", indexes.size()).query(Long.class).single();
      long first = next - indexes.size();
      for (int i = 0; i < indexes.size(); i++) {
        taken[indexes.get(i)] = number(issuer, first + i);
      }
    });
    return List.of(taken);
  }

  static Number number(String issuer, long place) {
    Instant second = Instant.ofEpochSecond(place / PER_SECOND);
    long within = place % PER_SECOND;
    return new Number("%s%02d_%s_%d".formatted(issuer, within / 10, SECOND.format(second), within % 10), second);
  }

  /** The code of GB/T 2260 that an area lies in; zeros where none is known. */
  static String region(String areaCode) {
    return areaCode.length() >= 6 ? areaCode.substring(0, 6) : "000000";
  }
}
