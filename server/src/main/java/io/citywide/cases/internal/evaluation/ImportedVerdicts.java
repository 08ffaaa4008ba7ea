package io.citywide.cases.internal.evaluation;

import io.citywide.cases.Evaluation.Subject;
import io.citywide.platform.Slice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** How the evaluation judges each case of an import, so that its verdicts can be compared with the source's own. */
@Component
public class ImportedVerdicts {

  private static final Instant EVER = Instant.parse("1900-01-01T00:00:00Z");

  /**
   * @param ref id in the source system
   * @param dueAt {@code null}: no limit
   * @param closedAt {@code null}: not closed
   * @param closed counted by 结案数
   * @param onTime counted by 按期结案数
   */
  public record Verdict(String ref, String caseNo, Instant reportedAt, Instant dueAt, Instant closedAt, boolean closed, boolean onTime) {}

  private final JdbcClient jdbc;

  ImportedVerdicts(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The verdicts on cases imported from {@code source} within the viewer's scope, by their id there, after {@code after}. */
  @Transactional(readOnly = true)
  public Slice<Verdict> list(String source, Instant now, String after, int limit) {
    // The very conditions that the evaluation counts by, over all time.
    String closed = Counter.CLOSED.condition(Subject.AREA, EVER, now);
    String onTime = Counter.CLOSED_ON_TIME.condition(Subject.AREA, EVER, now);
    List<Verdict> found =
        jdbc.sql(
                """
                SELECT c.imported_ref, c.case_no, c.reported_at, c.disposal_due_at, c.closed_at,
                       (%s) IS TRUE AS closed, (%s) IS TRUE AS on_time
                FROM case_file c WHERE c.imported_source = :source AND c.imported_ref > :after
                ORDER BY c.imported_ref LIMIT :limit
                """.formatted(closed, onTime))
            .param("source", source)
            .param("after", after)
            .param("limit", limit + 1)
            .query(ImportedVerdicts::verdict)
            .list();
    boolean more = found.size() > limit;
    List<Verdict> page = more ? found.subList(0, limit) : found;
    return new Slice<>(page, more ? page.getLast().ref() : null);
  }

  private static Verdict verdict(ResultSet row, int n) throws SQLException {
    return new Verdict(row.getString(1), row.getString(2), instant(row, 3), instant(row, 4), instant(row, 5), row.getBoolean(6), row.getBoolean(7));
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
