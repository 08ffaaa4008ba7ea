package io.citywide.sensing.internal.registry;

import io.citywide.identity.AccessLog;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Units;
import io.citywide.place.Places;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.Device;
import io.citywide.sensing.Observations;
import io.citywide.sensing.SensingProblem;
import io.citywide.sensing.internal.registry.DeviceReader.Read;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Registers devices and changes them. When a method returns, the change is committed and {@link DeviceDirectory} of this server knows it. */
@Component
public class Registrar {

  /** Most rows of one batch. */
  public static final int MOST_ROWS = 10_000;

  /**
   * A row that was not taken.
   *
   * @param index in the batch, from 0
   * @param field what is at fault; {@code null}: the row as a whole
   * @param value what it says; {@code null}: nothing
   * @param reason what is wrong, the bound, and how to mend it, in the language of the request
   */
  public record Reject(int index, String field, String value, String reason) {}

  /** How a batch went: {@code added + changed + unchanged + rejects.size()} rows. */
  public record Outcome(int added, int changed, int unchanged, List<Reject> rejects) {}

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final DeviceDirectory directory;
  private final DeviceStore devices;
  private final Places places;
  private final Units units;
  private final Neighbours neighbours;
  private final AccessLog access;
  private final ObjectProvider<Observations> observations;
  private final LiveFeed feed;

