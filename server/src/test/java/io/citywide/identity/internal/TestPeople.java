package io.citywide.identity.internal;

import io.citywide.TestClient;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Viewer;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes units, people in positions and their signed-in clients for tests, without the price of a password hash. */
@Component
public class TestPeople {

  private static final AtomicInteger COUNT = new AtomicInteger();

  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired UnitStore units;
  @Autowired ApiKeys keys;
  @Autowired Clock clock;
  @Autowired @Lazy WebServerApplicationContext server;

  /** A person in a position, signed in. */
  public record Someone(long personId, long positionId, String login, String token, TestClient client, Viewer viewer) {}

  public int port() {
    return server.getWebServer().getPort();
  }

  public TestClient nobody() {
    return TestClient.nobody(port());
  }

  public UnitRef unit(String name, UnitRef.UnitKind kind, String areaCode, Long parentId) {
    return Viewer.callAs(Viewer.system("test"), () ->
        units.create(new UnitRef(0, "T" + COUNT.incrementAndGet() + "-" + System.nanoTime() % 1_000_000, name, kind, parentId,
            areaCode, UnitRef.Stationing.NONE, null, true)));
  }

  /** {@code unit} may be {@code null} for roles of a centre. */
  public Someone someone(Role role, String areaCode, UnitRef unit) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> {
      int n = COUNT.incrementAndGet();
      String login = role.name().toLowerCase(java.util.Locale.ROOT) + n;
      long person = jdbc.sql("INSERT INTO identity_person (login, name, password_hash, must_change) VALUES (:login, :name, '-', false) RETURNING id")
          .param("login", login).param("name", role.nameZh() + n).query(Long.class).single();
      return inPosition(person, login, role.nameZh() + n, role, areaCode, unit);
    }));
  }

  /** The same person in another position, signed in: what the rules of grants would not allow at once, and years may bring. */
  public Someone later(Someone before, Role role, String areaCode) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status ->
        inPosition(before.personId(), before.login(), before.viewer().displayName(), role, areaCode, null)));
  }

  private Someone inPosition(long person, String login, String name, Role role, String areaCode, UnitRef unit) {
    long position = jdbc.sql("INSERT INTO identity_position (person_id, unit_id, role, area_code) VALUES (:person, :unit, :role, :area) RETURNING id")
        .param("person", person).param("unit", unit == null ? null : unit.id()).param("role", role.name()).param("area", areaCode)
        .query(Long.class).single();
    String token = Tokens.next();
    jdbc.sql("INSERT INTO identity_session (token_hash, person_id, position_id, created_at, last_seen) VALUES (:hash, :person, :position, :now, :now)")
        .param("hash", Tokens.hash(token)).param("person", person).param("position", position)
        .param("now", clock.instant().atOffset(ZoneOffset.UTC)).update();
    Set<Long> bound = role.unitBound() ? (unit == null ? Set.of(-1L) : units.subtree(unit.id())) : Set.of();
    Viewer viewer = new Viewer(Viewer.Kind.PERSON, person, position, name, role, unit == null ? null : unit.id(), areaCode, bound, role.permissions());
    return new Someone(person, position, login, token, TestClient.withSession(port(), token), viewer);
  }

  /** A machine with an API key. */
  public TestClient machine(String areaCode, Permission... permissions) {
    return machine(areaCode, null, permissions);
  }

  /** A machine whose API key is bound to a unit. */
  public TestClient machine(String areaCode, UnitRef unit, Permission... permissions) {
    return TestClient.withKey(port(), Viewer.callAs(Viewer.system("test"), () ->
        keys.make("test machine", Set.of(permissions), Set.of(), null, unit == null ? null : unit.id(), areaCode, List.of(Viewer.Machine.ANY),
            List.of(Viewer.Machine.ANY), null, null).secret()));
  }

  /** A key that waits for the system administrator; answers its id. */
  public long waitingKey(String name, String areaCode) {
    Set<Permission> asked = Set.of(Permission.UNIT_EDIT);
    return Viewer.callAs(Viewer.system("test"), () ->
        keys.make(name, asked, asked, null, null, areaCode, List.of("PARTNER"), List.of(name), null, null).id());
  }
}
