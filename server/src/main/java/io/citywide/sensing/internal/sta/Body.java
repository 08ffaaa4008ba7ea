package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.Expression.Moment;
import java.time.DateTimeException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a body says of an entity. What is wrong is said with the way to it, such as {@code Datastreams[0]/Sensor/metadata}. */
final class Body {

  static final String COMPLEX = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_ComplexObservation";

  private static final int MOST_VALUES = 1_000;

  /** Made by the service; what a client sends back of them is left aside. */
  private static final Set<String> COMPUTED = Set.of("phenomenonTime", "resultTime", "observedArea");

  private Body() {}

  static boolean computed(EntitySet set, String property) {
    return (set == EntitySet.DATASTREAMS || set == EntitySet.MULTI_DATASTREAMS) && COMPUTED.contains(property);
  }

  /** The id of a link such as {@code {"@iot.id": 5}}; {@code null} where it is no link. */
  static Long linked(JsonNode node, String at) {
    JsonNode id = node.path("@iot.id");
    if (id.isMissingNode()) {
      return null;
    }
    if (id.isIntegralNumber() && id.canConvertToLong()) {
      return id.asLong();
    }
    if (id.isString() && id.asString().matches("[0-9]{1,18}")) {
      return Long.valueOf(id.asString());
    }
    throw invalid(at, "has an @iot.id that is no whole number", "@iot.id 应为整数");
  }

  static ObjectNode object(JsonNode node, String at) {
    if (!(node instanceof ObjectNode object)) {
      throw invalid(at.isEmpty() ? "the body" : at, "is a JSON object", "应为 JSON 对象");
    }
    return object;
  }

  static List<JsonNode> array(ObjectNode node, String name, String at) {
    JsonNode array = node.path(name);
    if (array.isMissingNode() || array.isNull()) {
      return List.of();
    }
    if (!array.isArray()) {
      throw invalid(at + name, "is a list", "应为数组");
    }
    List<JsonNode> members = new ArrayList<>();
    array.forEach(members::add);
    return members;
  }

  static void known(EntitySet set, JsonNode node, String at) {
    for (String name : node.propertyNames()) {
      if (!name.contains("@iot.") && set.findProperty(name).isEmpty() && set.findNavigation(name).isEmpty() && !computed(set, name)) {
        throw invalid(at + name, "is no property of a " + set.singular() + "; it has " + set.names(), "不是 " + set.singular() + " 的属性");
      }
    }
  }

  static Moment moment(JsonNode value, String at) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    try {
      String[] ends = value.isString() ? value.asString().split("/", -1) : new String[0];
      if (ends.length < 1 || ends.length > 2) {
        throw new DateTimeException("a text such as 2026-01-31T08:00:00Z is wanted");
      }
      Moment moment = new Moment(Parser.time(ends[0]).truncatedTo(ChronoUnit.MICROS), ends.length == 1 ? null : Parser.time(ends[1]).truncatedTo(ChronoUnit.MICROS));
      if (moment.end() != null && moment.end().isBefore(moment.start())) {
        throw new DateTimeException("the interval ends before it begins");
      }
      return moment;
    } catch (DateTimeException e) {
      throw invalid(at, "is not a time after ISO 8601: " + e.getMessage(), "不是有效的 ISO 8601 时间");
    }
  }

  static <T> T required(T value, String at) {
    if (value == null) {
      throw invalid(at, "is missing", "缺少");
    }
    return value;
  }

  static void unit(JsonNode unit, String at) {
    if (!unit.isObject() || !unit.has("name") || !unit.has("symbol") || !unit.has("definition")) {
      throw invalid(at, "is an object with name, symbol and definition, each of which may be null", "应为含 name、symbol、definition 的对象（值可为 null）");
    }
  }

  /** Of a MultiDatastream what it says of the values of a result: as many types as units (18-088, req/multi-datastream/constraints). What it does not say is not looked at. */
  static void values(ObjectNode node, String at) {
    if (node.has("observationType") && !node.path("observationType").asString("").equals(COMPLEX)) {
      throw invalid(at + "observationType", "of a MultiDatastream is " + COMPLEX, "应为 " + COMPLEX);
    }
    List<JsonNode> types = array(node, "multiObservationDataTypes", at);
    List<JsonNode> units = array(node, "unitOfMeasurements", at);
    if (types.size() > MOST_VALUES || units.size() > MOST_VALUES) {
      throw new ProblemException(StaProblem.TOO_WIDE, "a result has at most " + MOST_VALUES + " values", Map.of("bound", MOST_VALUES)).zh("一个结果最多 " + MOST_VALUES + " 个值");
    }
    if (!types.stream().allMatch(JsonNode::isString)) {
      throw invalid(at + "multiObservationDataTypes", "is a list of texts such as http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement", "应为文字数组");
    }
    for (int i = 0; i < units.size(); i++) {
      unit(units.get(i), at + "unitOfMeasurements[" + i + "]");
    }
  }

  static ProblemException invalid(String field, String en, String zh) {
    return new ProblemException(StaProblem.INVALID_ENTITY, field + " " + en, Map.of("field", field)).zh(field + " " + zh);
  }
}
