package io.citywide.intake.internal.evidence;

import io.citywide.platform.Figures;
import io.citywide.platform.ReadinessCheck;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether the folder of photos can be written and has space. A server without is degraded, not unready: it reads and
 * works on, and its neighbours on the same folder are no better off.
 */
final class EvidenceSpace implements ReadinessCheck {

  private record Seen(Optional<String> fault, double freeBytes) {}

  private final Path folder;
  private final long minFreeBytes;
  private final Figures<Seen> seen;

  EvidenceSpace(Path folder, long minFreeBytes, MeterRegistry meters) {
    this.folder = folder;
    this.minFreeBytes = minFreeBytes;
    this.seen = new Figures<>(Duration.ofSeconds(5), new Seen(Optional.empty(), Double.NaN), this::look);
    Gauge.builder("citywide.evidence.free", seen, s -> s.value().freeBytes()).baseUnit("bytes").description("Free space where photos are kept").register(meters);
  }

  @Override
  public String name() {
    return "evidence";
  }

  @Override
  public boolean required() {
    return false;
  }

  @Override
  public Optional<String> fault() {
    return seen.value().fault();
  }

  /** Writes and removes a small file: only that shows a read-only or full disk, a quota or a lost mount. */
  private Seen look() {
    double free = Double.NaN;
    try {
      Files.createDirectories(folder);
      free = Files.getFileStore(folder).getUsableSpace();
      Path probe = Files.createTempFile(folder, ".", ".probe");
      try {
        Files.write(probe, new byte[512]);
      } finally {
        Files.deleteIfExists(probe);
      }
      return new Seen(free < minFreeBytes
          ? Optional.of("only " + (long) free / 1_000_000 + " MB are free in " + folder + ", wanted are " + minFreeBytes / 1_000_000 + " MB") : Optional.empty(), free);
    } catch (IOException e) {
      return new Seen(Optional.of("cannot write in " + folder + ": " + e), free);
    }
  }
}
