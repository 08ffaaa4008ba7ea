package io.citywide.bench.load;

import io.citywide.bench.load.Wire.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** As many life cycles as the server takes: each of a number of clients makes its next call when the last one is answered. */
final class SteadyLoad {

  /**
   * @param perSecond life cycles closed a second
   * @param calls times of all calls
   * @param joined reports that joined a case instead of opening one
   * @param serverMillis processor time of the server for a life cycle
   * @param databaseMillis that of the database
   * @param clientMillis that of the clients
   */
  record Result(double perSecond, Latencies calls, Latencies[] byCall, long joined, double serverMillis, double databaseMillis, double clientMillis) {}

  private SteadyLoad() {}

  /** @throws IOException at the first refusal: in a steady load there is none */
  static Result run(Crew crew, ServerProcess server, int clients, Duration time, long seed) throws IOException, InterruptedException {
    Latencies calls = new Latencies();
    Latencies[] byCall = new Latencies[Journey.CALLS];
    for (int i = 0; i < byCall.length; i++) {
      byCall[i] = new Latencies();
    }
    AtomicLong closed = new AtomicLong();
    AtomicLong joined = new AtomicLong();
    Queue<String> faults = new ConcurrentLinkedQueue<>();
    double[] before = server.processorSeconds();
    double clientBefore = clientSeconds();
    long begun = System.nanoTime();
    long until = begun + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int c = 0; c < clients; c++) {
      Random random = new Random(seed * 1_000 + c);
      threads.add(Thread.ofVirtual().start(() -> {
        while (System.nanoTime() < until && faults.isEmpty()) {
            Journey journey = new Journey(crew, random);
            while (!journey.over() && faults.isEmpty()) {
              int call = journey.acknowledged();
              Answer answer = journey.next();
              calls.add(answer.nanos());
              byCall[call].add(answer.nanos());
              if (!answer.done()) {
                faults.add("call " + (call + 1) + ": " + answer.status() + " " + answer.text());
              }
            }
            (journey.joined() ? joined : closed).incrementAndGet();
          }
      }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!faults.isEmpty()) {
      throw new IOException("a call was refused under steady load: " + faults.peek());
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    double[] after = server.processorSeconds();
    double n = closed.get();
    return new Result(n / seconds, calls, byCall, joined.get(), (after[0] - before[0]) * 1000 / n, (after[1] - before[1]) * 1000 / n,
        (clientSeconds() - clientBefore) * 1000 / n);
  }

  private static double clientSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(0.0);
  }
}
