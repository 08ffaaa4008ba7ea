package io.citywide.platform.internal;

import io.citywide.platform.TransactionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;

/** Tells PostgreSQL at the beginning of each transaction who is looking, so that row-level security can decide. */
final class ScopedTransactionManager extends JdbcTransactionManager {

  private final transient TransactionSettings settings;

  ScopedTransactionManager(DataSource dataSource, TransactionSettings settings) {
    super(dataSource);
    this.settings = settings;
  }

  @Override
  protected void doBegin(Object transaction, TransactionDefinition definition) {
    super.doBegin(transaction, definition);
    Map<String, String> values = settings.current();
    if (values.isEmpty()) {
      return;
    }
    Connection connection = DataSourceUtils.getConnection(obtainDataSource());
    try {
      apply(connection, values);
      DataSourceUtils.releaseConnection(connection, obtainDataSource());
    } catch (SQLException e) {
      DataSourceUtils.releaseConnection(connection, obtainDataSource());
      doCleanupAfterCompletion(transaction);
      throw new CannotCreateTransactionException("could not set the scope of the transaction", e);
    }
  }

  private static void apply(Connection connection, Map<String, String> values) throws SQLException {
    // One round trip for all settings: this runs at the beginning of every transaction.
    StringBuilder sql = new StringBuilder("SELECT ");
    values.forEach((name, value) -> sql.append(sql.length() == 7 ? "" : ", ").append("set_config(?, ?, true)"));
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
