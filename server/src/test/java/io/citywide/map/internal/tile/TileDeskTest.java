package io.citywide.map.internal.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.citywide.map.DecodedTile;
import io.citywide.map.MapProblem;
import io.citywide.map.TileSettings;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.platform.Caller;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Drawing is bounded: so many at once, each for so long. Whoever went away then costs no more than that. */
class TileDeskTest {

  private static final TileFrame FRAME = new TileFrame(14, 13_500, 6_500, Set.of(), null);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private static LayerSource drawing(Consumer<TilePen> how) {
    return drawing("things", how);
  }

  private static LayerSource drawing(String id, Consumer<TilePen> how) {
    return new LayerSource() {
      @Override
      public Layer layer() {
        return new Layer(id, "物", "Things", Layer.Shape.POINT, 0, 0, null, false, null);
      }

      @Override
      public String revision() {
        return "1";
      }

      @Override
      public void draw(TileFrame frame, TilePen pen) {
        how.accept(pen);
      }

      @Override
      public List<KindCount> count(Selection selection) {
        return List.of();
      }

      @Override
      public Slice<Found> list(Selection selection, String after, int limit) {
        return new Slice<>(List.of(), null);
      }

      @Override
      public Optional<Found> find(String id) {
        return Optional.empty();
      }
    };
  }

  private static void point(TilePen pen) {
    pen.point(1, (FRAME.box().west() + FRAME.box().east()) / 2, (FRAME.box().south() + FRAME.box().north()) / 2);
  }

  private TileDesk desk(int atOnce, Duration longest) {
    return new TileDesk(meters, new TileSettings(atOnce, longest));
  }

  private void refused(Runnable asking) {
    assertThatExceptionOfType(ProblemException.class).isThrownBy(asking::run).satisfies(e -> {
      assertThat(e.problem()).isEqualTo(MapProblem.TILES_BUSY);
      assertThat(e.problem().status()).isEqualTo(503);
      assertThat(e.extras()).containsEntry("retryAfterSeconds", 1);
    });
  }

