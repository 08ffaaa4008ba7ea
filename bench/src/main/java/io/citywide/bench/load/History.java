package io.citywide.bench.load;

import io.citywide.bench.load.Crew.Point;
import io.citywide.bench.load.Wire.Answer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Reports of a year with what became of them, taken over in bulk as from another system: 99 of 100 closed, the rest open since days. */
public final class History {

  private static final int BATCH = 1_000;
  private static final int DAYS = 365;
  private static final int CLIENTS = 2;

  private final Crew crew;
  private final Wire machine;
  private final String system;

  public History(Crew crew, Wire machine, String system) {
    this.crew = crew;
    this.machine = machine;
    this.system = system;
  }

  /**
   * Brings reports in, in batches of 1,000, two at a time.
   *
   * @param from number of the first
   * @param to number after the last
   * @return rows a second, from the first call to the last answer
   */
  public double load(int from, int to, IntConsumer progress) throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger(from);
    AtomicInteger done = new AtomicInteger();
    ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    long begun = System.nanoTime();
    Thread[] clients = new Thread[CLIENTS];
    for (int c = 0; c < CLIENTS; c++) {
      clients[c] = Thread.ofPlatform().start(() -> {
        for (int first = next.getAndAdd(BATCH); first < to && faults.isEmpty(); first = next.getAndAdd(BATCH)) {
          int last = Math.min(to, first + BATCH);
          Answer answer = machine.send("POST", "/api/signals:batch", "application/x-ndjson", rows(first, last, now).getBytes(java.nio.charset.StandardCharsets.UTF_8));
          if (!answer.done() || answer.json().path("accepted").asInt() + answer.json().path("duplicates").asInt() != last - first) {
            faults.add(answer.status() + " " + answer.text().substring(0, Math.min(400, answer.body().length)));
          }
          progress.accept(done.addAndGet(last - first));
        }
      });
    }
    for (Thread client : clients) {
      client.join();
    }
    if (!faults.isEmpty()) {
      throw new IOException("the import was refused: " + faults.peek());
    }
    return (to - from) / ((System.nanoTime() - begun) / 1e9);
  }

  private String rows(int from, int to, Instant now) {
    StringBuilder rows = new StringBuilder((to - from) * 500);
    for (int n = from; n < to; n++) {
      Random random = new Random(n * 31L);
      Point at = crew.point(random);
      boolean open = n % 100 == 0;
      Instant opened = now.minus(Duration.ofMinutes(open ? 60 + random.nextInt(10 * 24 * 60) : 3 * 24 * 60 + random.nextInt((DAYS - 3) * 24 * 60)));
      Instant target = opened.plus(Duration.ofHours(48));
      Instant closed = opened.plus(Duration.ofMinutes(30 + random.nextInt(70 * 60)));
      rows.append("{\"channel\":\"IMPORT\",\"sourceSystem\":\"").append(system).append("\",\"sourceRef\":\"h").append(n).append("\",\"kindId\":\"")
          .append(Crew.KINDS.get(random.nextInt(Crew.KINDS.size()))).append("\",\"title\":\"历史反映 ").append(n)
          .append("\",\"description\":\"市民来电反映第 ").append(n).append(" 件：路面有问题，影响通行，希望尽快处理，盼回复\",\"lon\":").append(at.lon()).append(",\"lat\":")
          .append(at.lat()).append(",\"address\":\"").append(random.nextInt(900) + 1).append(" 号\",\"occurredAt\":\"").append(opened)
          .append("\",\"history\":{\"openedAt\":\"").append(opened).append("\",\"targetAt\":\"").append(target).append("\",\"status\":\"")
          .append(open ? "OPEN" : "CLOSED").append('"');
      if (!open) {
        rows.append(",\"closedAt\":\"").append(closed).append("\",\"closure\":\"已处置\"");
      }
      rows.append("}}\n");
    }
    return rows.toString();
  }
}
