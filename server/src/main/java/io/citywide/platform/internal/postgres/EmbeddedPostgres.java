package io.citywide.platform.internal.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own: a child of this process, kept alive until {@link #close()} (decision 0003).
 *
 * <p>In the data folder: {@code citywide.lock} (held as long as this lives) and {@code postgres/} with
 * {@code bin-<digest>} (programs), {@code pgdata}, {@code run} (socket, port), {@code log} and
 * {@code credentials.properties} (mode 0600). Everything written is durable: {@code fsync},
 * {@code full_page_writes} and {@code synchronous_commit} are given on the command line, where neither a
 * configuration file nor {@code ALTER SYSTEM} can turn them off. It listens on 127.0.0.1 only, and every
 * connection, over TCP or the socket, must know a password.
 *
 * <p>When the postmaster dies it is started again, on the same port, for as long as it takes. Instances are
 * safe for use by several threads.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  public static final String DATABASE = "citywide";
  public static final String OWNER = "citywide_owner";
  public static final String APP = "citywide_app";
  /** Below the data folder: a database that is being restored. */
  public static final String RESTORING = "postgres/pgdata.restoring";


  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final Duration FAST_STOP = Duration.ofSeconds(30);
  private static final Duration IMMEDIATE_STOP = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration STEADY = Duration.ofSeconds(30);

  /**
   * How to start.
   *
   * @param binaries folder the programs are unpacked into, so that several data folders can share one copy;
   *     null for the data folder's own
   * @param settings further PostgreSQL settings, name to value; durability cannot be changed here
   * @param startLimit how long PostgreSQL may be silent after its start; one that answers that it is still
   *     recovering gets the time it needs
   */
  public record Options(Path binaries, Map<String, String> settings, Duration startLimit) {
    public static final Options DEFAULT = new Options(null, Map.of(), Duration.ofMinutes(5));

    public Options {
      settings = Map.copyOf(settings);
      if (!startLimit.isPositive()) throw new IllegalArgumentException("startLimit must be positive, was " + startLimit);
    }
  }

  private final Options options;
  private final DataFolderLock lock;
  private final Path home;
  private final Path pgdata;
  private final PostgresBinaries binaries;
  private final CredentialFile credentials;
  private final RotatingLog postgresLog;
  private final Cluster cluster;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Object processGuard = new Object();
  private Process postmaster; // guarded by processGuard
  private Thread supervisor;
  private volatile int port;
  private volatile int restarts;

  private EmbeddedPostgres(DataFolderLock lock, Path dataDir, Options options) throws IOException {
    this.options = options;
    this.lock = lock;
    home = Files.createDirectories(dataDir.resolve("postgres"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
    pgdata = home.resolve("pgdata");
    binaries = PostgresBinaries.unpackInto(options.binaries == null ? home : options.binaries.toAbsolutePath().normalize(), ArchiveCache.ofThisUser(dataDir));
    credentials = new CredentialFile(home.resolve("credentials.properties"));
    Files.createDirectories(home.resolve("run"));
    postgresLog = new RotatingLog(
        Files.createDirectories(home.resolve("log")).resolve("postgres.log"), 10L << 20, 4);
    cluster = new Cluster(home, binaries, credentials, postgresLog);
  }

  /** As {@link #start(Path, Options)} with {@link Options#DEFAULT}. */
  public static EmbeddedPostgres start(Path dataDir) {
    return start(dataDir, Options.DEFAULT);
  }

  /**
   * Starts the database of a data folder, making it first in an empty one, and returns when it answers.
   * A PostgreSQL left behind by a killed server is taken down before.
   *
   * @throws DatabaseUnavailableException if the folder is in use by another process, is of another major
   *     version of PostgreSQL, or PostgreSQL does not start; the message says which, and quotes its log
   */
  public static EmbeddedPostgres start(Path dataDir, Options options) {
    DataFolderLock lock = DataFolderLock.acquire(dataDir);
    EmbeddedPostgres postgres = null;
    try {
      postgres = new EmbeddedPostgres(lock, dataDir.toRealPath(), options);
      postgres.begin();
      return postgres;
    } catch (IOException | SQLException e) {
      throw new DatabaseUnavailableException("PostgreSQL in " + dataDir.toAbsolutePath() + " did not start: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailableException("interrupted while starting PostgreSQL", e);
    } finally {
      if (postgres == null) lock.close();
      else if (postgres.supervisor == null) postgres.close();
    }
  }

  /**
   * Removes the database of a data folder for good, with its passwords and logs, after taking down a
   * PostgreSQL that still runs on it.
   *
   * @throws DatabaseUnavailableException if the folder is in use by another process or cannot be removed
   */
  public static void delete(Path dataDir) {
    try (DataFolderLock _ = DataFolderLock.acquire(dataDir)) {
      Path home = dataDir.toRealPath().resolve("postgres");
      Leftovers.takeDownInitdb(home.resolve("pgdata.part"));
      Leftovers.takeDown(home);
      PostgresBinaries.deleteTree(home);
    } catch (IOException e) {
      throw new DatabaseUnavailableException("cannot delete the database in " + dataDir.toAbsolutePath() + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailableException("interrupted while deleting a database", e);
    }
  }

  /**
   * Ends a PostgreSQL that a killed server left running on a data folder. The caller holds the folder's lock.
   *
   * @throws DatabaseUnavailableException if it cannot be ended
   */
  public static void takeDownLeftovers(Path dataDir) {
    try {
      Leftovers.takeDown(dataDir.toRealPath().resolve("postgres"));
    } catch (IOException e) {
      throw new DatabaseUnavailableException("cannot look for a PostgreSQL left on " + dataDir + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailableException("interrupted while ending a PostgreSQL", e);
    }
  }

  /** JDBC address of the database {@value #DATABASE}; the same for the life of this instance. */
  public String jdbcUrl() {
    return jdbcUrl(DATABASE);
  }

  /** JDBC address of another database of this server. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Owns the schema; for migrations. */
  public Credentials owner() {
    return credentials.get(OWNER);
  }

  /** For everything the server does; row-level security always applies to it. */
  public Credentials app() {
    return credentials.get(APP);
  }

  /** For making databases and for looking after the server; never for requests. */
  public Credentials superuser() {
    return credentials.get(Cluster.SUPERUSER);
  }

  /** How often the postmaster died and was brought back since the start. */
  public int restarts() {
    return restarts;
  }

  /** Process id of the postmaster that runs now, or ran last. */
  public long postmasterPid() {
    synchronized (processGuard) {
      return postmaster.pid();
    }
  }

  /** Tells a second process that wants this data folder where this one answers. */
  public void announce(String address) {
    lock.announce(address);
  }

  /** Fast shutdown: sessions end, a checkpoint is written; immediate shutdown where that takes over 30 s. */
  @Override
  public void close() {
    closing.countDown();
    boolean interrupted = Thread.interrupted();
    try {
      interrupted |= stopPostmaster();
      if (supervisor != null && supervisor != Thread.currentThread()) {
        supervisor.join(IMMEDIATE_STOP.plus(IMMEDIATE_STOP));
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      postgresLog.close();
      lock.close();
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  private void begin() throws IOException, SQLException, InterruptedException {
    cluster.prepare();
    long from = System.nanoTime();
    startOnSomePort();
    prepareDatabase();
    log.info("PostgreSQL answers on 127.0.0.1:{} (pid {}) after {} ms", port, postmasterPid(),
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from));
    supervisor = Thread.ofPlatform().daemon().name("postgres-supervisor").start(this::supervise);
  }

  /** The port of the last start if it is still free, else another one, which is then kept. */
  private void startOnSomePort() throws IOException, SQLException, InterruptedException {
    Path portFile = home.resolve("run/port");
    int wanted = 0;
    if (Files.exists(portFile)) {
      String text = Files.readString(portFile).strip();
      if (text.matches("\\d{4,5}")) wanted = Integer.parseInt(text);
    }
    for (int attempt = 1; ; attempt++) {
      port = wanted != 0 && LocalPorts.isFree(wanted) ? wanted : LocalPorts.freePort();
      if (wanted != 0 && port != wanted) log.warn("port {} is taken, PostgreSQL moves to {}", wanted, port);
      try {
        launch();
        break;
      } catch (DatabaseUnavailableException e) {
        // Somebody may have taken the port between our look and PostgreSQL's; then, and only then, try another.
        if (attempt == 5 || LocalPorts.isFree(port)) throw e;
        wanted = port;
      }
    }
    Files.writeString(portFile, port + "\n");
  }

  /** Starts a postmaster on {@link #port} and returns when it answers; else none is left running. */
  private void launch() throws IOException, SQLException, InterruptedException {
    Process process;
    synchronized (processGuard) {
      if (closing.getCount() == 0) throw new DatabaseUnavailableException("PostgreSQL is being stopped");
      process = cluster.postmaster(port, options.settings).start();
      postmaster = process;
    }
    Thread reader = Thread.ofPlatform().daemon().name("postgres-log-" + process.pid()).start(() -> copyLog(process));
    try {
      awaitAnswer(process, reader);
    } catch (Throwable e) {
      stop(process);
      throw e;
    }
  }

  private void copyLog(Process process) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) postgresLog.line(line);
    } catch (IOException streamClosed) {
      // The process is gone.
    }
  }

  /** @param reader of what it says */
  private void awaitAnswer(Process process, Thread reader) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + options.startLimit.toNanos();
    for (long pauseMillis = 10; ; pauseMillis = Math.min(250, pauseMillis * 2)) {
      if (process.waitFor(pauseMillis, TimeUnit.MILLISECONDS)) {
        // What it said may still be on its way; a child that outlives it would hold the pipe open.
        reader.join(2_000);
        throw new DatabaseUnavailableException("PostgreSQL ended with code " + process.exitValue()
            + " while starting; its last words: " + String.join("\n  ", postgresLog.tail()));
      }
      try (Connection connection = connect("postgres", superuser());
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SHOW data_directory")) {
        row.next();
        if (!Path.of(row.getString(1)).equals(pgdata)) {
          throw new DatabaseUnavailableException("port " + port + " is answered by another PostgreSQL, that of " + row.getString(1));
        }
        return;
      } catch (SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        boolean recovering = state.equals("57P03"); // cannot_connect_now
        if (!recovering && !state.startsWith("08")) throw e; // 08: nobody listens yet
        if (recovering) deadline = System.nanoTime() + options.startLimit.toNanos();
        if (System.nanoTime() > deadline) {
          throw new DatabaseUnavailableException("PostgreSQL does not answer on port " + port + " after "
              + options.startLimit.toSeconds() + " s; its last words: " + String.join("\n  ", postgresLog.tail()), e);
        }
      }
    }
  }

  private Connection connect(String database, Credentials as) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), as.user(), as.password());
  }

  private void prepareDatabase() throws SQLException {
    try (Connection connection = connect("postgres", superuser())) {
      DatabaseRoles.createLogin(connection, owner());
      DatabaseRoles.createLogin(connection, app());
      try (Statement statement = connection.createStatement()) {
        boolean missing;
        try (ResultSet row = statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
          missing = !row.next();
        }
        if (missing) statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + OWNER + " TEMPLATE template0");
        statement.execute("GRANT pg_read_all_stats TO " + OWNER);
      }
    }
    if (binaries.hasLibrary("pg_stat_statements")) {
      try (Connection connection = connect(DATABASE, superuser()); Statement statement = connection.createStatement()) {
        statement.execute("SET client_min_messages = warning");
        statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
      }
    }
    DatabaseRoles.prepare(jdbcUrl(), owner(), app());
  }

  private void supervise() {
    Duration pause = FIRST_PAUSE;
    try {
      while (true) {
        Process watched;
        synchronized (processGuard) {
          watched = postmaster;
        }
        long from = System.nanoTime();
        int code = watched.waitFor();
        if (closing.getCount() == 0) return;
        log.error("the postmaster (pid {}) died with code {}, starting PostgreSQL again", watched.pid(), code);
        if (System.nanoTime() - from > STEADY.toNanos()) pause = FIRST_PAUSE;
        while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
          try {
            Leftovers.takeDown(home);
            launch();
            restarts++;
            log.warn("PostgreSQL answers again on 127.0.0.1:{} (pid {}, restart {})", port, postmasterPid(), restarts);
            break;
          } catch (IOException | SQLException | RuntimeException e) {
            if (closing.getCount() == 0) return;
            log.error("PostgreSQL did not start, next try in {} ms: {}", pause.toMillis(), e.getMessage());
          }
        }
        if (closing.getCount() == 0) return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** True if the caller was interrupted meanwhile; the stop is brought to its end all the same. */
  private boolean stopPostmaster() {
    Process process;
    synchronized (processGuard) {
      process = postmaster;
    }
    return process != null && stop(process);
  }

  private static boolean stop(Process process) {
    boolean interrupted = false;
    for (OperatingSystem.Signal signal : OperatingSystem.Signal.values()) {
      if (!process.isAlive()) break;
      if (signal != OperatingSystem.Signal.INT) log.warn("PostgreSQL (pid {}) does not stop, sending {}", process.pid(), signal);
      OperatingSystem.send(signal, process.pid());
      long deadline = System.nanoTime() + (signal == OperatingSystem.Signal.INT ? FAST_STOP : IMMEDIATE_STOP).toNanos();
      while (process.isAlive() && System.nanoTime() < deadline) {
        try {
          process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    return interrupted;
  }
}
