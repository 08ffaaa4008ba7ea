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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private static final List<String> ANYTHING = List.of(Viewer.Machine.ANY);

  private record Remembered(Viewer viewer, Instant readAt) {}

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
  Optional<Viewer> recall(String key) {
    Remembered known = remembered.get(HexFormat.of().formatHex(Tokens.hash(key)));
    return Optional.ofNullable(known)
        .filter(k -> !neighbours.deaf() && clock.instant().isBefore(k.readAt().plus(REMEMBERED)))
        .map(Remembered::viewer);
  }

  @Transactional(readOnly = true)
  Optional<Viewer> find(String key) {
    byte[] hash = Tokens.hash(key);
    String name = HexFormat.of().formatHex(hash);
    long seen = changes.get();
    Instant now = clock.instant();
    Optional<Viewer> viewer =
        jdbc.sql(
                """
                SELECT id, name, permissions, role, unit_id, area_code, channels, sources FROM identity_api_key
                WHERE key_hash = :hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
                """)
            .param("hash", hash)
            .param("now", now.atOffset(ZoneOffset.UTC))
            .query(
                (row, n) -> {
                  Set<Permission> permissions =
                      Arrays.stream((String[]) row.getArray("permissions").getArray()).map(Permission::valueOf).collect(Collectors.toSet());
                  Role role = row.getString("role") == null ? null : Role.valueOf(row.getString("role"));
                  Long unit = row.getObject("unit_id", Long.class);
                  // A key that names a unit works for that unit and those below it, and sees no more.
                  Set<Long> bound = unit != null ? units.subtree(unit) : role != null && role.unitBound() ? Set.of(-1L) : Set.of();
                  return new Viewer(Viewer.Kind.MACHINE, null, null, row.getString("name"), role, unit, row.getString("area_code"), bound, permissions,
                      new Viewer.Machine(row.getLong("id"), texts(row, "channels"), texts(row, "sources")), null);
                })
            .optional();
    if (viewer.isPresent() && changes.get() == seen) {
      remembered.put(name, new Remembered(viewer.get(), now));
    } else {
      remembered.remove(name);
    }
    return viewer;
  }

  static List<String> texts(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  /** A new key of the owner of a data folder, for every area. */
  @Transactional
  String createOperator(String name, Set<Permission> permissions, String holder) {
    return make(name, permissions, null, null, "", ANYTHING, ANYTHING, null, holder).secret();
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

  @Transactional
  Made make(String name, Set<Permission> permissions, Role role, Long unitId, String areaCode, List<String> channels, List<String> sources, Instant expiresAt, String holder) {
    String key = PREFIX + Tokens.next();
    long id = jdbc.sql(
            """
            INSERT INTO identity_api_key
              (name, key_hash, prefix, permissions, role, unit_id, area_code, created_by, created_at, expires_at, operator_of,
               channels, sources)
            VALUES (:name, :hash, :prefix, :permissions, :role, :unit, :area, :by, :now, :expires, :holder, :channels, :sources) RETURNING id
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
        .param("by", Viewer.current().personId())
        .param("expires", expiresAt == null ? null : OffsetDateTime.ofInstant(expiresAt, ZoneOffset.UTC))
        .query(Long.class)
        .single();
    return new Made(id, key);
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
