package io.citywide.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.citywide.bench.BenchResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code ./citywide bench faults}: a clock that is set back, one kill of each sort at a random moment,
 * a full disk, and a backup under load, brought back behind a cable that is cut. One city goes through all of it in turn.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsTest {

  private static final long SEED = 7;

  @TempDir static Path folder;
  private final Findings findings = new Findings(line -> {});
  private List<String> launch;
  private Optional<SmallDisk> disk = Optional.empty();
  /** For what may run out of space: the small disk, where there is one. */
  private Path home;
  private Ground ground;

  @BeforeAll
  void city() throws Exception {
    launch = Launch.trained(BenchResult.root());
    disk = SmallDisk.mount(folder.resolve("disk"));
    home = disk.map(SmallDisk::folder).orElse(folder);
    Path data = home.resolve("data");
    ground = new Ground(folder.resolve("kills"), launch, new ServerUnderTest(launch, data), data, Staff.CALM, findings);
    ground.begin();
  }

  @AfterAll
  void end() throws Exception {
    try {
      if (ground != null) {
        ground.close();
      }
    } finally {
      if (disk.isPresent()) {
        disk.get().close();
      }
    }
  }

  @Test
  @Order(1)
  void stepsAndDeadlinesKeepTheirOrderWhenTheClockIsSetBackAnHour() throws Exception {
    SetBackClock.run(ground, 1, findings);
    assertThat(findings.violations()).isEmpty();
    assertThat(figure("clock_steps_behind")).isPositive();
  }

  @Test
  @Order(2)
  void everythingAcknowledgedIsThereExactlyOnceAfterAKillOfEachSort() throws Exception {
    new KillLoop(ground, SEED, findings).run(Fault.values().length);
    assertThat(findings.violations()).isEmpty();
    assertThat(figure("kills")).isEqualTo(Fault.values().length);
    assertThat(figure("acknowledged")).isPositive();
  }

  @Test
  @Order(3)
  void aFullDiskIsRefusedInWordsWhileReadsGoOnAndEndsWithoutARepair() throws Exception {
    assumeTrue(disk.isPresent(), "not tried: this account may not mount a small file system to fill; root may");
    new FullDisk(ground, disk.get(), findings).guarded(1);
    assertThat(findings.violations()).isEmpty();
    assertThat(figure("disk_full_reports_refused")).isPositive();
    assertThat(figure("disk_full_reads_answered")).isPositive();
  }

  /** On the copy that the backup becomes: first the cable to its database, then the disk of that, of which nothing is kept free. */
  @Test
  @Order(4)
  void aBackupUnderLoadHasEverythingAndTheCopyOutlivesACutConnection() throws Exception {
    Path file = folder.resolve("city.backup");
    Path before = new BackupDrill(ground, findings).backup(file, true);
    CutConnection.run(folder.resolve("cut"), home.resolve("cut"), launch, ground, file, before, 5, this::starve, findings);
    assertThat(findings.violations()).isEmpty();
    assertThat(figure("restored_acknowledged")).isPositive();
    assertThat(figure("cut_refused")).isPositive();
  }

  private void starve(Ground copy) throws Exception {
    if (disk.isPresent()) {
      new FullDisk(copy, disk.get(), findings).starved(3);
      assertThat(figure("disk_starved_reports_refused")).isPositive();
    }
  }

  private double figure(String name) {
    return findings.figures().getOrDefault(name, 0.0);
  }
}
