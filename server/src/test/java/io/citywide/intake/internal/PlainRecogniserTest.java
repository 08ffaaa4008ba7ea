package io.citywide.intake.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.intake.spi.Recogniser;
import io.citywide.place.Catalogue;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What the catalogue's own words say about a text. */
@ServerTest
class PlainRecogniserTest {

  @Autowired Recogniser recogniser;
  @Autowired Catalogue catalogue;

  private String first(String text) {
    var guesses = recogniser.recognise(null, text);
    return guesses.isEmpty() ? null : catalogue.findKind(guesses.getFirst().kindId()).orElseThrow().nameZh();
  }

  @Test
  void findsTheKindThatATextNames() {
    assertThat(first("路边堆满暴露垃圾没人清理")).contains("暴露垃圾");
    assertThat(first("门口的路灯三天不亮了")).contains("路灯");
  }

  @Test
  void saysWhichWordsLedToIt() {
    assertThat(recogniser.recognise(null, "路边堆满暴露垃圾").getFirst().because()).anyMatch(word -> word.contains("垃圾"));
  }

  @Test
  void saysNothingWhereTheTextSaysNothing() {
    assertThat(recogniser.recognise(null, "今天天气真好")).isEmpty();
    assertThat(recogniser.recognise(null, "")).isEmpty();
    assertThat(recogniser.recognise(null, null)).isEmpty();
  }

  @Test
  void guessesOnlyKindsInForce() {
    assertThat(recogniser.recognise(null, "路灯 井盖 垃圾 道路破损 无照经营游商")).allMatch(g ->
        catalogue.listKinds(null, null).stream().anyMatch(k -> k.id().equals(g.kindId())));
  }
}
