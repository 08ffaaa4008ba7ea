package io.citywide.platform.internal.postgres;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of one embedded database and the commands that work on them; {@link EmbeddedPostgres} keeps it running. */
final class Cluster {

  static final String SUPERUSER = "postgres";

  private static final Logger log = LoggerFactory.getLogger(Cluster.class);
  private static final String PASSWORD_FOR_INITDB = "superuser-password.tmp";
  private static final int LONGEST_SOCKET_PATH = 103; // bytes; sun_path holds 108 on Linux, 104 on macOS

  private final Path home;
  private final Path pgdata;
  private final PostgresBinaries binaries;
  private final List<String> launchPrefix;
  private final CredentialFile credentials;
  private final RotatingLog postgresLog;

  /** @param home folder of programs, database, socket, log and passwords */
  Cluster(Path home, PostgresBinaries binaries, CredentialFile credentials, RotatingLog postgresLog) {
    this.home = home;
    this.pgdata = home.resolve("pgdata");
    this.binaries = binaries;
    this.launchPrefix = OperatingSystem.launchPrefix();
    this.credentials = credentials;
    this.postgresLog = postgresLog;
  }

  /**
   * Makes the database where there is none; leaves nobody at work on it, and its access rules as they must be.
   *
   * @throws DatabaseUnavailableException if it is of another major version, lacks its passwords, or was not restored to its end
   */
  void prepare() throws IOException, InterruptedException {
    refuseHalfRestored();
    Leftovers.takeDownInitdb(home.resolve("pgdata.part"));
    Files.deleteIfExists(home.resolve(PASSWORD_FOR_INITDB));
    if (Files.exists(pgdata)) {
      refuseOtherMajorVersion();
      Leftovers.takeDown(home);
    } else {
      makeCluster();
    }
    writeAccessRules();
  }

  private void refuseHalfRestored() {
    Path restoring = home.getParent().resolve(EmbeddedPostgres.RESTORING);
    if (Files.exists(restoring)) {
      throw new DatabaseUnavailableException("a backup was not restored to its end (" + restoring
          + " is still there): delete the data folder and restore again");
    }
  }

  private void refuseOtherMajorVersion() throws IOException {
    if (!credentials.exists()) {
      throw new DatabaseUnavailableException("the passwords of the database in " + pgdata
          + " are missing: put credentials.properties back beside it, from a backup of the data folder");
    }
    int ours = binaries.majorVersion();
    String theirs = Files.readString(pgdata.resolve("PG_VERSION")).strip();
    if (!theirs.equals(Integer.toString(ours))) {
      throw new DatabaseUnavailableException("the database in " + pgdata + " was made by PostgreSQL " + theirs
          + ", and this is PostgreSQL " + ours + ": restore a backup into an empty data folder instead");
    }
  }

  /** {@code initdb} beside the place, then a rename: a killed first start leaves nothing half made. */
  private void makeCluster() throws IOException, InterruptedException {
    Path part = home.resolve("pgdata.part");
    Path passwordFile = home.resolve(PASSWORD_FOR_INITDB);
    Files.createFile(passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(passwordFile, credentials.get(SUPERUSER).password() + "\n");
      // The built-in C.UTF-8 sorts by code point, the same on every machine and after every upgrade of the
      // operating system, and still knows upper and lower case of all of Unicode.
      List<String> command = command("initdb", "-D", part.toString(), "-U", SUPERUSER, "--pwfile=" + passwordFile,
          "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
          "--builtin-locale=C.UTF-8", "--data-checksums");
      Process process = processBuilder(command).start();
      List<String> said = process.inputReader(StandardCharsets.UTF_8).readAllLines();
      said.forEach(postgresLog::line);
      if (process.waitFor() != 0) {
        throw new DatabaseUnavailableException("cannot make a database in " + home + ": " + String.join("; ", said));
      }
      Files.move(part, pgdata, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(passwordFile);
    }
  }

  private void writeAccessRules() throws IOException {
    Path fresh = pgdata.resolve("pg_hba.conf.new");
    Files.writeString(fresh, """
        # Written at every start. Nobody comes in without a password, over the socket or over TCP.
        local  all  all                scram-sha-256
        host   all  all  127.0.0.1/32  scram-sha-256
        """);
    Files.move(fresh, pgdata.resolve("pg_hba.conf"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A postmaster in the foreground, not yet started. */
  ProcessBuilder postmaster(int port, Map<String, String> further) {
    List<String> arguments = new ArrayList<>(List.of("-D", pgdata.toString()));
    settings(port, further).forEach((name, value) -> {
      arguments.add("-c");
      arguments.add(name + "=" + value);
    });
    return processBuilder(command("postgres", arguments.toArray(String[]::new)));
  }

  private List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>(launchPrefix);
    command.add(binaries.program(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }

  private ProcessBuilder processBuilder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    // PGPORT, PGDATA and the like of the caller are not meant for this server.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_") || name.equals("LANG"));
    return builder;
  }

  /** Memory of the machine: the database takes an eighth of it for itself and leaves the rest to the system's cache. */
  private static long memoryMegabytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine ? machine.getTotalMemorySize() >> 20 : 8192;
  }

  /** Settings in rising order of authority: tuning, the caller's, then what nobody may change. */
  private Map<String, String> settings(int port, Map<String, String> further) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("shared_buffers", Math.clamp(memoryMegabytes() / 8, 128, 8192) + "MB");
    settings.put("effective_cache_size", Math.max(1024, memoryMegabytes() / 2) + "MB");
    settings.put("work_mem", "16MB");
    settings.put("maintenance_work_mem", "128MB");
    settings.put("max_connections", "100");
    settings.put("wal_compression", "off"); // pglz is all that every build has: it costs more processor time than the smaller log saves
    settings.put("max_wal_size", "4GB");
    settings.put("checkpoint_timeout", "15min");
    settings.put("random_page_cost", "1.1");
    settings.put("log_checkpoints", "off");
    settings.put("log_line_prefix", "%m [%p] %q%u@%d ");
    settings.put("log_error_verbosity", "terse"); // the detail of an error shows the row it is about, with names and telephone numbers
    if (binaries.hasLibrary("pg_stat_statements")) settings.put("shared_preload_libraries", "pg_stat_statements");
    settings.putAll(further);
    settings.put("fsync", "on");
    settings.put("full_page_writes", "on");
    settings.put("synchronous_commit", "on");
    settings.put("listen_addresses", "127.0.0.1");
    settings.put("port", Integer.toString(port));
    settings.put("unix_socket_directories", socketFolder());
    settings.put("unix_socket_permissions", "0700");
    settings.put("password_encryption", "scram-sha-256");
    settings.put("timezone", "UTC");
    settings.put("log_timezone", "UTC");
    settings.put("logging_collector", "off"); // this process reads and rotates the log
    return settings;
  }

  private String socketFolder() {
    Path run = home.resolve("run");
    if (run.resolve(".s.PGSQL.65535").toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
      log.info("the path of {} is too long for a Unix socket: PostgreSQL is reached over 127.0.0.1 only", run);
      return "";
    }
    return "\"" + run + "\"";
  }
}