  Registrar(JdbcClient jdbc, TransactionTemplate transaction, DeviceDirectory directory, DeviceStore devices, Places places, Units units, Neighbours neighbours,
      AccessLog access, ObjectProvider<Observations> observations, LiveFeed feed) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.directory = directory;
    this.devices = devices;
    this.places = places;
    this.units = units;
    this.neighbours = neighbours;
    this.access = access;
    this.observations = observations;
    this.feed = feed;
  }

  /**
   * Registers one device.
   *
   * @throws ProblemException {@code sensing.invalid-device}, {@code sensing.code-taken}
   */
  public Device register(DeviceDraft draft) {
    transaction.executeWithoutResult(status -> {
      Read read = read(reader(), draft);
      if (directory.find(read.code()).isPresent()) {
        throw taken(read.code());
      }
      if (save(List.of(read))[0] == 0) {
        throw taken(read.code()); // somebody else was faster
      }
      access.record("device.registered", "device:" + read.code(), "done", Map.of("type", read.type().code()));
      tell();
    });
    directory.refresh();
    return devices.find(draft.code().strip()).orElseThrow();
  }

  /**
   * Changes all but code and type. What is {@code null} of group, component, building, unit and source is taken away; position
   * and {@code enabled} stay then, and the name becomes the code.
   *
   * @param version that the caller saw
   * @throws ProblemException {@code sensing.unknown-device}, {@code sensing.invalid-device}, {@code sensing.changed}
   */
  public Device change(String code, DeviceDraft draft, int version) {
    transaction.executeWithoutResult(status -> {
      see(code);
      Read read = read(reader(), new DeviceDraft(code, draft.type(), draft.name(), draft.lon(), draft.lat(), draft.crs(), draft.group(), draft.component(), draft.building(),
          draft.unit(), draft.source(), draft.enabled()));
      int changed = jdbc.sql(
              """
              UPDATE sensing_device SET name = coalesce(:name, code), lon = coalesce(:lon, lon), lat = coalesce(:lat, lat), grid_key = coalesce(:key, grid_key),
                     area_code = CASE WHEN :key::bigint IS NULL THEN area_code ELSE :area END, group_code = coalesce(:grp, ''), component_ident = :component,
                     building_ident = :building, owner_unit_id = :unit, source = coalesce(:source, ''), enabled = coalesce(:enabled, enabled),
                     version = version + 1, changed_at = now()
              WHERE code = :code AND version = :version
              """)
          .param("code", code).param("version", version).param("name", read.name()).param("lon", read.lon(), Types.DOUBLE).param("lat", read.lat(), Types.DOUBLE)
          .param("key", read.gridKey(), Types.BIGINT).param("area", read.areaCode()).param("grp", read.group()).param("component", read.component())
          .param("building", read.building()).param("unit", read.unitId(), Types.BIGINT).param("source", read.source()).param("enabled", read.enabled(), Types.BOOLEAN).update();
      if (changed == 0) {
        throw moved("device", code, version);
      }
      access.record("device.changed", "device:" + code, "done", Map.of("version", version + 1));
      tell();
    });
    directory.refresh();
    return devices.find(code).orElseThrow(() -> unknown(code));
  }

  /**
   * Deletes a device that never observed anything. One that has observations is only disabled: they would belong to nothing.
   *
   * @throws ProblemException {@code sensing.unknown-device}, {@code sensing.has-observations}
   */
  public void delete(String code) {
    // First it may not speak any more, so that nothing comes in between the look and the deletion.
    boolean was = transaction.execute(status -> {
      boolean enabled = see(code).enabled();
      jdbc.sql("UPDATE sensing_device SET enabled = false, version = version + 1 WHERE code = :code AND enabled").param("code", code).update();
      tell();
      return enabled;
    });
    directory.refresh();
    Known known = directory.find(code).orElseThrow(() -> unknown(code));
    if (observations.stream().anyMatch(all -> !all.latest(Arrays.stream(known.series()).boxed().toList()).isEmpty())) {
      if (was) {
        enable(code);
      }
      throw new ProblemException(SensingProblem.HAS_OBSERVATIONS, "there are observations of device " + code + "; disable it instead").zh("设备 " + code + " 已有观测数据，不能删除，请改为停用");
    }
    transaction.executeWithoutResult(status -> {
      if (jdbc.sql("DELETE FROM sensing_device WHERE code = :code AND NOT enabled").param("code", code).update() > 0) {
        access.record("device.deleted", "device:" + code, "done", Map.of("type", known.typeCode()));
        tell();
      }
    });
    directory.refresh();
  }

  private void enable(String code) {
    transaction.executeWithoutResult(status -> {
      jdbc.sql("UPDATE sensing_device SET enabled = true, version = version + 1 WHERE code = :code").param("code", code).update();
      tell();
    });
    directory.refresh();
  }

  /** A new secret, told this once; the one before does not count any more. */
  public String issueSecret(String code) {
    String secret = Secrets.make();
    putSecret(code, Secrets.hash(secret), "device.secret-issued");
    return secret;
  }

  /** From now on the device cannot speak for itself. */
  public void revokeSecret(String code) {
    putSecret(code, null, "device.secret-revoked");
  }

  private void putSecret(String code, String hash, String act) {
    transaction.executeWithoutResult(status -> {
      see(code);
      jdbc.sql("UPDATE sensing_device SET secret_hash = :hash, version = version + 1, changed_at = now() WHERE code = :code").param("hash", hash).param("code", code).update();
      access.record(act, "device:" + code, "done", Map.of());
      tell();
    });
    directory.refresh();
  }

  /** To be called in the transaction of the change. */
  private void tell() {
    neighbours.everywhere(DeviceDirectory.CHANGED, Map.of());
    feed.publish(Notice.forEverybody(DeviceLayer.LIVE, Map.of()));
  }

  private Device see(String code) {
    return devices.find(code).orElseThrow(() -> unknown(code));
  }

  public static ProblemException unknown(String code) {
    return new ProblemException(SensingProblem.UNKNOWN_DEVICE, "there is no device '" + code + "'", Map.of("code", code)).zh("没有设备“" + code + "”");
  }

  static ProblemException moved(String what, String code, int version) {
    return new ProblemException(SensingProblem.CHANGED, what + " " + code + " is not in version " + version + " any more; look at it again", Map.of("field", "version"))
        .zh(code + " 已被他人修改，请刷新后重试");
  }

  private static ProblemException taken(String code) {
    return new ProblemException(SensingProblem.CODE_TAKEN, "there is a device with the code " + code + " already", Map.of("field", "code", "value", code))
        .zh("编码 " + code + " 已被另一台设备使用");
  }

  /**
   * Registers many, and brings up to date those that are known. Goes on past bad rows. What is good is committed when this returns.
   *
   * @param rows at most {@value #MOST_ROWS}, each a {@link DeviceDraft}, or a {@link Refused} that says why it is none
   */
  Outcome take(List<Object> rows) {
    if (rows.isEmpty() || rows.size() > MOST_ROWS) {
      throw new ProblemException(SensingProblem.INVALID_BATCH, "a batch has 1 to " + MOST_ROWS + " devices, this one has " + rows.size(), Map.of("bound", MOST_ROWS))
          .zh("一批应有 1 至 " + MOST_ROWS + " 台设备，现有 " + rows.size() + " 台");
    }
    Outcome outcome = transaction.execute(status -> {
      DeviceReader reader = reader();
      Map<String, Read> good = new HashMap<>();
      List<Reject> rejects = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        try {
          if (rows.get(i) instanceof Refused refused) {
            throw refused;
          }
          Read read = reader.read((DeviceDraft) rows.get(i));
          if (good.putIfAbsent(read.code(), read) != null) {
            throw new Refused("code", read.code(), "code " + read.code() + " appears twice in the batch", "编码 " + read.code() + " 在本批中重复");
          }
        } catch (Refused refused) {
          rejects.add(new Reject(i, refused.field(), refused.value(), refused.why().said()));
        }
      }
      int[] counts = good.isEmpty() ? new int[2] : save(List.copyOf(good.values()));
      if (counts[0] + counts[1] > 0) {
        access.record("devices.imported", "devices", "done", Map.of("added", counts[0], "changed", counts[1], "rejected", rejects.size()));
        tell();
      }
      return new Outcome(counts[0], counts[1], good.size() - counts[0] - counts[1], rejects);
    });
    if (outcome.added() + outcome.changed() > 0) {
      directory.refresh();
    }
    return outcome;
  }

  /** To be called in the transaction that stores what it reads. */
  private DeviceReader reader() {
    places.hold();
    return new DeviceReader(directory, places, units.listUnits());
  }

  private static Read read(DeviceReader reader, DeviceDraft draft) {
    try {
      return reader.read(draft);
    } catch (Refused refused) {
      throw problem(refused);
    }
  }

  static ProblemException problem(Refused refused) {
    Map<String, Object> extras = new HashMap<>();
    Optional.ofNullable(refused.field()).ifPresent(field -> extras.put("field", field));
    Optional.ofNullable(refused.value()).ifPresent(value -> extras.put("value", value));
    return new ProblemException(SensingProblem.INVALID_DEVICE, refused.why().en(), extras).zh(refused.why().zh());
  }

  /** How many were added, and how many changed. One statement with an array per column: one round trip and one plan for thousands of rows. */
  private int[] save(List<Read> rows) {
    int[] counts = new int[2];
    List<Long> added = new ArrayList<>();
    // Nobody adds a property to these types meanwhile, of which the new devices would have no series.
    jdbc.sql("SELECT code FROM sensing_type WHERE code = ANY (:types) ORDER BY code FOR SHARE")
        .param("types", rows.stream().map(r -> r.type().code()).distinct().toArray(String[]::new)).query(String.class).list();
    jdbc.sql(
            """
            INSERT INTO sensing_device AS d (code, type_code, name, lon, lat, grid_key, area_code, group_code, component_ident, building_ident, owner_unit_id, source, enabled)
            SELECT r.code, r.type, coalesce(r.name, k.name, r.code), coalesce(r.lon, k.lon), coalesce(r.lat, k.lat), coalesce(r.key, k.grid_key),
                   CASE WHEN r.key IS NULL THEN k.area_code ELSE r.area END, coalesce(r.grp, k.group_code, ''), coalesce(r.component, k.component_ident),
                   coalesce(r.building, k.building_ident), coalesce(r.unit, k.owner_unit_id), coalesce(r.source, k.source, ''), coalesce(r.enabled, k.enabled, true)
            FROM unnest(:code::text[], :type::text[], :name::text[], :lon::float8[], :lat::float8[], :key::bigint[], :area::text[], :grp::text[], :component::text[],
                        :building::text[], :unit::bigint[], :source::text[], :enabled::boolean[])
                 AS r (code, type, name, lon, lat, key, area, grp, component, building, unit, source, enabled)
            LEFT JOIN sensing_device k ON k.code = r.code
            ON CONFLICT (code) DO UPDATE SET name = excluded.name, lon = excluded.lon, lat = excluded.lat, grid_key = excluded.grid_key,
                   area_code = CASE WHEN (d.lon, d.lat) = (excluded.lon, excluded.lat) THEN d.area_code ELSE excluded.area_code END, -- Placement may have been faster
                   group_code = excluded.group_code, component_ident = excluded.component_ident, building_ident = excluded.building_ident,
                   owner_unit_id = excluded.owner_unit_id, source = excluded.source, enabled = excluded.enabled, version = d.version + 1, changed_at = now()
            WHERE (d.name, d.lon, d.lat, d.group_code, d.component_ident, d.building_ident, d.owner_unit_id, d.source, d.enabled)
                  IS DISTINCT FROM (excluded.name, excluded.lon, excluded.lat, excluded.group_code, excluded.component_ident,
                                    excluded.building_ident, excluded.owner_unit_id, excluded.source, excluded.enabled)
            RETURNING d.id, d.version
            """)
        .param("code", texts(rows, Read::code)).param("type", texts(rows, r -> r.type().code())).param("name", texts(rows, Read::name))
        .param("lon", rows.stream().map(Read::lon).toArray(Double[]::new)).param("lat", rows.stream().map(Read::lat).toArray(Double[]::new))
        .param("key", rows.stream().map(Read::gridKey).toArray(Long[]::new)).param("area", texts(rows, Read::areaCode)).param("grp", texts(rows, Read::group))
        .param("component", texts(rows, Read::component)).param("building", texts(rows, Read::building))
        .param("unit", rows.stream().map(Read::unitId).toArray(Long[]::new)).param("source", texts(rows, Read::source))
        .param("enabled", rows.stream().map(Read::enabled).toArray(Boolean[]::new))
        .query(row -> {
          if (row.getInt(2) == 1) {
            counts[0]++;
            added.add(row.getLong(1));
          } else {
            counts[1]++;
          }
        });
    if (!added.isEmpty()) {
      jdbc.sql(
              """
              INSERT INTO sensing_series (device_id, property)
              SELECT d.id, p.row ->> 'name' FROM sensing_device d JOIN sensing_type t ON t.code = d.type_code, jsonb_array_elements(t.properties) AS p (row)
              WHERE d.id = ANY (:ids) ORDER BY d.id
              """)
          .param("ids", added.toArray(Long[]::new)).update();
    }
    return counts;
  }

  private static String[] texts(List<Read> rows, Function<Read, String> text) {
    return rows.stream().map(text).toArray(String[]::new);
  }
}
