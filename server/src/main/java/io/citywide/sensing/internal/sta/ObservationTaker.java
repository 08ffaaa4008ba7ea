package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.Observations;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.JsonNode;

/** Takes Observations: a device's value goes the way of all its values; others become rows. When it returns they are committed. */
@Component
class ObservationTaker {

  private final DeviceReadings readings;
  private final Writer writer;
  private final Observations observations;

  ObservationTaker(DeviceReadings readings, Writer writer, Observations observations) {
    this.readings = readings;
    this.writer = writer;
    this.observations = observations;
  }

  /** One, where it was posted. */
  Key take(JsonNode body, Reader.Place place) {
    DeviceReadings.DeviceReading device = readings.reading(body, place).orElse(null);
    if (device == null) {
      return writer.create(EntitySet.OBSERVATIONS, body, place);
    }
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw RequestBatch.invalid("", "a value of a device is on disk by itself, at once: send it outside of an atomicity group", "设备的观测值单独入库，不能放在原子组中");
    }
    Observations.Taken taken = observations.take(List.of(device.reading()));
    if (taken.stored() == 0) {
      throw new ProblemException(StaProblem.NOT_TAKEN, "the value was not taken: " + String.join(", ", taken.refused().keySet()), Map.of("reasons", taken.refused()))
          .zh("观测值未被接收：" + String.join("、", taken.refused().keySet()));
    }
    return device.key();
  }

  /** Those of one Datastream; {@code null} in the place of what was not taken. */
  List<Key> takeAll(DataArray group) {
    try {
      return group.series() != null ? taken(readings.readings(group.series(), group.rows())) : writer.createAll(group.rows());
    } catch (ProblemException e) {
      if (group.rows().size() == 1) {
        return Collections.singletonList(null);
      }
      // One of them is at fault: each by itself.
      return group.each().stream().map(this::takeAll).flatMap(List::stream).toList();
    }
  }

  private List<Key> taken(List<DeviceReadings.DeviceReading> these) {
    Observations.Taken taken = observations.take(these.stream().map(DeviceReadings.DeviceReading::reading).toList());
    if (taken.stored() < these.size()) {
      throw new ProblemException(StaProblem.NOT_TAKEN, "not all values were taken", Map.of("reasons", taken.refused())).zh("部分观测值未被接收");
    }
    return these.stream().map(DeviceReadings.DeviceReading::key).toList();
  }
}
