package io.citywide.identity.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Makes, lists and revokes the keys of machines, each act logged. */
@Component
public class ApiKeyDesk {

  /**
   * A key without its secret.
   *
   * @param prefix first characters, by which its holder recognises it
   * @param unitId unit to whose cases it is bound, {@code null}: not bound
   * @param channels by which its reports may come, {@code *}: every channel
   * @param sources systems whose numbers it may bring, the usual one first, {@code *}: every system
   * @param operator made by the server for whoever owns the data folder
   * @param madeBy name of who made it, {@code null}: the server
   */
  public record Key(long id, String name, String prefix, Set<Permission> permissions, Long unitId, String areaCode,
      List<String> channels, List<String> sources, Instant createdAt, Instant expiresAt, Instant revokedAt, boolean operator,
      Long madeById, String madeBy, KeyApproval approval) {}

  /** A new key; {@code secret} is told this once. */
  public record Created(Key key, String secret) {}

  /**
   * What a key is to be.
   *
   * @param channels by which its reports may come; empty: {@code PARTNER}
   * @param sources systems whose numbers it may bring, the usual one first; empty: its own name
   */
  public record Draft(String name, Set<Permission> permissions, Long unitId, String areaCode, List<String> channels, List<String> sources,
      Instant expiresAt) {}

  private static final String CHANNEL = "[A-Z][A-Z0-9_]{1,29}";
  private static final int MOST = 20;
  private static final int LONGEST_SOURCE = 60;

  /** Channels that this server fills itself: a key never speaks for a person at the console or for a citizen. */
  private static final Set<String> OWN_CHANNELS = Set.of("CONSOLE", "PUBLIC");

  private final JdbcClient jdbc;
  private final Clock clock;
  private final ApiKeys keys;
  private final UnitStore units;
  private final AccessLog log;

  ApiKeyDesk(JdbcClient jdbc, Clock clock, ApiKeys keys, UnitStore units, AccessLog log) {
    this.jdbc = jdbc;
    this.clock = clock;
    this.keys = keys;
    this.units = units;
    this.log = log;
  }

  private static final String SELECT =
      """
      SELECT * FROM (
        SELECT k.*, maker.name AS maker, decider.name AS decider FROM identity_api_key k
        LEFT JOIN identity_person maker ON maker.id = k.created_by LEFT JOIN identity_person decider ON decider.id = k.decided_by) AS each_key
      """;

  /** Keys of the viewer's area, newest first; revoked ones too, as they explain the past. */
  @Transactional(readOnly = true)
  public List<Key> list() {
    AreaScope area = Viewer.current().area();
    return jdbc.sql(SELECT + "WHERE area_code >= :lo AND area_code < :hi ORDER BY id DESC LIMIT 1000")
        .param("lo", area.low())
        .param("hi", area.high())
        .query(ApiKeyDesk::key)
        .list();
  }

  /** Those of them that wait for approval. */
  List<Key> listWaiting() {
    AreaScope area = Viewer.current().area();
    return jdbc.sql(SELECT + "WHERE area_code >= :lo AND area_code < :hi AND " + ApiKeys.WAITING + "ORDER BY id DESC LIMIT 1000")
        .param("lo", area.low())
        .param("hi", area.high())
        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
        .query(ApiKeyDesk::key)
        .list();
  }

