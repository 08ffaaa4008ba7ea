package io.citywide.identity.internal;

import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.platform.Neighbours;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Keys of machines: opaque, kept as hashes, with the permissions and the area they were given. */
@Component
class ApiKeys {

  static final String PREFIX = "cwk_";

  /** A key read a moment ago is not read again. Its revocation is told to every server; this bounds what a lost message could do. */
  private static final Duration REMEMBERED = Duration.ofSeconds(5);

  /** Of a key that waits for approval at {@code :now}. */
  static final String WAITING = " awaits <> '{}' AND decided_at IS NULL AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now) ";

  private static final List<String> ANYTHING = List.of(Viewer.Machine.ANY);

  /**
   * A key as it is used.
   *
   * @param awaited permissions that somebody has yet to approve; not empty: the key does not work
   */
  record Known(Viewer viewer, Set<Permission> awaited) {}

  private record Remembered(Known key, Instant readAt) {}

  private final JdbcClient jdbc;
  private final Clock clock;
  private final Units units;
  private final Neighbours neighbours;
  private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  private static final String CHANGED = "api-keys";

  ApiKeys(JdbcClient jdbc, Clock clock, Units units, Neighbours neighbours) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.units = units;
    this.neighbours = neighbours;
    neighbours.hear(CHANGED, facts -> forget());
    neighbours.hearGap(this::forget);
  }

  private void forget() {
    changes.incrementAndGet();
    remembered.clear();
  }

  /** A key read a moment ago, without asking the database. */
  Optional<Known> recall(String key) {
    Remembered known = remembered.get(HexFormat.of().formatHex(Tokens.hash(key)));
    return Optional.ofNullable(known)
        .filter(k -> !neighbours.deaf() && clock.instant().isBefore(k.readAt().plus(REMEMBERED)))
        .map(Remembered::key);
  }

  @Transactional(readOnly = true)
  Optional<Known> find(String key) {
    byte[] hash = Tokens.hash(key);
    String name = HexFormat.of().formatHex(hash);
    long seen = changes.get();
    Instant now = clock.instant();
    Optional<Known> known =
        jdbc.sql(
                """
                SELECT id, name, permissions, role, unit_id, area_code, channels, sources, awaits, decided_at FROM identity_api_key
                WHERE key_hash = :hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
                """)
            .param("hash", hash)
            .param("now", now.atOffset(ZoneOffset.UTC))
            .query(
                (row, n) -> {
                  Role role = row.getString("role") == null ? null : Role.valueOf(row.getString("role"));
                  Long unit = row.getObject("unit_id", Long.class);
                  // A key that names a unit works for that unit and those below it, and sees no more.
                  Set<Long> bound = unit != null ? units.subtree(unit) : role != null && role.unitBound() ? Set.of(-1L) : Set.of();
                  Viewer viewer = new Viewer(Viewer.Kind.MACHINE, null, null, row.getString("name"), role, unit, row.getString("area_code"), bound,
                      permissions(row, "permissions"), new Viewer.Machine(row.getLong("id"), texts(row, "channels"), texts(row, "sources")), null);
                  return new Known(viewer, row.getObject("decided_at") == null ? permissions(row, "awaits") : Set.of());
                })
            .optional();
    if (known.isPresent() && changes.get() == seen) {
      remembered.put(name, new Remembered(known.get(), now));
    } else {
      remembered.remove(name);
    }
    return known;
  }

  static List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  static Set<Permission> permissions(ResultSet row, String column) throws SQLException {
    return texts(row, column).stream().map(Permission::valueOf).collect(Collectors.toCollection(TreeSet::new));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** A new key of the owner of a data folder, for every area. It needs no approval: whoever owns the folder owns the server. */
  @Transactional
  String createOperator(String name, Set<Permission> permissions, String holder) {
    return make(name, permissions, Set.of(), null, null, "", ANYTHING, ANYTHING, null, holder).secret();
  }

  /** Takes back the keys made for a data folder; answers how many there were. */
  @Transactional
  int revokeOperator(String holder) {
    neighbours.everywhere(CHANGED, Map.of());
    return jdbc.sql("UPDATE identity_api_key SET revoked_at = :now WHERE operator_of = :holder AND revoked_at IS NULL")
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .param("holder", holder)
        .update();
  }

  /** A key just made. */
  record Made(long id, String secret) {}

  /** @param awaited permissions without whose approval it does not work */
  @Transactional
  Made make(String name, Set<Permission> permissions, Set<Permission> awaited, Role role, Long unitId, String areaCode, List<String> channels,
      List<String> sources, Instant expiresAt, String holder) {
    String key = PREFIX + Tokens.next();
    long id = jdbc.sql(
            """
            INSERT INTO identity_api_key
              (name, key_hash, prefix, permissions, role, unit_id, area_code, created_by, created_at, expires_at, operator_of,
               channels, sources, awaits)
            VALUES (:name, :hash, :prefix, :permissions, :role, :unit, :area, :by, :now, :expires, :holder, :channels, :sources, :awaits) RETURNING id
            """)
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .param("holder", holder)
        .param("name", name)
        .param("hash", Tokens.hash(key))
        .param("prefix", key.substring(0, PREFIX.length() + 6))
        .param("permissions", permissions.stream().map(Enum::name).toArray(String[]::new))
        .param("role", role == null ? null : role.name())
        .param("unit", unitId)
        .param("area", areaCode)
        .param("channels", channels.toArray(String[]::new))
        .param("sources", sources.toArray(String[]::new))
        .param("awaits", awaited.stream().map(Enum::name).toArray(String[]::new))
        .param("by", Viewer.current().personId())
        .param("expires", expiresAt == null ? null : OffsetDateTime.ofInstant(expiresAt, ZoneOffset.UTC))
        .query(Long.class)
        .single();
    return new Made(id, key);
  }

  /**
   * Lets a key that waits work, or ends it.
   *
   * @param refusal why it is refused, {@code null}: it is approved
   * @return whether it was waiting
   */
  @Transactional
  boolean decide(long id, String refusal) {
    neighbours.everywhere(CHANGED, Map.of());
    return jdbc.sql(
                """
                UPDATE identity_api_key SET decided_by = :by, decided_at = :now, refusal = :refusal, revoked_at = CASE WHEN :refused THEN :now::timestamptz END
                WHERE id = :id AND
                """ + WAITING)
            .param("now", clock.instant().atOffset(ZoneOffset.UTC))
            .param("by", Viewer.current().personId())
            .param("refusal", refusal)
            .param("refused", refusal != null)
            .param("id", id)
            .update()
        == 1;
  }

  @Transactional
  boolean revoke(long id) {
    neighbours.everywhere(CHANGED, Map.of());
    return jdbc.sql("UPDATE identity_api_key SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL")
            .param("now", clock.instant().atOffset(ZoneOffset.UTC))
            .param("id", id)
            .update()
        == 1;
  }
}
