package io.citywide.platform.internal;

import io.citywide.platform.Caller;
import io.citywide.platform.TransactionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Tells PostgreSQL at the beginning of each transaction who is looking, so that row-level security can decide. What is only
 * read for somebody who has gone ({@link Caller}) is stopped in the database too.
 */
final class ScopedTransactionManager extends JdbcTransactionManager {

  private final transient TransactionSettings settings;

  ScopedTransactionManager(DataSource dataSource, TransactionSettings settings) {
    super(dataSource);
    this.settings = settings;
  }

  @Override
  protected void doBegin(Object transaction, TransactionDefinition definition) {
    Caller caller = Caller.waitedFor();
    caller.checkThere();
    super.doBegin(transaction, definition);
    Map<String, String> values = settings.current();
    Connection connection = DataSourceUtils.getConnection(obtainDataSource());
    if (definition.isReadOnly()) {
      caller.stopBy(transaction, () -> stop(connection));
    }
    if (values.isEmpty()) {
      DataSourceUtils.releaseConnection(connection, obtainDataSource());
      return;
    }
    try {
      apply(connection, values, definition.isReadOnly());
      DataSourceUtils.releaseConnection(connection, obtainDataSource());
    } catch (SQLException e) {
      DataSourceUtils.releaseConnection(connection, obtainDataSource());
      doCleanupAfterCompletion(transaction);
      throw new CannotCreateTransactionException("could not set the scope of the transaction", e);
    }
  }

  /**
   * Of a commit whose connection broke nobody knows the end, and that is said; a refused one did nothing.
   *
   * @throws OutcomeUnknownException where the database may have done it
   */
  @Override
  protected void doCommit(DefaultTransactionStatus status) {
    try {
      super.doCommit(status);
    } catch (TransactionSystemException | DataAccessException e) {
      DatabaseFault fault = DatabaseFault.find(e).orElse(null);
      throw fault == DatabaseFault.UNREACHABLE && !status.isReadOnly() ? new OutcomeUnknownException(e) : e;
    }
  }

  /** Without a connection there is nothing to take back: the reason why there is none must be heard instead. */
  @Override
  protected void doRollback(DefaultTransactionStatus status) {
    try {
      super.doRollback(status);
    } catch (TransactionSystemException | DataAccessException e) {
      if (DatabaseFault.find(e).isEmpty()) {
        throw e;
      }
      logger.debug("the connection broke before the rollback", e);
    }
  }

  /** The connection goes back to the pool only after a stopping that is under way: it must not meet the next one's statement. */
  @Override
  protected void doCleanupAfterCompletion(Object transaction) {
    Caller.waitedFor().done(transaction);
    super.doCleanupAfterCompletion(transaction);
  }

  /**
   * Returns when the server process was told. It ends the statement that it is at; between two statements it ignores it.
   */
  private void stop(Connection connection) {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      logger.debug("a statement that nobody waits for could not be stopped", e);
    }
  }

  private static void apply(Connection connection, Map<String, String> values, boolean readOnly) throws SQLException {
    // One round trip for all settings: this runs at the beginning of every transaction.
    StringBuilder sql = new StringBuilder("SELECT ");
    if (!readOnly) {
      // What writes goes by keys: its plans are the same for all values, and are not worth making anew each time.
      sql.append("set_config('plan_cache_mode', 'force_generic_plan', true), ");
    }
    int begun = sql.length();
    values.forEach((name, value) -> sql.append(sql.length() == begun ? "" : ", ").append("set_config(?, ?, true)"));
    try (var statement = connection.prepareStatement(sql.toString())) {
      int i = 1;
      for (var entry : values.entrySet()) {
        statement.setString(i++, entry.getKey());
        statement.setString(i++, entry.getValue());
      }
      statement.execute();
    }
  }
}
