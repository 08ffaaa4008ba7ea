package io.citywide.grid.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridCovering;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Shapes found by their coverings: never one too few, certain only where they meet, the exact test is the sink's. */
class ShapeIndexTest {

  private final Random random = new Random(3);

  private GridBox someBox(double largest) {
    double x = 121.4 + random.nextGaussian() * 0.05;
    double y = 31.2 + random.nextGaussian() * 0.05;
    double w = Math.pow(10, -5 + random.nextDouble() * (Math.log10(largest) + 5));
    double h = Math.pow(10, -5 + random.nextDouble() * (Math.log10(largest) + 5));
    return new GridBox(x, y, x + w, y + h);
  }

  private static boolean meet(GridBox a, GridBox b) {
    return a.west() <= b.east() && a.east() >= b.west() && a.south() <= b.north() && a.north() >= b.south();
  }

  @Test
  void findsEveryShapeThatMeetsARegionOnce() {
    Map<Long, GridBox> boxes = new HashMap<>();
    ShapeIndex.Builder builder = ShapeIndex.builder();
    for (long id = 0; id < 3_000; id++) {
      // Most are like buildings, some like districts.
      GridBox box = someBox(id % 50 == 0 ? 0.2 : 0.002);
      boxes.put(id, box);
      builder.add(id, (int) (id % 5), GridCovering.ofBox(box, 8, 12));
    }
    ShapeIndex index = builder.build();
    assertThat(index.size()).isEqualTo(3_000);
    int certain = 0;
    for (int i = 0; i < 300; i++) {
      GridBox region = someBox(0.05);
      KindSet kinds = i % 3 == 0 ? KindSet.of(1, 2) : KindSet.all();
      List<Long> expected = boxes.entrySet().stream().filter(e -> kinds.contains((int) (e.getKey() % 5)) && meet(region, e.getValue())).map(Map.Entry::getKey).sorted().toList();
      List<Long> found = new ArrayList<>();
      int[] sure = new int[1];
      int[] candidates = new int[1];
      assertThat(index.candidates(GridCovering.ofBox(region, 8, 32), kinds, (id, kind, meets) -> {
        assertThat(kind).isEqualTo((int) (id % 5));
        candidates[0]++;
        if (meets) {
          sure[0]++;
          assertThat(meet(region, boxes.get(id))).as("%d meets", id).isTrue();
        }
        if (meets || meet(region, boxes.get(id))) found.add(id);
        return true;
      })).isTrue();
      assertThat(found).isEqualTo(expected);
      certain += sure[0];
    }
    assertThat(certain).as("answers that needed no look at the geometry").isGreaterThan(500);
  }

  @Test
  void endsWhenTheSinkWantsNoMore() {
    ShapeIndex.Builder builder = ShapeIndex.builder();
    for (long id = 0; id < 10; id++) builder.add(id, 1, GridCovering.ofBox(new GridBox(121, 31, 121.1, 31.1), 8, 12));
    int[] seen = new int[1];
    assertThat(builder.build().candidates(GridCovering.ofCircle(121.05, 31.05, 500, 8, 16), KindSet.all(), (id, kind, meets) -> ++seen[0] < 4)).isFalse();
    assertThat(seen[0]).isEqualTo(4);
    assertThat(ShapeIndex.builder().build().candidates(GridCovering.ofCircle(121, 31, 500, 8, 16), KindSet.all(), (id, kind, meets) -> false)).isTrue();
  }
}
