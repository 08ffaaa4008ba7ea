package io.citywide;

import io.citywide.platform.TestPostgres;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test against the whole server on a real port and a real PostgreSQL with a database of its own per
 * Spring context. The context is shared between test classes: make your own areas, units and people
 * (see {@link City}) instead of counting all rows.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = CitywideApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ContextConfiguration(initializers = ServerTest.FreshDatabase.class)
public @interface ServerTest {

  /** Points the server to a database of its own, which has the tables and nothing in them. */
  final class FreshDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final AtomicInteger FOLDERS = new AtomicInteger();

    @Override
    public void initialize(ConfigurableApplicationContext context) {
      var database = TestPostgres.freshDatabase("server", d -> Flyway.configure().dataSource(d.jdbcUrl(), d.owner().user(), d.owner().password())
          .locations("classpath:db/migration").placeholders(Map.of("app", d.app().user())).load().migrate());
      Map<String, Object> values = new HashMap<>();
      values.put("citywide.database.url", database.jdbcUrl());
      values.put("citywide.database.owner-user", database.owner().user());
      values.put("citywide.database.owner-password", database.owner().password());
      values.put("citywide.database.app-user", database.app().user());
      values.put("citywide.database.app-password", database.app().password());
      values.put("citywide.database.pool-size", "10");
      values.put("citywide.mqtt.port", "-1");
      values.put("citywide.data", "target/test-data-" + ProcessHandle.current().pid() + "-" + FOLDERS.incrementAndGet());
      context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("fresh-database", values));
    }
  }
}
