package io.citywide.platform.internal.postgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a killed server or a killed postmaster leaves on a data folder: a postmaster without its parent, sessions
 * without their postmaster, an {@code initdb} half done, a {@code postmaster.pid} that names nobody, or by now somebody else.
 *
 * <p>A process is only ever signalled after its command line (or its program and working folder) has shown that
 * it is PostgreSQL at work on this very folder.
 */
final class Leftovers {
  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Leftovers() {}

  /**
   * Leaves nobody at work on {@code home/pgdata}, and no stale pid file there or beside a socket in
   * {@code home/run}. The caller holds the folder's lock, so whoever is found belongs to no living server.
   *
   * <p>PostgreSQL must not be left to judge the pid files: it takes any process with the number for its own,
   * even a zombie, and in a container numbers come back quickly.
   *
   * @throws DatabaseUnavailableException if somebody found there outlives even KILL
   */
  static void takeDown(Path home) throws IOException, InterruptedException {
    Path pgdata = home.resolve("pgdata");
    Path pidFile = pgdata.resolve("postmaster.pid");
    OptionalLong named = readPid(pidFile);
    if (named.isPresent()) {
      long pid = named.getAsLong();
      if (runsOn("postgres", pgdata, pid)) {
        log.warn("PostgreSQL (pid {}) of a server that was killed is still running, taking it down", pid);
        end(pid);
      }
    }
    killStraySessions(pgdata);
    Files.deleteIfExists(pidFile);
    removeSockets(home.resolve("run"));
  }

  /**
   * Ends an {@code initdb} that outlived its killed server, and removes what it had made so far. It would write
   * on into the folder of the next try.
   */
  static void takeDownInitdb(Path part) throws IOException, InterruptedException {
    List<Long> makers = ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(pid -> runsOn("initdb", part, pid)).toList();
    // A child that has not yet become PostgreSQL, or not yet entered the folder, shows only by its parent.
    List<Long> children = makers.stream().flatMap(pid -> ProcessHandle.of(pid).stream())
        .flatMap(ProcessHandle::descendants).map(ProcessHandle::pid).toList();
    killAll(Stream.concat(makers.stream(), children.stream()).toList(), part);
    killAll(OperatingSystem.listProcesses("postgres", part), part);
    PostgresBinaries.deleteTree(part);
  }

  private static void killAll(List<Long> pids, Path part) throws InterruptedException {
    for (long pid : pids) OperatingSystem.send(OperatingSystem.Signal.KILL, pid);
    if (!OperatingSystem.awaitDeath(pids, PATIENCE)) {
      throw new DatabaseUnavailableException("processes " + pids + " of initdb on " + part + " do not end");
    }
  }

  private static void killStraySessions(Path pgdata) throws InterruptedException {
    List<Long> strays = OperatingSystem.listProcesses("postgres", pgdata);
    if (strays.isEmpty() || OperatingSystem.awaitDeath(strays, Duration.ofSeconds(1))) return; // most see it themselves
    for (long pid : OperatingSystem.listProcesses("postgres", pgdata)) {
      log.warn("PostgreSQL session (pid {}) outlived its postmaster, killing it", pid);
      OperatingSystem.send(OperatingSystem.Signal.KILL, pid);
    }
    if (!OperatingSystem.awaitDeath(strays, PATIENCE)) {
      throw new DatabaseUnavailableException("processes " + strays + " of PostgreSQL on " + pgdata + " do not end");
    }
  }

  private static void removeSockets(Path run) throws IOException {
    if (!Files.isDirectory(run)) return;
    try (DirectoryStream<Path> sockets = Files.newDirectoryStream(run, ".s.PGSQL.*")) {
      for (Path socket : sockets) Files.delete(socket);
    }
  }

  private static OptionalLong readPid(Path pidFile) throws IOException {
    if (!Files.exists(pidFile)) return OptionalLong.empty();
    String first = Files.readString(pidFile).lines().findFirst().orElse("").strip();
    return first.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(first)) : OptionalLong.of(0);
  }

  private static boolean runsOn(String program, Path folder, long pid) {
    return OperatingSystem.commandOf(pid)
        .filter(command -> Path.of(command.getFirst()).endsWith(program))
        .filter(command -> {
          int flag = command.indexOf("-D");
          return flag >= 0 && flag + 1 < command.size() && command.get(flag + 1).equals(folder.toString());
        })
        .isPresent();
  }

  private static void end(long pid) throws InterruptedException {
    for (OperatingSystem.Signal signal : OperatingSystem.Signal.values()) {
      OperatingSystem.send(signal, pid);
      if (OperatingSystem.awaitDeath(List.of(pid), PATIENCE)) return;
    }
    throw new DatabaseUnavailableException("PostgreSQL (pid " + pid + ") does not end, not even when killed");
  }
}
