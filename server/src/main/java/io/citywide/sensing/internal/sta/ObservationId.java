package io.citywide.sensing.internal.sta;

/**
 * Ids of observations. One made over SensorThings has the number of its row. One of a device is {@code '<series>-<milliseconds>'}:
 * a series has one value at one moment, so that the id says which it is, is the same for ever, and needs no table.
 */
final class ObservationId {

  private ObservationId() {}

  static String of(int series, long at) {
    return series + "-" + at;
  }

  /** Series and milliseconds since 1970 UTC; {@code null} where it is no id of an observation of a device. */
  static long[] parts(String id) {
    if (!id.matches("[0-9]{1,9}--?[0-9]{1,15}")) {
      return null;
    }
    int dash = id.indexOf('-');
    return new long[] {Long.parseLong(id.substring(0, dash)), Long.parseLong(id.substring(dash + 1))};
  }
}
