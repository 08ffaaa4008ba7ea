package io.citywide.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.citywide.flink.local.Cluster;
import io.citywide.identity.OperatorKey;
import io.citywide.platform.internal.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Observations from a real Kafka, a process of its own, to two servers on one database, one of which is killed in the middle. */
class KafkaIntakeTest {

  private static final String TOPIC = "citywide.observations";
  private static final String REFUSED = "citywide.observations.refused";
  private static final int PARTITIONS = 4;
  private static final int DEVICES = 8;
  /** Records that Kafka deletes before any server reads them. */
  private static final int DELETED = 40;
  private static final int BURST = 1000;
  /** Bytes of a line that Kafka just takes, and would not with the reason beside it. */
  private static final int LONGEST = 1_048_400;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Path BROKER = Path.of("../flink/broker/target").toAbsolutePath().normalize();

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final long begin = System.currentTimeMillis() - 86_400_000L;
  private final Map<String, String> refusals = new TreeMap<>();
  private final Set<Long> untold = new TreeSet<>();
  private String bootstrap;
  private Process broker;
  private EmbeddedPostgres database;
  private Admin admin;
  private KafkaProducer<byte[], byte[]> producer;
  private ServerUnderTest a;
  private ServerUnderTest b;
  private int rounds;
  private long records;

  @BeforeAll
  static void tellOnlyWhatIsWrong() {
    ((Logger) LoggerFactory.getLogger("org.apache.kafka")).setLevel(Level.WARN);
  }

