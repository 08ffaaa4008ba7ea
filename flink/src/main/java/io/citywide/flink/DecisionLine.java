package io.citywide.flink;

import io.citywide.watch.Decision;
import java.io.StringWriter;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Decisions as they lie in the topic: the key is the subject, the value a JSON object with an id that is the same however often it is decided. */
public final class DecisionLine {
  private DecisionLine() {}

  /** Rule, subject, number, kind and moment name a decision for good. */
  public static String id(Decision d) {
    return d.rule() + "/" + d.subject() + "/" + d.warning() + "/" + d.kind() + "/" + d.at();
  }

  /** The record of a decision. */
  public static Line of(Decision d) {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator json = Control.JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringProperty("id", id(d));
      json.writeStringProperty("kind", d.kind().name());
      json.writeStringProperty("rule", d.rule());
      json.writeNumberProperty("version", d.version());
      json.writeStringProperty("subject", d.subject());
      json.writeNumberProperty("warning", d.warning());
      if (d.from() != null) json.writeStringProperty("from", d.from().name());
      if (d.to() != null) json.writeStringProperty("to", d.to().name());
      json.writeNumberProperty("at", d.at());
      json.writeStringProperty("en", d.reason().en());
      json.writeStringProperty("zh", d.reason().zh());
      json.writeObjectPropertyStart("values");
      for (Map.Entry<String, Double> value : d.values().entrySet()) json.writeNumberProperty(value.getKey(), value.getValue());
      json.writeEndObject();
      json.writeEndObject();
    }
    return new Line(d.subject(), text.toString());
  }
}
