package io.citywide.platform.internal;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import org.springframework.transaction.CannotCreateTransactionException;

/** Why something could not be kept that is nobody's mistake and may pass, read from the causes of an exception. */
public enum DatabaseFault {
  /** No connection, a broken one, or a database that is starting or stopping. */
  UNREACHABLE(Duration.ofSeconds(2)),
  /** A statement took longer than it may. */
  SLOW(Duration.ofSeconds(5)),
  /** A deadlock, a lock held too long, or a conflict of transactions. */
  CONTENDED(Duration.ofSeconds(1)),
  /** The connection broke during the commit. */
  UNCERTAIN(Duration.ofSeconds(2)),
  /** No space on the disk of the database or of the evidence. */
  FULL(Duration.ofSeconds(30));

  private final Duration retryAfter;

  DatabaseFault(Duration retryAfter) {
    this.retryAfter = retryAfter;
  }

  /** When to ask again; whole seconds. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** Empty where the exception tells of something else. */
  public static Optional<DatabaseFault> find(Throwable thrown) {
    boolean unreachable = false;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof OutcomeUnknownException) {
        return Optional.of(UNCERTAIN);
      }
      if (cause instanceof NoSpaceException) {
        return Optional.of(FULL);
      }
      if (cause instanceof SQLException sql) {
        Optional<DatabaseFault> fault = ofState(sql);
        if (fault.isPresent()) {
          return fault;
        }
      }
      if (cause instanceof IOException io && full(io)) {
        return Optional.of(FULL);
      }
      unreachable |= cause instanceof CannotCreateTransactionException || cause instanceof SQLTransientConnectionException;
    }
    return unreachable ? Optional.of(UNREACHABLE) : Optional.empty();
  }

  /** By the error codes of PostgreSQL, appendix A of its manual. */
  private static Optional<DatabaseFault> ofState(SQLException e) {
    String state = e.getSQLState();
    if (state == null) {
      // The pool says this, without a code, of a connection that broke in an earlier statement.
      return "Connection is closed".equals(e.getMessage()) ? Optional.of(UNREACHABLE) : Optional.empty();
    }
    return switch (state) {
      case "53100" -> Optional.of(FULL); // disk_full
      case "57014" -> Optional.of(SLOW); // query_canceled
      case "40001", "40P01", "55P03" -> Optional.of(CONTENDED); // serialization_failure, deadlock_detected, lock_not_available
      case "25P03" -> Optional.of(UNREACHABLE); // idle_in_transaction_session_timeout
      default -> state.startsWith("08") || state.startsWith("57P") || state.startsWith("53") || state.startsWith("58")
          ? Optional.of(io(e) ? FULL : UNREACHABLE) : Optional.empty();
    };
  }

  /** PostgreSQL reports a full disk of some files as an input or output error (58030) with the system's words. */
  private static boolean io(SQLException e) {
    return e.getMessage() != null && e.getMessage().contains("No space left on device");
  }

  private static boolean full(IOException e) {
    String words = e instanceof FileSystemException file ? String.valueOf(file.getReason()) : String.valueOf(e.getMessage());
    return words.contains("No space left on device") || words.contains("Disk quota exceeded");
  }
}
