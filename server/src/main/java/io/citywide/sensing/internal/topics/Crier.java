package io.citywide.sensing.internal.topics;

import io.citywide.identity.Viewer;
import io.citywide.sensing.internal.sta.Notices;
import io.citywide.sensing.internal.sta.Subject;
import io.citywide.sensing.internal.topics.Outbox.Note;
import io.citywide.sensing.internal.ways.MqttSettings;
import io.citywide.sensing.internal.ways.MqttTree;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes of a note what is told, as the client sees it at this moment, and sends it. */
@Component
class Crier {

  private static final Logger log = LoggerFactory.getLogger(Crier.class);

  /** Statements for those who listen at a time; requests over HTTP want connections too. */
  private static final int STATEMENTS = 4;

  /** Notes of all clients, of some fifty bytes each. */
  static final int MOST_WAITING = 500_000;

  private final Notices notices;
  private final String base;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Semaphore statements = new Semaphore(STATEMENTS);
  private final Counter told;
  private final Counter lost;
  private volatile boolean troubled;

  Crier(Notices notices, MqttSettings settings, MeterRegistry meters) {
    this.notices = notices;
    this.base = settings.serviceRoot();
    this.told = counter(meters, "told");
    this.lost = counter(meters, "lost");
  }

  private static Counter counter(MeterRegistry meters, String fate) {
    return Counter.builder("citywide.mqtt.notices").description("What subscribers of SensorThings topics were told, and what they lost because they were too slow").tag("fate", fate).register(meters);
  }

  void lost() {
    lost.increment();
  }

  boolean hasRoom() {
    return waiting.get() < MOST_WAITING;
  }

  void joined() {
    waiting.incrementAndGet();
  }

  void left(int notes) {
    waiting.addAndGet(-notes);
  }

  /** The property as it is now. */
  byte[] now(Subject subject) {
    return notices.now(subject, base);
  }

  void tell(MqttTree.Client client, Note note) {
    try {
      Optional<byte[]> payload = Viewer.callAs(client.viewer(), () -> payload(note));
      if (payload.isPresent() && note.subscription().isNews(payload.get()) && client.send(note.subscription().topic, payload.get(), note.subscription().quality)) {
        told.increment();
      }
      troubled = false;
    } catch (RuntimeException e) {
      lost.increment();
      if (!troubled) {
        troubled = true;
        log.warn("a subscriber of {} could not be told; the next that cannot are counted only: {}", note.subscription().topic, e.getMessage());
      }
    }
  }

  private Optional<byte[]> payload(Note note) {
    if (note instanceof Note.OfValue value && value.newest()) {
      return Optional.of(of(value));
    }
    statements.acquireUninterruptibly();
    try {
      return switch (note) {
        case Note.OfValue value -> notices.stands(value.series(), value.at(), value.value()) ? Optional.of(of(value)) : Optional.empty();
        case Note.OfEntity entity -> notices.of(entity.subscription().subject, entity.change(), base);
      };
    } finally {
      statements.release();
    }
  }

  private byte[] of(Note.OfValue value) {
    return notices.of(value.subscription().subject, value.series(), value.at(), value.value(), base);
  }
}
