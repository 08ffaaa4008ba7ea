package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.Device;
import io.citywide.sensing.Devices;
import io.citywide.sensing.Observations.Reading;
import io.citywide.sensing.internal.sta.Expression.Moment;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Understands Observations that are posted to a series of a device. What a series does not keep is refused, not dropped. */
@Component
class DeviceReadings {

  private final JdbcClient jdbc;
  private final Devices devices;
  private final Clock clock;

  DeviceReadings(JdbcClient jdbc, Devices devices, Clock clock) {
    this.jdbc = jdbc;
    this.devices = devices;
    this.clock = clock;
  }

  /** An observation of a device on its way into the log, and the id that it will have. */
  record DeviceReading(Reading reading, Key key) {}

  /**
   * The reading to which a body comes; empty where its Datastream was made over SensorThings.
   *
   * @throws ProblemException where it says what a series of a device does not keep
   */
  @Transactional(readOnly = true)
  Optional<DeviceReading> reading(JsonNode body, Reader.Place place) {
    if (place.navigation() != null && !place.navigation().theirs().equals("datastream_id")) {
      return Optional.empty();
    }
    Long id = place.navigation() != null ? place.parent().id() : Body.linked(body.path("Datastream"), "Datastream");
    if (id == null || id >= EntitySet.FIRST_OWN) {
      return Optional.empty();
    }
    Body.object(body, "");
    Body.known(EntitySet.OBSERVATIONS, body, "");
    return Optional.of(deviceReading(id, body, ""));
  }

  /** The readings of several bodies for one series of a device. */
  @Transactional(readOnly = true)
  List<DeviceReading> readings(long datastream, List<ObjectNode> bodies) {
    return bodies.stream().map(body -> {
      Body.known(EntitySet.OBSERVATIONS, body, "");
      return deviceReading(datastream, body, "");
    }).toList();
  }

  private record Series(long deviceId, String property) {}

  private DeviceReading deviceReading(long datastream, JsonNode body, String at) {
    Series series = jdbc.sql("SELECT s.device_id, s.property FROM sensing_series s WHERE s.id = :id").param("id", datastream)
        .query((row, n) -> new Series(row.getLong(1), row.getString(2))).optional().orElse(null);
    Device device = series == null ? null : devices.find(series.deviceId()).orElse(null);
    if (device == null) {
      throw ResourcePath.notFound("there is no Datastream with the id " + datastream + " here", "此处没有 id 为 " + datastream + " 的 Datastream");
    }
    JsonNode result = body.path("result");
    if (!result.isNumber()) {
      throw Body.invalid(at + "result", "is a number: the Datastream is the property " + series.property() + " of device " + device.code(), "应为数字");
    }
    for (String other : List.of("resultQuality", "validTime", "parameters", "MultiDatastream")) {
      if (!body.path(other).isMissingNode() && !body.path(other).isNull()) {
        throw Body.invalid(at + other, "is not kept of a device's values; leave it out", "设备的观测值不保存此项，请去掉");
      }
    }
    Moment time = Body.moment(body.path("phenomenonTime"), at + "phenomenonTime");
    Instant moment = time == null ? clock.instant().truncatedTo(ChronoUnit.MILLIS) : time.start();
    if (time != null && time.end() != null) {
      throw Body.invalid(at + "phenomenonTime", "is a moment: a device's value has no interval", "应为时刻而非区间");
    }
    Moment resultTime = Body.moment(body.path("resultTime"), at + "resultTime");
    if (resultTime != null && !resultTime.start().equals(moment)) {
      throw Body.invalid(at + "resultTime", "of a device's value is its phenomenonTime; leave it out", "设备的观测值只有一个时间，请去掉 resultTime");
    }
    Long feature = Body.linked(body.path("FeatureOfInterest"), at + "FeatureOfInterest");
    if (feature != null && feature != device.id() || feature == null && body.path("FeatureOfInterest").isObject()) {
      throw Body.invalid(at + "FeatureOfInterest", "of a device's value is the place of the device, " + device.id() + "; leave it out", "设备的观测对象是设备所在位置，请去掉");
    }
    long milliseconds = moment.toEpochMilli();
    return new DeviceReading(new Reading(device.code(), series.property(), milliseconds, result.asDouble()), new Key(null, (int) datastream, milliseconds));
  }
}
