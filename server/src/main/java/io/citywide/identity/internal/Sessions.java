package io.citywide.identity.internal;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.IdentitySettings;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.SignedOut;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Log-in, log-out and the sessions between them, kept in the database so that any server may answer. */
@Component
class Sessions {

  /** Permissions of somebody who must change the password first, or holds no position. */
  private static final Set<Permission> BARE = EnumSet.of(Permission.SELF);

  /** A session read a moment ago is not read again. Its end on another server is told here; this bounds what a lost message could do. */
  private static final Duration REMEMBERED = Duration.ofSeconds(5);

  private static final int REMEMBERED_AT_MOST = 10_000;

  record Person(long id, String login, String name, String passwordHash, boolean mustChange, boolean active,
      int failures, Instant firstFailureAt, Instant lockedUntil) {}

  record Position(long id, Role role, Long unitId, String unitName, String areaCode) {}

  /** A live session as the web layer shows it. */
  record Session(Person person, Position position, List<Position> positions, Viewer viewer, Instant createdAt) {}

  private record Remembered(Session session, Instant readAt, Instant lastSeen) {}

  private record Guesses(int failures, Instant first, Instant lockedUntil) {}

  private final JdbcClient jdbc;
  private final Clock clock;
  private final IdentitySettings settings;
  private final PasswordRules passwords;
  private final Units units;
  private final AccessLogStore log;
  private final ServerSettings server;
  private final Neighbours neighbours;
  private final ApplicationEventPublisher events;
  private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();
  private final Map<String, Guesses> guesses = new ConcurrentHashMap<>();

  /** What other servers are told: a person's sessions, or one of them, must be read anew. */
  private static final String PERSON_CHANGED = "session.person";
  private static final String SESSION_CHANGED = "session.one";

