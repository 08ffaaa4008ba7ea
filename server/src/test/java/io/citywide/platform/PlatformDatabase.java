package io.citywide.platform;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database of a test's own with the platform's tables, all empty, as the server's role sees it. */
public record PlatformDatabase(JdbcClient jdbc, TransactionTemplate transaction) {

  public static PlatformDatabase fresh() {
    var database = TestPostgres.freshDatabase("platform", d -> Flyway.configure()
        .dataSource(d.jdbcUrl(), d.owner().user(), d.owner().password()).locations("classpath:db/migration/platform")
        .placeholders(Map.of("app", d.app().user())).load().migrate());
    var source = new DriverManagerDataSource(database.jdbcUrl(), database.app().user(), database.app().password());
    return new PlatformDatabase(JdbcClient.create(source), new TransactionTemplate(new JdbcTransactionManager(source)));
  }
}
