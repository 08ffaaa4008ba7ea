package io.citywide.map.internal.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import java.time.Duration;
import java.util.List;
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
    return new LayerSource() {
      @Override
      public Layer layer() {
        return new Layer("things", "物", "Things", Layer.Shape.POINT, 0, 0, null, false, null);
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
}
