package io.citywide.identity.internal;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.Stationing;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Units;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Units, read from an immutable copy in memory: a city has thousands of units and reads them with every case. */
@Component
class UnitStore implements Units {

  private static final String CODE = "[0-9A-Za-z._-]{2,32}";

  /** All units, indexed; replaced as a whole when one changes or when it is older than its time to live. */
  private record Snapshot(List<UnitRef> all, Map<Long, UnitRef> byId, Map<String, UnitRef> byCode, Map<String, UnitRef> byName, long readAt) {}

  /** Changes of other servers are told; this bounds what a lost message could do. */
  private static final long TIME_TO_LIVE_NANOS = 5_000_000_000L;

  private static final String CHANGED = "units";

  private final JdbcClient jdbc;
  private final Neighbours neighbours;
  private final AtomicLong changes = new AtomicLong();
  private volatile Snapshot snapshot;

  UnitStore(JdbcClient jdbc, Neighbours neighbours) {
    this.jdbc = jdbc;
    this.neighbours = neighbours;
    neighbours.hear(CHANGED, facts -> drop());
    neighbours.hearGap(this::drop);
  }

  @Override
  public Optional<UnitRef> findUnit(long id) {
    return Optional.ofNullable(snapshot().byId().get(id));
  }

  @Override
  public Optional<UnitRef> findUnitByCode(String code) {
    return Optional.ofNullable(snapshot().byCode().get(code));
  }

  @Override
  public Optional<UnitRef> findUnitByName(String name) {
    return Optional.ofNullable(snapshot().byName().get(key(name)));
  }

  @Override
  public List<UnitRef> listUnits() {
    return snapshot().all();
  }

  @Override
  public Map<Long, String> names(Collection<Long> ids) {
    Map<Long, UnitRef> byId = snapshot().byId();
    return ids.stream().distinct().map(byId::get).filter(u -> u != null).collect(Collectors.toMap(UnitRef::id, UnitRef::name));
  }

  @Override
  public Set<Long> subtree(long unitId) {
    Map<Long, List<UnitRef>> children =
        snapshot().all().stream().filter(u -> u.parentId() != null).collect(Collectors.groupingBy(UnitRef::parentId));
    Set<Long> found = new HashSet<>();
    collect(unitId, children, found);
    return found;
  }

  private static void collect(long id, Map<Long, List<UnitRef>> children, Set<Long> found) {
    if (found.add(id)) {
      children.getOrDefault(id, List.of()).forEach(child -> collect(child.id(), children, found));
    }
  }

  @Override
  @Transactional
  public UnitRef create(UnitRef draft) {
    check(draft, null);
    try {
      long id =
          jdbc.sql(
                  """
                  INSERT INTO identity_unit (code, name, kind, parent_id, area_code, stationing, stationed_until, active)
                  VALUES (:code, :name, :kind, :parent, :area, :stationing, :until, :active) RETURNING id
                  """)
              .param("code", draft.code().strip())
              .param("name", draft.name().strip())
              .param("kind", draft.kind().name())
              .param("parent", draft.parentId())
              .param("area", draft.areaCode())
              .param("stationing", draft.stationing().name())
              .param("until", draft.stationedUntil())
              .param("active", draft.active())
              .query(Long.class)
              .single();
      forget();
      return with(id, draft);
    } catch (DuplicateKeyException e) {
      throw taken(draft);
    }
  }

  @Transactional
  UnitRef change(long id, UnitRef draft) {
    check(draft, id);
    try {
      int changed =
          jdbc.sql(
                  """
                  UPDATE identity_unit SET code = :code, name = :name, kind = :kind, parent_id = :parent, area_code = :area,
                         stationing = :stationing, stationed_until = :until, active = :active
                  WHERE id = :id
                  """)
              .param("id", id)
              .param("code", draft.code().strip())
              .param("name", draft.name().strip())
              .param("kind", draft.kind().name())
              .param("parent", draft.parentId())
              .param("area", draft.areaCode())
              .param("stationing", draft.stationing().name())
              .param("until", draft.stationedUntil())
              .param("active", draft.active())
              .update();
      if (changed == 0) {
        throw unknown(id);
      }
      forget();
      return with(id, draft);
    } catch (DuplicateKeyException e) {
      throw taken(draft);
    }
  }

