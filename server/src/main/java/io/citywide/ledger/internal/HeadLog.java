package io.citywide.ledger.internal;

import io.citywide.ledger.Canonical;
import io.citywide.ledger.LedgerSettings;
import io.citywide.ledger.Receipt.Head;
import io.citywide.ledger.Suite;
import io.citywide.platform.ServerSettings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Signed heads outside the database: {@code ledger-heads.log} in the data folder, a line of JSON each, only ever added to.
 * Whoever ships this file elsewhere holds what a rewritten database cannot agree with.
 */
@Component
class HeadLog {

  private static final Logger log = LoggerFactory.getLogger(HeadLog.class);

  private final Path file;
  private final long pauseNanos;
  private String line;
  private long kept = System.nanoTime();
  private boolean any;

  HeadLog(ServerSettings server, LedgerSettings settings) {
    file = server.data().resolve("ledger-heads.log");
    pauseNanos = settings.keepHeadEvery().toNanos();
  }

  /** Remembers the newest head; its transaction may still fail, so it is written by {@link #keep} only. */
  void sealed(String ledger, Suite suite, Head head) {
    line = line(ledger, suite, head);
  }

  static String line(String ledger, Suite suite, Head head) {
    return Canonical.of(Map.of("at", head.at(), "keyId", head.keyId(), "ledger", ledger, "root", head.root(), "signature", head.signature(), "size", head.size(),
        "suite", suite));
  }

  /** Adds the newest head to the file, if there is one and the last was long ago, or {@code now} at the end. */
  void keep(boolean now) {
    if (line == null || any && !now && System.nanoTime() - kept < pauseNanos) {
      return;
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
        channel.write(java.nio.ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        channel.force(true);
      }
      line = null;
      any = true;
      kept = System.nanoTime();
    } catch (IOException e) {
      log.warn("cannot add a head of the ledger to {}: {}", file, e.getMessage());
      kept = System.nanoTime();
      any = true;
    }
  }
}
