package io.citywide.sensing.internal.registry;

import io.citywide.sensing.DeviceType;

/**
 * What ingestion must know of a device. A change makes another one; do not keep it longer than for one batch.
 *
 * @param series numbers of its series, by the index of the type's properties; -1 where there is none. Not to be changed
 * @param areaCode deepest area around it; {@code null} outside every boundary
 * @param groupCode empty where it stands alone
 * @param source empty: none that is watched
 * @param secretHash see {@link Secrets}; {@code null}: it has no secret and cannot speak for itself
 * @param slot small number that stays with the device while the server runs
 */
public record Known(long deviceId, String code, DeviceType type, int[] series, String groupCode, String areaCode, String source, boolean enabled,
    String secretHash, int slot) {

  public String typeCode() {
    return type.code();
  }

  /** Number of the series of this property; -1: the type has no such property. */
  public int series(String property) {
    int index = index(property);
    return index < 0 ? -1 : series[index];
  }

  /** Index of this property in the type and in {@link #series()}; -1: the type has no such property. */
  public int index(String property) {
    var properties = type.properties();
    for (int i = 0; i < properties.size(); i++) {
      if (properties.get(i).name().equals(property)) {
        return i;
      }
    }
    return -1;
  }

  /** By id: the parts that a change may leave alone say nothing. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Known known && known.deviceId == deviceId;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(deviceId);
  }
}
