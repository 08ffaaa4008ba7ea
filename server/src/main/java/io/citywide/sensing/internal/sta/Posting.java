package io.citywide.sensing.internal.sta;

import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes Observations that come by another way than HTTP (18-088, create-observations-via-mqtt), as {@code POST} does: the same right, the same checks, the same fate. */
@Component
public class Posting {

  private static final Pattern SERIES = Pattern.compile("Datastreams\\(([0-9]{1,9})\\)/Observations");

  private final Reader reader;
  private final ObservationTaker taker;
  private final JsonMapper json;

  Posting(Reader reader, ObservationTaker taker, JsonMapper json) {
    this.reader = reader;
    this.taker = taker;
    this.json = json;
  }

  /**
   * Takes one as the viewer; when it returns it is committed.
   *
   * @param address of a set of Observations, below the root of the service
   * @throws ProblemException {@code sensing.sta-not-found} where the address leads to none, else what is wrong with the Observation
   */
  public void take(String address, byte[] body) {
    Viewer viewer = Viewer.current();
    if (!viewer.may(Permission.DEVICE_EDIT)) {
      viewer.require(Permission.OBSERVATION_WRITE);
    }
    taker.take(read(body), place(address));
  }

  private Reader.Place place(String address) {
    ResourcePath path;
    try {
      path = ResourcePath.of(address);
    } catch (ProblemException malformed) {
      throw ResourcePath.notFound(malformed.words().en(), malformed.words().zh());
    }
    if (path.last().set() != EntitySet.OBSERVATIONS || !path.last().collection() || !path.property().isEmpty() || path.ending() != ResourcePath.Ending.NONE) {
      throw ResourcePath.notFound("Observations are published to Observations or Datastreams(1)/Observations, was " + address, "观测值应发布到 Observations 或 Datastreams(1)/Observations");
    }
    return reader.place(path);
  }

  private JsonNode read(byte[] body) {
    try {
      return json.readTree(body);
    } catch (JacksonException e) {
      throw new ProblemException(StaProblem.INVALID_ENTITY, "the message is no JSON: " + e.getOriginalMessage(), Map.of("field", "")).zh("消息不是有效的 JSON");
    }
  }

  /** The series to whose Observations an address leads without a detour; -1: none. */
  public static int series(String address) {
    Matcher matcher = SERIES.matcher(address);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
  }
}
