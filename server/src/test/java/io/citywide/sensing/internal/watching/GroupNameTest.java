package io.citywide.sensing.internal.watching;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A group is called by what the names of all its things have in common. */
class GroupNameTest {

  @Test
  void isHowTheFirstAndTheLastOfTheNamesBegin() {
    assertThat(WatchStore.common("灯市街车棚1号摄像机", "灯市街车棚3号烟感", "shed-1")).isEqualTo("灯市街车棚");
    assertThat(WatchStore.common("Gate 1", "Gate 7", "gates")).isEqualTo("Gate");
    assertThat(WatchStore.common("云泽站客流", "云泽站客流", "station")).as("of one thing its name").isEqualTo("云泽站客流");
  }

  @Test
  void isItsCodeWhereTheyHaveNothingInCommon() {
    assertThat(WatchStore.common("东门", "西门", "gates")).isEqualTo("gates");
    assertThat(WatchStore.common("A1", "A2", "gates")).as("a letter is no name").isEqualTo("gates");
    assertThat(WatchStore.common("", "西门", "gates")).isEqualTo("gates");
    assertThat(WatchStore.common("😀", "😁", "gates")).as("no half of a character").isEqualTo("gates");
  }
}