  private void check(UnitRef draft, Long id) {
    if (draft.code() == null || !draft.code().strip().matches(CODE)) {
      throw invalid("code", "code must be 2 to 32 letters, digits, dots, dashes or underscores, was '" + draft.code() + "'")
          .zh("单位代码须为 2 至 32 位字母、数字、点、横线或下划线");
    }
    if (draft.name() == null || draft.name().isBlank() || draft.name().length() > 100) {
      throw invalid("name", "name must have 1 to 100 characters").zh("名称须为 1 至 100 个字");
    }
    if (draft.areaCode() == null || !draft.areaCode().matches("[0-9A-Z]{2,17}")) {
      throw invalid("areaCode", "areaCode must be an area code of 2 to 17 digits, was '" + draft.areaCode() + "'").zh("请选择单位所在区域");
    }
    if (draft.stationing() == Stationing.TEMPORARY && draft.stationedUntil() == null) {
      throw invalid("stationedUntil", "a temporary stationing needs its last day (stationedUntil)").zh("临时派驻须填写截止日");
    }
    if (draft.parentId() != null) {
      if (!snapshot().byId().containsKey(draft.parentId())) {
        throw invalid("parentId", "there is no unit " + draft.parentId()).zh("没有所选的上级单位");
      }
      if (id != null && subtree(id).contains(draft.parentId())) {
        throw invalid("parentId", "a unit cannot stand below itself").zh("单位不能隶属于自己或自己的下级");
      }
    }
  }

  static ProblemException unknown(long id) {
    return new ProblemException(IdentityProblem.UNKNOWN_UNIT, "there is no unit " + id).zh("没有此单位");
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(IdentityProblem.INVALID_UNIT, detail, Map.of("field", field));
  }

  private static ProblemException taken(UnitRef draft) {
    return new ProblemException(IdentityProblem.CODE_TAKEN, "another unit has the code '" + draft.code() + "'", Map.of("field", "code")).zh("单位代码“" + draft.code() + "”已被使用");
  }

  private static UnitRef with(long id, UnitRef u) {
    return new UnitRef(id, u.code(), u.name(), u.kind(), u.parentId(), u.areaCode(), u.stationing(), u.stationedUntil(), u.active());
  }

  private void forget() {
    drop();
    // Another thread may read and keep the old rows before this transaction commits.
    neighbours.everywhere(CHANGED, Map.of());
  }

  private void drop() {
    changes.incrementAndGet();
    snapshot = null;
  }

  private Snapshot snapshot() {
    Snapshot known = snapshot;
    if (known != null && System.nanoTime() - known.readAt() < TIME_TO_LIVE_NANOS) {
      return known;
    }
    // Read before the rows: what changes in between is read once more, never kept.
    long seen = changes.get();
    List<UnitRef> all =
        jdbc.sql(
                """
                SELECT id, code, name, kind, parent_id, area_code, stationing, stationed_until, active
                FROM identity_unit ORDER BY area_code, kind, name
                """)
            .query(
                (row, n) ->
                    new UnitRef(
                        row.getLong("id"),
                        row.getString("code"),
                        row.getString("name"),
                        UnitKind.valueOf(row.getString("kind")),
                        row.getObject("parent_id", Long.class),
                        row.getString("area_code"),
                        Stationing.valueOf(row.getString("stationing")),
                        row.getObject("stationed_until", LocalDate.class),
                        row.getBoolean("active")))
            .list();
    known =
        new Snapshot(
            all,
            all.stream().collect(Collectors.toMap(UnitRef::id, Function.identity())),
            all.stream().collect(Collectors.toMap(UnitRef::code, Function.identity())),
            all.stream().filter(UnitRef::active).collect(Collectors.toMap(u -> key(u.name()), Function.identity(), (a, b) -> a)),
            System.nanoTime());
    if (changes.get() == seen) {
      snapshot = known;
    }
    return known;
  }

  private static String key(String name) {
    return name.replaceAll("\\s+", "").toLowerCase(java.util.Locale.ROOT);
  }
}
