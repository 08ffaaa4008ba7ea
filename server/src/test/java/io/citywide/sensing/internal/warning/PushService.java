package io.citywide.sensing.internal.warning;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A push service of RFC 8030 as far as servers meet it: takes messages at endpoints, and answers what it was told to, else 201. */
final class PushService {

  /** A request, and how it was answered. */
  record Taken(Headers headers, byte[] body, int status) {}

  private final HttpServer server;
  private final Map<String, List<Taken>> taken = new ConcurrentHashMap<>();
  private final Map<String, Queue<Integer>> answers = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();

  private PushService(HttpServer server) {
    this.server = server;
  }

  static PushService start() {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      PushService service = new PushService(server);
      server.createContext("/", service::take);
      server.start();
      return service;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring(1);
    byte[] body = exchange.getRequestBody().readAllBytes();
    CountDownLatch latch = held.get(name);
    if (latch != null) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Queue<Integer> said = answers.get(name);
    Integer next = said == null ? null : said.poll();
    int status = next == null ? 201 : next;
    if (status == 307) {
      exchange.getResponseHeaders().set("Location", "/elsewhere");
    }
    if (status == 429) {
      exchange.getResponseHeaders().set("Retry-After", "1800");
    }
    taken.computeIfAbsent(name, n -> new CopyOnWriteArrayList<>()).add(new Taken(exchange.getRequestHeaders(), body, status));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  String host() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String endpoint(String name) {
    return "http://" + host() + "/" + name;
  }

  /** The next answers at an endpoint. */
  void answers(String name, Integer... status) {
    answers.put(name, new ConcurrentLinkedQueue<>(List.of(status)));
  }

  /** Holds back its answers until the latch is open. */
  CountDownLatch hold(String name) {
    CountDownLatch latch = new CountDownLatch(1);
    held.put(name, latch);
    return latch;
  }

  /** All requests to an endpoint, in order. */
  List<Taken> at(String name) {
    return taken.getOrDefault(name, List.of());
  }
}
