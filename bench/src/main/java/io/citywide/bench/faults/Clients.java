package io.citywide.bench.faults;

import io.citywide.demo.DemoCity;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.imageio.ImageIO;
import tools.jackson.databind.JsonNode;

/**
 * People at work, in a process of their own: each worker takes one problem after the other from the photo to the closed
 * case, and repeats what was not acknowledged until it is. Listens on standard input: {@code go}, {@code pause}
 * (answers {@code paused} when every act under way has been acknowledged), {@code end}. Started again after a kill, it
 * goes on where its journal ends.
 */
final class Clients {

  static final String JOURNAL = "journal.jsonl";
  static final String PLAN = "clients.json";

  /** How long a case may wait for the matrix before the dispatcher loses patience. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final String MANUAL_KIND = "gb47678.5-M04001";
  private static final String AUTOMATIC_KIND = "gb47678.5-M07001";

  private final Journal journal;
  private final int restMillis;
  private final Map<String, Caller> people = new HashMap<>();
  private final long unit;
  private final ReentrantLock gate = new ReentrantLock();
  private final Condition changed = gate.newCondition();
  private final Map<String, AtomicLong> counts = new TreeMap<>();
  private boolean going; // guarded by gate
  private boolean ended; // guarded by gate
  private int atWork; // guarded by gate

  private Clients(JsonNode plan, Journal journal, int restMillis) {
    this.journal = journal;
    this.restMillis = restMillis;
    URI base = URI.create(plan.path("base").asString());
    plan.path("sessions").forEachEntry((login, session) -> people.put(login, new Caller(base, login, DemoCity.PASSWORD, session.asString())));
    unit = plan.path("unit").asLong();
    for (String count : List.of("done", "unavailable", "no_answer", "found_done")) {
      counts.put(count, new AtomicLong());
    }
  }

  /** {@code <folder> <workers> <milliseconds of rest between two acts>} */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[0]);
    JsonNode plan = Caller.JSON.readTree(Files.readAllBytes(folder.resolve(PLAN)));
    List<Journal.Entry> before = Journal.acknowledged(folder.resolve(JOURNAL));
    try (Journal journal = new Journal(folder.resolve(JOURNAL))) {
      new Clients(plan, journal, Integer.parseInt(args[2])).run(Integer.parseInt(args[1]), before);
    }
  }

  private void run(int workers, List<Journal.Entry> before) throws IOException, InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int w = 0; w < workers; w++) {
      int worker = w;
      Journal.Entry last = before.stream().filter(e -> e.worker() == worker).reduce((a, b) -> b).orElse(null);
      threads.add(Thread.ofVirtual().start(() -> work(worker, last)));
    }
    System.out.println("ready");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = in.readLine()) != null && !line.equals("end"); ) {
      switch (line) {
        case "go" -> set(true);
        case "pause" -> {
          set(false);
          awaitRest();
          System.out.println("paused " + Caller.JSON.writeValueAsString(counts));
        }
        default -> throw new IllegalArgumentException("what is '" + line + "'?");
      }
    }
    gate.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      gate.unlock();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void set(boolean go) {
    gate.lock();
    try {
      going = go;
      changed.signalAll();
    } finally {
      gate.unlock();
    }
  }

  private void awaitRest() throws InterruptedException {
    gate.lock();
    try {
      while (atWork > 0) {
        changed.await();
      }
    } finally {
      gate.unlock();
    }
  }

  /** False at the end. */
  private boolean enter() throws InterruptedException {
    gate.lock();
    try {
      while (!going && !ended) {
        changed.await();
      }
      if (ended) {
        return false;
      }
      atWork++;
      return true;
    } finally {
      gate.unlock();
    }
  }

  private void leave() {
    gate.lock();
    try {
      atWork--;
      changed.signalAll();
    } finally {
      gate.unlock();
    }
  }

  private void work(int worker, Journal.Entry last) {
    Journal.Entry now = last == null ? new Journal.Entry(worker, 0, Act.PHOTO, 0, 0, 0, null, null) : next(last);
    try {
      while (enter()) {
        try {
          Journal.Entry done = insist(now);
          journal.acknowledged(done);
          counts.get("done").incrementAndGet();
          now = next(done);
        } finally {
          leave();
        }
        TimeUnit.MILLISECONDS.sleep(restMillis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      try {
        journal.unexpected("worker " + worker + " gave up at " + now + ": " + e);
      } catch (IOException lost) {
        e.addSuppressed(lost);
      }
      System.err.println("worker " + worker + ": " + e);
    }
  }

  private static Journal.Entry next(Journal.Entry e) {
    Act[] all = Act.values();
    int following = e.act().ordinal() + 1;
    if (following == all.length) {
      return new Journal.Entry(e.worker(), e.life() + 1, Act.PHOTO, 0, 0, 0, null, null);
    }
    if (all[following] == Act.REPORT_AGAIN && !Act.again(e.life())) {
      following++;
    }
    return new Journal.Entry(e.worker(), e.life(), all[following], e.caseId(), e.signalId(), e.version(), e.sha(), e.shaAfter());
  }

  /** Repeats an act until it is acknowledged; an answer that must not be is noted and then repeated too. */
  private Journal.Entry insist(Journal.Entry wanted) throws InterruptedException, IOException {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    Journal.Entry now = wanted;
    for (int attempt = 0; ; attempt++) {
      try {
        if (now.act() == Act.DISPATCH && Act.automatic(now.life()) && System.nanoTime() < patience) {
          JsonNode file = detail(now);
          if (file != null && !file.path("stage").asString().equals("FILED")) {
            return at(now, file.path("version").asLong());
          }
          pause(attempt);
          continue;
        }
        Caller.Answer answer = ask(now);
        if (answer.done()) {
          return acknowledged(now, answer.body());
        }
        if (answer.honestlyUnavailable()) {
          counts.get("unavailable").incrementAndGet();
        } else if (now.act().step() && (answer.status() == 409 || answer.status() == 422)) {
          // Taken before, by an attempt whose answer or journal line got lost; or another has taken a step meanwhile.
          JsonNode file = detail(now);
          if (file != null) {
            if (taken(now, file)) {
              counts.get("found_done").incrementAndGet();
              return at(now, file.path("version").asLong());
            }
            if (answer.status() == 422) {
              journal.unexpected(now.act() + " answered 422 " + answer.body());
            }
            now = at(now, file.path("version").asLong());
          }
        } else {
          journal.unexpected(now.act() + " answered " + answer.status() + " " + answer.body());
        }
      } catch (IOException noAnswer) {
        counts.get("no_answer").incrementAndGet();
      }
      pause(attempt);
    }
  }

  private static Journal.Entry at(Journal.Entry e, long version) {
    return new Journal.Entry(e.worker(), e.life(), e.act(), e.caseId(), e.signalId(), version, e.sha(), e.shaAfter());
  }

  private static void pause(int attempt) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.min(400, 25L << Math.min(4, attempt)));
  }

  /** {@code null} where it cannot be had at the moment. */
  private JsonNode detail(Journal.Entry e) throws IOException, InterruptedException {
    Caller.Answer answer = people.get("shift").get("/api/cases/" + e.caseId());
    if (!answer.done() && !answer.honestlyUnavailable()) {
      journal.unexpected("case " + e.caseId() + " answered " + answer.status() + " " + answer.body());
    }
    return answer.done() ? answer.body() : null;
  }

  private static boolean taken(Journal.Entry e, JsonNode file) {
    for (JsonNode step : file.path("steps")) {
      if (step.path("action").asString().equals(e.act().name())
          && (e.act() == Act.DISPATCH || e.act().token(e.worker(), e.life()).equals(step.path("opinion").asString()))) {
        return true;
      }
    }
    return false;
  }

  private Caller.Answer ask(Journal.Entry e) throws IOException, InterruptedException {
    Caller who = people.get(e.act().login());
    return switch (e.act()) {
      case PHOTO, PHOTO_AFTER -> who.upload(photo(e.worker(), e.life(), e.act()));
      case REPORT, REPORT_AGAIN -> {
        String token = e.act().token(e.worker(), e.life());
        double aside = e.act() == Act.REPORT ? 0 : 0.00005; // 5 m
        yield who.post("/api/signals", Map.of("kindId", Act.automatic(e.life()) ? AUTOMATIC_KIND : MANUAL_KIND, "title", "反映 " + token,
            "description", token, "lon", SmallCity.longitude(e.worker()) + aside, "lat", SmallCity.latitude(), "media", List.of(e.sha()),
            "sourceRef", token), Map.of("Idempotency-Key", token));
      }
      case ACCEPT, FILE, DISPATCH, DISPOSE, CHECK, CLOSE ->
          who.post("/api/cases/" + e.caseId() + "/steps", e.act().body(e.worker(), e.life(), e.version(), unit, e.shaAfter()), Map.of());
    };
  }

  private Journal.Entry acknowledged(Journal.Entry e, JsonNode body) throws IOException {
    return switch (e.act()) {
      case PHOTO -> new Journal.Entry(e.worker(), e.life(), e.act(), 0, 0, 0, body.path("sha256").asString(), null);
      case PHOTO_AFTER -> new Journal.Entry(e.worker(), e.life(), e.act(), e.caseId(), e.signalId(), e.version(), e.sha(), body.path("sha256").asString());
      case REPORT -> new Journal.Entry(e.worker(), e.life(), e.act(), body.path("caseId").asLong(), body.path("signalId").asLong(), 1, e.sha(), null);
      case REPORT_AGAIN -> {
        if (body.path("caseId").asLong() != e.caseId()) {
          journal.unexpected(e.act().token(e.worker(), e.life()) + " did not join case " + e.caseId() + ": " + body);
        }
        yield new Journal.Entry(e.worker(), e.life(), e.act(), e.caseId(), body.path("signalId").asLong(), e.version() + 1, e.sha(), null);
      }
      case ACCEPT, FILE, DISPATCH, DISPOSE, CHECK, CLOSE -> at(e, body.path("version").asLong());
    };
  }

  /** A JPEG of some kilobytes; the same for the same act, another for every other. */
  static byte[] photo(int worker, int life, Act act) throws IOException {
    Random random = new Random((worker * 1_000_003L + life) * 31 + act.ordinal());
    var image = new BufferedImage(160, 120, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 120; y += 4) {
      for (int x = 0; x < 160; x += 4) {
        int colour = random.nextInt();
        for (int d = 0; d < 16; d++) {
          image.setRGB(x + d % 4, y + d / 4, colour);
        }
      }
    }
    var out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    return out.toByteArray();
  }
}
