package io.citywide.platform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether this server should be given requests, and what it lacks. */
public final class Readiness {

  /**
   * Readiness at a moment.
   *
   * @param ready whether a proxy should send requests here
   * @param checks name of each check: {@code ok}, {@code degraded} or {@code failing}
   */
  public record State(boolean ready, Map<String, String> checks) {

    /** {@code ready}, {@code degraded} (works, but an operator should look), or {@code not ready}. */
    public String status() {
      return !ready ? "not ready" : checks.containsValue("degraded") ? "degraded" : "ready";
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Readiness.class);

  private final List<ReadinessCheck> checks;
  private final Map<String, String> told = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  public Readiness(List<ReadinessCheck> checks) {
    this.checks = List.copyOf(checks);
  }

  /** Started, or started again. */
  public void begin() {
    stopping = false;
  }

  /** The stop has begun: not ready from now on. */
  public void stop() {
    stopping = true;
  }

  public boolean stopping() {
    return stopping;
  }

  /** Names of all checks. */
  public List<String> names() {
    return checks.stream().map(ReadinessCheck::name).toList();
  }

  /** Asks every check; a change stands in the log in words. */
  public State state() {
    Map<String, String> states = new LinkedHashMap<>();
    List<String> failing = new ArrayList<>();
    if (stopping) {
      states.put("stopping", "failing");
      failing.add("stopping");
    }
    for (ReadinessCheck check : checks) {
      Optional<String> fault = check.fault();
      String state = fault.isEmpty() ? "ok" : check.required() ? "failing" : "degraded";
      states.put(check.name(), state);
      if (state.equals("failing")) {
        failing.add(check.name());
      }
      if (!state.equals(told.put(check.name(), state)) && !stopping) {
        fault.ifPresentOrElse(why -> log.warn("{} is {}: {}", check.name(), state, why), () -> log.info("{} is ok", check.name()));
      }
    }
    return new State(failing.isEmpty(), states);
  }
}
