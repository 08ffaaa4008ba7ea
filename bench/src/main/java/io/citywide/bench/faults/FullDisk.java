package io.citywide.bench.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A data folder on a small file system of its own that fills up under load: first below what the server keeps free, then
 * to the last byte, with the postmaster killed there; then once more with the server's reserve switched off, so that
 * PostgreSQL itself meets the full disk. When space returns, everything goes on without a repair.
 */
final class FullDisk {

  private static final int MEGABYTE = 1 << 20;
  private static final int SIZE_MEGABYTES = 1_500;
  private static final int BELOW_THE_RESERVE = 100;
  private static final int WATCH_SECONDS = 5;
  private static final int STARVE_SECONDS = 20;

  private final Ground ground;
  private final Path filler;
  private final Findings findings;

  private FullDisk(Ground ground, Path filler, Findings findings) {
    this.ground = ground;
    this.filler = filler;
    this.findings = findings;
  }

  /** Needs the right to mount; says so, and counts 0 runs, where there is none. */
  static void run(Path folder, List<String> java, Ground before, Path backup, Path journal, Findings findings) throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    findings.figure("disk_full_runs", 0);
    if (code("mount", "-t", "tmpfs", "-o", "size=" + SIZE_MEGABYTES + "m", "tmpfs", disk.toString()) != 0) {
      findings.say("full disk: this account may not mount a small file system; run as root to try it");
      return;
    }
    try {
      before.run(folder.resolve("restore.out"), "restore", backup.toString(), "--data", disk.resolve("data").toString());
      Path filler = disk.resolve("filler");
      try (Ground ground = new Ground(folder.resolve("work"), java, new ServerUnderTest(java, disk.resolve("data")), disk.resolve("data"), 4, findings)) {
        ground.resume(before, journal);
        new FullDisk(ground, filler, findings).guarded();
      }
      Files.writeString(disk.resolve("data/citywide.yaml"), "citywide.space.least-free: 0B\n");
      try (Ground ground = new Ground(folder.resolve("starved"), java, new ServerUnderTest(java, disk.resolve("data")), disk.resolve("data"), 4, findings)) {
        ground.resume(before, folder.resolve("work").resolve(Clients.JOURNAL));
        new FullDisk(ground, filler, findings).starved();
      }
      findings.figure("disk_full_runs", 2);
    } finally {
      if (code("umount", disk.toString()) != 0) {
        code("umount", "-l", disk.toString());
      }
    }
  }

  private void guarded() throws Exception {
    Random random = new Random(3);
    ground.clients.go();
    TimeUnit.SECONDS.sleep(1);
    fill(BELOW_THE_RESERVE);
    TimeUnit.SECONDS.sleep(1); // the server looks twice a second
    watch(WATCH_SECONDS, true);
    fill(0);
    watch(WATCH_SECONDS, true);
    long killed = ground.server.killPostmaster();
    TimeUnit.SECONDS.sleep(3);
    free(killed, "disk_full_recovery_seconds");
    ground.clients.go();
    ground.settle(random);
    ground.verifyLedger();
    findings.say("full disk: refused in words, read on, recovered; " + findings.violations().size() + " violations");
  }

  private void starved() throws Exception {
    ground.clients.go();
    TimeUnit.SECONDS.sleep(1);
    fill(0);
    watch(STARVE_SECONDS, false);
    free(0, "disk_starved_recovery_seconds");
    ground.clients.go();
    ground.settle(new Random(4));
    ground.verifyLedger();
    findings.say("starved disk: recovered; " + findings.violations().size() + " violations");
  }

  /** Takes all space but this. */
  private void fill(int leaveMegabytes) throws IOException {
    try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      for (int size : new int[] {MEGABYTE, 4096}) {
        ByteBuffer zeros = ByteBuffer.allocate(size);
        while (Files.getFileStore(filler).getUsableSpace() > (long) leaveMegabytes * MEGABYTE + size) {
          channel.write(zeros.clear());
        }
      }
      if (leaveMegabytes == 0) {
        while (true) {
          channel.write(ByteBuffer.allocate(1024));
        }
      }
    } catch (IOException full) {
      // As wanted.
    }
  }

  /**
   * Asks and sends, and counts what comes back.
   *
   * @param reserved whether the server keeps a reserve: then every read is answered and every report refused as too full
   */
  private void watch(int seconds, boolean reserved) throws InterruptedException, IOException {
    String name = reserved ? "disk_full" : "disk_starved";
    Caller writer = ground.person("collector");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (int n = 0; System.nanoTime() < end; n++) {
      Caller.Answer read = ground.reader().get("/api/cases?limit=1");
      findings.count(name + (read.done() ? "_reads_answered" : "_reads_refused"), 1);
      if (!read.done() && (reserved || !read.honestlyUnavailable())) {
        findings.violation(Invariants.Kind.WRONG_ANSWERS, "on a full disk a read answered " + read.status() + " " + read.body());
      }
      Caller.Answer written = writer.post("/api/signals", Map.of("description", "F" + name + n + System.nanoTime(), "title", "full", "kindId", "gb47678.5-M06012",
          "lon", SmallCity.longitude(15), "lat", SmallCity.latitude(), "channel", "CONSOLE"), Map.of());
      findings.count(name + (written.done() ? "_reports_taken" : "_reports_refused"), 1);
      if (reserved && written.status() != 507 || !written.done() && !written.honestlyUnavailable()) {
        findings.violation(Invariants.Kind.WRONG_ANSWERS, "on a full disk a report answered " + written.status() + " " + written.body());
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private void free(long killedPostmaster, String figure) throws IOException, InterruptedException {
    long from = System.nanoTime();
    Files.delete(filler);
    while (killedPostmaster != 0 && (ground.server.postmaster().isEmpty() || ground.server.postmaster().getAsLong() == killedPostmaster)) {
      ground.refuseLongerThan(from);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    ground.awaitReads(from);
    ground.await(from, () -> ground.person("collector").upload(Clients.photo(15, 1_000_000 + (int) (from % 1_000_000), Act.PHOTO)), "a photo");
    findings.figure(figure, (System.nanoTime() - from) / 1e9);
  }

  private static int code(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
  }
}
