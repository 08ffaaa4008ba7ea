package io.citywide.sensing.internal.registry;

import io.citywide.sensing.DeviceType;
import io.citywide.sensing.DeviceType.Command;
import io.citywide.sensing.DeviceType.Property;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Types as rows of {@code sensing_type}. JSON knows no infinity: a bound that is open is {@code null} there. */
final class TypeForm {

  static final String COLUMNS =
      "code, name_zh, name_en, properties::text, commands::text, extract(epoch FROM silent_after)::bigint, extract(epoch FROM retention)::bigint";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TypeForm() {}

  /** The row of {@link #COLUMNS} under the cursor. */
  static DeviceType read(ResultSet row) throws SQLException {
    List<Property> properties = new ArrayList<>();
    for (JsonNode p : JSON.readTree(row.getString(4))) {
      properties.add(new Property(p.path("name").asString(), p.path("nameZh").asString(), p.path("nameEn").asString(), p.path("unit").asString(),
          p.path("low").isNumber() ? p.path("low").asDouble() : Double.NEGATIVE_INFINITY,
          p.path("high").isNumber() ? p.path("high").asDouble() : Double.POSITIVE_INFINITY, Duration.ofSeconds(p.path("intervalSeconds").asLong())));
    }
    List<Command> commands = new ArrayList<>();
    for (JsonNode c : JSON.readTree(row.getString(5))) {
      List<String> parameters = new ArrayList<>();
      c.path("parameters").forEach(name -> parameters.add(name.asString()));
      commands.add(new Command(c.path("name").asString(), c.path("nameZh").asString(), c.path("nameEn").asString(), parameters));
    }
    return new DeviceType(row.getString(1), row.getString(2), row.getString(3), properties, commands, Duration.ofSeconds(row.getLong(6)),
        Duration.ofSeconds(row.getLong(7)));
  }

  static String properties(DeviceType type) {
    return JSON.writeValueAsString(type.properties().stream().map(p -> {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", p.name());
      row.put("nameZh", p.nameZh());
      row.put("nameEn", p.nameEn());
      row.put("unit", p.unit());
      row.put("low", Double.isInfinite(p.low()) ? null : p.low());
      row.put("high", Double.isInfinite(p.high()) ? null : p.high());
      row.put("intervalSeconds", p.interval().toSeconds());
      return row;
    }).toList());
  }

  static String commands(DeviceType type) {
    return JSON.writeValueAsString(type.commands());
  }
}
