package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.Observations;
import io.citywide.sensing.internal.sta.EntitySet.Property;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is told of a {@link Subject}: the JSON that GET gives of the entity, or of its property, to the viewer of the moment. */
@Component
public class Notices {

  private static final double WHOLE_BELOW = 1e15;

  private final Reader reader;
  private final Observations observations;
  private final JsonMapper json;

  Notices(Reader reader, Observations observations, JsonMapper json) {
    this.reader = reader;
    this.observations = observations;
    this.json = json;
  }

  /**
   * The entity to which the subject leads, or below which its set is; 0: the whole set.
   *
   * @throws ProblemException where there is no such entity for the viewer
   */
  public long find(Subject subject) {
    Reader.Place place = reader.place(subject.path);
    Key key = place.key() == null ? place.parent() : place.key();
    return key == null || key.id() == null ? 0 : key.id();
  }

  /** Of an entity that has changed; empty where it is not of the subject, or not in sight. @param base root of the service in links */
  public Optional<byte[]> of(Subject subject, Change change, String base) {
    try {
      ResourcePath path = subject.at(change);
      if (subject.ofOne() && reader.place(path).key().id() != change.id()) {
        return Optional.empty();
      }
      return Optional.of(written(path, subject, base));
    } catch (ProblemException absent) {
      if (absent.problem() == StaProblem.NOT_FOUND) {
        return Optional.empty();
      }
      throw absent;
    }
  }

  /** Of a property as it is now. */
  public byte[] now(Subject subject, String base) {
    return written(subject.path, subject, base);
  }

  private byte[] written(ResourcePath path, Subject subject, String base) {
    ObjectNode entity = reader.read(path, subject.options, base, base + "/" + subject.address);
    if (!subject.ofProperty()) {
      return json.writeValueAsBytes(entity);
    }
    JsonNode value = path.value(entity);
    return json.writeValueAsBytes(json.createObjectNode().set(path.property().getLast(), value == null ? json.nullNode() : value));
  }

  /** Of a value of a device, without asking the database. */
  public byte[] of(Subject subject, int series, long at, double value, String base) {
    Options options = subject.options;
    ObjectNode node = json.createObjectNode();
    Key key = new Key(null, series, at);
    String self = Written.link(base, EntitySet.OBSERVATIONS, key);
    if (options.selects("id")) {
      node.put("@iot.id", ObservationId.of(series, at)).put("@iot.selfLink", self);
    }
    String time = Written.time(Instant.ofEpochMilli(at).atOffset(ZoneOffset.UTC));
    for (Property property : EntitySet.OBSERVATIONS.properties()) {
      if (options.selects(property.name())) {
        switch (property.name()) {
          case "phenomenonTime", "resultTime" -> node.put(property.name(), time);
          case "result" -> put(node, value);
          default -> { } // not kept of a device
        }
      }
    }
    EntitySet.OBSERVATIONS.navigations().stream().filter(n -> n.target() != EntitySet.MULTI_DATASTREAMS && options.selects(n.name())).forEach(n -> node.put(n.name() + "@iot.navigationLink", self + "/" + n.name()));
    return json.writeValueAsBytes(node);
  }

  private static void put(ObjectNode node, double value) {
    if (value == Math.rint(value) && Math.abs(value) < WHOLE_BELOW) {
      node.put("result", (long) value);
    } else {
      node.put("result", value);
    }
  }

  /** Whether it is the value that stands for its moment: of the same moment the first does. */
  public boolean stands(int series, long at, double value) {
    List<Observations.Value> stored = observations.list(series, Instant.ofEpochMilli(at), Instant.ofEpochMilli(at + 1), 1);
    return !stored.isEmpty() && stored.getFirst().value() == value;
  }
}
