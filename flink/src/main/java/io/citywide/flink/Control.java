package io.citywide.flink;

import io.citywide.watch.DaysOff;
import io.citywide.watch.Thing;
import io.citywide.watch.ThingModel;
import io.citywide.watch.Words;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A document of the control topic: what the watch must know beside the observations. The topic has one partition and is
 * compacted by {@link #key}. Times are event times, milliseconds since 1970 UTC.
 */
public sealed interface Control {
  JsonMapper JSON = JsonMapper.shared();

  /** The types of things; takes the place of the ones before. */
  record Model(List<ThingModel.Type> types) implements Control {
    public Model {
      types = List.copyOf(types);
    }
  }

  /** The city's calendar, for {@code workday} and {@code holiday} in rules; takes the place of the one before. Without one Monday to Friday are workdays. */
  record Calendar(DaysOff days) implements Control {}

  /**
   * A source (feed) is watched: it is silent when none of its devices has said anything for so long. Counts for devices that are registered after it.
   *
   * @param silentAfterMs more than 0
   */
  record Source(String source, long silentAfterMs, long at) implements Control {
    public Source {
      if (silentAfterMs <= 0) throw new IllegalArgumentException("silentAfterMs of source " + source + " must be positive, was " + silentAfterMs);
    }
  }

  /**
   * A device is known from {@code at} on.
   *
   * @param route key by which its observations come; all things of a group have the same, and where a rule reads an area all of an area
   */
  record Register(Thing thing, String route, long at) implements Control {}

  /** A device is not watched any more; its warnings end. */
  record Forget(String thing, long at) implements Control {}

  /**
   * A rule is put to work, or in place of the one of the same id.
   *
   * @param version 0: the one that the document says
   * @param text the document
   */
  record Publish(String rule, int version, String text, long at) implements Control {}

  /** A rule is taken away. */
  record Withdraw(String rule, long at) implements Control {}

  /** A person ends a live warning. @param number of the warning; if it is over by then, nothing happens */
  record End(String rule, String subject, long number, long at, Words why) implements Control {}

  /** All that was there to know has been said; observations are held until this was seen once. */
  record Ready() implements Control {}

  /** Key of the record: the newest of a key is enough to begin with. */
  default String key() {
    return switch (this) {
      case Model _ -> "model";
      case Calendar _ -> "calendar";
      case Source(String source, _, _) -> "source/" + source;
      case Register(Thing thing, _, _) -> "thing/" + thing.id();
      case Forget(String thing, _) -> "thing/" + thing;
      case Publish(String rule, _, _, _) -> "rule/" + rule;
      case Withdraw(String rule, _) -> "rule/" + rule;
      case End(String rule, String subject, _, _, _) -> "end/" + rule + "/" + subject;
      case Ready _ -> "ready";
    };
  }

  /** As JSON; {@link #read} reads it. */
  default String write() {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (this) {
      case Model(List<ThingModel.Type> types) -> json.put("model", types.stream().map(Control::write).toList());
      case Calendar(DaysOff days) -> json.put("calendar", Map.of("off", days.off().stream().sorted().map(LocalDate::toString).toList(), "worked",
          days.worked().stream().sorted().map(LocalDate::toString).toList()));
      case Source(String source, long silentAfterMs, long at) -> {
        json.put("source", source);
        json.put("silentAfterMs", silentAfterMs);
        json.put("at", at);
      }
      case Register(Thing thing, String route, long at) -> {
        json.put("thing", thing.id());
        json.put("type", thing.type());
        json.put("group", thing.group());
        json.put("area", thing.area());
        if (!thing.source().isEmpty()) json.put("source", thing.source());
        json.put("route", route);
        json.put("at", at);
      }
      case Forget(String thing, long at) -> {
        json.put("forget", thing);
        json.put("at", at);
      }
      case Publish(String rule, int version, String text, long at) -> {
        json.put("rule", rule);
        json.put("version", version);
        json.put("text", text);
        json.put("at", at);
      }
      case Withdraw(String rule, long at) -> {
        json.put("withdraw", rule);
        json.put("at", at);
      }
      case End(String rule, String subject, long number, long at, Words why) -> {
        json.put("end", rule);
        json.put("subject", subject);
        json.put("number", number);
        json.put("at", at);
        json.put("en", why.en());
        json.put("zh", why.zh());
      }
      case Ready _ -> json.put("ready", true);
    }
    return JSON.writeValueAsString(json);
  }

  private static Map<String, Object> write(ThingModel.Type type) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", type.id());
    json.put("silentAfterMs", type.silentAfter().toMillis());
    json.put("properties", type.properties().stream().map(p -> {
      Map<String, Object> property = new LinkedHashMap<>();
      property.put("name", p.name());
      property.put("unit", p.unit());
      if (Double.isFinite(p.low())) property.put("low", p.low());
      if (Double.isFinite(p.high())) property.put("high", p.high());
      return property;
    }).toList());
    return json;
  }

  /** @throws IllegalArgumentException where it is no such document; the message says what is wrong and what is expected */
  static Control read(String text) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    if (json.has("ready")) return new Ready();
    if (json.has("model")) return model(json.get("model"));
    if (json.has("thing")) {
      Thing thing = new Thing(string(json, "thing"), string(json, "type"), json.path("group").asString(""), json.path("area").asString(""), json.path("source").asString(""));
      return new Register(thing, string(json, "route"), time(json));
    }
    if (json.has("calendar")) return new Calendar(new DaysOff(days(json.get("calendar"), "off"), days(json.get("calendar"), "worked")));
    if (json.has("source")) return new Source(string(json, "source"), json.path("silentAfterMs").asLong(0), time(json));
    if (json.has("rule")) return new Publish(string(json, "rule"), json.path("version").asInt(0), string(json, "text"), time(json));
    if (json.has("forget")) return new Forget(string(json, "forget"), time(json));
    if (json.has("withdraw")) return new Withdraw(string(json, "withdraw"), time(json));
    if (json.has("end")) return new End(string(json, "end"), string(json, "subject"), json.path("number").asLong(0), time(json), new Words(string(json, "en"), string(json, "zh")));
    throw new IllegalArgumentException("a control document has one of model, calendar, source, thing, forget, rule, withdraw, end, ready");
  }

  private static Model model(JsonNode json) {
    List<ThingModel.Type> types = new ArrayList<>();
    for (JsonNode type : json) {
      List<ThingModel.Property> properties = new ArrayList<>();
      for (JsonNode p : type.path("properties")) {
        properties.add(new ThingModel.Property(string(p, "name"), p.path("unit").asString(""), p.path("low").asDouble(Double.NEGATIVE_INFINITY),
            p.path("high").asDouble(Double.POSITIVE_INFINITY)));
      }
      types.add(new ThingModel.Type(string(type, "type"), properties, Duration.ofMillis(type.path("silentAfterMs").asLong(0))));
    }
    return new Model(types);
  }

  private static Set<LocalDate> days(JsonNode json, String name) {
    Set<LocalDate> days = new HashSet<>();
    for (JsonNode day : json.path(name)) {
      try {
        days.add(LocalDate.parse(day.asString("")));
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(name + " of the calendar are days such as 2026-10-01, was " + day, e);
      }
    }
    return days;
  }

  private static String string(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isString() || value.stringValue().isEmpty()) throw new IllegalArgumentException(name + " must be a text, was " + value);
    return value.stringValue();
  }

  private static long time(JsonNode json) {
    JsonNode value = json.path("at");
    if (!value.isIntegralNumber()) throw new IllegalArgumentException("at must be milliseconds since 1970 UTC, was " + value);
    return value.asLong();
  }
}
