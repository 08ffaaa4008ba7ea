package io.citywide.platform.internal;

import io.citywide.platform.Neighbours;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Servers on one PostgreSQL tell each other by NOTIFY. A commit only puts a note into a queue; one thread with one
 * connection of its own collects what came in {@value #COLLECT_MILLIS} ms and sends it, and nothing at all is sent
 * where no other server has a row in {@code platform_server}. (NOTIFY within the transaction of a step would take a
 * lock of the whole database at its commit.)
 *
 * <p>Gaps: after its connection was lost and is back; when another server vanished without saying so, as it may have
 * committed what it could not tell any more; when more came than is kept.
 */
final class PostgresNeighbours implements Neighbours, AutoCloseable {

  static final int COLLECT_MILLIS = 50;

  private static final Logger log = LoggerFactory.getLogger(PostgresNeighbours.class);
  private static final String CHANNEL = "citywide";
  private static final int LARGEST_PAYLOAD = 7_900; // bytes; PostgreSQL takes 7,999
  private static final int LONGEST_QUEUE = 50_000;
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final Duration CONNECTION_SILENT = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_GOODBYE = Duration.ofSeconds(3);

  /** Topics between the servers themselves; a module's never begins with a dot. */
  private static final String HELLO = ".hello";
  private static final String WELCOME = ".welcome";
  private static final String GOODBYE = ".goodbye";
  private static final String GAP = ".gap";

  private record Note(String topic, Map<String, Object> facts) {}

  private record Message(UUID from, List<Note> notes) {}

  private static final TypeReference<Message> MESSAGE = new TypeReference<>() {};
  private static final JsonMapper JSON = JsonMapper.builder().enable(DeserializationFeature.USE_LONG_FOR_INTS).build();

  private final UUID id = UUID.randomUUID();
  private final String url;
  private final Properties login = new Properties();
  private final Map<String, List<Consumer<Map<String, Object>>>> listeners = new ConcurrentHashMap<>();
  private final List<Runnable> gapListeners = new CopyOnWriteArrayList<>();
  private final ConcurrentLinkedQueue<Note> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile Set<UUID> others = Set.of();
  private volatile boolean deaf = true;
  private volatile boolean overflown;
  private volatile long heartbeatAt;
  private volatile String schemaFault;

  /** Of this server's own start; a database with fewer is another one, or an older copy. */
  private int migrations;

  PostgresNeighbours(String url, String user, String password) throws SQLException {
    this.url = url;
    login.setProperty("user", user);
    login.setProperty("password", password);
    login.setProperty("ApplicationName", "citywide-neighbours");
    login.setProperty("connectTimeout", "3");
    login.setProperty("socketTimeout", Long.toString(CONNECTION_SILENT.toSeconds()));
    login.setProperty("logServerErrorDetail", "false");
    Connection first = join();
    thread = Thread.ofPlatform().daemon().name("neighbours").start(() -> run(first));
  }

  @Override
  public boolean alone() {
    return others.isEmpty();
  }

  @Override
  public boolean deaf() {
    return deaf;
  }

  /** How many servers there are, this one included. */
  int servers() {
    return others.size() + 1;
  }

  /** What is wrong with the database, in words; it was asked within the last seconds. */
  Optional<String> databaseFault() {
    long silent = Duration.ofNanos(System.nanoTime() - heartbeatAt).toSeconds();
    return deaf ? Optional.of("the database does not answer since " + silent + " s")
        : silent > CONNECTION_SILENT.toSeconds() ? Optional.of("the database did not answer for " + silent + " s") : Optional.empty();
  }

  /** What is wrong with the migrations of the database, in words. */
  Optional<String> schemaFault() {
    return Optional.ofNullable(schemaFault);
  }

  @Override
  public void tell(String topic, Map<String, Object> facts) {
    if (others.isEmpty()) {
      return;
    }
    if (queued.incrementAndGet() > LONGEST_QUEUE) {
      queued.decrementAndGet();
      overflown = true;
      return;
    }
    queue.add(new Note(topic, facts));
  }

  @Override
  public void everywhere(String topic, Map<String, Object> facts) {
    Runnable telling = () -> {
      deliver(new Note(topic, facts));
      tell(topic, facts);
    };
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
        @Override
        public void afterCommit() {
          telling.run();
        }
      });
    } else {
      telling.run();
    }
  }

  @Override
  public void hear(String topic, Consumer<Map<String, Object>> listener) {
    listeners.computeIfAbsent(topic, t -> new CopyOnWriteArrayList<>()).add(listener);
  }

  @Override
  public void hearGap(Runnable listener) {
    gapListeners.add(listener);
  }

  // ---- the thread ----

  private void run(Connection first) {
    Connection connection = first;
    long pause = 100;
    while (closing.getCount() > 0) {
      try {
        if (connection == null) {
          connection = join();
          pause = 100;
          log.info("the database is heard again; what is remembered is read anew");
          gap();
        }
        talk(connection);
      } catch (SQLException | RuntimeException e) {
        if (closing.getCount() == 0) {
          break;
        }
        if (!deaf) {
          log.warn("the database is not heard any more: {}", e.getMessage());
        }
        deaf = true;
        quietly(connection);
        connection = null;
        if (pause(pause)) {
          break;
        }
        pause = Math.min(LONGEST_PAUSE.toMillis(), pause * 2);
      }
    }
    leave(connection);
  }

  private boolean pause(long millis) {
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  private Connection join() throws SQLException {
    Connection connection = DriverManager.getConnection(url, login);
    try {
      try (var statement = connection.createStatement()) {
        // A heartbeat lost with a crash of the database does no harm, so it need not wait for the disk.
        statement.execute("SET synchronous_commit = off");
        statement.execute("LISTEN " + CHANNEL);
      }
      register(connection);
      heartbeat(connection);
      send(connection, List.of(new Note(HELLO, Map.of())));
      deaf = false;
      return connection;
    } catch (SQLException | RuntimeException e) {
      quietly(connection);
      throw e;
    }
  }

  private void register(Connection connection) throws SQLException {
    try (var insert = connection.prepareStatement("INSERT INTO platform_server (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET seen_at = now()")) {
      insert.setObject(1, id);
      insert.execute();
    }
  }

  private void talk(Connection connection) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    while (closing.getCount() > 0) {
      // With others this wakes often enough to send; alone it only waits for the first hello.
      PGNotification[] heard = postgres.getNotifications(alone() ? (int) HEARTBEAT.toMillis() : COLLECT_MILLIS);
      for (PGNotification notification : heard) {
        receive(connection, notification.getParameter());
      }
      flush(connection);
      if (System.nanoTime() - heartbeatAt >= HEARTBEAT.toNanos()) {
        heartbeat(connection);
      }
    }
  }

  private void receive(Connection connection, String payload) throws SQLException {
    Message message = JSON.readValue(payload, MESSAGE);
    if (message.from().equals(id)) {
      return;
    }
    for (Note note : message.notes()) {
      switch (note.topic()) {
        case HELLO -> {
          others = with(message.from());
          send(connection, List.of(new Note(WELCOME, Map.of())));
        }
        case WELCOME -> {
          // It may have thought itself alone until now.
          others = with(message.from());
          gap();
        }
        case GOODBYE -> others = without(message.from());
        case GAP -> gap();
        default -> deliver(note);
      }
    }
  }

  private Set<UUID> with(UUID other) {
    Set<UUID> more = new HashSet<>(others);
    more.add(other);
    return Set.copyOf(more);
  }

  private Set<UUID> without(UUID other) {
    Set<UUID> fewer = new HashSet<>(others);
    fewer.remove(other);
    return Set.copyOf(fewer);
  }

  private void deliver(Note note) {
    for (Consumer<Map<String, Object>> listener : listeners.getOrDefault(note.topic(), List.of())) {
      try {
        listener.accept(note.facts());
      } catch (RuntimeException e) {
        log.error("a listener of {} failed", note.topic(), e);
      }
    }
  }

  private void gap() {
    for (Runnable listener : gapListeners) {
      try {
        listener.run();
      } catch (RuntimeException e) {
        log.error("a listener of gaps failed", e);
      }
    }
  }

  private void flush(Connection connection) throws SQLException {
    List<Note> notes = new ArrayList<>();
    for (Note note = queue.poll(); note != null; note = queue.poll()) {
      queued.decrementAndGet();
      notes.add(note);
    }
    if (overflown) {
      overflown = false;
      notes = List.of(new Note(GAP, Map.of()));
    }
    if (!notes.isEmpty()) {
      send(connection, notes);
    }
  }

  /** All notes in as few payloads as they fit into, in one statement, so under the lock of NOTIFY once. */
  private void send(Connection connection, List<Note> notes) throws SQLException {
    String head = "{\"from\":\"" + id + "\",\"notes\":[";
    List<String> payloads = new ArrayList<>();
    StringBuilder payload = new StringBuilder(head);
    int bytes = head.length();
    for (Note note : notes) {
      String text = JSON.writeValueAsString(note);
      int length = text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + 1;
      if (head.length() + length + 2 > LARGEST_PAYLOAD) {
        text = JSON.writeValueAsString(new Note(GAP, Map.of()));
        length = text.length() + 1;
      }
      if (bytes + length + 2 > LARGEST_PAYLOAD) {
        payloads.add(payload.append("]}").toString());
        payload = new StringBuilder(head);
        bytes = head.length();
      }
      payload.append(bytes == head.length() ? "" : ",").append(text);
      bytes += length;
    }
    payloads.add(payload.append("]}").toString());
    try (var notify = connection.prepareStatement("SELECT pg_notify('" + CHANNEL + "', p) FROM unnest(?::text[]) p")) {
      notify.setArray(1, connection.createArrayOf("text", payloads.toArray()));
      notify.execute();
    }
  }

  /** Says that this server is there, and sees which others are; one round trip a second. */
  private void heartbeat(Connection connection) throws SQLException {
    Set<UUID> before = others;
    Set<UUID> now = new HashSet<>();
    boolean known = false;
    try (var statement = connection.prepareStatement("""
        WITH me AS (UPDATE platform_server SET seen_at = now() WHERE id = ? RETURNING 1),
             gone AS (DELETE FROM platform_server WHERE id <> ? AND seen_at < now() - interval '6 seconds')
        SELECT (SELECT count(*) FROM me), (SELECT count(*) FROM flyway_schema_history WHERE success),
               (SELECT min(version) FROM flyway_schema_history WHERE NOT success),
               array(SELECT id FROM platform_server WHERE id <> ? AND seen_at >= now() - interval '6 seconds')""")) {
      statement.setObject(1, id);
      statement.setObject(2, id);
      statement.setObject(3, id);
      try (var row = statement.executeQuery()) {
        row.next();
        known = row.getInt(1) == 1;
        int applied = row.getInt(2);
        migrations = migrations == 0 ? applied : migrations;
        schemaFault = row.getString(3) != null ? "migration " + row.getString(3) + " failed"
            : applied < migrations ? "the database has " + applied + " migrations, this server began with " + migrations : null;
        for (Object other : (Object[]) row.getArray(4).getArray()) {
          now.add((UUID) other);
        }
      }
    }
    heartbeatAt = System.nanoTime();
    if (!known) {
      // The others thought this one dead, and may have told it nothing meanwhile.
      register(connection);
      send(connection, List.of(new Note(HELLO, Map.of())));
      gap();
    }
    others = Set.copyOf(now);
    if (!now.containsAll(before)) {
      log.info("a server is gone without a goodbye; what it could not tell any more is read anew");
      gap();
    }
  }

  private void leave(Connection connection) {
    if (connection == null) {
      return;
    }
    try {
      flush(connection);
      send(connection, List.of(new Note(GOODBYE, Map.of())));
      try (var delete = connection.prepareStatement("DELETE FROM platform_server WHERE id = ?")) {
        delete.setObject(1, id);
        delete.execute();
      }
    } catch (SQLException | RuntimeException e) {
      log.info("could not say goodbye to the other servers: {}", e.getMessage());
    }
    quietly(connection);
  }

  private static void quietly(Connection connection) {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      log.trace("closing a broken connection", e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    closing.countDown();
    thread.join(LONGEST_GOODBYE);
  }
}
