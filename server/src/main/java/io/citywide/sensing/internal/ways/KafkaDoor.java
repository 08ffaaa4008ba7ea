package io.citywide.sensing.internal.ways;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.observations.Columns;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The door for Kafka. The position in the topic is committed after the transaction that holds the values, so what is killed in
 * between reads them again, and the same value of the same moment counts once. What is not stored goes to a topic of its own
 * with the reason, before the position moves. While the log has no room nothing more is read: the records wait in Kafka. Whoever may write to the topic may
 * speak for every device.
 */
@Component
class KafkaDoor implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(KafkaDoor.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long AGAIN_SECONDS = 5;
  private static final long ROOM_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long REFUSED_WITHIN_SECONDS = 30;
  /** Bytes of a line that are sent to the topic of refusals: with them and the headers a record never is too large for Kafka. */
  private static final int MOST_REFUSED = 1 << 18;
  private static final int LONGEST_KEY = 1 << 12;
  /** After so long others read the partitions of a server that is gone; the client would wait 45 s. */
  private static final String GONE_AFTER_MILLIS = "10000";
  private static final byte[] TICK = "{\"tick\"".getBytes(StandardCharsets.US_ASCII);

  private final KafkaSettings settings;
  private final Intake intake;
  private final Counter records;
  private final Counter deleted;
  private boolean toldOfTimes;
  private volatile long behind;
  private volatile boolean running;
  private volatile Consumer<byte[], byte[]> reading;
  private volatile CountDownLatch stop = new CountDownLatch(1);
  private Thread thread;

  KafkaDoor(KafkaSettings settings, Intake intake, MeterRegistry meters) {
    this.settings = settings;
    this.intake = intake;
    this.records = Counter.builder("citywide.kafka.records").description("Records that were read from Kafka and dealt with").register(meters);
    this.deleted = Counter.builder("citywide.kafka.deleted").description("Records that Kafka had deleted before they were read").register(meters);
    Gauge.builder("citywide.kafka.behind", () -> behind).description("Records that wait in the partitions of this server").register(meters);
  }

  @Override
  public void start() {
    stop = new CountDownLatch(1);
    running = true;
    if (settings.bootstrap().isEmpty()) {
      return;
    }
    thread = Thread.ofPlatform().name("kafka-door").start(this::run);
  }

  @Override
  public void stop() {
    running = false;
    stop.countDown();
    Consumer<byte[], byte[]> consumer = reading;
    if (consumer != null) {
      consumer.wakeup();
    }
    if (thread != null) {
      try {
        thread.join(Duration.ofSeconds(30));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void run() {
    try {
      while (running) {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
            Producer<byte[], byte[]> producer = new KafkaProducer<>(producer(), new ByteArraySerializer(), new ByteArraySerializer())) {
          reading = consumer;
          KafkaPlaces places = new KafkaPlaces(consumer, deleted);
          consumer.subscribe(List.of(settings.topic()), places);
          while (running) {
            round(consumer, places, producer);
          }
        } catch (WakeupException e) {
          log.debug("woken up to stop");
        } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
          log.warn("Observations from Kafka: {}; read again from the position committed last in {} s", e.getMessage(), AGAIN_SECONDS, e);
        } finally {
          reading = null;
        }
        stop.await(AGAIN_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads what is there, stores it, and only then moves the position. */
  void round(Consumer<byte[], byte[]> consumer, KafkaPlaces places, Producer<byte[], byte[]> refusals) throws InterruptedException, ExecutionException, TimeoutException {
    ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
    if (polled.isEmpty()) {
      behind = behind(consumer);
      return;
    }
    places.read(polled);
    LineParser parser = intake.parser(known -> true);
    Columns columns = new Columns(1024);
    List<Future<RecordMetadata>> refused = new ArrayList<>();
    Map<String, Long> reasons = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> one : polled) {
      byte[] value = one.value() == null ? new byte[0] : one.value();
      boolean came = one.timestampType() == TimestampType.LOG_APPEND_TIME;
      if (!came && !toldOfTimes) {
        toldOfTimes = true;
        log.warn("The times of the records of {} are those that their producers say, not those at which they came: Kafka deletes by them, perhaps before they are read; "
            + "set message.timestamp.type=LogAppendTime for the topic", one.topic());
      }
      // Read again, a line without a time must have the same one: that of its record, whatever the clock says by then.
      long now = intake.clock().millis();
      long untold = one.timestamp() < 0 ? now : one.timestamp();
      // When it came, but not a moment that is yet to come.
      long arrived = came ? Math.min(untold, now) : now;
      LineStream lines = new LineStream(new ByteArrayInputStream(value), isList(value), value.length + 1L);
      try {
        while (lines.advance() > 0) {
          if (isTick(lines)) {
            continue;
          }
          try {
            parser.line(lines.buffer(), lines.begin(), lines.end(), null, untold, arrived, columns);
          } catch (BadLine e) {
            reasons.merge(e.refusal().code(), 1L, Long::sum);
            refused.add(send(refusals, refusal(one, lines.buffer(), lines.begin(), lines.end(), e.refusal().code(), e.words().en(), e.words().zh())));
          }
        }
      } catch (ProblemException | IOException e) {
        reasons.merge(Refusal.BAD_LINE.code(), 1L, Long::sum);
        refused.add(send(refusals, refusal(one, value, 0, value.length, Refusal.BAD_LINE.code(), e.getMessage(), "不是合法的 JSON")));
      }
    }
    if (!store(columns)) {
      return;
    }
    for (Future<RecordMetadata> sent : refused) {
      sent.get(REFUSED_WITHIN_SECONDS, TimeUnit.SECONDS);
    }
    intake.fates().outOfRange(parser.takeOutOfRange());
    reasons.forEach(intake.fates()::refused);
    records.increment(polled.count());
    places.stored(polled);
    behind = behind(consumer);
  }

  private static long behind(Consumer<?, ?> consumer) {
    return consumer.assignment().stream().mapToLong(p -> consumer.currentLag(p).orElse(0)).sum();
  }

  /** One that fails at once, as where the topic is missing, is not followed by the others of the batch, each of which would wait as long. */
  private static Future<RecordMetadata> send(Producer<byte[], byte[]> refusals, ProducerRecord<byte[], byte[]> refusal) throws InterruptedException, ExecutionException {
    Future<RecordMetadata> sent = refusals.send(refusal);
    if (sent.isDone()) {
      sent.get();
    }
    return sent;
  }

  /** @return whether it is on disk; else this server stops */
  private boolean store(Columns columns) throws InterruptedException {
    while (columns.size() > 0) {
      try {
        Intake.await(intake.log().append(columns, ROOM_WITHIN_NANOS));
        return true;
      } catch (ProblemException e) {
        log.warn("Observations from Kafka wait for the log: {}", e.getMessage());
        if (stop.await(1, TimeUnit.SECONDS)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isList(byte[] value) {
    for (byte b : value) {
      if (b > ' ') {
        return b == '[';
      }
    }
    return false;
  }

  /** Ticks are for the watch on Flink: docs/flink.md. */
  private static boolean isTick(LineStream lines) {
    return lines.end() - lines.begin() > TICK.length && Arrays.equals(lines.buffer(), lines.begin(), lines.begin() + TICK.length, TICK, 0, TICK.length);
  }

  private ProducerRecord<byte[], byte[]> refusal(ConsumerRecord<byte[], byte[]> of, byte[] bytes, int begin, int end, String code, String en, String zh) {
    byte[] key = of.key() == null || of.key().length > LONGEST_KEY ? null : of.key();
    byte[] line = Arrays.copyOfRange(bytes, begin, Math.min(end, begin + MOST_REFUSED));
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(settings.refused(), key, line);
    Map<String, String> told = new LinkedHashMap<>();
    told.put("code", code);
    told.put("en", String.valueOf(en));
    told.put("zh", String.valueOf(zh));
    told.put("from", of.topic() + "/" + of.partition() + "/" + of.offset());
    if (line.length < end - begin) {
      told.put("length", String.valueOf(end - begin));
    }
    told.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    return record;
  }

  private Properties common() throws IOException {
    Properties properties = new Properties();
    if (!settings.properties().isEmpty()) {
      try (InputStream in = Files.newInputStream(Path.of(settings.properties()))) {
        properties.load(in);
      }
    }
    properties.put("bootstrap.servers", settings.bootstrap());
    return properties;
  }

  private Properties consumer() throws IOException {
    Properties properties = common();
    properties.put("group.id", settings.group());
    properties.put("enable.auto.commit", "false");
    properties.put("isolation.level", "read_committed");
    properties.put("max.poll.records", String.valueOf(settings.batch()));
    properties.putIfAbsent("auto.offset.reset", "earliest");
    if (!"consumer".equalsIgnoreCase(properties.getProperty("group.protocol"))) {
      properties.putIfAbsent("session.timeout.ms", GONE_AFTER_MILLIS);
    }
    return properties;
  }

  private Properties producer() throws IOException {
    Properties properties = common();
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    return properties;
  }
}
