package io.citywide.sensing;

import java.time.Instant;

/**
 * A device as its register knows it.
 *
 * @param id of the row
 * @param code 1 to 64 of {@code A-Z a-z 0-9 . _ : -}; by which it speaks (the user name and client id of MQTT); never changes
 * @param typeCode {@link DeviceType#code()}
 * @param lon WGS-84 degrees
 * @param lat WGS-84 degrees
 * @param gridKey key of the BeiDou cell of level 9
 * @param areaCode deepest area around it; {@code null} outside every boundary
 * @param groupCode what it belongs to, such as a shed or a lift; empty where it stands alone
 * @param componentIdent component it is fixed to; may be {@code null}
 * @param buildingIdent building it stands in; may be {@code null}
 * @param ownerUnitId unit that answers for it; may be {@code null}
 * @param source feed by which it comes, such as the platform of a maker; empty: none that is watched
 * @param enabled whether its values are taken
 * @param seenAt when it last spoke, a minute late at most; {@code null}: never
 */
public record Device(long id, String code, String typeCode, String name, double lon, double lat, long gridKey, String areaCode, String groupCode,
    String componentIdent, String buildingIdent, Long ownerUnitId, String source, boolean enabled, State state, Instant seenAt) {

  /** How it is. */
  public enum State {
    /** Registered, has not spoken yet. */
    NEW("未上线"),
    ONLINE("在线"),
    /** Says nothing for longer than its type allows (断供). */
    SILENT("失联"),
    /** Speaks, but its values cannot be meant. */
    FAULTY("故障");

    private final String nameZh;

    State(String nameZh) {
      this.nameZh = nameZh;
    }

    public String nameZh() {
      return nameZh;
    }
  }
}
