package io.citywide.identity.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Purpose;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * The accounts of people, as administrators look after them: within their own area, and never above
 * it. What a person may do is granted elsewhere ({@link GrantDesk}), by another administrator.
 */
@Component
public class PeopleDesk {

  /**
   * An account.
   *
   * @param phone masked, such as {@code 138****5678}; {@code null} where none is known
   * @param areaCode area whose administrators look after the account
   * @param lockedUntil end of a lock after failed log-ins, {@code null} where not locked
   * @param sealBroken a telephone number is kept, but cannot be opened: a key is missing or the bytes were altered
   */
  public record Person(long id, String login, String name, String phone, String areaCode, boolean active,
      boolean mustChangePassword, Instant lockedUntil, List<Held> positions, boolean sealBroken) {}

  /** A position that a person holds. {@code counts} is false while its unit is inactive or its stationing has run out. */
  public record Held(long id, Role role, String roleZh, String roleEn, Long unitId, String unitName, String areaCode, boolean counts) {}

  /** A new account with its password, told this once; {@code null} where the account cannot sign in. */
  public record Created(Person person, String oneTimePassword) {}

  /**
   * What is said of an account.
   *
   * @param phone digits, spaces, dashes, a leading plus; {@code null} or masked: as it was; empty: none
   * @param areaCode {@code null}: as it was, at first the administrator's own area
   * @param active {@code null}: as it was, at first {@code true}
   */
  public record Draft(String name, String phone, String areaCode, Boolean active) {}

  private static final String LOGIN = "[a-z0-9][a-z0-9._-]{1,63}";
  private static final String PHONE = "\\+?[0-9][0-9 -]{3,18}[0-9]";

  private final JdbcClient jdbc;
  private final Clock clock;
  private final PasswordRules passwords;
  private final Sessions sessions;
  private final AccessLog log;
  private final SealedPhones phones;

  PeopleDesk(JdbcClient jdbc, Clock clock, PasswordRules passwords, Sessions sessions, AccessLog log, SealedPhones phones) {
    this.phones = phones;
    this.jdbc = jdbc;
    this.clock = clock;
    this.passwords = passwords;
    this.sessions = sessions;
    this.log = log;
  }

  private static final String SELECT =
      "SELECT p.id, p.login, p.name, p.phone_sealed, p.area_code, p.active, p.must_change, p.locked_until FROM identity_person p ";

  /** Parameters lo and hi: the administrator's area. */
  private static final String VISIBLE =
      """
      (p.area_code >= :lo AND p.area_code < :hi
        OR EXISTS (SELECT 1 FROM identity_position q
                   WHERE q.person_id = p.id AND q.ended_at IS NULL AND q.area_code >= :lo AND q.area_code < :hi))
      """;

  /**
   * People of the viewer's area, by login name.
   *
   * @param q part of a login or name, {@code null}: all
   * @param after login name after which to go on
   */
  @Transactional(readOnly = true)
  public Slice<Person> list(String q, Role role, Long unitId, Boolean active, int limit, String after) {
    AreaScope area = Viewer.current().area();
    List<Person> found =
        jdbc.sql(
                SELECT
                    + "WHERE "
                    + VISIBLE
                    + """
                      AND (:q::text IS NULL OR strpos(p.login, lower(:q)) > 0 OR strpos(p.name, :q) > 0)
                      AND (:active::boolean IS NULL OR p.active = :active)
                      AND (:role::text IS NULL AND :unit::bigint IS NULL
                           OR EXISTS (SELECT 1 FROM identity_position q
                                      WHERE q.person_id = p.id AND q.ended_at IS NULL
                                        AND (:role::text IS NULL OR q.role = :role) AND (:unit::bigint IS NULL OR q.unit_id = :unit)))
                      AND (:after::text IS NULL OR p.login > :after)
                      ORDER BY p.login LIMIT :limit
                      """)
            .param("lo", area.low())
            .param("hi", area.high())
            .param("q", q == null || q.isBlank() ? null : q.strip())
            .param("active", active)
            .param("role", role == null ? null : role.name())
            .param("unit", unitId)
            .param("after", after)
            .param("limit", limit + 1)
            .query(this::person)
            .list();
    boolean more = found.size() > limit;
    List<Person> page = withPositions(more ? found.subList(0, limit) : found);
    return new Slice<>(page, more ? page.getLast().login() : null);
  }

