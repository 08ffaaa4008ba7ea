package io.citywide.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code ./citywide bench faults}: one kill of each sort at a random moment, and a backup under load. */
class FaultsTest {

  private static final long SEED = 7;

  @TempDir Path folder;

  @Test
  void everythingAcknowledgedIsThereExactlyOnceAfterAKillOfEachSortAndInABackup() throws Exception {
    Findings findings = new Findings(line -> {});
    var java = ServerUnderTest.classes();
    try (Ground ground = Ground.fresh(folder.resolve("kills"), java, 4, findings)) {
      ground.begin();
      new KillLoop(ground, SEED, findings).run(Fault.values().length);
      assertThat(findings.violations()).isEmpty();

      BackupDrill drill = new BackupDrill(ground, findings);
      Path file = folder.resolve("city.backup");
      Path before = drill.backup(file, true);
      drill.restoreAndCheck(file, before, folder.resolve("restored"), java);
    }
    assertThat(findings.violations()).isEmpty();
    assertThat(findings.figures()).containsEntry("kills", (double) Fault.values().length)
        .hasEntrySatisfying("acknowledged", n -> assertThat(n).isPositive())
        .hasEntrySatisfying("restored_acknowledged", n -> assertThat(n).isPositive());
  }
}
