package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.identity.OperatorKey;
import io.citywide.platform.DataFolderDatabase;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Server and database are killed while devices publish by MQTT and the log is being sealed: every acknowledged value is there, once. */
class KilledIntakeTest {

  private static final int DEVICES = 6;
  private static final int WINDOW = 10;
  private static final int BEFORE_THE_KILL = 12_000;
  private static final String SECRET = "a-secret-of-a-device-for-the-test";

  @TempDir Path data;
  private long begin;
  private URI server;
  private String key;

  /** One device that publishes with quality 1, {@value #WINDOW} messages at a time; a value each, numbered by its time. */
  private void publish(int port, int device, Set<Long> acknowledged, AtomicInteger sent, CountDownLatch enough) {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      ByteBuffer connect = ByteBuffer.allocate(200);
      text(connect, "MQTT");
      connect.put((byte) 4).put((byte) 0xC2).putShort((short) 0);
      text(connect, "k-" + device);
      text(connect, "k-" + device);
      text(connect, SECRET);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      socket.getOutputStream().write(packet(0x10, connect));
      assertThat(in.readNBytes(4)).containsExactly(0x20, 2, 0, 0);
      for (int n = 0; n < 60_000; n += WINDOW) {
        ByteBuffer all = ByteBuffer.allocate(4096);
        for (int i = n; i < n + WINDOW; i++) {
          ByteBuffer publish = ByteBuffer.allocate(200);
          text(publish, "devices/k-" + device + "/observations");
          publish.putShort((short) (i + 1)).put(("{\"time\":" + (begin + i * 100L) + ",\"values\":{\"v\":" + i + "}}").getBytes(StandardCharsets.US_ASCII));
          all.put(packet(0x32, publish));
          sent.incrementAndGet();
        }
        socket.getOutputStream().write(all.array(), 0, all.position());
        for (int i = 0; i < WINDOW; i++) {
          byte[] head = new byte[2];
          in.readFully(head);
          assertThat(head).containsExactly(0x40, 2);
          acknowledged.add(begin + (in.readUnsignedShort() - 1) * 100L);
          enough.countDown();
        }
      }
    } catch (IOException e) {
      // It was killed.
    }
  }

  private static void text(ByteBuffer to, String text) {
    to.putShort((short) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] packet(int type, ByteBuffer body) {
    body.flip();
    ByteBuffer packet = ByteBuffer.allocate(body.remaining() + 3).put((byte) type);
    if (body.remaining() < 128) {
      packet.put((byte) body.remaining());
    } else {
      packet.put((byte) (body.remaining() & 0x7F | 0x80)).put((byte) (body.remaining() >> 7));
    }
    packet.put(body).flip();
    byte[] bytes = new byte[packet.remaining()];
    packet.get(bytes);
    return bytes;
  }

  private JsonNode call(String method, String path) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer = http.send(HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + key).method(method, BodyPublishers.noBody()).build(),
          BodyHandlers.ofString());
      assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isIn(200, 204, 404);
      String body = answer.body();
      return body.isEmpty() ? JsonMapper.shared().missingNode() : JsonMapper.shared().readTree(body);
    }
  }

  private void register() throws Exception {
    try (DataFolderDatabase database = DataFolderDatabase.open(data); var connection = database.connect(); var statement = connection.createStatement()) {
      statement.execute("""
          INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention)
          VALUES ('killed', '测试', 'Test', '[{"name":"v","nameZh":"值","nameEn":"Value","unit":"1","low":null,"high":null,"intervalSeconds":60}]', '1 day', '100 days')""");
      statement.execute("""
          INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, secret_hash)
          SELECT 'k-' || i, 'killed', 'k', 118, 32, 9, translate(rtrim(encode(sha256('%s'), 'base64'), '='), '+/', '-_') FROM generate_series(0, %d) i""".formatted(SECRET, DEVICES - 1));
      statement.execute("INSERT INTO sensing_series (device_id, property) SELECT id, 'v' FROM sensing_device");
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (call("GET", "/api/observations/newest?device=k-5&property=v").path("code").asString().equals("sensing.unknown-device")) {
      assertThat(System.nanoTime()).as("the directory follows").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private void meet(ServerProcess process) throws Exception {
    server = process.address();
    key = OperatorKey.find(data).orElseThrow();
  }

  @Test
  void everyAcknowledgedValueIsThereOnce() throws Exception {
    begin = System.currentTimeMillis() - 86_400_000L;
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Map<String, String> environment = Map.of("CITYWIDE_MQTT_PORT", String.valueOf(port), "CITYWIDE_OBSERVATIONS_SEALAFTER", "1s", "CITYWIDE_OBSERVATIONS_GATHERAFTER", "1s",
        "CITYWIDE_WATCH_SAVEEVERY", "1s");
    List<Set<Long>> acknowledged = IntStream.range(0, DEVICES).mapToObj(d -> (Set<Long>) new ConcurrentSkipListSet<Long>()).toList();
    AtomicInteger sent = new AtomicInteger();
    try (ServerProcess first = new ServerProcess(data, environment, "--port", "0")) {
      meet(first);
      register();
      CountDownLatch enough = new CountDownLatch(BEFORE_THE_KILL);
      List<Thread> devices = IntStream.range(0, DEVICES).mapToObj(d -> Thread.ofPlatform().start(() -> publish(port, d, acknowledged.get(d), sent, enough))).toList();
      assertThat(enough.await(90, TimeUnit.SECONDS)).as(first.output()).isTrue();
      List<ProcessHandle> all = first.process.descendants().toList();
      first.process.destroyForcibly().waitFor();
      all.forEach(ProcessHandle::destroyForcibly);
      for (Thread device : devices) {
        device.join();
      }
    }
    assertThat(sent.get()).isGreaterThan(acknowledged.stream().mapToInt(Set::size).sum());

    try (ServerProcess second = new ServerProcess(data, environment, "--port", "0")) {
      meet(second);
      check(acknowledged);
      long there = check(acknowledged);
      // What the watch has not said that it has heard stays in the log: a second after it has.
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      try (DataFolderDatabase database = DataFolderDatabase.open(data); var connection = database.connect(); var statement = connection.createStatement()) {
        for (long chunks = -1, pages = -1; chunks != there || pages != 0; ) {
          assertThat(System.nanoTime()).as(chunks + " values in chunks of " + there + ", " + pages + " pages, within a minute").isLessThan(until);
          assertThat(call("POST", "/api/observations:compact").isMissingNode()).isTrue();
          try (var row = statement.executeQuery("SELECT coalesce(sum(count), 0), (SELECT count(*) FROM sensing_page) FROM sensing_chunk")) {
            row.next();
            chunks = row.getLong(1);
            pages = row.getLong(2);
          }
        }
      }
      assertThat(check(acknowledged)).isEqualTo(there);
    }
  }

  /** @return values that are there */
  private long check(List<Set<Long>> acknowledged) throws Exception {
    long all = 0;
    for (int device = 0; device < DEVICES; device++) {
      JsonNode values = call("GET", "/api/devices/k-" + device + "/observations?property=v&from=0&to=" + (begin + 86_400_000L) + "&limit=100000").path("items");
      List<Long> times = new ArrayList<>();
      values.forEach(value -> {
        assertThat(value.path("value").asLong()).isEqualTo((value.path("time").asLong() - begin) / 100);
        times.add(value.path("time").asLong());
      });
      assertThat(times).as("once each").hasSameSizeAs(new TreeSet<>(times));
      assertThat(new TreeSet<>(times)).as("k-%d", device).containsAll(acknowledged.get(device));
      long newest = call("GET", "/api/observations/newest?device=k-" + device + "&property=v").path("time").asLong();
      assertThat(newest).as("the newest after the restart").isEqualTo(times.getLast());
      all += times.size();
    }
    return all;
  }
}
