package io.citywide.sensing.internal.registry;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.platform.Slice;
import io.citywide.sensing.Device;
import io.citywide.sensing.DeviceType;
import io.citywide.sensing.Devices;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Devices as the table has them; row-level security decides which. */
@Component
public class DeviceStore implements Devices {

  private static final String SELECT =
      """
      SELECT d.id, d.code, d.type_code, d.name, d.lon, d.lat, d.grid_key, d.area_code, d.group_code, d.component_ident, d.building_ident, d.owner_unit_id,
             d.source, d.enabled, d.state, d.seen_at
      FROM sensing_device d
      """;

  private final JdbcClient jdbc;
  private final DeviceDirectory directory;
  private final Presence presence;

  DeviceStore(JdbcClient jdbc, DeviceDirectory directory, Presence presence) {
    this.jdbc = jdbc;
    this.directory = directory;
    this.presence = presence;
  }

  @Override
  public List<DeviceType> listTypes() {
    return List.copyOf(directory.types().values());
  }

  @Override
  public Optional<DeviceType> findType(String code) {
    return code == null ? Optional.empty() : Optional.ofNullable(directory.types().get(code));
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Device> find(String code) {
    return code == null ? Optional.empty() : jdbc.sql(SELECT + "WHERE d.code = :code").param("code", code).query(this::device).optional();
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Device> find(long id) {
    return jdbc.sql(SELECT + "WHERE d.id = :id").param("id", id).query(this::device).optional();
  }

  @Override
  @Transactional(readOnly = true)
  public List<Device> list(Collection<Long> ids) {
    return ids.isEmpty() ? List.of() : jdbc.sql(SELECT + "WHERE d.id = ANY (:ids)").param("ids", ids.toArray(Long[]::new)).query(this::device).list();
  }

  @Override
  @Transactional(readOnly = true)
  public Slice<Device> list(Query query, String after, int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new IllegalArgumentException("limit must be 1..1000, was " + limit);
    }
    Map<String, Object> params = new HashMap<>();
    String where = where(query, params);
    params.put("after", after == null ? "" : after);
    params.put("limit", limit + 1);
    List<Device> found = jdbc.sql(SELECT + where + " AND d.code > :after ORDER BY d.code LIMIT :limit").params(params).query(this::device).list();
    return found.size() <= limit ? new Slice<>(found, null) : new Slice<>(found.subList(0, limit), found.get(limit - 1).code());
  }

  @Override
  @Transactional(readOnly = true)
  public List<Tally> tally() {
    return jdbc.sql("SELECT area_code, type_code, state, count(*) FROM sensing_device WHERE enabled AND area_code IS NOT NULL GROUP BY area_code, type_code, state")
        .query((row, n) -> new Tally(row.getString(1), row.getString(2), Device.State.valueOf(row.getString(3)), row.getLong(4))).list();
  }

  @Override
  public void forEachSeries(Set<String> properties, SeriesVisitor visitor) {
    Viewer viewer = Viewer.current();
    if (!viewer.area().wholeCity() || !viewer.units().isEmpty()) {
      throw new IllegalStateException("only who sees the whole city may go through all series, not " + viewer.caller());
    }
    directory.forEach(known -> {
      for (int i = 0; known.areaCode() != null && i < known.series().length; i++) {
        String property = known.type().properties().get(i).name();
        if (known.series()[i] >= 0 && properties.contains(property)) {
          visitor.visit(known.series()[i], property, known.areaCode());
        }
      }
    });
  }

  /** What only who looks at one device wants to know. @param secret whether it has one */
  public record Particulars(int version, boolean secret, Instant changedAt) {}

  @Transactional(readOnly = true)
  public Optional<Particulars> particulars(String code) {
    return jdbc.sql("SELECT version, secret_hash IS NOT NULL, changed_at FROM sensing_device WHERE code = :code").param("code", code)
        .query((row, n) -> new Particulars(row.getInt(1), row.getBoolean(2), row.getObject(3, OffsetDateTime.class).toInstant())).optional();
  }

  /** Devices that belong together, by code of the group. @param lon the middle, WGS-84 degrees */
  public record Group(String code, long devices, long silent, long faulty, double lon, double lat) {}

  /** A page of groups. */
  @Transactional(readOnly = true)
  public Slice<Group> groups(String areaCode, String after, int limit) {
    Map<String, Object> params = new HashMap<>();
    String where = where(new Query(null, null, areaCode, null, null, null, null, null), params);
    params.put("after", after == null ? "" : after);
    params.put("limit", limit + 1);
    List<Group> found = jdbc.sql(
            """
            SELECT d.group_code, count(*), count(*) FILTER (WHERE d.state = 'SILENT'), count(*) FILTER (WHERE d.state = 'FAULTY'), avg(d.lon), avg(d.lat)
            FROM sensing_device d %s AND d.group_code <> '' AND d.group_code > :after GROUP BY d.group_code ORDER BY d.group_code LIMIT :limit
            """.formatted(where))
        .params(params).query((row, n) -> new Group(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getDouble(5), row.getDouble(6))).list();
    return found.size() <= limit ? new Slice<>(found, null) : new Slice<>(found.subList(0, limit), found.get(limit - 1).code());
  }

  /** How many there are in each state. */
  @Transactional(readOnly = true)
  public Map<Device.State, Long> count(Query query) {
    Map<String, Object> params = new HashMap<>();
    String where = where(query, params);
    Map<Device.State, Long> counts = new EnumMap<>(Device.State.class);
    for (Device.State state : Device.State.values()) {
      counts.put(state, 0L);
    }
    jdbc.sql("SELECT d.state, count(*) FROM sensing_device d " + where + " GROUP BY d.state").params(params)
        .query(row -> {
          counts.put(Device.State.valueOf(row.getString(1)), row.getLong(2));
        });
    return counts;
  }

  /** Begins with {@code WHERE}; each part that an index serves stands as it is stored. */
  private String where(Query query, Map<String, Object> params) {
    StringBuilder where = new StringBuilder("WHERE true");
    if (query.typeCode() != null) {
      where.append(" AND d.type_code = :type");
      params.put("type", query.typeCode());
    }
    if (query.property() != null) {
      where.append(" AND d.type_code = ANY (:having)");
      params.put("having", listTypes().stream().filter(t -> t.findProperty(query.property()).isPresent()).map(DeviceType::code).toArray(String[]::new));
    }
    if (query.state() != null) {
      where.append(" AND d.state = :state");
      params.put("state", query.state().name());
    }
    AreaScope own = Viewer.current().area();
    AreaScope area = query.areaCode() == null ? null : AreaScope.of(query.areaCode());
    // Row-level security says the same of one's own area, but not so that an index is chosen for it.
    if (area == null && !own.wholeCity()) {
      area = own;
    }
    if (area != null) {
      where.append(" AND d.area_code >= :low AND d.area_code < :high");
      params.put("low", area.low());
      params.put("high", area.high());
    }
    if (query.groupCode() != null) {
      where.append(" AND d.group_code = :group");
      params.put("group", query.groupCode());
    }
    if (query.source() != null) {
      where.append(" AND d.source = :source");
      params.put("source", query.source());
    }
    if (query.ownerUnitId() != null) {
      where.append(" AND d.owner_unit_id = :unit");
      params.put("unit", query.ownerUnitId());
    }
    if (query.text() != null && !query.text().isBlank()) {
      where.append(" AND (d.name ILIKE :text OR d.code ILIKE :text)");
      params.put("text", "%" + query.text().strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%");
    }
    return where.toString();
  }

  private Device device(ResultSet row, int n) throws SQLException {
    long id = row.getLong(1);
    Device.State state = Device.State.valueOf(row.getString(15));
    Instant seenAt = Optional.ofNullable(row.getObject(16, OffsetDateTime.class)).map(OffsetDateTime::toInstant).orElse(null);
    long heard = directory.find(id).map(presence::seenAt).orElse(0L);
    return new Device(id, row.getString(2), row.getString(3), row.getString(4), row.getDouble(5), row.getDouble(6), row.getLong(7), row.getString(8), row.getString(9),
        row.getString(10), row.getString(11), row.getObject(12, Long.class), row.getString(13), row.getBoolean(14), state,
        seenAt == null || seenAt.toEpochMilli() < heard ? heard == 0 ? null : Instant.ofEpochMilli(heard) : seenAt);
  }
}
