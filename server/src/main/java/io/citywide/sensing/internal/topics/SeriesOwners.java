package io.citywide.sensing.internal.topics;

import io.citywide.sensing.internal.registry.Known;
import java.util.Arrays;

/** Of which device a series is: eight bytes a series. */
final class SeriesOwners {

  private volatile long[] devices = new long[1024];

  synchronized void put(Known device) {
    for (int series : device.series()) {
      if (series >= devices.length) {
        devices = Arrays.copyOf(devices, Math.max(series + 1, devices.length + devices.length / 2));
      }
      if (series >= 0) {
        devices[series] = device.deviceId();
      }
    }
  }

  /** 0: not known. */
  long of(int series) {
    long[] now = devices;
    return series < now.length ? now[series] : 0;
  }
}
