package io.citywide.platform.internal.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the supervisor asks of Linux or macOS: who runs a process, how to signal one, how to start one. */
final class OperatingSystem {
  private static final Path PROC = Path.of("/proc");

  private OperatingSystem() {}

  /** PostgreSQL's shutdown modes are signals; see "Shutting Down the Server" in its manual. */
  enum Signal {
    /** Fast: sessions are ended, then a checkpoint is written. */
    INT,
    /** Immediate: everything stops at once, the next start recovers from the log. */
    QUIT,
    KILL
  }

  static void send(Signal signal, long pid) {
    try {
      // Java itself can only send TERM, which means "wait for all sessions to leave" to PostgreSQL.
      new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid + " 2>/dev/null").start().waitFor();
    } catch (IOException e) {
      throw new DatabaseUnavailableException("cannot send a signal to process " + pid + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command with its arguments, or empty where there is no such living process or it may not be seen. */
  static Optional<List<String>> commandOf(long pid) {
    if (!isAlive(pid)) return Optional.empty();
    if (Files.isDirectory(PROC)) {
      try {
        String line = Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.UTF_8);
        return line.isEmpty() ? Optional.empty() : Optional.of(Arrays.asList(line.split("\0")));
      } catch (IOException gone) {
        return Optional.empty();
      }
    }
    return ProcessHandle.of(pid).map(ProcessHandle::info).flatMap(info -> info.command().map(command -> {
      List<String> all = new ArrayList<>(List.of(command));
      info.arguments().ifPresent(arguments -> all.addAll(List.of(arguments)));
      return all;
    }));
  }

  /** True while a process can still do something: a zombie that nobody has reaped counts as dead. */
  static boolean isAlive(long pid) {
    if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) return false;
    if (!Files.isDirectory(PROC)) return true;
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z'; // proc(5): pid (comm) state
    } catch (IOException gone) {
      return false;
    }
  }

  /** Processes of the program {@code name} at work in {@code folder}; empty where {@code /proc} is missing. */
  static List<Long> listProcesses(String name, Path folder) {
    if (!Files.isDirectory(PROC)) return List.of();
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries.filter(p -> p.getFileName().toString().chars().allMatch(Character::isDigit))
          .filter(p -> pointsTo(p.resolve("cwd"), folder::equals)
              && pointsTo(p.resolve("exe"), exe -> exe.endsWith(name)))
          .map(p -> Long.parseLong(p.getFileName().toString()))
          .filter(OperatingSystem::isAlive)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean pointsTo(Path link, Predicate<Path> target) {
    try {
      // proc(5) adds this to a program whose file is gone, as after an upgrade.
      return target.test(Path.of(Files.readSymbolicLink(link).toString().replaceFirst(" \\(deleted\\)$", "")));
    } catch (IOException notOursOrGone) {
      return false;
    }
  }

  /** Waits until all are dead; false if some still live after {@code limit}. */
  static boolean awaitDeath(List<Long> pids, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    for (long pauseMillis = 5; pids.stream().anyMatch(OperatingSystem::isAlive); ) {
      if (System.nanoTime() > deadline) return false;
      TimeUnit.MILLISECONDS.sleep(pauseMillis); // the dying are not our children: nothing else tells
      pauseMillis = Math.min(100, pauseMillis * 2);
    }
    return true;
  }

  /**
   * What to put before a PostgreSQL program. PostgreSQL refuses to run as root, so there it gets a user
   * namespace of its own, in which it is nobody but still owns its files.
   *
   * @throws DatabaseUnavailableException as root where user namespaces are not allowed
   */
  static List<String> launchPrefix() {
    List<String> prefix = new ArrayList<>();
    // A session of its own: Ctrl-C in the terminal is then for the server, which ends PostgreSQL last.
    if (runs("setsid", "true")) prefix.add("setsid");
    if (new UnixSystem().getUid() == 0) {
      if (!runs("unshare", "-U", "--", "true")) {
        throw new DatabaseUnavailableException("PostgreSQL does not run as root, and this machine does not let root "
            + "step down (unshare -U failed): start as an ordinary user, or use an external database");
      }
      prefix.addAll(List.of("unshare", "-U", "--"));
    }
    return prefix;
  }

  private static boolean runs(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor() == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