  /**
   * @throws ProblemException {@code identity.unknown-person}, also for a person whom the viewer may not see
   */
  @Transactional(readOnly = true)
  public Person get(long id) {
    AreaScope area = Viewer.current().area();
    Optional<Person> found =
        jdbc.sql(SELECT + "WHERE p.id = :id AND " + VISIBLE)
            .param("id", id)
            .param("lo", area.low())
            .param("hi", area.high())
            .query(this::person)
            .optional();
    return withPositions(List.of(found.orElseThrow(() -> unknown(id)))).getFirst();
  }

  /**
   * Makes an account without any position.
   *
   * @param login 2 to 64 small letters, digits, dots, dashes, underscores; capitals and outer space are mended
   * @param signIn whether a one-time password is made; without one the account cannot sign in until a reset
   * @throws ProblemException {@code identity.invalid-person}, {@code identity.login-taken}, {@code identity.forbidden}
   */
  @Transactional
  public Created create(String login, Draft draft, boolean signIn) {
    String name = login == null ? "" : login.strip().toLowerCase(Locale.ROOT);
    if (!name.matches(LOGIN)) {
      throw invalid("login", login, "login must be 2 to 64 letters a-z, digits, dots, dashes or underscores, was '" + login + "'")
          .zh("用户名须为 2 至 64 位小写字母、数字、点、横线或下划线");
    }
    String area = draft.areaCode() == null ? Objects.requireNonNullElse(Viewer.current().areaCode(), "") : draft.areaCode().strip();
    checkArea(area);
    String password = signIn ? passwords.oneTime() : null;
    try {
      // The number is sealed for the row's id, so the id comes first.
      long id = jdbc.sql("SELECT nextval(pg_get_serial_sequence('identity_person', 'id'))").query(Long.class).single();
      jdbc.sql(
              """
              INSERT INTO identity_person (id, login, name, phone_sealed, area_code, active, password_hash, created_at)
              VALUES (:id, :login, :name, :phone, :area, :active, :hash, :now)
              """)
          .param("id", id)
          .param("login", name)
          .param("name", checkedName(draft.name()))
          .param("phone", phones.seal(id, checkedPhone(draft.phone())))
          .param("area", area)
          .param("active", draft.active() == null || draft.active())
          .param("hash", signIn ? passwords.hash(password) : PasswordRules.NONE)
          .param("now", now())
          .update();
      log.record("person.created", "person:" + id, "done", Map.of("login", name));
      return new Created(get(id), password);
    } catch (DuplicateKeyException e) {
      throw new ProblemException(IdentityProblem.LOGIN_TAKEN, "another person has the login name '" + name + "'",
          Map.of("field", "login", "value", name)).zh("用户名“" + name + "”已被使用");
    }
  }

  /**
   * Replaces what is known of a person. Deactivating ends the person's sessions.
   *
   * @throws ProblemException {@code identity.unknown-person}, {@code identity.invalid-person}, {@code identity.forbidden},
   *     {@code identity.protected-person}, {@code identity.own-rights}, {@code identity.last-administrator}
   */
  @Transactional
  public Person change(long id, Draft draft) {
    Person before = managed(id);
    boolean active = draft.active() == null ? before.active() : draft.active();
    if (before.active() && !active) {
      refuseOneself(id, "deactivate yourself", "不能停用自己的账号");
      refuseAdministrator(before, "deactivated", "停用");
      keepOneOfEachKind(before.positions());
    }
    String area = draft.areaCode() == null ? before.areaCode() : draft.areaCode().strip();
    checkArea(area);
    boolean keepPhone = draft.phone() == null || draft.phone().contains("*");
    jdbc.sql("UPDATE identity_person SET name = :name, phone_sealed = CASE WHEN :keep THEN phone_sealed ELSE :phone END, area_code = :area, active = :active WHERE id = :id")
        .param("name", checkedName(draft.name()))
        .param("keep", keepPhone)
        .param("phone", phones.seal(id, checkedPhone(draft.phone())), Types.BINARY)
        .param("area", area)
        .param("active", active)
        .param("id", id)
        .update();
    if (!active) {
      sessions.endAll(id);
    } else {
      sessions.forget(id);
    }
    log.record("person.changed", "person:" + id, "done", Map.of("login", before.login(), "active", active));
    return get(id);
  }

