package io.citywide.identity.internal;

import io.citywide.identity.FirstAccounts;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * On a database without people, makes the three administrators with passwords to be used once. There is
 * no user above them: the system administrator makes accounts, the security administrator grants
 * positions, the audit administrator reads what both did (GB/T 22239-2019 §8.1.5).
 */
@Component
class FirstStart {

  private static final Map<Role, String> ADMINISTRATORS = new LinkedHashMap<>();

  static {
    ADMINISTRATORS.put(Role.SYSTEM_ADMIN, "admin");
    ADMINISTRATORS.put(Role.SECURITY_ADMIN, "security");
    ADMINISTRATORS.put(Role.AUDIT_ADMIN, "audit");
  }

  private final JdbcClient jdbc;
  private final PasswordRules passwords;
  private final TransactionTemplate transaction;
  private final ApplicationEventPublisher events;
  private final AccessLogStore log;

  FirstStart(JdbcClient jdbc, PasswordRules passwords, TransactionTemplate transaction, ApplicationEventPublisher events,
      AccessLogStore log) {
    this.jdbc = jdbc;
    this.passwords = passwords;
    this.transaction = transaction;
    this.events = events;
    this.log = log;
  }

  @EventListener(ApplicationReadyEvent.class)
  @Order(0)
  void run() {
    Map<String, String> made = Viewer.callAs(Viewer.system("first start"), () -> transaction.execute(status -> make()));
    if (!made.isEmpty()) {
      events.publishEvent(new FirstAccounts(made));
    }
  }

  private Map<String, String> make() {
    // Two servers may start on one empty database; only one makes the accounts.
    jdbc.sql("SELECT pg_advisory_xact_lock(4217001)").query(row -> {});
    if (jdbc.sql("SELECT EXISTS (SELECT 1 FROM identity_person)").query(Boolean.class).single()) {
      return Map.of();
    }
    Map<String, String> made = new LinkedHashMap<>();
    ADMINISTRATORS.forEach(
        (role, login) -> {
          String password = passwords.oneTime();
          long id =
              jdbc.sql("INSERT INTO identity_person (login, name, password_hash) VALUES (:login, :name, :hash) RETURNING id")
                  .param("login", login)
                  .param("name", role.nameZh())
                  .param("hash", passwords.hash(password))
                  .query(Long.class)
                  .single();
          jdbc.sql("INSERT INTO identity_position (person_id, role, area_code) VALUES (:person, :role, '')")
              .param("person", id)
              .param("role", role.name())
              .update();
          log.record("first-start", "person:" + id, "done", Map.of("login", login, "role", role.name()));
          made.put(login, password);
        });
    return made;
  }
}
