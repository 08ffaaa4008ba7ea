package io.citywide.intake.internal.evidence;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Schedules;
import io.citywide.platform.ServerSettings;
import io.citywide.platform.OperationsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EvidenceConfiguration {

  private static final Logger log = LoggerFactory.getLogger(EvidenceConfiguration.class);

  @Bean
  BlobStore blobStore(EvidenceSettings settings, ServerSettings server) {
    return switch (settings.store()) {
      case DISK -> new DiskBlobStore(folder(settings, server));
      case S3 -> new S3BlobStore(settings);
    };
  }

  private static Path folder(EvidenceSettings settings, ServerSettings server) {
    return settings.folder().isBlank() ? server.data().toAbsolutePath().resolve("evidence") : Path.of(settings.folder()).toAbsolutePath();
  }

  /** With an object store, its own operators watch its space; what fails there, each upload says. */
  @Bean
  @ConditionalOnProperty(name = "citywide.evidence.store", havingValue = "disk", matchIfMissing = true)
  EvidenceSpace evidenceSpace(EvidenceSettings settings, ServerSettings server, OperationsSettings operations, MeterRegistry meters) {
    return new EvidenceSpace(folder(settings, server), operations.minFreeDisk().toBytes(), meters);
  }

  @Bean
  RecurringTask<Void> cleanUnusedMedia(MediaStore media) {
    return Tasks.recurring("intake-unused-media", Schedules.fixedDelay(Duration.ofHours(1))).execute((instance, context) -> {
      int deleted = media.clean();
      if (deleted > 0) {
        log.info("deleted {} photos that nothing held", deleted);
      }
    });
  }

  /** Beside the first requests: a large store takes its time, and nobody waits for it. */
  @Bean
  ApplicationListener<ApplicationReadyEvent> sweepOrphans(MediaStore media) {
    return ready -> Thread.ofVirtual().name("intake-orphans").start(() -> {
      try {
        int swept = media.sweep();
        if (swept > 0) {
          log.info("deleted {} photos that a killed server had not finished storing", swept);
        }
      } catch (IOException | RuntimeException e) {
        log.warn("photos of a killed server could not be looked for; the next start tries again", e);
      }
    });
  }
}
