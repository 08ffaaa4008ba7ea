package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Observations of one Datastream or MultiDatastream as lines of a table (18-088 §12.2).
 *
 * @param series of a device; {@code null}: the stream was made over SensorThings
 * @param rows the bodies to which the lines come
 */
record DataArray(Integer series, List<ObjectNode> rows) {

  private static final int MOST_ROWS = 5_000;

  /** Each line by itself. */
  List<DataArray> each() {
    return rows.stream().map(row -> new DataArray(series, List.of(row))).toList();
  }

  static List<DataArray> of(JsonNode body, JsonMapper json) {
    if (!body.isArray()) {
      throw invalid("", "the body is a list of {\"Datastream\": {\"@iot.id\": …}, \"components\": […], \"dataArray\": [[…]]}");
    }
    List<DataArray> groups = new ArrayList<>();
    int rows = 0;
    for (int i = 0; i < body.size(); i++) {
      JsonNode group = body.get(i);
      String at = "[" + i + "]/";
      String stream = group.has("MultiDatastream") ? "MultiDatastream" : "Datastream";
      JsonNode id = group.path(stream).path("@iot.id");
      JsonNode components = group.path("components");
      JsonNode lines = group.path("dataArray");
      if (!id.isIntegralNumber() || !id.canConvertToLong()) {
        throw invalid(at + "Datastream", "is missing: {\"@iot.id\": …}");
      }
      if (!components.isArray() || components.isEmpty() || !lines.isArray()) {
        throw invalid(at, "has components, a list of names, and dataArray, a list of lines");
      }
      rows += lines.size();
      if (rows > MOST_ROWS) {
        throw new ProblemException(StaProblem.TOO_WIDE, "one request brings at most " + MOST_ROWS + " observations", Map.of("bound", MOST_ROWS)).zh("一次最多提交 " + MOST_ROWS + " 条观测值");
      }
      List<ObjectNode> bodies = new ArrayList<>();
      for (int line = 0; line < lines.size(); line++) {
        bodies.add(row(components, lines.get(line), stream, id.asLong(), at + "dataArray[" + line + "]", json));
      }
      if (!bodies.isEmpty()) {
        groups.add(new DataArray(stream.equals("Datastream") && id.asLong() < EntitySet.FIRST_OWN ? (Integer) id.asInt() : null, List.copyOf(bodies)));
      }
    }
    return groups;
  }

  private static ObjectNode row(JsonNode components, JsonNode line, String stream, long id, String at, JsonMapper json) {
    if (!line.isArray() || line.size() != components.size()) {
      throw invalid(at, "has as many cells as there are components, " + components.size());
    }
    ObjectNode row = json.createObjectNode();
    for (int cell = 0; cell < line.size(); cell++) {
      String component = components.get(cell).asString("");
      if (component.equals("FeatureOfInterest/id") || component.equals("FeatureOfInterest/@iot.id")) {
        row.putObject("FeatureOfInterest").set("@iot.id", line.get(cell));
      } else {
        row.set(component, line.get(cell));
      }
    }
    row.putObject(stream).put("@iot.id", id);
    return row;
  }

  private static ProblemException invalid(String field, String en) {
    return new ProblemException(StaProblem.INVALID_ENTITY, (field + " " + en).strip(), Map.of("field", field)).zh(field + " 数据数组格式不正确");
  }
}