  @BeforeEach
  void brokerAndDatabase() throws Exception {
    assertThat(BROKER.resolve("lib")).as("the broker's jars: build the module flink/broker").isDirectory();
    int port = Cluster.freePort();
    bootstrap = "127.0.0.1:" + port;
    broker = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx300m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", BROKER.resolve("classes") + ":" + BROKER.resolve("lib") + "/*",
        "io.citywide.broker.Broker", folder.resolve("kafka").toString(), String.valueOf(port))
        .redirectErrorStream(true).redirectOutput(folder.resolve("kafka.out").toFile()).start();
    database = EmbeddedPostgres.start(folder.resolve("database"));
    Path clients = Files.writeString(folder.resolve("kafka.properties"), "session.timeout.ms=6000\nheartbeat.interval.ms=1000\n");
    a = server("a", clients);
    b = server("b", clients);
    // One that begins before the broker is there waits long before it tries again.
    until("the broker answers", () -> {
      try (var socket = new java.net.Socket("127.0.0.1", port)) {
        return socket.isConnected();
      } catch (IOException notYet) {
        assertThat(broker.isAlive()).as(Files.readString(folder.resolve("kafka.out"))).isTrue();
        return false;
      }
    });
    admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", "60000"));
    admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1).configs(Map.of("message.timestamp.type", "LogAppendTime")), new NewTopic(REFUSED, 1, (short) 1))).all().get();
    // KAFKA-15591: whoever writes before the leaders serve may find its first batch out of order.
    until("the leaders serve", () -> ends().size() == PARTITIONS);
    producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap, "linger.ms", "1"), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private ServerUnderTest server(String name, Path clients) throws IOException {
    ServerUnderTest server = new ServerUnderTest(Launch.classes(), folder.resolve(name));
    Map.of("DATABASE_URL", database.jdbcUrl(), "DATABASE_OWNERUSER", database.owner().user(), "DATABASE_OWNERPASSWORD", database.owner().password(),
        "DATABASE_APPUSER", database.app().user(), "DATABASE_APPPASSWORD", database.app().password(), "DATABASE_POOLSIZE", "8",
        "KEYS", folder.resolve("keys").toString(), "EVIDENCE_FOLDER", folder.resolve("evidence").toString()).forEach((key, value) -> server.with("CITYWIDE_" + key, value));
    Map.of("KAFKA_BOOTSTRAP", bootstrap, "KAFKA_BATCH", "100", "KAFKA_PROPERTIES", clients.toString(),
        "OBSERVATIONS_SEALAFTER", "1s", "OBSERVATIONS_GATHERAFTER", "1s", "WATCH_SAVEEVERY", "1s").forEach((key, value) -> server.with("CITYWIDE_" + key, value));
    return server;
  }

  @AfterEach
  void end() throws Exception {
    if (producer != null) {
      producer.close(Duration.ZERO);
    }
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
    for (ServerUnderTest server : new ServerUnderTest[] {a, b}) {
      if (server != null && server.runs()) {
        server.kill9();
      }
    }
    if (database != null) {
      database.close();
    }
    broker.destroyForcibly().waitFor();
    http.close();
  }

  @Test
  void everyValueIsThereOnceThoughAServerComesAndOneIsKilled() throws Exception {
    for (int i = 0; i < DELETED; i++) {
      send(0, line("nobody", i, i));
    }
    producer.flush();
    admin.deleteRecords(Map.of(new TopicPartition(TOPIC, 0), RecordsToDelete.beforeOffset(DELETED))).all().get();
    records = 0;
    said("broker and database are there");
    a.start();
    register();
    said("one server reads");

    // The second comes while the first reads.
    var second = beside(b::start);
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (rounds < BURST / 2 || servers() < 2) {
      assertThat(System.nanoTime()).as("two servers share the partitions").isLessThan(until);
      speak(2);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    speak(BURST / 4);
    bad();
    second.get();
    said("two servers read, " + records + " records so far");
    until("all is read", () -> positions().equals(ends()));
    assertThat(figure(a, "citywide_kafka_records_total")).isPositive();
    assertThat(figure(b, "citywide_kafka_records_total")).isPositive();
    assertThat(figure(a, "citywide_kafka_records_total") + figure(b, "citywide_kafka_records_total")).as("each record is read by one server, once").isEqualTo(records);
    assertThat(figure(a, "citywide_kafka_deleted_total") + figure(b, "citywide_kafka_deleted_total")).isEqualTo(DELETED);

    // The first is killed while it reads, and comes back.
    long before = sum(positions());
    var speaking = beside(() -> {
      speak(2 * BURST);
      bad();
      return rounds;
    });
    until("it reads", () -> sum(positions()) > before + BURST);
    a.kill9();
    long at = sum(positions());
    assertThat(at).as("in the middle").isLessThan(sum(ends()));
    said("the first is killed");
    speaking.get();
    a.start();
    said("and is back");
    until("all is read", () -> positions().equals(ends()));
    said("all is read: " + records + " records, the server was killed at position " + at + " of " + sum(ends()));

    check();
    assertThat(refused()).as("each bad record by its place").isEqualTo(refusals);
    compacted((long) rounds * DEVICES + untold.size());
    check();
    said("every value is there once");
  }

  private void check() throws Exception {
    for (int device = 0; device < DEVICES; device++) {
      List<Long> times = new ArrayList<>();
      for (JsonNode value : values("kf-" + device)) {
        assertThat(value.path("time").asLong()).isEqualTo(begin + value.path("value").asLong() * 1000);
        times.add(value.path("value").asLong());
      }
      assertThat(times).as("kf-%d", device).isEqualTo(LongStream.range(0, rounds).boxed().toList());
    }
    List<Long> times = new ArrayList<>();
    values("kf-untold").forEach(value -> times.add(value.path("time").asLong()));
    assertThat(times).as("the times of the records").isEqualTo(List.copyOf(untold));
  }

  private JsonNode values(String device) throws Exception {
    return JsonMapper.shared().readTree(call(a, "GET", "/api/devices/" + device + "/observations?property=v&from=0&to=" + (System.currentTimeMillis() + 60_000) + "&limit=100000")).path("items");
  }

  /** All values in chunks, none of them twice. */
  private void compacted(long values) throws Exception {
    try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.owner().user(), database.owner().password()); var statement = connection.createStatement()) {
      until(values + " values are in chunks", () -> {
        call(a, "POST", "/api/observations:compact");
        try (var row = statement.executeQuery("SELECT coalesce(sum(count), 0) = " + values + " AND NOT EXISTS (SELECT FROM sensing_page) FROM sensing_chunk")) {
          return row.next() && row.getBoolean(1);
        }
      });
    }
  }

  // ---- what is sent ------------------------------------------------------------------------------

  private static String line(String device, long time, long value) {
    return "{\"device\":\"" + device + "\",\"time\":" + time + ",\"values\":{\"v\":" + value + "}}";
  }

  private CompletableFuture<RecordMetadata> send(int partition, String line) {
    records++;
    CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
    producer.send(new ProducerRecord<>(TOPIC, partition, null, line == null ? null : line.getBytes(StandardCharsets.UTF_8)), (place, fault) -> {
      if (fault == null) {
        sent.complete(place);
      } else {
        sent.completeExceptionally(fault);
      }
    });
    return sent;
  }

  /** One value of each device in each round. */
  private void speak(int howOften) throws ExecutionException, InterruptedException {
    List<CompletableFuture<RecordMetadata>> sent = new ArrayList<>();
    for (int end = rounds + howOften; rounds < end; rounds++) {
      for (int device = 0; device < DEVICES; device++) {
        sent.add(send(device % PARTITIONS, line("kf-" + device, begin + rounds * 1000L, rounds)));
      }
    }
    for (var one : sent) {
      one.get();
    }
  }

  /** What is refused, what says nothing, and a value without a time, in each partition. */
  private void bad() throws ExecutionException, InterruptedException {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      refusals.put(place(send(partition, line("nobody", begin, 1))), "sensing.unknown-device there is no device 'nobody'; register it first");
      refusals.put(place(send(partition, "no json")), "sensing.bad-line not the JSON of a line: '{' is missing at character 1");
      refusals.put(place(send(partition, "[{\"device\":")), "sensing.bad-line not the JSON of a line: '\"' is missing at character 11");
      refusals.put(place(send(partition, "y".repeat(LONGEST))), "sensing.bad-line not the JSON of a line: '{' is missing at character 1 " + LONGEST);
      send(partition, null).get();
      send(partition, "{\"tick\":" + begin + "}").get();
      untold.add(send(partition, "{\"device\":\"kf-untold\",\"values\":{\"v\":1}}").get().timestamp());
    }
  }

  private static String place(CompletableFuture<RecordMetadata> sent) throws ExecutionException, InterruptedException {
    return sent.get().topic() + "/" + sent.get().partition() + "/" + sent.get().offset();
  }

  // ---- what came of it ---------------------------------------------------------------------------

  private Map<String, String> refused() throws Exception {
    Map<String, String> told = new TreeMap<>();
    TopicPartition partition = new TopicPartition(REFUSED, 0);
    long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest())).all().get().get(partition).offset();
    try (var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(record -> {
          Map<String, String> headers = new HashMap<>();
          record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
          told.put(headers.get("from"), headers.get("code") + " " + headers.get("en") + (headers.containsKey("length") ? " " + headers.get("length") : ""));
        });
      }
    }
    return told;
  }

  private Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> ask = IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toMap(p -> new TopicPartition(TOPIC, p), p -> OffsetSpec.latest()));
    return admin.listOffsets(ask).all().get().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
  }

  /** As the group has committed them. */
  private Map<TopicPartition, Long> positions() throws ExecutionException, InterruptedException {
    return admin.listConsumerGroupOffsets("citywide").partitionsToOffsetAndMetadata().get().entrySet().stream().filter(e -> e.getValue() != null)
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
  }

  private static long sum(Map<TopicPartition, Long> places) {
    return places.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Servers that have partitions. */
  private long servers() throws ExecutionException, InterruptedException {
    return admin.describeConsumerGroups(List.of("citywide")).all().get().get("citywide").members().stream().filter(m -> !m.assignment().topicPartitions().isEmpty()).count();
  }

  private double figure(ServerUnderTest server, String name) throws Exception {
    return call(server, "GET", "/metrics").lines().filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{")).mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }

  private String call(ServerUnderTest server, String method, String path) throws Exception {
    String key = OperatorKey.find(server.data()).orElseThrow();
    var answer = http.send(HttpRequest.newBuilder(URI.create(server.base() + path)).header("Authorization", "Bearer " + key).method(method, HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isIn(200, 204, 404);
    return answer.body();
  }

  private void register() throws Exception {
    try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.owner().user(), database.owner().password()); var statement = connection.createStatement()) {
      statement.execute("""
          INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention)
          VALUES ('kafka', '测试', 'Test', '[{"name":"v","nameZh":"值","nameEn":"Value","unit":"1","low":null,"high":null,"intervalSeconds":60}]', '1 day', '100 days')""");
      statement.execute("""
          INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key)
          SELECT 'kf-' || coalesce(i::text, 'untold'), 'kafka', 'k', 118, 32, 9 FROM (SELECT generate_series(0, %d) i UNION ALL SELECT NULL) d""".formatted(DEVICES - 1));
      statement.execute("INSERT INTO sensing_series (device_id, property) SELECT id, 'v' FROM sensing_device");
    } catch (SQLException e) {
      throw new IllegalStateException("the devices could not be registered", e);
    }
    until("the directory follows", () -> !call(a, "GET", "/api/observations/newest?device=kf-untold&property=v").contains("sensing.unknown-device"));
  }

  private void said(String what) {
    System.out.printf("%5.1f s %s%n", (System.currentTimeMillis() - begin - 86_400_000L) / 1000.0, what);
  }

  private static <T> FutureTask<T> beside(Callable<T> action) {
    FutureTask<T> task = new FutureTask<>(action);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  private static void until(String what, Callable<Boolean> holds) throws Exception {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.call()) {
      assertThat(System.nanoTime()).as("%s within %s", what, PATIENCE).isLessThan(until);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
