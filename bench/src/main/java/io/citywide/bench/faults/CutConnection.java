package io.citywide.bench.faults;

import io.citywide.platform.internal.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A server whose PostgreSQL is on another machine, as far as it can tell: the cable between them is pulled while people
 * work. Everybody gets an honest answer within a bounded time, and nothing is done twice, although what was under way
 * arrives late.
 */
final class CutConnection {

  /** {@code citywide.database.answer-within} of this server: 5 s for a statement, 5 s more for a connection, 5 s to get another. */
  private static final String WITHIN = "5s";

  private static final double LONGEST_ANSWER_SECONDS = 20;

  private CutConnection() {}

  /** What else is done to the server whose database is elsewhere. */
  interface More {
    void on(Ground ground) throws Exception;
  }

  /**
   * Brings back a backup, holds it against the journal of its beginning, and cuts it off.
   *
   * @param folder for the clients
   * @param home for the database and the server's data
   * @param seconds how long the cable is out at least; longer where nobody has been refused by then
   * @param more done afterwards
   */
  static void run(Path folder, Path home, List<String> java, Ground before, Path backup, Path journal, int seconds, More more, Findings findings) throws Exception {
    Files.createDirectories(folder);
    Path database = home.resolve("database");
    new BackupDrill(before, findings).restore(folder.resolve("restore.out"), backup, database);
    Path data = Files.createDirectories(home.resolve("data"));
    for (String part : List.of("evidence", "keys")) {
      if (Files.exists(database.resolve(part))) {
        Files.move(database.resolve(part), data.resolve(part));
      }
    }
    Files.writeString(data.resolve("citywide.yaml"), "citywide.database.answer-within: " + WITHIN + "\ncitywide.space.least-free: 0B\n");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(database); CuttingProxy proxy = new CuttingProxy(port(postgres))) {
      ServerUnderTest server = new ServerUnderTest(java, data, "--db-url", "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + EmbeddedPostgres.DATABASE)
          .with("CITYWIDE_DATABASE_OWNER_USER", postgres.owner().user()).with("CITYWIDE_DATABASE_OWNER_PASSWORD", postgres.owner().password())
          .with("CITYWIDE_DATABASE_APP_USER", postgres.app().user()).with("CITYWIDE_DATABASE_APP_PASSWORD", postgres.app().password());
      try (Ground ground = new Ground(folder.resolve("work"), java, server, database, before.staff, findings)) {
        ground.resume(before, journal);
        ground.settle(new Random(2));
        findings.figure("restored_acknowledged", ground.invariants.answersChecked());
        pull(ground, proxy, seconds, findings);
        more.on(ground);
        ground.verifyLedger();
      }
    }
  }

  private static void pull(Ground ground, CuttingProxy proxy, int seconds, Findings findings) throws Exception {
    ground.clients.go();
    TimeUnit.SECONDS.sleep(2);
    proxy.cut();
    ask(ground, seconds, findings);
    proxy.mend();
    long from = System.nanoTime();
    ground.awaitReads(from);
    ground.await(from, () -> ground.person("collector").upload(Clients.photo(14, 1_000_000, Act.PHOTO)), "a photo");
    findings.figure("cut_recovery_seconds", (System.nanoTime() - from) / 1e9);
    TimeUnit.SECONDS.sleep(2);
    ground.settle(new Random(5));
    findings.say("cut connection: back after %.1f s; %d violations".formatted((System.nanoTime() - from) / 1e9, findings.violations().size()));
  }

  /** Reads from several sides while the cable is out; each answer is a refusal in words, and comes in time. */
  private static void ask(Ground ground, int seconds, Findings findings) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long latest = end + TimeUnit.SECONDS.toNanos((long) LONGEST_ANSWER_SECONDS);
    AtomicBoolean refused = new AtomicBoolean();
    List<Thread> people = Stream.of("shift", "verifier", "dispatcher", "acceptor").map(login -> Thread.ofVirtual().start(() -> {
      Caller person = ground.person(login);
      while (System.nanoTime() < (refused.get() ? end : latest)) {
        long asked = System.nanoTime();
        try {
          Caller.Answer answer = person.get("/api/cases?limit=1");
          double took = (System.nanoTime() - asked) / 1e9;
          findings.sample("cut_answer_seconds", took);
          if (answer.honestlyUnavailable()) {
            findings.count("cut_refused", 1);
            refused.set(true);
          } else if (!answer.done()) {
            findings.violation(Invariants.Kind.WRONG_ANSWERS, "without its database a read answered " + answer.status() + " " + answer.body());
          }
          if (took > LONGEST_ANSWER_SECONDS) {
            findings.violation(Invariants.Kind.WRONG_ANSWERS, "without its database a read was answered after " + took + " s");
          }
          TimeUnit.MILLISECONDS.sleep(200);
        } catch (IOException noAnswer) {
          findings.violation(Invariants.Kind.WRONG_ANSWERS, "without its database the server did not answer at all: " + noAnswer);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    })).toList();
    for (Thread person : people) {
      person.join();
    }
    if (!refused.get()) {
      findings.violation(Invariants.Kind.WRONG_ANSWERS, "without its database nobody was refused");
    }
    long left = end - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }

  private static int port(EmbeddedPostgres postgres) {
    return java.net.URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
  }
}
