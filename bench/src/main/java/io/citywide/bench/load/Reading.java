package io.citywide.bench.load;

import io.citywide.bench.load.Wire.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/** What people wait for on the screen: their queue, a case, the evaluation of a month. */
final class Reading {

  private static final int CALLS = 300;

  /** Milliseconds, the 95th of 100; of the evaluation the slowest of three. */
  record Result(double deskP95, double caseP95, double evaluationMonth) {}

  private Reading() {}

  static Result run(Crew crew, String month) throws IOException {
    Latencies desk = new Latencies();
    List<Wire> readers = List.of(crew.acceptor, crew.dispatcher, crew.verifier, crew.handlers.getFirst().wire(), crew.shift);
    List<String> queues = new ArrayList<>();
    for (Wire reader : readers) {
      JsonNode own = ask(reader, "/api/cases/queues").json();
      for (JsonNode queue : own) {
        // Signals that wait for a place have a list of their own.
        if (!queue.path("queue").asString().equals("place")) {
          queues.add(queue.path("queue").asString());
          break;
        }
      }
    }
    for (int i = 0; i < CALLS; i++) {
      int who = i % readers.size();
      long begun = System.nanoTime();
      ask(readers.get(who), "/api/cases/queues");
      ask(readers.get(who), "/api/cases?queue=" + queues.get(who) + "&limit=50");
      desk.add(System.nanoTime() - begun);
    }
    List<Long> ids = new ArrayList<>();
    long highest = ask(crew.shift, "/api/cases?limit=1&sort=-reported").json().path("items").get(0).path("id").asLong();
    Random random = new Random(7);
    Latencies page = new Latencies();
    while (page.count() < CALLS) {
      ids.add(1 + (long) (random.nextDouble() * highest));
      Answer answer = crew.shift.get("/api/cases/" + ids.getLast());
      if (answer.done()) {
        page.add(answer.nanos());
      } else if (answer.status() != 404) {
        throw new IOException("a case page was refused: " + answer.text());
      }
    }
    double evaluation = 0;
    for (int i = 0; i < 3; i++) {
      evaluation = Math.max(evaluation, ask(crew.evaluator, "/api/evaluation?object=UNIT&period=MONTH&at=" + month).nanos() / 1e6);
    }
    return new Result(desk.quantileMillis(0.95), page.quantileMillis(0.95), evaluation);
  }

  private static Answer ask(Wire reader, String path) throws IOException {
    Answer answer = reader.get(path);
    if (!answer.done()) {
      throw new IOException(path + " was refused: " + answer.status() + " " + answer.text());
    }
    return answer;
  }
}
