package io.citywide.place.internal.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.citywide.place.internal.components.IndexPosition.Stretch;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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

  @Test
  void namesTheTransactionsThatOneSawAndTheOtherDidNot() {
    IndexPosition known = seen("741:90745:741,50743");
    assertThat(known.unseen(known)).isEmpty();
    // 50743 ended, 741 has not; of those that began since, 90746 and 90749 have not, but others around them.
    assertThat(known.unseen(seen("741:90752:741,90746,90749"))).containsExactly(new Stretch(50_743, 50_743), new Stretch(90_745, 90_751));
    assertThat(known.unseen(seen("90750:90750:"))).containsExactly(new Stretch(741, 741), new Stretch(50_743, 50_743), new Stretch(90_745, 90_749));
    // The long ones have not ended.
    assertThat(known.unseen(seen("741:90747:741,50743,90745"))).containsExactly(new Stretch(90_746, 90_746));
    assertThat(known.unseen(seen("741:90747:741,50743,90745,90746"))).isEmpty();
  }

  /** For every transaction against the definition, over positions made at random in the order in which time could bring them. */
  @Test
  void holdsEachOfThemOnce() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      Set<Long> running = new TreeSet<>();
      long[] end = {740};
      IndexPosition then = later(random, running, end);
      Set<Long> ranThen = Set.copyOf(running);
      long endThen = end[0];
      IndexPosition now = later(random, running, end);
      List<Stretch> unseen = then.unseen(now);
      for (long xid : running) {
        assertThat(unseen).as("a long one is left out").noneMatch(stretch -> stretch.first() == xid && stretch.last() == xid);
      }
      for (long xid = 730; xid < end[0] + 3; xid++) {
        long number = xid;
        boolean sawThen = xid < endThen && !ranThen.contains(xid);
        boolean seesNow = xid < end[0] && !running.contains(xid);
        long found = unseen.stream().filter(stretch -> stretch.first() <= number && number <= stretch.last()).count();
        assertThat(found).as("%d between %s and %s: %s", xid, then.snapshot(), now.snapshot(), unseen).isBetween(seesNow && !sawThen ? 1L : 0L, 1L);
      }
    }
  }

  /** Some transactions begin, some end. */
  private static IndexPosition later(Random random, Set<Long> running, long[] end) {
    for (int step = random.nextInt(8); step > 0; step--) {
      end[0] += random.nextInt(3) * 600L;
      running.add(end[0]++);
    }
    running.removeIf(xid -> random.nextInt(3) == 0);
    return seen(running.stream().min(Long::compare).orElse(end[0]) + ":" + end[0] + ":" + running.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  private static IndexPosition seen(String snapshot) {
    return new IndexPosition("7312", 16_384, 2, snapshot);
  }
}
