package io.citywide.cases.internal;

import io.citywide.platform.NewIds;
import io.citywide.platform.ServerSettings;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Numbers {@code {district 6}{yyyyMMdd}{sequence 5}}. The sequence is one PostgreSQL sequence that cycles through 1 to
 * 99,999 and is never waited for; the unique index on {@code case_no} decides, and who meets a number that is taken
 * draws the next (decision 0006).
 */
@Component
class CaseNumbers {

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");

  private final JdbcClient jdbc;
  private final ServerSettings server;

  CaseNumbers(JdbcClient jdbc, ServerSettings server) {
    this.jdbc = jdbc;
    this.server = server;
  }

  List<Long> ids(int n) {
    return NewIds.of(jdbc, "case_file", n);
  }

  /** District and day, without the sequence. */
  String prefix(String areaCode, Instant reportedAt) {
    return (areaCode + "000000").substring(0, 6) + DAY.format(reportedAt.atZone(server.zone()));
  }
}
