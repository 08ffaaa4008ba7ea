package io.citywide.security;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** The JSON that a type reads, with something in each place, and the places of a body where a caller may write. */
final class BodyPlaces {

  /** In a text, where a caller's words stand within words that must be there, such as a column of a row of CSV. */
  static final String WITHIN = "@@";

  /** No part of the text: all of it. */
  private static final int WHOLE = -1;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Where to write.
   *
   * @param path names and numbers from the root of the body
   * @param part which {@link #WITHIN} of the text, from 0, or the whole of it
   * @param key the name of the last step is the caller's own, and is what is written
   * @param text {@code false}: no text belongs there
   */
  record Place(List<String> path, int part, boolean key, boolean text) {}

  private BodyPlaces() {}

  /** A body of this type: each component of its records is there, a list has one element and a map one entry. */
  static JsonNode of(Type type) {
    Class<?> raw = (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
    List<Type> arguments = type instanceof ParameterizedType generic ? List.of(generic.getActualTypeArguments()) : List.of();
    if (raw.isRecord()) {
      ObjectNode body = JSON.createObjectNode();
      for (RecordComponent each : raw.getRecordComponents()) {
        JsonProperty named = each.getAccessor().getAnnotation(JsonProperty.class);
        body.set(named == null ? each.getName() : named.value(), each.getGenericType() == String.class ? text(each.getName()) : of(each.getGenericType()));
      }
      return body;
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return JSON.createArrayNode().add(of(arguments.getFirst()));
    }
    if (Map.class.isAssignableFrom(raw)) {
      ObjectNode body = JSON.createObjectNode();
      body.set("*", of(arguments.getLast()));
      return body;
    }
    return JSON.valueToTree(switch (raw.getName()) {
      case "int", "long", "java.lang.Integer", "java.lang.Long" -> 1;
      case "double", "java.lang.Double" -> 0.5;
      case "boolean", "java.lang.Boolean" -> true;
      case "java.time.Instant" -> Instant.EPOCH;
      case "java.time.LocalDate" -> LocalDate.EPOCH;
      case "java.time.LocalTime" -> LocalTime.NOON;
      default -> raw.isEnum() ? raw.getEnumConstants()[0].toString() : "x";
    });
  }

  private static JsonNode text(String name) {
    return StringNode.valueOf(switch (name) {
      case "areaCode", "area" -> BodyInjectionAttackTest.CITY;
      case "kindId", "kind" -> "gb47678.5-M06010";
      case "crs" -> "WGS84";
      default -> "x";
    });
  }

  /** The body with something harmless {@link #WITHIN} its texts. */
  static JsonNode harmless(JsonNode body) {
    return JSON.readTree(body.toString().replace(WITHIN, "x"));
  }

  /** All of a body; of a list the places of its first element. */
  static List<Place> places(JsonNode body) {
    List<Place> places = new ArrayList<>();
    collect(body, List.of(), places);
    return places;
  }

  private static void collect(JsonNode node, List<String> path, List<Place> places) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> each : object.properties()) {
        collect(each.getValue(), step(path, each.getKey()), places);
      }
      places.add(new Place(path, WHOLE, false, false));
      places.add(new Place(step(path, object.isEmpty() ? "*" : object.propertyNames().iterator().next()), WHOLE, true, false));
    } else if (node instanceof ArrayNode array) {
      places.add(new Place(path, WHOLE, false, false));
      if (!array.isEmpty()) {
        collect(array.get(0), step(path, "0"), places);
      }
    } else {
      int parts = node.isString() ? node.asString().split(WITHIN, -1).length - 1 : 0;
      for (int part = 0; part < parts; part++) {
        places.add(new Place(path, part, false, true));
      }
      if (parts == 0) {
        places.add(new Place(path, WHOLE, false, node.isString()));
      }
    }
  }

  private static List<String> step(List<String> path, String next) {
    List<String> longer = new ArrayList<>(path);
    longer.add(next);
    return List.copyOf(longer);
  }

  /** A copy of the body with this written there; what leads there is made where it is not. */
  static JsonNode with(JsonNode body, Place place, JsonNode written) {
    if (place.part() != WHOLE) {
      List<String> pieces = List.of(at(body, place.path()).asString().split(WITHIN, -1));
      StringBuilder text = new StringBuilder(pieces.getFirst());
      for (int i = 1; i < pieces.size(); i++) {
        text.append(i - 1 == place.part() ? written.isString() ? written.asString() : written.toString() : "x").append(pieces.get(i));
      }
      return put(body, place.path(), false, StringNode.valueOf(text.toString()));
    }
    return put(harmless(body), place.path(), place.key(), written);
  }

  private static JsonNode at(JsonNode body, List<String> path) {
    JsonNode node = body;
    for (String step : path) {
      node = node instanceof ArrayNode array ? array.get(Integer.parseInt(step)) : node.path(step);
    }
    return node;
  }

  private static JsonNode put(JsonNode body, List<String> path, boolean key, JsonNode value) {
    if (path.isEmpty()) {
      return value;
    }
    String step = path.getFirst();
    List<String> rest = path.subList(1, path.size());
    if (step.equals("0") || body instanceof ArrayNode) {
      ArrayNode copy = body instanceof ArrayNode array ? array.deepCopy() : JSON.createArrayNode();
      int index = Integer.parseInt(step);
      JsonNode changed = put(index < copy.size() ? copy.get(index) : JSON.nullNode(), rest, key, value);
      return index < copy.size() ? copy.set(index, changed) : copy.add(changed);
    }
    ObjectNode copy = body instanceof ObjectNode object ? object.deepCopy() : JSON.createObjectNode();
    if (rest.isEmpty() && key) {
      JsonNode was = copy.remove(step);
      return copy.set(value.asString(""), was == null ? StringNode.valueOf("x") : was);
    }
    return copy.set(step, put(copy.path(step), rest, key, value));
  }
}
