package io.citywide.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;

/**
 * Rounds of work, kill and recovery. In each, the clients work for a random while, something is killed, what was killed
 * comes back (a postmaster by the server's own doing), the clients repeat what was not acknowledged, and everything is
 * held against {@link Invariants}. Meanwhile an administrator imports the areas again and again and an evaluator draws
 * reports, so that a kill meets those too.
 */
final class KillLoop {

  private static final int SHORTEST_WORK_MILLIS = 200;
  private static final int LONGEST_WORK_MILLIS = 2_000;
  private static final int LEDGER_EVERY = 5;
  private static final int IMPORTED_ROWS = 3_000;
  private static final int OFFICE_MILLIS = 300;

  private final Ground ground;
  private final Findings findings;
  private final Random random;
  private final AtomicBoolean office = new AtomicBoolean();

  KillLoop(Ground ground, long seed, Findings findings) {
    this.ground = ground;
    this.findings = findings;
    this.random = new Random(seed);
  }

  /** @param rounds one kill each; every sort of fault equally often. Ends early where something did not hold */
  void run(int rounds) throws IOException, InterruptedException, SQLException {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      faults.add(Fault.values()[i % Fault.values().length]);
    }
    Collections.shuffle(faults, random);
    for (Fault fault : Fault.values()) {
      findings.figure(fault.figure(), 0);
    }
    findings.figure("kills", 0);
    secondServer();
    office.set(true);
    Thread areas = Thread.ofVirtual().start(() -> office("admin", "PUT", "/api/areas", new SmallCity().areas()));
    Thread reports = Thread.ofVirtual().start(() -> office("evaluator", "GET", "/api/evaluation.xlsx?object=unit&period=month", null));
    for (int round = 1; round <= rounds && findings.violations().isEmpty(); round++) {
      round(round, rounds, faults.get(round - 1));
    }
    office.set(false);
    areas.join();
    reports.join();
    ground.emptyOutbox();
    ground.verifyLedger();
    findings.figure("acknowledged", ground.invariants.answersChecked());
  }

  private void round(int number, int rounds, Fault fault) throws IOException, InterruptedException, SQLException {
    ground.clients.go();
    if (fault != Fault.IMPORT) {
      work(SHORTEST_WORK_MILLIS, LONGEST_WORK_MILLIS);
    }
    long from = System.nanoTime();
    strike(fault, number, from);
    findings.count(fault.figure(), 1);
    findings.count("kills", 1);
    work(100, 500);
    JsonNode counted = ground.settle(random);
    areasAreWhole();
    if (number % LEDGER_EVERY == 0 && number + 1 < rounds) { // soon after comes the last
      ground.verifyLedger();
    }
    findings.say("round %d %s %s: %d acknowledged, %d violations; since the clients' start %s".formatted(number, fault,
        Duration.ofMillis((System.nanoTime() - from) / 1_000_000), ground.invariants.answersChecked(), findings.violations().size(), counted));
  }

  private void strike(Fault fault, int number, long from) throws IOException, InterruptedException, SQLException {
    ServerUnderTest server = ground.server;
    switch (fault) {
      case SERVER -> {
        server.kill9();
        restart();
      }
      case POSTMASTER -> awaitDatabase(server.killPostmaster(), from);
      case BOTH -> {
        server.kill9();
        server.killPostmaster();
        restart();
      }
      case CLIENT -> {
        ground.clients.kill9();
        ground.clients.start();
        ground.clients.go();
      }
      case BACKEND -> {
        server.killBackend(random);
        awaitDatabase(0, from);
      }
      case IMPORT -> importReports(number);
    }
  }

  private void work(int atLeastMillis, int atMostMillis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(atLeastMillis, atMostMillis));
  }

  private void restart() throws IOException, InterruptedException {
    long from = System.nanoTime();
    ground.server.start();
    ground.awaitReads(from);
    findings.sample("restart_seconds", (System.nanoTime() - from) / 1e9);
  }

  /** The server brings the database back; nobody helps it. */
  private void awaitDatabase(long killedPostmaster, long from) throws InterruptedException {
    while (killedPostmaster != 0 && (ground.server.postmaster().isEmpty() || ground.server.postmaster().getAsLong() == killedPostmaster)) {
      ground.refuseLongerThan(from);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    ground.awaitReads(from);
    findings.sample("database_back_seconds", (System.nanoTime() - from) / 1e9);
  }

  /** A file of reports: the import, the server or its database is killed, and the command is run again until it is through. */
  private void importReports(int number) throws IOException, InterruptedException, SQLException {
    String source = "faults" + number;
    Path file = ground.folder.resolve(source + ".csv");
    StringBuilder csv = new StringBuilder("id,kind,text,lon,lat,opened,closed,status\n");
    for (int i = 0; i < IMPORTED_ROWS; i++) {
      csv.append("%s-%d,Cleaning,street %d is dirty,%s,%s,2025-03-01 08:00:00,2025-03-02 09:30:00,Closed%n".formatted(source, i, i, SmallCity.longitude(i), SmallCity.latitude()));
    }
    Files.writeString(file, csv);
    Path mapping = ground.folder.resolve(source + ".yaml");
    Files.writeString(mapping, """
        source: %s
        channel: IMPORT
        timezone: Asia/Shanghai
        timeFormats: ["yyyy-MM-dd HH:mm:ss"]
        crs: WGS84
        history: true
        columns: {ref: id, title: text, description: [text], kind: kind, lon: lon, lat: lat, openedAt: opened, closedAt: closed, status: status}
        status: {Closed: CLOSED}
        kinds:
          values: {Cleaning: gb47678.5-M06012}
        """.formatted(source));
    String[] words = {"import", "reports", file.toString(), "--mapping", mapping.toString(), "--data", ground.server.data().toString(), "--quiet"};
    Path output = ground.folder.resolve(source + ".out");
    Process first = ground.command(output, words);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (first.isAlive() && imported(source) == 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    work(1, 400);
    long from = System.nanoTime();
    switch (random.nextInt(3)) {
      case 0 -> first.destroyForcibly();
      case 1 -> {
        ground.server.kill9();
        restart();
      }
      default -> awaitDatabase(ground.server.killPostmaster(), from);
    }
    if (!first.waitFor(3, TimeUnit.MINUTES)) {
      first.destroyForcibly();
      findings.violation(Invariants.Kind.WRONG_ANSWERS, "the import of " + source + " did not end within three minutes of the kill");
    }
    findings.count("imports_cut_off", imported(source) < IMPORTED_ROWS ? 1 : 0);
    ground.run(output, words);
    if (imported(source) != IMPORTED_ROWS) {
      findings.violation(imported(source) < IMPORTED_ROWS ? Invariants.Kind.ACKNOWLEDGED_LOST : Invariants.Kind.DONE_TWICE,
          imported(source) + " of " + IMPORTED_ROWS + " rows of " + source + " after the second import: " + Files.readString(output));
    }
    findings.count("imported_rows", IMPORTED_ROWS);
  }

  private long imported(String source) throws IOException, SQLException {
    try (var connection = ground.invariants.connect()) {
      return Long.parseLong(Invariants.rows(connection, "SELECT count(*) FROM intake_signal WHERE source_system = '" + source + "'").getFirst().getFirst());
    }
  }

  /** What goes on in the offices all the time; only honest refusals and no answer at all are expected beside success. */
  private void office(String login, String method, String path, String body) {
    Caller person = ground.person(login);
    while (office.get()) {
      try {
        Caller.Answer answer = person.send(method, path, body == null ? null : "application/json", body == null ? null : body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        if (answer.done()) {
          findings.count(method.equals("PUT") ? "area_imports" : "reports_drawn", 1);
        } else if (!answer.honestlyUnavailable()) {
          findings.violation(Invariants.Kind.WRONG_ANSWERS, method + " " + path + " answered " + answer.status() + " " + answer.body());
          return;
        }
        TimeUnit.MILLISECONDS.sleep(OFFICE_MILLIS + 10 * ground.staff.restMillis());
      } catch (IOException noAnswer) {
        // Killed just now.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void areasAreWhole() throws IOException, InterruptedException {
    int areas = ground.reader().get("/api/areas").body().size();
    if (areas != 4 + SmallCity.GRIDS) {
      findings.violation(Invariants.Kind.CASES_IN_TWO_STATES, "the city has " + areas + " areas, not " + (4 + SmallCity.GRIDS));
    }
  }

  /** On the same data folder: refused by name, and the first goes on. */
  private void secondServer() throws IOException, InterruptedException {
    Path output = ground.folder.resolve("second.out");
    Process second = ground.command(output, "serve", "--port", "0", "--data", ground.server.data().toString());
    boolean ended = second.waitFor(60, TimeUnit.SECONDS);
    second.destroyForcibly();
    String said = Files.readString(output);
    if (!ended || second.exitValue() != 1 || !said.contains("is in use by another Citywide") || !said.contains("pid " + ground.server.pid())) {
      findings.violation(Invariants.Kind.WRONG_ANSWERS, "a second server on the same data folder was not refused by name: " + said);
    }
    ground.awaitReads(System.nanoTime());
  }
}
