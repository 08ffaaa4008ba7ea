package io.citywide.map.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How Chinese names are typed in Latin letters. */
class PinyinTest {

  @Test
  void initialsAndSyllablesOfAName() {
    assertThat(Pinyin.initials("南京路")).contains("njl");
    assertThat(Pinyin.syllables("南京路")).contains("nanjinglu");
    assertThat(Pinyin.initials("A3区")).contains("a3q");
    assertThat(Pinyin.syllables("绿地路")).contains("lvdilu").as("ü is typed v").noneMatch(way -> way.contains(":"));
  }

  @Test
  void aCharacterWithSeveralReadingsCountsWithEach() {
    assertThat(Pinyin.initials("重庆路")).contains("cql", "zql");
    assertThat(Pinyin.syllables("长安街")).contains("changanjie", "zhanganjie");
    assertThat(Pinyin.initials("行长重行长重行长重").size()).isLessThanOrEqualTo(16);
  }

  @Test
  void aNameWithoutChineseHasNone() {
    assertThat(Pinyin.initials("Nanjing Road")).isEmpty();
    assertThat(Pinyin.syllables("")).isEmpty();
  }
}
