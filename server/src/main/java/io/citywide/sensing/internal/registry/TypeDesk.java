package io.citywide.sensing.internal.registry;

import io.citywide.identity.AccessLog;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.DeviceType;
import io.citywide.sensing.DeviceType.Command;
import io.citywide.sensing.DeviceType.Property;
import io.citywide.sensing.Observations;
import io.citywide.sensing.SensingProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes types of devices and changes them. When a method returns, the change is committed and {@link DeviceDirectory} of this server knows it. */
@Component
public class TypeDesk {

  private static final int MOST_PROPERTIES = 64;
  private static final int MOST_COMMANDS = 32;
  private static final Duration LONGEST_SILENCE = Duration.ofDays(30);
  private static final Duration LONGEST_RETENTION = Duration.ofDays(36_500);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final DeviceDirectory directory;
  private final ObjectProvider<Observations> observations;
  private final Neighbours neighbours;
  private final AccessLog access;

  TypeDesk(JdbcClient jdbc, TransactionTemplate transaction, DeviceDirectory directory, ObjectProvider<Observations> observations, Neighbours neighbours, AccessLog access) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.directory = directory;
    this.observations = observations;
    this.neighbours = neighbours;
    this.access = access;
  }

  /** Versions by code, to be given back with a change. */
  public Map<String, Integer> versions() {
    return transaction.execute(status -> {
      Map<String, Integer> versions = new HashMap<>();
      jdbc.sql("SELECT code, version FROM sensing_type").query(row -> {
        versions.put(row.getString(1), row.getInt(2));
      });
      return versions;
    });
  }

  /** @throws ProblemException {@code sensing.invalid-type}, {@code sensing.code-taken} */
  public DeviceType add(DeviceType type) {
    check(type);
    transaction.executeWithoutResult(status -> {
      int added = write("""
          INSERT INTO sensing_type (code, name_zh, name_en, properties, commands, silent_after, retention)
          VALUES (:code, :zh, :en, :properties::jsonb, :commands::jsonb, :silent * interval '1 second', :retention * interval '1 second') ON CONFLICT DO NOTHING
          """, type).update();
      if (added == 0) {
        throw new ProblemException(SensingProblem.CODE_TAKEN, "there is a type with the code " + type.code() + " already", Map.of("field", "code")).zh("类型代码 " + type.code() + " 已被使用");
      }
      access.record("device-type.added", "device-type:" + type.code(), "done", Map.of("properties", type.properties().stream().map(Property::name).toList()));
      neighbours.everywhere(DeviceDirectory.CHANGED, Map.of());
    });
    directory.refresh();
    return directory.types().get(type.code());
  }

  /**
   * Changes everything but the code. Names, ranges, intervals, commands and new properties as one likes; a property that has
   * values stays, as they would otherwise belong to nothing.
   *
   * @param version that the caller saw
   * @throws ProblemException {@code sensing.unknown-type}, {@code sensing.invalid-type}, {@code sensing.changed}, {@code sensing.has-observations}
   */
  public DeviceType change(DeviceType type, int version) {
    DeviceType before = find(type.code());
    check(type);
    Set<String> kept = new HashSet<>(type.properties().stream().map(Property::name).toList());
    for (Property gone : before.properties()) {
      if (!kept.contains(gone.name()) && observed(type.code(), gone.name())) {
        throw new ProblemException(SensingProblem.HAS_OBSERVATIONS, "property " + gone.name() + " of " + type.code() + " has observations and stays; narrow its range or make another type",
            Map.of("field", "properties", "value", gone.name())).zh("属性“" + gone.nameZh() + "”已有观测数据，不能删除");
      }
    }
    transaction.executeWithoutResult(status -> {
      int changed = write("""
          UPDATE sensing_type SET name_zh = :zh, name_en = :en, properties = :properties::jsonb, commands = :commands::jsonb,
                 silent_after = :silent * interval '1 second', retention = :retention * interval '1 second', version = version + 1
          WHERE code = :code AND version = :version
          """, type).param("version", version).update();
      if (changed == 0) {
        throw Registrar.moved("device-type", type.code(), version);
      }
      jdbc.sql("DELETE FROM sensing_series s USING sensing_device d WHERE d.id = s.device_id AND d.type_code = :code AND s.property <> ALL (:kept)")
          .param("code", type.code()).param("kept", kept.toArray(String[]::new)).update();
      jdbc.sql(
              """
              INSERT INTO sensing_series (device_id, property)
              SELECT d.id, p.name FROM sensing_device d CROSS JOIN unnest(:kept::text[]) AS p (name)
              WHERE d.type_code = :code AND NOT EXISTS (SELECT FROM sensing_series s WHERE s.device_id = d.id AND s.property = p.name)
              """)
          .param("code", type.code()).param("kept", kept.toArray(String[]::new)).update();
      access.record("device-type.changed", "device-type:" + type.code(), "done", Map.of("properties", List.copyOf(kept), "version", version + 1));
      neighbours.everywhere(DeviceDirectory.CHANGED, Map.of());
    });
    directory.refresh();
    return directory.types().get(type.code());
  }

  /** @throws ProblemException {@code sensing.unknown-type}, {@code sensing.in-use} */
  public void delete(String code) {
    find(code);
    transaction.executeWithoutResult(status -> {
      boolean used = jdbc.sql("SELECT EXISTS (SELECT FROM sensing_device WHERE type_code = :code)").param("code", code).query(Boolean.class).single();
      if (used) {
        throw new ProblemException(SensingProblem.IN_USE, "there are devices of the type " + code + "; delete them first").zh("仍有此类型的设备，不能删除");
      }
      jdbc.sql("DELETE FROM sensing_type WHERE code = :code").param("code", code).update();
      access.record("device-type.deleted", "device-type:" + code, "done", Map.of());
      neighbours.everywhere(DeviceDirectory.CHANGED, Map.of());
    });
    directory.refresh();
  }

  private DeviceType find(String code) {
    DeviceType type = code == null ? null : directory.types().get(code);
    if (type == null) {
      throw new ProblemException(SensingProblem.UNKNOWN_TYPE, "there is no type '" + code + "'").zh("没有设备类型“" + code + "”");
    }
    return type;
  }

  private boolean observed(String type, String property) {
    List<Integer> series = new ArrayList<>();
    directory.forEach(known -> {
      if (known.typeCode().equals(type) && known.series(property) >= 0) {
        series.add(known.series(property));
      }
    });
    return observations.stream().anyMatch(all -> !all.latest(series).isEmpty());
  }

  private JdbcClient.StatementSpec write(String sql, DeviceType type) {
    return jdbc.sql(sql).param("code", type.code()).param("zh", type.nameZh().strip()).param("en", type.nameEn().strip()).param("properties", TypeForm.properties(type))
        .param("commands", TypeForm.commands(type)).param("silent", type.silentAfter().toSeconds()).param("retention", type.retention().toSeconds());
  }

  // ---- checks ------------------------------------------------------------------------------------

  private static void check(DeviceType type) {
    if (type.code() == null || !type.code().matches("[a-z0-9][a-z0-9-]{0,39}")) {
      throw invalid("code", "code must be 1 to 40 of a-z 0-9 -, not beginning with -, was '" + type.code() + "'", "类型代码须为 1 至 40 位小写字母、数字或横线");
    }
    names(type.nameZh(), type.nameEn(), "the type", "类型");
    if (type.properties().isEmpty() || type.properties().size() > MOST_PROPERTIES) {
      throw invalid("properties", "a type has 1 to " + MOST_PROPERTIES + " properties, was given " + type.properties().size(), "类型应有 1 至 " + MOST_PROPERTIES + " 个属性");
    }
    Set<String> names = new HashSet<>();
    for (Property p : type.properties()) {
      if (p.name() == null || !p.name().matches("[a-z][A-Za-z0-9_]{0,39}") || !names.add(p.name())) {
        throw invalid("properties", "the name of a property must be 1 to 40 letters, digits and _, begin with a small letter and stand once, was '" + p.name() + "'",
            "属性标识须为 1 至 40 位字母、数字或下划线，以小写字母开头且不重复，现为“" + p.name() + "”");
      }
      names(p.nameZh(), p.nameEn(), "property " + p.name(), "属性 " + p.name());
      if (p.unit() == null || !p.unit().matches("[!-~]{1,40}")) {
        throw invalid("properties", "the unit of " + p.name() + " must be a UCUM code such as Cel, %, 1 for none; was '" + p.unit() + "'", "属性 " + p.name() + " 的单位须为 UCUM 代码，无单位填 1");
      }
      if (!(p.low() < p.high())) {
        throw invalid("properties", "the range of " + p.name() + " must have low below high, was " + p.low() + " to " + p.high(), "属性 " + p.name() + " 的下限须小于上限");
      }
      if (p.interval() == null || p.interval().toSeconds() < 1 || p.interval().compareTo(LONGEST_SILENCE) > 0) {
        throw invalid("properties", "a value of " + p.name() + " must be expected every 1 s to 30 days", "属性 " + p.name() + " 的采样间隔应为 1 秒至 30 天");
      }
    }
    if (type.commands().size() > MOST_COMMANDS) {
      throw invalid("commands", "a type has at most " + MOST_COMMANDS + " commands", "指令最多 " + MOST_COMMANDS + " 个");
    }
    names.clear();
    for (Command c : type.commands()) {
      if (c.name() == null || !c.name().matches("[a-z][a-z0-9-]{0,39}") || !names.add(c.name()) || c.parameters() == null || c.parameters().size() > 16
          || c.parameters().stream().anyMatch(p -> p == null || !p.matches("[a-z][A-Za-z0-9_]{0,39}"))) {
        throw invalid("commands", "a command has a name of its own of a-z 0-9 - and at most 16 parameters of letters, digits and _, was '" + c.name() + "' " + c.parameters(),
            "指令须有不重复的名称（小写字母、数字或横线）和最多 16 个参数，现为“" + c.name() + "”");
      }
      names(c.nameZh(), c.nameEn(), "command " + c.name(), "指令 " + c.name());
    }
    if (type.silentAfter() == null || type.silentAfter().toSeconds() < 10 || type.silentAfter().compareTo(LONGEST_SILENCE) > 0) {
      throw invalid("silentAfter", "silentAfter must be 10 s to 30 days", "失联时限应为 10 秒至 30 天");
    }
    if (type.retention() == null || type.retention().compareTo(Duration.ofDays(1)) < 0 || type.retention().compareTo(LONGEST_RETENTION) > 0) {
      throw invalid("retention", "retention must be 1 to 36500 days", "保存期限应为 1 至 36500 天");
    }
  }

  private static void names(String zh, String en, String whose, String whoseZh) {
    if (zh == null || zh.isBlank() || zh.length() > 100 || en == null || en.isBlank() || en.length() > 100) {
      throw invalid(null, whose + " needs a name in Chinese and one in English, of 1 to 100 characters", whoseZh + "须有 1 至 100 字的中文名和英文名");
    }
  }

  private static ProblemException invalid(String field, String en, String zh) {
    return new ProblemException(SensingProblem.INVALID_TYPE, en, field == null ? Map.of() : Map.of("field", field)).zh(zh);
  }
}
