package io.citywide.bench.faults;

import io.citywide.demo.DemoCity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Rounds of work, kill and recovery. In each, the clients work for a random while, something is killed, what was killed
 * comes back (a postmaster by the server's own doing), the clients repeat what was not acknowledged, and everything is
 * held against {@link Invariants}.
 */
final class KillLoop {

  static final int WORKERS = 8;

  private static final int SHORTEST_WORK_MILLIS = 200;
  private static final int LONGEST_WORK_MILLIS = 2_000;
  private static final Duration BACK = Duration.ofSeconds(60);
  private static final Duration OUTBOX_EMPTY = Duration.ofMinutes(2);
  private static final Duration SWEPT = Duration.ofSeconds(20);

  private final Path folder;
  private final Random random;
  private final Consumer<String> progress;
  private final ServerUnderTest server;
  private final ClientsUnderTest clients;
  private final Invariants invariants;
  private final List<Invariants.Violation> violations = new ArrayList<>();
  private final Map<String, Double> counts = new TreeMap<>();
  private final List<Double> restarts = new ArrayList<>();
  private final List<Double> databaseReturns = new ArrayList<>();
  private Caller reader;

  KillLoop(List<String> java, Path folder, long seed, Consumer<String> progress) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.random = new Random(seed);
    this.progress = progress;
    server = new ServerUnderTest(java, folder.resolve("data"));
    clients = new ClientsUnderTest(folder, WORKERS);
    invariants = new Invariants(server, folder.resolve(Clients.JOURNAL));
  }

  List<Invariants.Violation> violations() {
    return violations;
  }

  long answersChecked() {
    return invariants.answersChecked();
  }

  /** Counts of kills, acknowledgements and violations, and times. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new TreeMap<>(counts);
    for (Invariants.Kind kind : Invariants.Kind.values()) {
      figures.put(kind.name().toLowerCase(Locale.ROOT), (double) violations.stream().filter(v -> v.kind() == kind).count());
    }
    figures.put("acknowledged", (double) invariants.answersChecked());
    percentiles(figures, "restart_seconds", restarts);
    percentiles(figures, "database_back_seconds", databaseReturns);
    return figures;
  }

  private static void percentiles(Map<String, Double> figures, String name, List<Double> values) {
    if (!values.isEmpty()) {
      List<Double> sorted = values.stream().sorted().toList();
      figures.put(name + "_p50", sorted.get((sorted.size() - 1) / 2));
      figures.put(name + "_p95", sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1));
    }
  }

  /** @param rounds one kill each; every sort of fault equally often */
  void run(int rounds) throws IOException, InterruptedException, SQLException {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      faults.add(Fault.values()[i % Fault.values().length]);
    }
    Collections.shuffle(faults, random);
    Arrays.stream(Fault.values()).forEach(fault -> counts.put(fault.figure(), 0.0));
    counts.put("kills", (double) rounds);
    try (server; clients) {
      begin();
      for (int round = 0; round < rounds && violations.isEmpty(); round++) {
        round(round + 1, faults.get(round));
      }
      settleOutbox();
    }
  }

  private void begin() throws IOException, InterruptedException {
    server.start();
    new DemoCity(server.base(), new SmallCity(), line -> {}).load(server.firstPasswords());
    Map<String, String> sessions = new HashMap<>();
    for (String login : ClientsUnderTest.logins()) {
      Caller person = new Caller(server.base(), login, DemoCity.PASSWORD, null);
      person.signIn();
      sessions.put(login, person.session());
    }
    reader = new Caller(server.base(), "shift", DemoCity.PASSWORD, sessions.get("shift"));
    Caller admin = new Caller(server.base(), "admin", DemoCity.PASSWORD, null);
    long unit = 0;
    for (JsonNode u : admin.get("/api/units").body()) {
      if (u.path("code").asString().equals("YZ-ADMIN")) {
        unit = u.path("id").asLong();
      }
    }
    Files.write(folder.resolve(Clients.PLAN),
        Caller.JSON.writeValueAsBytes(Map.of("base", server.base().toString(), "sessions", sessions, "unit", unit)));
    clients.start();
  }

  private void round(int number, Fault fault) throws IOException, InterruptedException, SQLException {
    clients.go();
    work(SHORTEST_WORK_MILLIS, LONGEST_WORK_MILLIS);
    long from = System.nanoTime();
    switch (fault) {
      case SERVER -> {
        server.kill9();
        restart();
      }
      case POSTMASTER -> {
        long killed = server.killPostmaster();
        awaitDatabase(killed, from);
      }
      case BOTH -> {
        server.kill9();
        server.killPostmaster();
        restart();
      }
      case CLIENT -> {
        clients.kill9();
        clients.start();
        clients.go();
      }
      case BACKEND -> {
        server.killBackend(random);
        awaitDatabase(0, from);
      }
    }
    counts.merge(fault.figure(), 1.0, Double::sum);
    work(100, 500);
    JsonNode counted = clients.pause();
    List<Invariants.Violation> found = settled();
    List<String> unexpected = Journal.unexpected(folder.resolve(Clients.JOURNAL));
    unexpected.stream().limit(20).forEach(words -> violations.add(new Invariants.Violation(Invariants.Kind.WRONG_ANSWERS, words)));
    violations.addAll(found);
    progress.accept("round %d %s %s: %d acknowledged, %d violations; since the clients' start %s".formatted(number, fault,
        Duration.ofNanos(System.nanoTime() - from).truncatedTo(java.time.temporal.ChronoUnit.MILLIS), invariants.answersChecked(), violations.size(), counted));
  }

  private void work(int atLeastMillis, int atMostMillis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(atLeastMillis, atMostMillis));
  }

  private void restart() throws IOException, InterruptedException {
    long from = System.nanoTime();
    server.start();
    awaitReads(from);
    restarts.add((System.nanoTime() - from) / 1e9);
  }

  /** The server brings the database back; nobody helps it. */
  private void awaitDatabase(long killedPostmaster, long from) throws IOException, InterruptedException {
    while (killedPostmaster != 0 && (server.postmaster().isEmpty() || server.postmaster().getAsLong() == killedPostmaster)) {
      refuseLongerThan(from);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    awaitReads(from);
    databaseReturns.add((System.nanoTime() - from) / 1e9);
  }

  private void awaitReads(long from) throws IOException, InterruptedException {
    while (true) {
      Caller.Answer answer = reader.get("/api/cases?limit=1");
      if (answer.done()) {
        return;
      }
      if (!answer.honestlyUnavailable()) {
        violations.add(new Invariants.Violation(Invariants.Kind.WRONG_ANSWERS, "a read answered " + answer.status() + " " + answer.body()));
        return;
      }
      refuseLongerThan(from);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void refuseLongerThan(long from) {
    if (!server.runs()) {
      throw new IllegalStateException("the server ended");
    }
    if (System.nanoTime() - from > BACK.toNanos()) {
      throw new IllegalStateException("not back after " + BACK);
    }
  }

  /** Files that a kill left behind are swept up soon after the start; what remains then is a violation. */
  private List<Invariants.Violation> settled() throws IOException, InterruptedException, SQLException {
    long deadline = System.nanoTime() + SWEPT.toNanos();
    while (true) {
      List<Invariants.Violation> found = invariants.check(reader, random);
      if (found.stream().noneMatch(v -> v.kind() == Invariants.Kind.ORPHAN_FILES) || System.nanoTime() > deadline) {
        return found;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private void settleOutbox() throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + OUTBOX_EMPTY.toNanos();
    long left;
    while ((left = invariants.outbox()) > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    if (left > 0) {
      violations.add(new Invariants.Violation(Invariants.Kind.OUTBOX_LEFT, left + " events are still in the outbox after " + OUTBOX_EMPTY));
    }
  }
}
