package io.citywide.grid.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files, changes, merges and snapshots of an index. */
class PointIndexTest {

  @TempDir Path folder;
  private final List<String> refused = new ArrayList<>();

  private PointIndex open() {
    return PointIndex.open(folder, "city", damage -> refused.add(damage.getMessage()));
  }

  private static IndexedPoint point(long id) {
    Random random = new Random(id);
    return new IndexedPoint(GridKeys.encode(121.4 + random.nextGaussian() * 0.02, 31.2 + random.nextGaussian() * 0.02, 9),
        IndexedPoint.kind(1 + (int) (id % 7), (int) (id % 4)), id);
  }

  private static Changes puts(long from, long to) {
    Changes changes = new Changes();
    for (long id = from; id < to; id++) changes.put(point(id).key(), point(id).kind(), id);
    return changes;
  }

  private void build(PointIndex index, long from, long to, String note) {
    try (PointSorter sorter = index.rebuild()) {
      for (long id = from; id < to; id++) sorter.add(point(id).key(), point(id).kind(), id);
      index.replace(sorter, note);
    }
  }

  private static Set<Long> ids(Snapshot snapshot) {
    Set<Long> ids = new HashSet<>();
    snapshot.each(Where.everywhere(), KindSet.all(), (key, kind, id) -> {
      assertThat(ids.add(id)).as("%d is there once", id).isTrue();
      return true;
    });
    return ids;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  @Test
  void isEmptyWhereThereIsNothing() {
    try (PointIndex index = open(); Snapshot now = index.snapshot()) {
      assertThat(index.isFilled()).isFalse();
      assertThat(index.note()).isEmpty();
      assertThat(now.size()).isZero();
      assertThat(now.count(Where.everywhere(), KindSet.all())).isZero();
      assertThat(now.nearest(121, 31, 3, 1_000, KindSet.all())).isEmpty();
      assertThat(now.cells(new GridBox(120, 30, 122, 32), CellSize.MINUTE, KindSet.all(), (box, count, dominant, worst) -> false)).isTrue();
      assertThat(now.page(Where.everywhere(), KindSet.all(), null, 10)).isEmpty();
    }
  }

  @Test
  void opensWhatWasWrittenWithItsNoteAndRevision() throws IOException {
    String revision;
    try (PointIndex index = open()) {
      build(index, 0, 5_000, "as of 17");
      index.apply(puts(5_000, 5_010).remove(3), "as of 18");
      index.merge();
      index.apply(puts(6_000, 6_001), "as of 19");
      assertThat(index.note()).isEqualTo("as of 19");
      try (Snapshot now = index.snapshot()) {
        assertThat(now.size()).isEqualTo(5_010);
      }
      index.apply(new Changes().remove(6_000), "as of 20");
      try (Snapshot now = index.snapshot()) {
        revision = now.revision();
      }
    }
    assertThat(files()).as("one file is left").containsExactly(folder.resolve("city-000000000002.cgi"));
    try (PointIndex index = open(); Snapshot now = index.snapshot()) {
      assertThat(index.note()).as("what was not merged must be brought in again").isEqualTo("as of 18");
      assertThat(now.size()).isEqualTo(5_009);
      assertThat(now.revision()).isEqualTo(revision);
      index.verify();
    }
    assertThat(refused).isEmpty();
  }

  @Test
  void sayingAChangeTwiceChangesNothing() {
    try (PointIndex index = open()) {
      build(index, 0, 1_000, "");
      String revision = revision(index);
      index.apply(puts(10, 20), "");
      index.apply(new Changes().remove(5_000), "");
      assertThat(revision(index)).isEqualTo(revision);
      index.apply(new Changes().put(point(99).key(), 8, 5), "");
      index.apply(new Changes().put(point(99).key(), 8, 5), "");
      assertThat(revision(index)).isNotEqualTo(revision);
      index.apply(puts(5, 6), "");
      assertThat(revision(index)).isEqualTo(revision);
    }
  }

  private static String revision(PointIndex index) {
    try (Snapshot now = index.snapshot()) {
      return now.revision();
    }
  }

  @Test
  void sortsMoreThanFitsIntoMemoryAtOnce() throws IOException {
    int count = 2_300_000;
    try (PointIndex index = open()) {
      try (PointSorter sorter = index.rebuild()) {
        Random random = new Random(5);
        for (int id = 0; id < count; id++) {
          sorter.add(GridKeys.encode(121 + random.nextInt(1000) / 1000.0, 31 + random.nextInt(1000) / 1000.0, 9), 8 + random.nextInt(3), id);
        }
        assertThat(files()).as("put aside").contains(folder.resolve("city-rows.tmp"));
        index.replace(sorter, "");
      }
      assertThat(files()).hasSize(1);
      try (Snapshot now = index.snapshot()) {
        IndexedPoint[] last = new IndexedPoint[1];
        long[] seen = new long[1];
        now.each(Where.everywhere(), KindSet.all(), (key, kind, id) -> {
          IndexedPoint point = new IndexedPoint(key, kind, id);
          if (last[0] != null && last[0].compareTo(point) >= 0) throw new AssertionError(last[0] + " before " + point);
          last[0] = point;
          seen[0]++;
          return true;
        });
        assertThat(seen[0]).isEqualTo(count);
      }
    }
  }

  @Test
  void holdsPointsOfTheWholeEarth() {
    try (PointIndex index = open()) {
      Map<Long, IndexedPoint> all = new HashMap<>();
      try (PointSorter sorter = index.rebuild()) {
        Random random = new Random(6);
        for (long id = 0; id < 90_000; id++) {
          IndexedPoint point = new IndexedPoint(GridKeys.encode(random.nextDouble() * 360 - 180, random.nextDouble() * 170 - 85, 9), (int) (id % 65536), id * 1_000_003L << 20);
          all.put(point.id(), point);
          sorter.add(point.key(), point.kind(), point.id());
        }
        index.replace(sorter, "");
      }
      try (Snapshot now = index.snapshot()) {
        Where where = Where.box(new GridBox(-20, -30, 60, 40));
        assertThat(now.page(where, KindSet.all(), null, 1_000_000)).isEqualTo(TestPoints.in(all.values(), where, KindSet.all()));
        assertThat(now.count(Where.everywhere(), KindSet.of(65_535))).isEqualTo(1);
      }
    }
  }

  @Test
  void refusesAPointThatIsThereTwice() throws IOException {
    try (PointIndex index = open(); PointSorter sorter = index.rebuild()) {
      build(index, 0, 100, "good");
      sorter.add(point(7).key(), 8, 7);
      sorter.add(point(7).key(), 9, 7);
      assertThatIllegalArgumentException().isThrownBy(() -> index.replace(sorter, "bad")).withMessageContaining("it is there twice");
      assertThat(index.note()).isEqualTo("good");
      assertThat(revision(index)).endsWith("-" + Long.toString(100, 36));
    }
    try (PointIndex index = open()) {
      assertThat(files()).as("the unfinished file is gone").hasSize(1);
      assertThat(index.note()).isEqualTo("good");
    }
  }

  @Test
  void refusesBadInput() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Changes().put(GridKeys.encode(121, 31, 8), 1, 1)).withMessageContaining("level 9");
    assertThatIllegalArgumentException().isThrownBy(() -> new Changes().put(point(1).key(), 65_536, 1)).withMessageContaining("0..65535");
    assertThatIllegalArgumentException().isThrownBy(() -> IndexedPoint.kind(8_192, 0)).withMessageContaining("8192");
    assertThatIllegalArgumentException().isThrownBy(() -> PointIndex.open(folder, "../x", d -> {})).withMessageContaining("'../x'");
    assertThatIllegalArgumentException().isThrownBy(() -> Where.circle(121, 31, -1)).withMessageContaining("0..200000");
    assertThatIllegalArgumentException().isThrownBy(() -> Where.circle(121, 80, 1)).withMessageContaining("-75..75");
    assertThatIllegalArgumentException().isThrownBy(() -> Where.circle(179.9999, 31, 100)).withMessageContaining("antimeridian");
    assertThatIllegalArgumentException().isThrownBy(() -> Where.polygon(new double[][] {{1, 2, 3, 4}})).withMessageContaining("ring 0");
    assertThatIllegalArgumentException().isThrownBy(() -> Where.polygon(new double[][] {{1, 2, 3, 4, 5, 99}})).withMessageContaining("ring 0, point 2");
    try (PointIndex index = open(); Snapshot now = index.snapshot()) {
      assertThatIllegalArgumentException().isThrownBy(() -> now.page(Where.everywhere(), KindSet.all(), null, 0)).withMessageContaining("was 0");
      assertThatIllegalArgumentException().isThrownBy(() -> now.nearest(121, 31, 0, 1, KindSet.all())).withMessageContaining("was 0");
    }
  }

  @Test
  void removesWhatAnInterruptedMergeLeft() throws IOException {
    try (PointIndex index = open()) {
      build(index, 0, 100, "good");
    }
    Path whole = folder.resolve("city-000000000001.cgi");
    Files.write(folder.resolve("city-2.tmp"), new byte[100]);
    Files.write(folder.resolve("city-rows.tmp"), new byte[100]);
    Files.write(folder.resolve("other-3.tmp"), new byte[100]);
    try (PointIndex index = open()) {
      assertThat(index.note()).isEqualTo("good");
      assertThat(files()).containsExactly(whole, folder.resolve("other-3.tmp"));
    }
  }

  @Test
  void goesBackToTheFileBeforeWhereTheNewestIsDamaged() throws IOException {
    try (PointIndex index = open()) {
      build(index, 0, 100, "older");
    }
    byte[] older = Files.readAllBytes(folder.resolve("city-000000000001.cgi"));
    Files.write(folder.resolve("city-000000000002.cgi"), Arrays.copyOf(older, older.length - 1));
    try (PointIndex index = open()) {
      assertThat(index.note()).isEqualTo("older");
      assertThat(refused).singleElement().asString().contains("city-000000000002.cgi is damaged", "written were " + older.length);
      assertThat(files()).hasSize(1);
    }
  }

  @Test
  void refusesByNameAFileOfWhichAnythingWasCutOff() throws IOException {
    try (PointIndex index = open()) {
      build(index, 0, 400, "whole");
    }
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(8);
    for (int i = 0; i < 300; i++) {
      int length = i < 100 ? i * 3 : i < 200 ? whole.length - 1 - (i - 100) : random.nextInt(whole.length);
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> BaseFile.open(file)).as("%d of %d bytes", length, whole.length)
          .isInstanceOf(DamagedIndexException.class).hasMessageContaining(file + " is damaged");
    }
  }

  @Test
  void neverAnswersFromAnAlteredByteAndNamesTheFile() throws IOException {
    try (PointIndex index = open()) {
      build(index, 0, 150, "whole");
    }
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    Where part = Where.circle(121.4, 31.2, 1_500);
    BaseFile good = BaseFile.open(file);
    List<IndexedPoint> right;
    try (Snapshot now = new Snapshot(new View(good, Segment.empty(), Segment.empty(), new int[0], ""))) {
      right = now.page(part, KindSet.all(), null, 1_000);
      assertThat(right).hasSize(20);
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] altered = whole.clone();
      altered[at] ^= (byte) (1 << at % 8);
      Files.write(file, altered);
      int its = at;
      BaseFile opened;
      try {
        opened = BaseFile.open(file);
      } catch (DamagedIndexException e) {
        assertThat(e).hasMessageContaining(file + " is damaged");
        continue;
      }
      assertThatThrownBy(opened.points::checkAll).as("byte %d of %d", its, whole.length)
          .isInstanceOf(DamagedIndexException.class).hasMessageContaining(file + " is damaged").hasMessageContaining("altered");
      try (Snapshot now = new Snapshot(new View(opened, Segment.empty(), Segment.empty(), new int[0], ""))) {
        assertThat(now.page(part, KindSet.all(), null, 1_000)).as("byte %d", at).isEqualTo(right);
      } catch (DamagedIndexException e) {
        assertThat(e.file()).isEqualTo(file);
      }
    }
  }

  @Test
  void snapshotsStandStillWhileChangesComeAndFilesAreMerged() throws Exception {
    // Each change moves one pair: of its two points one is in the west and one in the east, always.
    int pairs = 3_000;
    Where west = Where.box(new GridBox(121, 31, 121.5, 31.5));
    Where east = Where.box(new GridBox(121.6, 31, 122, 31.5));
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicInteger looks = new AtomicInteger();
    AtomicInteger merges = new AtomicInteger();
    Map<Long, IndexedPoint> truth = new HashMap<>();
    try (PointIndex index = open()) {
      Changes first = new Changes();
      Random random = new Random(9);
      for (long id = 0; id < pairs * 2L; id++) {
        IndexedPoint point = somewhere(random, id % 2 == 0, id);
        truth.put(id, point);
        first.put(point.key(), point.kind(), id);
      }
      index.apply(first, "0");
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        threads.add(Thread.ofPlatform().start(() -> {
          try {
            while (!over.get()) {
              try (Snapshot now = index.snapshot()) {
                String revision = now.revision();
                assertThat(now.count(west, KindSet.all())).isEqualTo(pairs);
                assertThat(now.counts(east, KindSet.all()).total()).isEqualTo(pairs);
                assertThat(ids(now)).hasSize(pairs * 2);
                long[] inCells = new long[1];
                now.cells(new GridBox(121, 31, 122, 31.5), CellSize.SECONDS_12, KindSet.all(), (box, count, dominant, worst) -> (inCells[0] += count) > 0);
                assertThat(inCells[0]).isEqualTo(pairs * 2L);
                assertThat(now.revision()).isEqualTo(revision);
                looks.incrementAndGet();
              }
            }
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          }
        }));
      }
      threads.add(Thread.ofPlatform().start(() -> {
        try {
          while (!over.get()) {
            index.merge();
            merges.incrementAndGet();
          }
        } catch (Throwable e) {
          failure.compareAndSet(null, e);
        }
      }));
      for (int step = 1; (step < 300 || merges.get() < 20 || looks.get() < 50) && failure.get() == null; step++) {
        Changes changes = new Changes();
        for (int i = 0; i < 20; i++) {
          long pair = random.nextInt(pairs) * 2L;
          boolean turned = random.nextBoolean();
          for (long id = pair; id < pair + 2; id++) {
            IndexedPoint point = somewhere(random, (id == pair) != turned, id);
            truth.put(id, point);
            changes.put(point.key(), point.kind(), id);
          }
        }
        index.apply(changes, Integer.toString(step));
      }
      over.set(true);
      for (Thread thread : threads) thread.join();
      assertThat(failure.get()).isNull();
      String note = index.note();
      index.merge();
      try (Snapshot now = index.snapshot()) {
        assertThat(now.page(Where.everywhere(), KindSet.all(), null, 1_000_000)).isEqualTo(TestPoints.in(truth.values(), Where.everywhere(), KindSet.all()));
      }
      assertThat(index.note()).isEqualTo(note);
    }
    try (PointIndex index = open(); Snapshot now = index.snapshot()) {
      assertThat(now.page(Where.everywhere(), KindSet.all(), null, 1_000_000)).isEqualTo(TestPoints.in(truth.values(), Where.everywhere(), KindSet.all()));
      assertThat(files()).hasSize(1);
    }
  }

  private static IndexedPoint somewhere(Random random, boolean west, long id) {
    double lon = west ? 121 + random.nextDouble() * 0.49 : 121.61 + random.nextDouble() * 0.38;
    return new IndexedPoint(GridKeys.encode(lon, 31.01 + random.nextDouble() * 0.48, 9), IndexedPoint.kind(1 + random.nextInt(5), 0), id);
  }

  @Test
  void aSnapshotOutlivesTheIndexItCameFrom() {
    PointIndex index = open();
    build(index, 0, 1_000, "");
    Snapshot early = index.snapshot();
    build(index, 0, 10, "");
    Snapshot late = index.snapshot();
    index.close();
    assertThat(ids(early)).hasSize(1_000);
    assertThat(ids(late)).hasSize(10);
    early.close();
    early.close();
    late.close();
    assertThatThrownBy(index::snapshot).isInstanceOf(IllegalStateException.class).hasMessageContaining("city is closed");
  }
}
