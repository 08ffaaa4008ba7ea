package io.citywide.place;

import java.time.LocalDate;

/**
 * A component (部件) of the city, after GB/T 47678.5: a manhole cover, a lamp, a tree.
 *
 * @param ident identification code: district 6, class 2, kind 3, sequence 6 = 17 characters; 16 in GB/T 30428.2
 * @param kindId see {@link Kind#id()}
 * @param gridKey key of the BeiDou cell of level 9
 * @param areaCode deepest area around it; {@code null} outside every boundary
 * @param ownerCode code of the unit in charge; may be {@code null}
 * @param accuracy class of the position: A ±0.5 m, B ±1 m, C ±10 m; may be {@code null}
 * @param source where the data came from, such as 实测; may be {@code null}
 * @param recordedOn initial date (初始日期)
 * @param changedOn date of change (变更日期); may be {@code null}
 */
public record Component(
    String ident,
    String kindId,
    String name,
    double lon,
    double lat,
    long gridKey,
    String areaCode,
    String ownerCode,
    State state,
    String accuracy,
    String source,
    LocalDate recordedOn,
    LocalDate changedOn) {

  /** 状态 of GB/T 47678.5. */
  public enum State {
    INTACT("完好"),
    DAMAGED("破损"),
    LOST("丢失"),
    ABANDONED("废弃"),
    REMOVED("移除");

    private final String nameZh;

    State(String nameZh) {
      this.nameZh = nameZh;
    }

    public String nameZh() {
      return nameZh;
    }
  }
}
