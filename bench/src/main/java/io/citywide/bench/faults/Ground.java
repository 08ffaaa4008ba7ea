package io.citywide.bench.faults;

import io.citywide.demo.DemoCity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A server with a small city, the clients that work on it, and what must hold there. */
final class Ground implements AutoCloseable {

  private static final Duration BACK = Duration.ofSeconds(90);
  private static final Duration OUTBOX_EMPTY = Duration.ofMinutes(3);
  private static final Duration SWEPT = Duration.ofSeconds(20);

  final Path folder;
  final ServerUnderTest server;
  final ClientsUnderTest clients;
  final Invariants invariants;
  final Staff staff;
  private final List<String> java;
  private final Findings findings;
  private final Path database;
  private int unexpectedSeen;
  private Map<String, String> sessions = new HashMap<>();
  private long unit;
  private Caller reader;

  /**
   * @param folder for journal and plan of the clients
   * @param java as of {@link Launch}
   * @param database data folder of the embedded PostgreSQL that is asked behind the server's back
   */
  Ground(Path folder, List<String> java, ServerUnderTest server, Path database, Staff staff, Findings findings) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.java = java;
    this.server = server;
    this.findings = findings;
    this.database = database;
    this.staff = staff;
    clients = new ClientsUnderTest(folder, staff);
    invariants = new Invariants(server.data(), database, journal());
  }

  static Ground fresh(Path folder, List<String> java, Staff staff, Findings findings) throws IOException {
    Files.createDirectories(folder);
    Path data = folder.resolve("data");
    return new Ground(folder, java, new ServerUnderTest(java, data), data, staff, findings);
  }

  Path journal() {
    return folder.resolve(Clients.JOURNAL);
  }

  /** A person who sees every case. */
  Caller reader() {
    return reader;
  }

  Caller person(String login) {
    return new Caller(server.base(), login, DemoCity.PASSWORD, sessions.get(login));
  }

  /** Starts the server on an empty folder, loads the city, and has the clients ready. */
  void begin() throws IOException, InterruptedException {
    server.start();
    new DemoCity(server.base(), new SmallCity(), line -> {}).load(server.firstPasswords());
    for (String login : ClientsUnderTest.logins()) {
      Caller person = new Caller(server.base(), login, DemoCity.PASSWORD, null);
      person.signIn();
      sessions.put(login, person.session());
    }
    Caller admin = new Caller(server.base(), "admin", DemoCity.PASSWORD, null);
    for (JsonNode u : admin.get("/api/units").body()) {
      if (u.path("code").asString().equals("YZ-ADMIN")) {
        unit = u.path("id").asLong();
      }
    }
    ready();
  }

  /** Goes on where another ground was: same people, same journal, on a copy of its data. */
  void resume(Ground before, Path journal) throws IOException, InterruptedException {
    Files.copy(journal, journal(), StandardCopyOption.REPLACE_EXISTING);
    sessions = before.sessions;
    unit = before.unit;
    server.start();
    ready();
  }

  private void ready() throws IOException, InterruptedException {
    reader = person("shift");
    Files.write(folder.resolve(Clients.PLAN),
        Caller.JSON.writeValueAsBytes(Map.of("base", server.base().toString(), "sessions", sessions, "unit", unit)));
    clients.start();
  }

  /** Runs a command of the command line in a process of its own; what it said, last line last. */
  Process command(Path output, String... words) throws IOException {
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  /** As {@link #command}, to its end; its code is 0. */
  String run(Path output, String... words) throws IOException, InterruptedException {
    Process process = command(output, words);
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IllegalStateException(String.join(" ", words) + " takes more than ten minutes");
    }
    String said = Files.readString(output);
    if (process.exitValue() != 0) {
      throw new IllegalStateException(String.join(" ", words) + " ended with " + process.exitValue() + ": " + said);
    }
    return said;
  }

  /** Returns when the server answers a read; everything else it says meanwhile must be an honest refusal. */
  void awaitReads(long from) throws InterruptedException {
    await(from, () -> reader.get("/api/cases?limit=1"), "a read");
  }

  /** Something that asks the server. */
  interface Ask {
    Caller.Answer ask() throws IOException, InterruptedException;
  }

  void await(long from, Ask ask, String what) throws InterruptedException {
    while (true) {
      try {
        Caller.Answer answer = ask.ask();
        if (answer.done()) {
          return;
        }
        if (!answer.honestlyUnavailable()) {
          findings.violation(Invariants.Kind.WRONG_ANSWERS, what + " answered " + answer.status() + " " + answer.body());
          return;
        }
      } catch (IOException noAnswer) {
        // Not yet.
      }
      refuseLongerThan(from);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  void refuseLongerThan(long from) {
    if (!server.runs()) {
      throw new IllegalStateException("the server ended; see " + server.data().resolve("log"));
    }
    if (System.nanoTime() - from > BACK.toNanos()) {
      throw new IllegalStateException("not back after " + BACK);
    }
  }

  /** Everything at rest and held against the tables. Files that a kill left behind are swept up soon after the start. */
  JsonNode settle(Random random) throws IOException, InterruptedException, SQLException {
    JsonNode counted = clients.pause();
    long deadline = System.nanoTime() + SWEPT.toNanos();
    List<Invariants.Violation> found = invariants.check(reader, random);
    while (found.stream().anyMatch(v -> v.kind() == Invariants.Kind.ORPHAN_FILES) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
      found = invariants.check(reader, random);
    }
    findings.violations(found);
    List<String> unexpected = Journal.unexpected(journal());
    unexpected.subList(Math.min(unexpectedSeen, unexpected.size()), unexpected.size()).stream().limit(20)
        .forEach(words -> findings.violation(Invariants.Kind.WRONG_ANSWERS, words));
    unexpectedSeen = unexpected.size();
    return counted;
  }

  /** What {@code ./citywide ledger verify} says of the database, at work or at rest. */
  void verifyLedger() throws IOException, InterruptedException {
    Path output = folder.resolve("ledger.out");
    Process process = command(output, "ledger", "verify", "--data", database.toString());
    boolean ended = process.waitFor(5, TimeUnit.MINUTES);
    process.destroyForcibly();
    if (!ended || process.exitValue() != 0) {
      findings.violation(Invariants.Kind.LEDGER_FAULTS, Files.readString(output));
    }
    findings.count("ledger_verifications", 1);
  }

  /** Every event was taken by its listener, after a kill by handing it over again. */
  void emptyOutbox() throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + OUTBOX_EMPTY.toNanos();
    long left;
    while ((left = invariants.outbox()) > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
    }
    if (left > 0) {
      findings.violation(Invariants.Kind.OUTBOX_LEFT, left + " events are still in the outbox after " + OUTBOX_EMPTY);
    }
  }

  @Override
  public void close() throws InterruptedException {
    clients.close();
    server.close();
  }
}
