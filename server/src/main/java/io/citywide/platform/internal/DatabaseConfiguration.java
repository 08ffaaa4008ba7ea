package io.citywide.platform.internal;

import com.zaxxer.hikari.HikariDataSource;
import io.citywide.platform.DatabaseSettings;
import io.citywide.platform.ServerSettings;
import io.citywide.platform.TransactionSettings;
import io.citywide.platform.internal.postgres.CredentialFile;
import io.citywide.platform.internal.postgres.Credentials;
import io.citywide.platform.internal.postgres.DataFolderLock;
import io.citywide.platform.internal.postgres.DatabaseRoles;
import io.citywide.platform.internal.postgres.DatabaseUnavailableException;
import io.citywide.platform.internal.postgres.EmbeddedPostgres;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * Brings up the database before anything asks for it: the embedded PostgreSQL or the external one,
 * the two roles, the migrations as owner, then a pool as the role that cannot bypass row-level security.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  /** A database that gives up a statement must have the time to say so before its connection is given up. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** Longest wait for another's lock. */
  private static final Duration LOCK = Duration.ofSeconds(10);

  /** Addresses and credentials of the database in use; closing it stops an embedded one. */
  record Database(String url, Credentials owner, Credentials app, AutoCloseable engine)
      implements AutoCloseable {

    @Override
    public void close() throws Exception {
      if (engine != null) {
        engine.close();
      }
    }
  }

  @Bean(destroyMethod = "close")
  Database database(DatabaseSettings settings, ServerSettings server) throws Exception {
    if (settings.embedded()) {
      EmbeddedPostgres engine = EmbeddedPostgres.start(server.data());
      return new Database(engine.jdbcUrl(), engine.owner(), engine.app(), engine);
    }
    if (settings.ownerUser().isBlank() || settings.ownerPassword().isBlank()) {
      throw new DatabaseUnavailableException(
          "with citywide.database.url, citywide.database.owner-user and citywide.database.owner-password are needed too");
    }
    // Evidence and keys lie in the data folder also when the rows are elsewhere.
    DataFolderLock lock = DataFolderLock.acquire(server.data());
    var owner = new Credentials(settings.ownerUser(), settings.ownerPassword());
    var app =
        settings.appPassword().isBlank()
            ? new CredentialFile(server.data().resolve("credentials.properties")).get(settings.appUser())
            : new Credentials(settings.appUser(), settings.appPassword());
    DatabaseRoles.prepare(settings.url(), owner, app);
    return new Database(settings.url(), owner, app, lock);
  }

  /** So that a second server on the same data folder is told where this one answers. */
  @Bean
  ApplicationListener<WebServerInitializedEvent> addressInTheLock(Database database) {
    return event -> {
      if (database.engine() instanceof EmbeddedPostgres engine) {
        engine.announce("http://127.0.0.1:" + event.getWebServer().getPort());
      }
    };
  }

  @Bean(destroyMethod = "close")
  HikariDataSource dataSource(Database database, DatabaseSettings settings) {
    Flyway.configure()
        .dataSource(database.url(), database.owner().user(), database.owner().password())
        .locations("classpath:db/migration")
        .placeholders(java.util.Map.of("app", database.app().user()))
        .load()
        .migrate();
    var pool = new HikariDataSource();
    pool.setPoolName("citywide");
    pool.setJdbcUrl(database.url());
    pool.setUsername(database.app().user());
    pool.setPassword(database.app().password());
    pool.setMaximumPoolSize(settings.poolSize());
    pool.setMinimumIdle(2);
    // Who waits for a database that is silent hears so soon; see DatabaseSettings.answerWithin for statements under way.
    pool.setConnectionTimeout(5_000);
    pool.setValidationTimeout(2_000);
    pool.addDataSourceProperty("connectTimeout", "3");
    pool.addDataSourceProperty("socketTimeout", Long.toString(settings.answerWithin().plus(GRACE).toSeconds()));
    pool.addDataSourceProperty("tcpKeepAlive", "true");
    // What a lost server holds (locks, an open transaction) must not outlive it for long.
    pool.setConnectionInitSql("SET statement_timeout = %1$d; SET lock_timeout = %2$d; SET idle_in_transaction_session_timeout = %1$d"
        .formatted(settings.answerWithin().toMillis(), LOCK.toMillis()));
    pool.addDataSourceProperty("reWriteBatchedInserts", "true");
    pool.addDataSourceProperty("ApplicationName", "citywide");
    // The detail of an error shows the row it is about, which may hold a name or a telephone number: not in messages, hence not in logs.
    pool.addDataSourceProperty("logServerErrorDetail", "false");
    return pool;
  }

  @Bean
  JdbcTransactionManager transactionManager(DataSource dataSource, ObjectProvider<TransactionSettings> settings) {
    return new ScopedTransactionManager(dataSource, settings.getIfAvailable(() -> java.util.Map::of));
  }
}