  @Test
  void aDrawingWithoutEndIsEndedWhenItsTimeIsOver() {
    TileDesk desk = desk(1, Duration.ofMillis(50));
    long begun = System.nanoTime();
    refused(() -> desk.draw(drawing(pen -> {
      assertThat(pen.left()).isPositive().isLessThanOrEqualTo(Duration.ofMillis(50));
      // What lies outside the tile counts too.
      while (true) pen.point(1, 0, 0);
    }), FRAME));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(50), Duration.ofSeconds(20));
    assertThat(meters.counter("citywide.map.tiles.refused").count()).isEqualTo(1);
    assertThat(desk.draw(drawing(TileDeskTest::point), FRAME)).as("the turn was given back").isNotEmpty();
  }

  @Test
  void whoseTurnDoesNotComeIsToldToComeAgain() throws Exception {
    TileDesk desk = desk(2, Duration.ofMillis(200));
    CountDownLatch drawing = new CountDownLatch(2);
    CountDownLatch goOn = new CountDownLatch(1);
    LayerSource slow = drawing(pen -> {
      drawing.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      point(pen);
    });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<byte[]>> two = List.of(threads.submit(() -> desk.draw(slow, FRAME)), threads.submit(() -> desk.draw(slow, FRAME)));
      drawing.await();
      refused(() -> desk.draw(drawing(TileDeskTest::point), FRAME));
      goOn.countDown();
      for (Future<byte[]> one : two) {
        assertThat(one.get()).isNotEmpty();
      }
    }
    assertThat(desk.draw(drawing(TileDeskTest::point), FRAME)).isNotEmpty();
  }

  @Test
  void noTurnIsSpentOnWhoHungUp() {
    TileDesk desk = desk(1, Duration.ofMillis(200));
    Caller.Watch atOnce = new Caller.Watch() {
      @Override
      public void begin(Caller caller) {
        assertThat(caller.look(System.nanoTime(), 0)).isTrue();
      }

      @Override
      public void end(Caller caller) {}
    };
    assertThatExceptionOfType(Caller.Gone.class).isThrownBy(() -> Caller.answering(() -> true, atOnce, () -> desk.draw(drawing(pen -> {
      throw new AssertionError("drawn for nobody");
    }), FRAME)));
    assertThat(desk.draw(drawing(TileDeskTest::point), FRAME)).as("the turn was given back").isNotEmpty();
  }

  @Test
  void aFaultOfALayerGivesItsTurnBack() {
    TileDesk desk = desk(1, Duration.ofMillis(200));
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> desk.draw(drawing(pen -> {
      throw new IllegalStateException("broken");
    }), FRAME));
    assertThat(desk.draw(drawing(TileDeskTest::point), FRAME)).isNotEmpty();
  }

  /** Points until some bytes are full. Where they do not fit: so many bytes of what stands for them. */
  private static LayerSource full(String id, int objects, int cells) {
    return drawing(id, pen -> {
      points(pen, "object", objects);
      if (!pen.fits()) {
        pen.clear();
        points(pen, "cell", cells);
      }
    });
  }

  private static void points(TilePen pen, String kind, int bytes) {
    double lon = (FRAME.box().west() + FRAME.box().east()) / 2;
    double lat = (FRAME.box().south() + FRAME.box().north()) / 2;
    for (int i = 1; pen.size() < bytes; i++) {
      pen.point(i, lon, lat).tag("kind", kind);
    }
  }

  private static Map<String, String> kinds(byte[] tile) {
    DecodedTile decoded = DecodedTile.of(tile);
    Map<String, String> kinds = new LinkedHashMap<>();
    decoded.layers().forEach(id -> kinds.put(id, decoded.features(id).getFirst().tags().get("kind").toString()));
    return kinds;
  }

  @Test
  void severalLayersThatFitTogetherAreDrawnAsEachWouldBeAlone() {
    TileDesk desk = desk(1, Duration.ofSeconds(20));
    List<LayerSource> sources = List.of(full("cc", 300_000, 10), full("aa", 1_000, 10), drawing("empty", pen -> {}), full("bb", 190_000, 10));
    ByteArrayOutputStream each = new ByteArrayOutputStream();
    sources.forEach(source -> each.writeBytes(desk.draw(source, FRAME)));
    assertThat(desk.draw(sources, FRAME)).isEqualTo(each.toByteArray());
    assertThat(meters.timer("citywide.map.tile", "layer", "*").count()).isEqualTo(1);
    assertThat(meters.timer("citywide.map.tile", "layer", "bb").count()).isEqualTo(1);
  }

  @Test
  void severalFullLayersShareTheBoundAndTheSmallStayWhole() {
    TileDesk desk = desk(1, Duration.ofSeconds(20));
    List<LayerSource> sources = List.of(full("components", 499_000, 30_000), full("areas", 20_000, 10), full("features", 450_000, 30_000), full("places", 90_000, 10));
    assertThat(sources).allSatisfy(source -> assertThat(kinds(desk.draw(source, FRAME)).values()).as("alone it is drawn whole").containsExactly("object"));
    byte[] tile = desk.draw(sources, FRAME);
    assertThat(tile.length).isLessThanOrEqualTo(TilePen.MOST_BYTES);
    assertThat(kinds(tile)).containsExactly(Map.entry("components", "cell"), Map.entry("areas", "object"), Map.entry("features", "cell"), Map.entry("places", "object"));
    assertThat(kinds(desk.draw(List.of(full("xx", 255_000, 5_000), full("yy", 260_000, 5_000)), FRAME))).as("what one gives back the other may use")
        .containsExactly(Map.entry("xx", "cell"), Map.entry("yy", "object"));
  }

  @Test
  void whatDoesNotFitWithItsLeastIsLeftOut() {
    TileDesk desk = desk(1, Duration.ofSeconds(20));
    byte[] tile = desk.draw(List.of(full("aa", 400_000, 240_000), full("bb", 410_000, 240_000), full("cc", 420_000, 240_000), full("dd", 1_000, 10)), FRAME);
    assertThat(tile.length).isLessThanOrEqualTo(TilePen.MOST_BYTES);
    assertThat(kinds(tile)).containsExactly(Map.entry("aa", "cell"), Map.entry("bb", "cell"), Map.entry("dd", "object"));
  }

  @Test
  void severalLayersHaveTheTimeOfOne() {
    TileDesk desk = desk(1, Duration.ofMillis(50));
    refused(() -> desk.draw(List.of(drawing("first", TileDeskTest::point), drawing("endless", pen -> {
      while (true) pen.point(1, 0, 0);
    })), FRAME));
    TileFrame past = new TileFrame(FRAME.zoom(), FRAME.x(), FRAME.y(), Set.of(), Instant.EPOCH);
    assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> desk.draw(List.of(drawing("aa", TileDeskTest::point), drawing("bb", TileDeskTest::point)), past))
        .satisfies(e -> assertThat(e.problem()).isEqualTo(MapProblem.NO_PAST));
    assertThat(desk.draw(drawing(TileDeskTest::point), FRAME)).as("the turn was given back").isNotEmpty();
  }
}
