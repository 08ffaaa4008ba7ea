package io.citywide.place.internal.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

/** The note of an index says whether it can go on from where it was. */
class IndexPositionTest {

  private static final IndexPosition KNOWN = new IndexPosition("7312", 16_384, 2, "740:745:741,743");

  @Test
  void readsWhatItWrote() {
    assertThat(IndexPosition.of(KNOWN.note())).contains(KNOWN);
    assertThat(IndexPosition.of("")).isEmpty();
    assertThat(IndexPosition.of(KNOWN.note() + "'; DROP")).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> new IndexPosition("7312", 1, 0, "1:2:'")).withMessageContaining("not a snapshot");
  }

  @Test
  void goesOnInTheSameDatabaseOnly() {
    assertThat(KNOWN.obstacle(KNOWN)).isEmpty();
    assertThat(KNOWN.obstacle(new IndexPosition("7312", 16_384, 2, "750:750:"))).isEmpty();
    assertThat(KNOWN.obstacle(new IndexPosition("7313", 16_384, 2, "750:750:"))).hasValueSatisfying(why -> assertThat(why).contains("another database"));
    assertThat(KNOWN.obstacle(new IndexPosition("7312", 16_385, 2, "750:750:"))).isPresent();
  }

  @Test
  void isBuiltAnewAfterARestoreAndWhereRowsWereDeleted() {
    assertThat(KNOWN.obstacle(new IndexPosition("7312", 16_384, 2, "739:739:"))).hasValueSatisfying(why -> assertThat(why).contains("restore"));
    assertThat(KNOWN.obstacle(new IndexPosition("7312", 16_384, 3, "750:750:"))).hasValueSatisfying(why -> assertThat(why).contains("deleted"));
  }
}
