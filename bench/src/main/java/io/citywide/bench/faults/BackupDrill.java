package io.citywide.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A backup while people work, brought back into an empty folder: everything acknowledged before its beginning is there. */
final class BackupDrill {

  /** Rows of the ballast, of about two kilobytes that nothing makes smaller. */
  private static final int ROWS_A_MEGABYTE = 500;

  private static final Pattern SPEED = Pattern.compile("([0-9.]+) MB in ([0-9.]+) s \\(([0-9]+) MB/s\\)");

  private final Ground ground;
  private final Findings findings;

  BackupDrill(Ground ground, Findings findings) {
    this.ground = ground;
    this.findings = findings;
  }

  /** Fills the database to about this size, so that a speed can be measured. */
  void ballast(int megabytes) throws IOException, SQLException {
    try (var connection = ground.invariants.connect(); Statement sql = connection.createStatement()) {
      sql.execute("CREATE TABLE ballast (t text)");
      sql.execute("ALTER TABLE ballast ALTER t SET STORAGE EXTERNAL");
      for (int done = 0; done < megabytes; done += 100) {
        sql.execute("INSERT INTO ballast SELECT (SELECT string_agg(md5((n * 100 + i)::text), '') FROM generate_series(1, 62) i) FROM generate_series("
            + done * ROWS_A_MEGABYTE + ", " + (Math.min(megabytes, done + 100) * ROWS_A_MEGABYTE - 1) + ") n");
      }
    }
  }

  /**
   * Backs up while the clients work.
   *
   * @return the acknowledged acts of the moment before
   */
  Path backup(Path file, boolean measured) throws IOException, InterruptedException, SQLException {
    Path before = ground.folder.resolve("before-" + file.getFileName() + ".jsonl");
    ground.clients.go();
    Files.copy(ground.journal(), before, StandardCopyOption.REPLACE_EXISTING);
    String said = ground.run(ground.folder.resolve("backup.out"), "backup", file.toString(), "--data", ground.server.data().toString());
    ground.settle(new Random(1));
    findings.say(said.lines().findFirst().orElse(said));
    if (measured) {
      measure("backup", said);
    }
    return before;
  }

  /** @param output for what the command says */
  void restore(Path output, Path file, Path data) throws IOException, InterruptedException {
    String said = ground.run(output, "restore", file.toString(), "--data", data.toString());
    findings.say(said.lines().findFirst().orElse(said));
    measure("restore", said);
  }

  /** Restores the file and holds the copy against the acts acknowledged before it was made. */
  void restoreAndCheck(Path file, Path before, Path folder, List<String> java) throws Exception {
    Path data = folder.resolve("data");
    Files.createDirectories(folder);
    restore(folder.resolve("restore.out"), file, data);
    try (Ground copy = new Ground(folder, java, new ServerUnderTest(java, data), data, new Staff(1, 0), findings)) {
      copy.resume(ground, before);
      copy.settle(new Random(2));
      copy.verifyLedger();
      findings.figure("restored_acknowledged", copy.invariants.answersChecked());
    }
  }

  private void measure(String what, String said) {
    Matcher speed = SPEED.matcher(said);
    if (!speed.find()) {
      throw new IllegalStateException(what + " does not say how fast it was: " + said);
    }
    findings.figure(what + "_mb", Double.parseDouble(speed.group(1)));
    findings.figure(what + "_mb_per_s", Double.parseDouble(speed.group(1)) / Double.parseDouble(speed.group(2)));
  }
}
