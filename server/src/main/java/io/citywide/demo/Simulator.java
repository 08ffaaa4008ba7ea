package io.citywide.demo;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Brings the demo city to life as its people would, over HTTP alone: citizens, a hotline and collectors report, the
 * accounts of {@link DemoCity} work the cases from acceptance to evaluation, some of them badly. It keeps nothing: stop
 * it and start it again, and it goes on with what it finds. A refusal is told once and then passed over.
 */
public final class Simulator implements Runnable, AutoCloseable {

  /**
   * How lively the city is.
   *
   * @param every time from one report to the next, above zero
   * @param maxOpen no new report while so many cases are open, 1 or more
   * @param past cases of the last months that are there from the beginning, 0 or more
   * @param seed of all chance
   */
  public record Pace(Duration every, int maxOpen, int past, long seed) {

    /** A calm city: a report every six seconds, 400 open cases, 300 past ones. */
    public static final Pace CALM = new Pace(Duration.ofSeconds(6), 400, 300, 20261122);

    public Pace {
      if (!every.isPositive()) {
        throw new IllegalArgumentException("every must be above zero, was " + every);
      }
      if (maxOpen < 1 || past < 0) {
        throw new IllegalArgumentException("maxOpen must be at least 1 and past at least 0, were " + maxOpen + " and " + past);
      }
    }
  }

  /** Below so many open cases a new city comes to life quickly. */
  private static final int WARM = 60;

  /** Who looks at warnings in the centre. */
  private static final List<String> CENTRE = List.of("acceptor", "shift", "dispatcher");

  private static final Duration WARMING = Duration.ofMillis(200);

  private final Pace pace;
  private final Random random;
  private final SignedIn accounts;
  private final Refusals refusals = new Refusals();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Roads.Point> walking = new HashMap<>();
  private Roads roads;
  private Reporters reporters;
  private CaseWorkers workers;
  private boolean pastThere;
  private long open;

  /** @param base address of a server on which {@link DemoCity} was loaded */
  public Simulator(URI base, Pace pace) {
    this.pace = pace;
    this.random = new Random(pace.seed());
    this.accounts = new SignedIn(base);
  }

  /** Lives until it is closed. */
  @Override
  public void run() {
    while (!pause(open < Math.min(WARM, pace.maxOpen() / 4) ? WARMING : pace.every())) {
      try {
        live();
      } catch (UncheckedIOException e) {
        refusals.tell("away", "the simulator waits for the server: " + e.getMessage());
        pause(Duration.ofSeconds(5));
      } catch (RuntimeException e) {
        refusals.tell("fault " + e, "the simulator left something out: " + e);
        pause(Duration.ofSeconds(2));
      }
    }
  }

  /** Ends {@link #run} within the request under way. */
  @Override
  public void close() {
    closed.countDown();
  }

  /** One moment: perhaps a report, and some work at every desk. */
  public void live() {
    prepare();
    open = count("leader", "all");
    if (open < pace.maxOpen()) {
      refusals.attempt("report", reporters::report);
    }
    workers.work();
    refusals.attempt("duty", this::patrol);
    refusals.attempt("warning", this::watch);
    if (random.nextInt(25) == 0) {
      refusals.attempt("overdue", workers::press);
    }
    if (random.nextInt(6) == 0) {
      refusals.attempt("rating", reporters::rate);
    }
  }

  /** Somebody goes on duty or on the way: a minute's walk at most from where they were. */
  private void patrol() {
    List<String> walkers = new ArrayList<>(accounts.handlers());
    walkers.addAll(List.of("collector", "verifier"));
    String login = walkers.get(random.nextInt(walkers.size()));
    ApiClient phone = accounts.person(login);
    Roads.Point before = walking.get(login);
    Roads.Point at = before == null ? roads.point(random)
        : new Roads.Point(before.road(), before.lon() + Roads.degreesEast(random.nextDouble() * 120 - 60, before.lat()), before.lat() + Roads.degreesNorth(random.nextDouble() * 120 - 60));
    Map<String, Object> position = Map.of("lon", at.lon(), "lat", at.lat(), "accuracy", 5 + random.nextInt(20));
    try {
      phone.post("/api/duty/" + (before == null ? "start" : "position"), position);
    } catch (Refusal e) {
      if (e.status() != 409 && e.status() != 429) {
        throw e;
      }
      // On duty since before a restart, off it by now, or quicker than a phone may be: the next time will do.
      if (before != null && e.status() == 409) {
        walking.remove(login);
        return;
      }
    }
    walking.put(login, at);
  }

  /** Somebody on duty looks at the warnings: one in three times at the centre, else outside. */
  private void watch() {
    List<String> outside = accounts.handlers().stream().filter(walking::containsKey).toList();
    String login = outside.isEmpty() || random.nextInt(3) == 0 ? Stories.one(CENTRE, random) : Stories.one(outside, random);
    Watchkeepers.look(accounts.person(login), Instant.now());
  }

  /** What it was refused so far. */
  Set<String> complaints() {
    return refusals.complaints();
  }

  private boolean pause(Duration time) {
    try {
      return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Once: where things can happen, the past. */
  private void prepare() {
    if (roads == null) {
      roads = Roads.read(accounts.citizen(), accounts.person("collector"));
      reporters = new Reporters(accounts, roads, random);
      workers = new CaseWorkers(accounts, roads, random, refusals);
    }
    if (!pastThere) {
      new PastCases(roads, pace).send(accounts.hotline(), accounts.person("collector"));
      pastThere = true;
    }
  }

  private long count(String login, String queue) {
    for (JsonNode q : accounts.person(login).get("/api/cases/queues")) {
      if (q.path("queue").asString().equals(queue)) {
        return q.path("count").asLong();
      }
    }
    return 0;
  }
}