  Sessions(JdbcClient jdbc, Clock clock, IdentitySettings settings, PasswordRules passwords, Units units, AccessLogStore log, ServerSettings server,
      Neighbours neighbours, ApplicationEventPublisher events) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.settings = settings;
    this.passwords = passwords;
    this.units = units;
    this.log = log;
    this.server = server;
    this.neighbours = neighbours;
    this.events = events;
    neighbours.hear(PERSON_CHANGED, facts -> {
      changes.incrementAndGet();
      remembered.values().removeIf(known -> known.session().person().id() == (Long) facts.get("person"));
    });
    neighbours.hear(SESSION_CHANGED, facts -> {
      changes.incrementAndGet();
      remembered.remove((String) facts.get("session"));
    });
    neighbours.hearGap(() -> {
      changes.incrementAndGet();
      remembered.clear();
    });
  }

  /** How a log-in ended; a refusal commits its count of failures and so is a value. */
  sealed interface LogIn {
    record In(String token, Session session) implements LogIn {}

    record Refused(ProblemException problem) implements LogIn {}
  }

  @Transactional
  LogIn logIn(String login, String password) {
    Instant now = clock.instant();
    Optional<Person> found = lockPerson(login);
    if (found.isPresent() && found.get().lockedUntil() != null && found.get().lockedUntil().isAfter(now)) {
      log.record(login, found.get().id(), "session.refused", null, "refused", Map.of("why", "locked"));
      return new LogIn.Refused(locked(found.get().lockedUntil(), now));
    }
    if (found.isEmpty() && isLockedUnknown(login, now)) {
      // As fast as for an account that is locked: the time must not tell which names exist.
      log.record(login, null, "session.refused", null, "refused", Map.of("why", "locked"));
      return new LogIn.Refused(failedUnknown(login, now));
    }
    boolean right = passwords.matches(password, found.map(Person::passwordHash).orElse(null));
    if (found.isEmpty() || !right || !found.get().active()) {
      log.record(login, found.map(Person::id).orElse(null), "session.refused", null, "refused", Map.of("why", "credentials"));
      return new LogIn.Refused(found.map(person -> failed(person, now)).orElseGet(() -> failedUnknown(login, now)));
    }
    Person person = found.get();
    jdbc.sql("UPDATE identity_person SET failures = 0, first_failure_at = NULL, locked_until = NULL WHERE id = :id")
        .param("id", person.id())
        .update();
    List<Position> positions = positions(person.id());
    Long position = positions.isEmpty() ? null : positions.getFirst().id();
    String token = Tokens.next();
    jdbc.sql(
            """
            INSERT INTO identity_session (token_hash, person_id, position_id, created_at, last_seen)
            VALUES (:hash, :person, :position, :now, :now)
            """)
        .param("hash", Tokens.hash(token))
        .param("person", person.id())
        .param("position", position)
        .param("now", at(now))
        .update();
    log.record(person.name(), person.id(), "session.opened", null, "done", Map.of());
    return new LogIn.In(token, session(person, position, now, key(Tokens.hash(token))));
  }

  private ProblemException failed(Person person, Instant now) {
    boolean fresh = person.firstFailureAt() == null || person.firstFailureAt().plus(settings.failureWindow()).isBefore(now);
    int failures = fresh ? 1 : person.failures() + 1;
    Instant until = failures >= settings.maxFailures() ? now.plus(settings.lockDuration()) : null;
    jdbc.sql(
            """
            UPDATE identity_person SET failures = :failures, first_failure_at = :first, locked_until = :until WHERE id = :id
            """)
        .param("failures", until == null ? failures : 0)
        .param("first", at(fresh ? now : person.firstFailureAt()))
        .param("until", at(until))
        .param("id", person.id())
        .update();
    return until == null ? badCredentials() : locked(until, now);
  }

  /** Guesses at a name that nobody has are answered like others, so that a lock does not tell which names exist. */
  private ProblemException failedUnknown(String login, Instant now) {
    if (guesses.size() > REMEMBERED_AT_MOST) {
      guesses.clear();
    }
    Guesses counted =
        guesses.compute(
            login,
            (name, known) -> {
              if (known != null && known.lockedUntil() != null && known.lockedUntil().isAfter(now)) {
                return known;
              }
              boolean fresh = known == null || known.lockedUntil() != null || known.first().plus(settings.failureWindow()).isBefore(now);
              int failures = fresh ? 1 : known.failures() + 1;
              return new Guesses(failures, fresh ? now : known.first(), failures >= settings.maxFailures() ? now.plus(settings.lockDuration()) : null);
            });
    return counted.lockedUntil() == null ? badCredentials() : locked(counted.lockedUntil(), now);
  }

  private boolean isLockedUnknown(String login, Instant now) {
    Guesses known = guesses.get(login);
    return known != null && known.lockedUntil() != null && known.lockedUntil().isAfter(now);
  }

  private static ProblemException badCredentials() {
    return new ProblemException(IdentityProblem.BAD_CREDENTIALS, "name or password is wrong; after several failures the account is locked for a while")
        .zh("用户名或密码不正确；多次失败后账号将暂时锁定");
  }

  private static ProblemException locked(Instant until, Instant now) {
    return new ProblemException(IdentityProblem.LOCKED, "too many failed log-ins; try again after " + until, Map.of("until", until.toString()))
        .zh("登录失败次数过多，请在 " + Math.max(1, (Duration.between(now, until).toSeconds() + 59) / 60) + " 分钟后重试");
  }

  /** A session read a moment ago, without asking the database: most requests of a busy screen end here. */
  Optional<Session> recall(String token) {
    Remembered known = remembered.get(key(Tokens.hash(token)));
    return Optional.ofNullable(known)
        // Either side: a clock that was set back must not make it remembered for an hour.
        .filter(k -> !neighbours.deaf() && Duration.between(k.readAt(), clock.instant()).abs().compareTo(REMEMBERED) < 0)
        .map(Remembered::session);
  }

  /** The live session of a token, which this call keeps alive. */
  @Transactional
  Optional<Session> find(String token) {
    byte[] hash = Tokens.hash(token);
    String key = key(hash);
    Instant now = clock.instant();
    Optional<Session> recalled = recall(token);
    if (recalled.isPresent()) {
      return recalled;
    }
    // Read before the rows: a session that ends in between is not remembered.
    long seen = changes.get();
    record Row(long personId, Long positionId, Instant createdAt, Instant lastSeen) {}
    Optional<Row> found =
        jdbc.sql("SELECT person_id, position_id, created_at, last_seen FROM identity_session WHERE token_hash = :hash")
            .param("hash", hash)
            .query((row, n) -> new Row(row.getLong("person_id"), row.getObject("position_id", Long.class),
                instant(row.getObject("created_at", OffsetDateTime.class)), instant(row.getObject("last_seen", OffsetDateTime.class))))
            .optional()
            .filter(row -> now.isBefore(row.lastSeen().plus(settings.sessionIdle())))
            .filter(row -> now.isBefore(row.createdAt().plus(settings.sessionAbsolute())));
    Optional<Person> person = found.flatMap(row -> findPerson(row.personId())).filter(Person::active);
    if (person.isEmpty()) {
      remembered.remove(key);
      return Optional.empty();
    }
    Row row = found.get();
    if (now.isAfter(row.lastSeen().plusSeconds(30))) {
      jdbc.sql("UPDATE identity_session SET last_seen = :now WHERE token_hash = :hash").param("now", at(now)).param("hash", hash).update();
    }
    Session session = session(person.get(), row.positionId(), row.createdAt(), key);
    if (remembered.size() > REMEMBERED_AT_MOST) {
      remembered.clear();
    }
    if (changes.get() == seen) {
      remembered.put(key, new Remembered(session, now, row.lastSeen()));
    }
    return Optional.of(session);
  }

  @Transactional
  void end(String token) {
    byte[] hash = Tokens.hash(token);
    Optional<Long> person = jdbc.sql("DELETE FROM identity_session WHERE token_hash = :hash RETURNING person_id").param("hash", hash).query(Long.class).optional();
    forgetSession(hash);
    person.ifPresent(id -> events.publishEvent(new SignedOut(id, key(hash), null)));
  }

  /** Ends every session of a person, such as after a change of rights. */
  @Transactional
  void endAll(long personId) {
    jdbc.sql("DELETE FROM identity_session WHERE person_id = :person").param("person", personId).update();
    forget(personId);
    events.publishEvent(new SignedOut(personId, null, null));
  }

  @Transactional
  Session takePosition(String token, long positionId) {
    Session session = find(token).orElseThrow(() -> new ProblemException(IdentityProblem.SIGN_IN, "sign in first").zh("请先登录"));
    if (session.positions().stream().noneMatch(p -> p.id() == positionId)) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "you do not hold position " + positionId, Map.of("field", "positionId")).zh("您没有此岗位");
    }
    byte[] hash = Tokens.hash(token);
    jdbc.sql("UPDATE identity_session SET position_id = :position WHERE token_hash = :hash")
        .param("position", positionId).param("hash", hash).update();
    forgetSession(hash);
    return session(session.person(), positionId, session.createdAt(), key(hash));
  }

  /**
   * Changes one's own password and ends one's other sessions.
   *
   * @return the refusal of a wrong current password, which counts as a failed log-in and so must commit
   */
  @Transactional
  Optional<ProblemException> changePassword(long personId, String token, String current, String next) {
    Instant now = clock.instant();
    Person person = findPerson(personId).flatMap(known -> lockPerson(known.login())).orElseThrow();
    if (person.lockedUntil() != null && person.lockedUntil().isAfter(now)) {
      return Optional.of(locked(person.lockedUntil(), now));
    }
    if (!passwords.matches(current, person.passwordHash())) {
      log.record(person.name(), personId, "password.refused", "person:" + personId, "refused", Map.of());
      ProblemException failed = failed(person, now);
      return Optional.of(failed.problem() == IdentityProblem.LOCKED ? failed
          : new ProblemException(IdentityProblem.BAD_CREDENTIALS, "the current password is wrong", Map.of("field", "current")).zh("当前密码不正确"));
    }
    if (current.equals(next)) {
      throw new ProblemException(IdentityProblem.WEAK_PASSWORD, "the new password must differ from the current one", Map.of("field", "next")).zh("新密码不能与当前密码相同");
    }
    passwords.check(next, person.login());
    refuseOneUsedBefore(personId, next);
    jdbc.sql("INSERT INTO identity_password_before (person_id, hash, replaced_at) VALUES (:id, :hash, :now) ON CONFLICT DO NOTHING")
        .param("id", personId).param("hash", person.passwordHash()).param("now", at(now)).update();
    jdbc.sql("UPDATE identity_person SET password_hash = :hash, password_changed_at = :now, must_change = false, failures = 0, first_failure_at = NULL WHERE id = :id")
        .param("hash", passwords.hash(next)).param("now", at(now)).param("id", personId).update();
    jdbc.sql("DELETE FROM identity_session WHERE person_id = :person AND token_hash <> :own")
        .param("person", personId).param("own", Tokens.hash(token)).update();
    forget(personId);
    events.publishEvent(new SignedOut(personId, null, key(Tokens.hash(token))));
    log.record(person.name(), personId, "password.changed", "person:" + personId, "done", Map.of());
    return Optional.empty();
  }

  private void refuseOneUsedBefore(long personId, String next) {
    List<String> before = jdbc.sql("SELECT hash FROM identity_password_before WHERE person_id = :id ORDER BY replaced_at DESC LIMIT :most")
        .param("id", personId).param("most", settings.passwordsRemembered()).query(String.class).list();
    if (before.stream().anyMatch(hash -> passwords.matches(next, hash))) {
      throw new ProblemException(IdentityProblem.WEAK_PASSWORD, "the new password is one of your last " + settings.passwordsRemembered(), Map.of("field", "next", "bound", settings.passwordsRemembered()))
          .zh("新密码不能与最近 " + settings.passwordsRemembered() + " 次用过的密码相同");
    }
  }

  /** What is remembered of a person's sessions is read anew, now and once more after the commit, on every server. */
  void forget(long personId) {
    remembered.values().removeIf(known -> known.session().person().id() == personId);
    neighbours.everywhere(PERSON_CHANGED, Map.of("person", personId));
  }

  private void forgetSession(byte[] hash) {
    String key = key(hash);
    remembered.remove(key);
    neighbours.everywhere(SESSION_CHANGED, Map.of("session", key));
  }

  /** Whether the token's session still lives, without keeping it alive. */
  @Transactional(readOnly = true)
  boolean lives(String token) {
    Instant now = clock.instant();
    return jdbc.sql(
            """
            SELECT EXISTS (SELECT 1 FROM identity_session s JOIN identity_person p ON p.id = s.person_id
                           WHERE s.token_hash = :hash AND p.active AND s.last_seen > :idle AND s.created_at > :absolute)
            """)
        .param("hash", Tokens.hash(token))
        .param("idle", at(now.minus(settings.sessionIdle())))
        .param("absolute", at(now.minus(settings.sessionAbsolute())))
        .query(Boolean.class)
        .single();
  }

  private static String key(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }

  private Session session(Person person, Long positionId, Instant createdAt, String key) {
    List<Position> positions = positions(person.id());
    Position position =
        positions.stream().filter(p -> positionId != null && p.id() == positionId).findFirst()
            .orElse(positions.isEmpty() ? null : positions.getFirst());
    return new Session(person, position, positions, viewer(person, position, key), createdAt);
  }

  /** See {@link io.citywide.identity.People#viewers}. */
  Map<Long, List<Viewer>> viewers(Collection<Long> personIds) {
    Map<Long, List<Viewer>> viewers = new HashMap<>();
    for (Person person : jdbc.sql(PERSON + "WHERE id = ANY (:ids) AND active").param("ids", personIds.toArray(Long[]::new)).param("oldest", oldestPassword())
        .query(Sessions::person).list()) {
      List<Position> held = positions(person.id());
      viewers.put(person.id(), held.isEmpty() ? List.of(viewer(person, null, null)) : held.stream().map(p -> viewer(person, p, null)).toList());
    }
    return viewers;
  }

  private Viewer viewer(Person person, Position position, String key) {
    if (position == null) {
      return new Viewer(Viewer.Kind.PERSON, person.id(), null, person.name(), null, null, null, Set.of(), BARE, null, key);
    }
    // A unit-bound role without a unit is bound to no existing unit, hence sees nothing.
    Set<Long> bound = !position.role().unitBound() ? Set.of() : position.unitId() == null ? Set.of(-1L) : units.subtree(position.unitId());
    return new Viewer(Viewer.Kind.PERSON, person.id(), position.id(), person.name(), position.role(), position.unitId(),
        position.areaCode(), bound, person.mustChange() ? BARE : position.role().permissions(), null, key);
  }

  /** Positions that count today: not ended, of a unit that is active and whose temporary stationing has not run out. */
  List<Position> positions(long personId) {
    return jdbc.sql(
            """
            SELECT p.id, p.role, p.unit_id, u.name AS unit_name, p.area_code
            FROM identity_position p LEFT JOIN identity_unit u ON u.id = p.unit_id
            WHERE p.person_id = :person AND p.ended_at IS NULL
              AND (u.id IS NULL OR u.active AND (u.stationing <> 'TEMPORARY' OR u.stationed_until >= :today))
            ORDER BY p.id
            """)
        .param("person", personId)
        .param("today", today())
        .query((row, n) -> new Position(row.getLong("id"), Role.valueOf(row.getString("role")), row.getObject("unit_id", Long.class),
            row.getString("unit_name"), row.getString("area_code")))
        .list();
  }

  /** The day it is in the city. */
  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), server.zone());
  }

  private static final String PERSON =
      """
      SELECT id, login, name, password_hash, must_change OR password_changed_at < :oldest AS must_change, active, failures, first_failure_at, locked_until
      FROM identity_person
      """;

  private Optional<Person> lockPerson(String login) {
    // The row lock makes parallel guesses count one by one.
    return jdbc.sql(PERSON + "WHERE login = :login FOR UPDATE").param("login", login).param("oldest", oldestPassword()).query(Sessions::person).optional();
  }

  Optional<Person> findPerson(long id) {
    return jdbc.sql(PERSON + "WHERE id = :id").param("id", id).param("oldest", oldestPassword()).query(Sessions::person).optional();
  }

  private OffsetDateTime oldestPassword() {
    return at(settings.passwordMaxAge().isZero() ? Instant.EPOCH : clock.instant().minus(settings.passwordMaxAge()));
  }

  private static Person person(java.sql.ResultSet row, int n) throws java.sql.SQLException {
    return new Person(row.getLong("id"), row.getString("login"), row.getString("name"), row.getString("password_hash"),
        row.getBoolean("must_change"), row.getBoolean("active"), row.getInt("failures"),
        instant(row.getObject("first_failure_at", OffsetDateTime.class)), instant(row.getObject("locked_until", OffsetDateTime.class)));
  }

  private static Instant instant(OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static OffsetDateTime at(Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
