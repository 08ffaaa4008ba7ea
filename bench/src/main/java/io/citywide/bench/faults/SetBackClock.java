package io.citywide.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The clock of the server is set back an hour while people work, and put right again. The steps of every case follow one
 * another all the same, and deadlines count from the time that a step is given: of two cases of one kind that come to
 * the same stage, the later one is due no earlier, whichever clock it was.
 */
final class SetBackClock {

  private static final Duration BACK = Duration.ofHours(1);

  private SetBackClock() {}

  /** On a copy. */
  static void run(Path folder, List<String> java, Ground before, Path backup, Path journal, int seconds, Findings findings) throws Exception {
    Path data = folder.resolve("data");
    Files.createDirectories(folder);
    before.run(folder.resolve("restore.out"), "restore", backup.toString(), "--data", data.toString());
    try (Ground ground = new Ground(folder.resolve("work"), java, new ServerUnderTest(java, data), data, before.staff, findings)) {
      ground.resume(before, journal);
      run(ground, seconds, findings);
      ground.verifyLedger();
    }
  }

  /** @param seconds of work at the right time, an hour behind, and at the right time again; each */
  static void run(Ground ground, int seconds, Findings findings) throws IOException, InterruptedException, SQLException {
    ground.clients.go();
    TimeUnit.SECONDS.sleep(seconds);
    ClockAgent.set(ground.server.pid(), BACK.negated(), ground.folder);
    TimeUnit.SECONDS.sleep(seconds);
    ground.settle(new Random(8));
    check(ground, findings);
    ClockAgent.set(ground.server.pid(), Duration.ZERO, ground.folder);
    ground.clients.go();
    TimeUnit.SECONDS.sleep(seconds);
    ground.settle(new Random(9));
    check(ground, findings);
    ground.emptyOutbox();
    findings.say("clock set back: " + findings.violations().size() + " violations");
  }

  private static void check(Ground ground, Findings findings) throws IOException, SQLException {
    try (Connection connection = ground.invariants.connect()) {
      long behind = Long.parseLong(Invariants.rows(connection,
          "SELECT count(*) FROM case_step WHERE (details->>'clockBehindSeconds')::numeric BETWEEN %d AND %d".formatted(BACK.toSeconds() - 60, BACK.toSeconds() + 60)).getFirst().getFirst());
      findings.figure("clock_steps_behind", behind);
      if (behind == 0) {
        findings.violation(Invariants.Kind.WRONG_ANSWERS, "no step says that its clock is an hour behind");
      }
      for (List<String> row : Invariants.rows(connection, """
          SELECT case_id, action, at, next_due_at, earlier, due_of_earlier FROM (
            SELECT s.case_id, s.action, s.at, s.next_due_at, lag(s.at) OVER w AS earlier, lag(s.next_due_at) OVER w AS due_of_earlier
            FROM case_step s JOIN case_file c ON c.id = s.case_id WHERE s.action IN ('FILE', 'DISPATCH', 'DISPOSE') AND c.imported_ref IS NULL
            WINDOW w AS (PARTITION BY s.action, c.kind_id, c.urgency ORDER BY s.at, s.next_due_at)) t
          WHERE next_due_at < due_of_earlier OR next_due_at < at
          """)) {
        findings.violation(Invariants.Kind.WRONG_ANSWERS, "case %s, %s at %s is due at %s; one of %s is due at %s".formatted(row.toArray()));
      }
      for (List<String> row : Invariants.rows(connection, "SELECT case_id, seq, elapsed_minutes FROM case_step WHERE opinion LIKE 'W%' AND elapsed_minutes NOT BETWEEN 0 AND "
          + BACK.plusMinutes(30).toMinutes())) {
        findings.violation(Invariants.Kind.WRONG_ANSWERS, "case %s, step %s took %s working minutes".formatted(row.toArray()));
      }
    }
  }
}