  /**
   * A new password to be used once. Ends the person's sessions and lifts a lock.
   *
   * @throws ProblemException {@code identity.unknown-person}, {@code identity.protected-person}, {@code identity.own-rights}
   */
  @Transactional
  public String resetPassword(long id) {
    Person person = managed(id);
    refuseOneself(id, "reset your own password; change it with the current one", "不能重置自己的密码，请用当前密码修改");
    refuseAdministrator(person, "given a new password", "重置密码");
    String password = passwords.oneTime();
    jdbc.sql(
            """
            UPDATE identity_person
            SET password_hash = :hash, password_changed_at = :now, must_change = true, failures = 0, first_failure_at = NULL, locked_until = NULL WHERE id = :id
            """)
        .param("now", now())
        .param("hash", passwords.hash(password))
        .param("id", id)
        .update();
    sessions.endAll(id);
    log.record("password.reset", "person:" + id, "done", Map.of("login", person.login()));
    return password;
  }

  /** Lifts a lock after failed log-ins. */
  @Transactional
  public Person unlock(long id) {
    Person person = managed(id);
    jdbc.sql("UPDATE identity_person SET failures = 0, first_failure_at = NULL, locked_until = NULL WHERE id = :id")
        .param("id", id)
        .update();
    log.record("person.unlocked", "person:" + id, "done", Map.of("login", person.login()));
    return get(id);
  }

  /** The phone number in clear, empty where none is known. The look is on record, or there is no look. */
  @Transactional
  public String revealPhone(long id, Purpose purpose) {
    managed(id);
    log.record("personal-data.revealed", "person:" + id, "done", purpose.details(List.of("phone")));
    return Objects.requireNonNullElse(phone(id), "");
  }

  private String phone(long id) {
    return jdbc.sql("SELECT phone_sealed FROM identity_person WHERE id = :id").param("id", id)
        .query((row, n) -> Optional.ofNullable(phones.open(id, row.getBytes(1)))).single().orElse(null);
  }

  /** A visible person whose account and positions all lie within the viewer's area. */
  private Person managed(long id) {
    Person person = get(id);
    AreaScope area = Viewer.current().area();
    if (!area.covers(person.areaCode()) || person.positions().stream().anyMatch(p -> !area.covers(p.areaCode()))) {
      throw new ProblemException(IdentityProblem.PROTECTED_PERSON,
          person.name() + " also works or is looked after outside your area; ask an administrator of the larger area")
          .zh(person.name() + "也在您的区域之外任职或由外区管理，请联系上级区域的管理员");
    }
    return person;
  }

  private static void refuseOneself(long id, String what, String zh) {
    if (Objects.equals(Viewer.current().personId(), id)) {
      throw new ProblemException(IdentityProblem.OWN_RIGHTS, "you cannot " + what).zh(zh);
    }
  }

  /** Whoever could take over the account of another kind of administrator would hold both powers. */
  private static void refuseAdministrator(Person person, String what, String whatZh) {
    person.positions().stream().map(Held::role).filter(role -> role.administrator() && role != Viewer.current().role()).findFirst()
        .ifPresent(role -> {
          throw new ProblemException(IdentityProblem.PROTECTED_PERSON, person.name() + " is " + role
              + " and cannot be " + what + " by another kind of administrator; let the security administrator end that position first")
              .zh(person.name() + "是" + role.nameZh() + "，不能由其他类别的管理员" + whatZh + "；请先由安全管理员结束其该岗位");
        });
  }

  /** Refuses the loss of the last active administrator of a kind among {@code lost}. */
  void keepOneOfEachKind(List<Held> lost) {
    // Two administrators removing each other at once must not both succeed.
    jdbc.sql("SELECT pg_advisory_xact_lock(4217002)").query(row -> {});
    for (Held position : lost) {
      if (position.role().administrator()
          && !jdbc.sql(
                  """
                  SELECT EXISTS (SELECT 1 FROM identity_position q JOIN identity_person p ON p.id = q.person_id
                                 WHERE q.role = :role AND q.area_code = '' AND q.ended_at IS NULL AND p.active AND q.id <> :id)
                  """)
              .param("role", position.role().name())
              .param("id", position.id())
              .query(Boolean.class)
              .single()) {
        throw new ProblemException(IdentityProblem.LAST_ADMINISTRATOR,
            "nobody else would be " + position.role() + " of the whole installation; grant it to somebody else first",
            Map.of("role", position.role().name()))
            .zh("这是最后一名管理全部区域的" + position.role().nameZh() + "，请先授予其他人");
      }
    }
  }