  /**
   * Makes a key. With permissions of another administrator it does not work before one of them has approved it.
   *
   * @throws ProblemException {@code identity.invalid-key}, {@code identity.unknown-unit}, {@code identity.forbidden}
   */
  @Transactional
  public Created create(Draft draft) {
    String name = draft.name() == null ? "" : draft.name().strip();
    if (name.isEmpty() || name.length() > 100 || name.chars().anyMatch(Character::isISOControl)) {
      throw invalid("name", name, "name must have 1 to 100 characters and say which system uses the key").zh("请填写名称（1 至 100 个字），说明哪个系统使用此密钥");
    }
    Set<Permission> asked = draft.permissions() == null || draft.permissions().isEmpty() ? Set.of() : EnumSet.copyOf(draft.permissions());
    if (asked.isEmpty()) {
      throw invalid("permissions", List.of(), "a key needs at least one permission of " + new TreeSet<>(Permission.FOR_MACHINES)).zh("密钥至少需要一项权限");
    }
    Set<Permission> beyond = asked.stream().filter(p -> !Permission.FOR_MACHINES.contains(p)).collect(Collectors.toCollection(TreeSet::new));
    if (!beyond.isEmpty()) {
      throw invalid("permissions", beyond, "a machine may not have " + beyond + "; allowed are " + new TreeSet<>(Permission.FOR_MACHINES)).zh("所选权限中有不能授予密钥的");
    }
    String area = draft.areaCode() == null ? "" : draft.areaCode().strip();
    if (!area.matches("|[0-9A-Z]{2,17}")) {
      throw invalid("areaCode", area, "areaCode must be an area code of 2 to 17 digits, or empty for everywhere, was '" + area + "'").zh("区域代码“" + area + "”无效");
    }
    if (!Viewer.current().area().covers(area)) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "area '" + area + "' lies outside your area", Map.of("field", "areaCode", "value", area))
          .zh("区域 " + area + " 不在您的管理范围内");
    }
    if (!area.isEmpty()
        && units.listUnits().stream().noneMatch(u -> AreaScope.of(area).covers(u.areaCode()) || AreaScope.of(u.areaCode()).covers(area))) {
      throw invalid("areaCode", area, "no unit works in area '" + area + "'").zh("区域 " + area + " 内没有单位");
    }
    if (draft.unitId() != null) {
      units.findUnit(draft.unitId()).orElseThrow(() -> UnitStore.unknown(draft.unitId()));
    }
    Instant now = clock.instant();
    if (draft.expiresAt() != null && !draft.expiresAt().isAfter(now)) {
      throw invalid("expiresAt", draft.expiresAt(), "expiresAt must lie in the future; now is " + now).zh("到期时间须晚于现在");
    }
    List<String> channels = channels(draft.channels());
    List<String> sources = sources(draft.sources(), name);
    Set<Permission> awaited = KeyApproval.awaited(asked);
    ApiKeys.Made made = keys.make(name, asked, awaited, null, draft.unitId(), area, channels, sources, draft.expiresAt(), null);
    log.record("api-key.created", "api-key:" + made.id(), "done",
        Map.of("name", name, "area", area, "permissions", asked.stream().map(Enum::name).sorted().toList(),
            "channels", channels, "sources", sources, "awaits", awaited.stream().map(Enum::name).toList()));
    return new Created(get(made.id()), made.secret());
  }

  private static List<String> channels(List<String> asked) {
    List<String> channels = asked == null || asked.isEmpty() ? List.of("PARTNER") : asked.stream().distinct().toList();
    for (String channel : channels) {
      if (channel == null || !channel.matches(CHANNEL) || OWN_CHANNELS.contains(channel)) {
        throw invalid("channels", channel, "a channel is capital letters, digits and _ such as HOTLINE, and none of " + new TreeSet<>(OWN_CHANNELS) + ", was '" + channel + "'")
            .zh("渠道“" + channel + "”无效：须为大写字母、数字和下划线，且不能是" + String.join("、", new TreeSet<>(OWN_CHANNELS)));
      }
    }
    if (channels.size() > MOST) {
      throw invalid("channels", channels.size(), "a key has at most " + MOST + " channels").zh("渠道最多 " + MOST + " 个");
    }
    return channels;
  }

  private static List<String> sources(List<String> asked, String name) {
    String usual = name.substring(0, Math.min(LONGEST_SOURCE, name.length()));
    List<String> sources = asked == null || asked.isEmpty() ? List.of(usual) : asked.stream().map(s -> s == null ? "" : s.strip()).distinct().toList();
    for (String source : sources) {
      if (source.isEmpty() || source.length() > LONGEST_SOURCE || source.equals(Viewer.Machine.ANY) || source.chars().anyMatch(Character::isISOControl)) {
        throw invalid("sources", source, "a source system has a name of 1 to " + LONGEST_SOURCE + " characters, was '" + source + "'")
            .zh("来源系统名称须为 1 至 " + LONGEST_SOURCE + " 个字");
      }
    }
    if (sources.size() > MOST) {
      throw invalid("sources", sources.size(), "a key has at most " + MOST + " source systems").zh("来源系统最多 " + MOST + " 个");
    }
    return sources;
  }

  /**
   * Revokes a key; where it is revoked already, nothing changes.
   *
   * @throws ProblemException {@code identity.unknown-key}
   */
  @Transactional
  public void revoke(long id) {
    Key key = get(id);
    if (keys.revoke(id)) {
      log.record("api-key.revoked", "api-key:" + id, "done", Map.of("name", key.name()));
    }
  }

  Key get(long id) {
    AreaScope area = Viewer.current().area();
    return jdbc.sql(SELECT + "WHERE id = :id AND area_code >= :lo AND area_code < :hi")
        .param("id", id)
        .param("lo", area.low())
        .param("hi", area.high())
        .query(ApiKeyDesk::key)
        .optional()
        .orElseThrow(() -> new ProblemException(IdentityProblem.UNKNOWN_KEY, "there is no API key " + id + " within your area").zh("没有此接口密钥，或不在您的管理范围内"));
  }

  private static Key key(java.sql.ResultSet row, int n) throws java.sql.SQLException {
    return new Key(row.getLong("id"), row.getString("name"), row.getString("prefix"),
        ApiKeys.permissions(row, "permissions"), row.getObject("unit_id", Long.class), row.getString("area_code"),
        ApiKeys.texts(row, "channels"), ApiKeys.texts(row, "sources"), ApiKeys.instant(row, "created_at"), ApiKeys.instant(row, "expires_at"), ApiKeys.instant(row, "revoked_at"),
        row.getString("operator_of") != null, row.getObject("created_by", Long.class), row.getString("maker"), KeyApproval.read(row));
  }

  static ProblemException invalid(String field, Object value, String detail) {
    Map<String, Object> extras = new HashMap<>(Map.of("field", field));
    extras.put("value", value);
    return new ProblemException(IdentityProblem.INVALID_KEY, detail, extras);
  }
}
