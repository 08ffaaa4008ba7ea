package io.citywide.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A small disk that fills up under load: first below what the server keeps free, then to the last byte, with the
 * postmaster killed there; or, where the server keeps nothing free, so that PostgreSQL itself meets the full disk. When
 * space returns, everything goes on without a repair.
 */
final class FullDisk {

  private static final int BELOW_THE_RESERVE = 100;

  private final Ground ground;
  private final SmallDisk disk;
  private final Findings findings;

  /** @param disk holds the ground's data folder, or just its database */
  FullDisk(Ground ground, SmallDisk disk, Findings findings) {
    this.ground = ground;
    this.disk = disk;
    this.findings = findings;
  }

  /** Both, on copies. Needs the right to mount; says so, and counts 0 runs, where there is none. */
  static void run(Path folder, List<String> java, Ground before, Path backup, Path journal, Findings findings) throws Exception {
    findings.figure("disk_full_runs", 0);
    Optional<SmallDisk> mounted = SmallDisk.mount(folder.resolve("disk"));
    if (mounted.isEmpty()) {
      findings.say("full disk: this account may not mount a small file system; run as root, or under 'unshare -rm', to try it");
      return;
    }
    try (SmallDisk disk = mounted.get()) {
      Path data = disk.folder().resolve("data");
      before.run(folder.resolve("restore.out"), "restore", backup.toString(), "--data", data.toString());
      try (Ground ground = new Ground(folder.resolve("work"), java, new ServerUnderTest(java, data), data, new Staff(4, 0), findings)) {
        ground.resume(before, journal);
        new FullDisk(ground, disk, findings).guarded(5);
        ground.verifyLedger();
      }
      keepNothingFree(data);
      try (Ground ground = new Ground(folder.resolve("starved"), java, new ServerUnderTest(java, data), data, new Staff(4, 0), findings)) {
        ground.resume(before, folder.resolve("work").resolve(Clients.JOURNAL));
        new FullDisk(ground, disk, findings).starved(20);
        ground.verifyLedger();
      }
    }
  }

  /** For the next start on this data folder. */
  static void keepNothingFree(Path data) throws IOException {
    Files.writeString(data.resolve("citywide.yaml"), "citywide.space.least-free: 0B\n");
  }

  /** @param seconds how long it is watched, once below the reserve and once at the last byte */
  void guarded(int seconds) throws Exception {
    ground.clients.go();
    TimeUnit.SECONDS.sleep(1);
    disk.fill(BELOW_THE_RESERVE);
    awaitRefusal();
    watch(seconds, true);
    disk.fill(0);
    watch(seconds, true);
    long killed = ground.server.killPostmaster();
    TimeUnit.SECONDS.sleep(3);
    free(killed, "disk_full_recovery_seconds");
    goOn(3);
    findings.say("full disk: refused in words, read on, recovered; " + findings.violations().size() + " violations");
  }

  /** Where {@link #keepNothingFree nothing is kept free}. */
  void starved(int seconds) throws Exception {
    ground.clients.go();
    TimeUnit.SECONDS.sleep(1);
    disk.fill(0);
    watch(seconds, false);
    free(0, "disk_starved_recovery_seconds");
    goOn(4);
    findings.say("starved disk: recovered; " + findings.violations().size() + " violations");
  }

  private void goOn(int seed) throws Exception {
    ground.clients.go();
    ground.settle(new Random(seed));
    findings.count("disk_full_runs", 1);
  }

  /** The server looks at its disk twice a second. */
  private void awaitRefusal() throws IOException, InterruptedException {
    long from = System.nanoTime();
    for (int n = 0; report("before" + n).status() != 507; n++) {
      ground.refuseLongerThan(from);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private Caller.Answer report(String token) throws IOException, InterruptedException {
    return ground.person("collector").post("/api/signals", Map.of("description", "F" + token + System.nanoTime(), "title", "full", "kindId", "gb47678.5-M06012",
        "lon", SmallCity.longitude(15), "lat", SmallCity.latitude(), "channel", "CONSOLE"), Map.of());
  }

  /**
   * Asks and sends, and counts what comes back.
   *
   * @param reserved whether the server keeps a reserve: then every read is answered and every report refused as too full
   */
  private void watch(int seconds, boolean reserved) throws InterruptedException, IOException {
    String name = reserved ? "disk_full" : "disk_starved";
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (int n = 0; System.nanoTime() < end; n++) {
      Caller.Answer read = ground.reader().get("/api/cases?limit=1");
      findings.count(name + (read.done() ? "_reads_answered" : "_reads_refused"), 1);
      if (!read.done() && (reserved || !read.honestlyUnavailable())) {
        findings.violation(Invariants.Kind.WRONG_ANSWERS, "on a full disk a read answered " + read.status() + " " + read.body());
      }
      Caller.Answer written = report(name + n);
      findings.count(name + (written.done() ? "_reports_taken" : "_reports_refused"), 1);
      if (reserved && written.status() != 507 || !written.done() && !written.honestlyUnavailable()) {
        findings.violation(Invariants.Kind.WRONG_ANSWERS, "on a full disk a report answered " + written.status() + " " + written.body());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void free(long killedPostmaster, String figure) throws IOException, InterruptedException {
    long from = System.nanoTime();
    disk.empty();
    while (killedPostmaster != 0 && (ground.server.postmaster().isEmpty() || ground.server.postmaster().getAsLong() == killedPostmaster)) {
      ground.refuseLongerThan(from);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    ground.awaitReads(from);
    ground.await(from, () -> ground.person("collector").upload(Clients.photo(15, 1_000_000 + (int) (from % 1_000_000), Act.PHOTO)), "a photo");
    findings.figure(figure, (System.nanoTime() - from) / 1e9);
  }
}