  private void checkArea(String area) {
    if (!area.matches("|[0-9A-Z]{2,17}")) {
      throw invalid("areaCode", area, "areaCode must be an area code of 2 to 17 digits, or empty for everywhere, was '" + area + "'").zh("区域代码“" + area + "”无效");
    }
    if (!Viewer.current().area().covers(area)) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "area '" + area + "' lies outside your area", Map.of("field", "areaCode", "value", area))
          .zh("区域 " + area + " 不在您的管理范围内");
    }
  }

  private static String checkedName(String name) {
    String kept = name == null ? "" : name.strip();
    if (kept.isEmpty() || kept.length() > 64 || kept.chars().anyMatch(Character::isISOControl)) {
      throw invalid("name", name, "name must have 1 to 64 characters, none of them a control character").zh("姓名须为 1 至 64 个字");
    }
    return kept;
  }

  /** {@code null} also for one sent back as it was shown, masked. */
  private static String checkedPhone(String phone) {
    if (phone == null || phone.contains("*")) {
      return null;
    }
    String kept = phone.strip();
    if (kept.isEmpty()) {
      return null;
    }
    if (!kept.matches(PHONE)) {
      throw invalid("phone", null, "phone must be 5 to 20 digits, spaces or dashes with at most a leading plus").zh("电话须为 5 至 20 位数字，可含空格、横线和开头的加号");
    }
    return kept;
  }

  /** {@code 138****5678}; of short numbers only the last two digits stay. */
  static String masked(String phone) {
    if (phone == null) {
      return null;
    }
    int length = phone.length();
    return length >= 11
        ? phone.substring(0, 3) + "*".repeat(length - 7) + phone.substring(length - 4)
        : "*".repeat(length - 2) + phone.substring(length - 2);
  }

  private List<Person> withPositions(List<Person> people) {
    Map<Long, List<Held>> held = new HashMap<>();
    jdbc.sql(
            """
            SELECT q.person_id, q.id, q.role, q.unit_id, u.name AS unit_name, q.area_code,
                   u.id IS NULL OR u.active AND (u.stationing <> 'TEMPORARY' OR u.stationed_until >= :today) AS counts
            FROM identity_position q LEFT JOIN identity_unit u ON u.id = q.unit_id
            WHERE q.person_id = ANY (:people) AND q.ended_at IS NULL ORDER BY q.id
            """)
        .param("today", sessions.today())
        .param("people", people.stream().map(Person::id).toArray(Long[]::new))
        .query(
            row -> {
              Role role = Role.valueOf(row.getString("role"));
              held.computeIfAbsent(row.getLong("person_id"), key -> new java.util.ArrayList<>())
                  .add(new Held(row.getLong("id"), role, role.nameZh(), role.nameEn(), row.getObject("unit_id", Long.class),
                      row.getString("unit_name"), row.getString("area_code"), row.getBoolean("counts")));
            });
    Instant now = clock.instant();
    return people.stream()
        .map(p -> new Person(p.id(), p.login(), p.name(), p.phone(), p.areaCode(), p.active(), p.mustChangePassword(),
            p.lockedUntil() != null && p.lockedUntil().isAfter(now) ? p.lockedUntil() : null, held.getOrDefault(p.id(), List.of()), p.sealBroken()))
        .collect(Collectors.toList());
  }

  private Person person(java.sql.ResultSet row, int n) throws java.sql.SQLException {
    OffsetDateTime locked = row.getObject("locked_until", OffsetDateTime.class);
    String phone = null;
    boolean broken = false;
    try {
      phone = masked(phones.open(row.getLong("id"), row.getBytes("phone_sealed")));
    } catch (PersonalSeal.BrokenSeal e) {
      e.log();
      broken = true;
    }
    return new Person(row.getLong("id"), row.getString("login"), row.getString("name"), phone,
        row.getString("area_code"), row.getBoolean("active"), row.getBoolean("must_change"),
        locked == null ? null : locked.toInstant(), List.of(), broken);
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  static ProblemException unknown(long id) {
    return new ProblemException(IdentityProblem.UNKNOWN_PERSON, "there is no person " + id + " within your area").zh("没有此人员，或不在您的管理范围内");
  }

  private static ProblemException invalid(String field, String value, String detail) {
    Map<String, Object> extras = new HashMap<>(Map.of("field", field));
    extras.put("value", value);
    return new ProblemException(IdentityProblem.INVALID_PERSON, detail, extras);
  }
}
