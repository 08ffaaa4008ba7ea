package io.citywide.place.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.place.Area;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaMention;
import io.citywide.place.PlaceReading;
import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Text → areas: what is certain is said, what is not is left to a person. */
class GazetteerTest {

  private static final Gazetteer GAZETTEER = gazetteer(
      "990100 云泽市", "990102 云栖区", "990103 澄江区", "990102001 望江街道", "990102002 人民街道", "990103001 人民街道",
      "990102001001 梧桐社区", "990103001001 杨柳社区", "990102001001003 003网格",
      "980100 A市", "980103 A3区", "980107 A7县", "980107001 春华镇", "980107001001 金鼎村");

  private static Gazetteer gazetteer(String... areas) {
    TreeMap<String, Area> byCode = new TreeMap<>();
    for (String line : areas) {
      String code = line.substring(0, line.indexOf(' '));
      byCode.put(code, new Area(code, AreaCode.parentOf(code).orElse(null), AreaCode.levelOf(code), line.substring(code.length() + 1),
          code.equals("990103") ? "Chengjiang District" : null, List.of(), null, null, false, LocalDate.EPOCH, null));
    }
    return new Gazetteer(byCode);
  }

  private static String read(String text) {
    return GAZETTEER.read(text).area().map(Area::code).orElse("nothing");
  }

  @Test
  void findsTheDeepestAreaOfAChain() {
    assertThat(read("A市A3区联丰路米兰春天G2栋320一家影楼")).isEqualTo("980103");
    assertThat(read("反映A7县春华镇金鼎村水泥路、自来水到户的问题")).isEqualTo("980107001001");
    assertThat(read("云栖区望江街道梧桐社区003网格的井盖坏了")).isEqualTo("990102001001003");
  }

  @Test
  void explainsInWords() {
    assertThat(GAZETTEER.read("A市A3区").why()).isEqualTo("the text names A市, A3区; A3区 is the deepest of them");
    assertThat(GAZETTEER.read("路灯不亮").why()).isEqualTo("the text names no known area");
  }

  @Test
  void givesOnlyWhatContradictingNamesHaveInCommon() {
    PlaceReading reading = GAZETTEER.read("从A3区到A7县的公交车");
    assertThat(reading.area().orElseThrow().name()).isEqualTo("A市");
    assertThat(reading.why()).contains("only A市 in common");
    assertThat(read("A3区和云栖区")).isEqualTo("nothing");
  }

  @Test
  void decidesAnAmbiguousNameByTheOthersOrNotAtAll() {
    assertThat(read("人民街道垃圾满溢")).as("two streets bear the name").isEqualTo("990100");
    assertThat(GAZETTEER.mentions("人民街道垃圾满溢")).isEmpty();
    assertThat(read("澄江区人民街道垃圾满溢")).isEqualTo("990103001");
    assertThat(read("人民街道杨柳社区")).isEqualTo("990103001001");
  }

  @Test
  void doesNotTakeARoadForTheStreetOfItsName() {
    assertThat(read("望江路有积水")).isEqualTo("nothing");
    assertThat(read("望江东路有积水")).isEqualTo("nothing");
    assertThat(read("望江街道有积水")).isEqualTo("990102001");
    assertThat(read("望江办事处门口有积水")).isEqualTo("990102001");
  }

  @Test
  void doesNotTakePartOfANumberOrWordForAName() {
    assertThat(read("AA3区")).isEqualTo("nothing");
    assertThat(read("ZA市")).isEqualTo("nothing");
    assertThat(read("Chengjiang Districts")).isEqualTo("nothing");
    assertThat(read("in CHENGJIANG district, near the river")).isEqualTo("990103");
    assertThat(read("Ａ３区有人放鞭炮")).as("full-width letters").isEqualTo("980103");
  }

  @Test
  void saysWhereInTheTextEachNameStands() {
    List<AreaMention> mentions = GAZETTEER.mentions("请看A市A3区的路");
    assertThat(mentions).extracting(m -> "请看A市A3区的路".substring(m.start(), m.end())).containsExactly("A市", "A3区");
  }

  @Test
  void aNumberedGridAloneNamesNothing() {
    assertThat(read("003网格")).isEqualTo("nothing");
    assertThat(read("990102001001003")).isEqualTo("990102001001003");
  }
}
