package io.citywide.map.internal.tile;

import io.citywide.identity.Viewer;
import io.citywide.map.MapProblem;
import io.citywide.map.TileSettings;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.platform.Caller;
import io.citywide.platform.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.springframework.stereotype.Component;

/** Has layers draw tiles, and says when a tile is still the one that the browser has. */
@Component
public class TileDesk {

  /** Mapbox Vector Tile. */
  public static final String MVT = "application/vnd.mapbox-vector-tile";

  private static final int ETAG_BYTES = 15;

  private final MeterRegistry meters;
  private final Duration longest;
  private final Semaphore turns;

  TileDesk(MeterRegistry meters, TileSettings settings) {
    this.meters = meters;
    this.longest = settings.longest();
    this.turns = new Semaphore(settings.atOnce(), true);
  }

  /** {@link #draw(List, TileFrame)} of one layer. */
  public byte[] draw(LayerSource source, TileFrame frame) {
    return draw(List.of(source), frame);
  }

  /**
   * The tile, before compression, of at most {@value TilePen#MOST_BYTES} bytes; of no bytes when nothing lies there.
   *
   * @param sources at least one; several share the bytes, so that a layer may draw less than it would alone
   * @throws ProblemException {@code map.no-past} for a moment of the past where a layer knows only now;
   *     {@code map.tiles-busy} when its turn did not come in time, or drawing took too long
   */
  public byte[] draw(List<LayerSource> sources, TileFrame frame) {
    sources.forEach(source -> refuseWhatItDoesNotKnow(source, frame));
    List<LayerSource> shown = sources.stream().filter(source -> frame.zoom() >= source.layer().minZoom()).toList();
    if (shown.isEmpty()) {
      return new byte[0];
    }
    Timer.Sample began = Timer.start(meters);
    byte[] body = Caller.whileThere(() -> whenItIsItsTurn(shown, frame));
    began.stop(Timer.builder("citywide.map.tile").description("Drawing one vector tile").tag("layer", shown.size() == 1 ? shown.getFirst().layer().id() : "*")
        .publishPercentileHistogram().maximumExpectedValue(Duration.ofSeconds(10)).register(meters));
    return body;
  }

  private static void refuseWhatItDoesNotKnow(LayerSource source, TileFrame frame) {
    if (frame.at() != null && !source.layer().timed()) {
      throw new ProblemException(MapProblem.NO_PAST, "the layer '" + source.layer().id() + "' shows only now; leave out at",
          Map.of("layer", source.layer().id(), "field", "at")).zh("图层“" + source.layer().titleZh() + "”不支持查看历史时刻");
    }
  }

  /** Draws when it is its turn, not for longer than it may, and not for a browser that has gone: its turn then passes at once. */
  private byte[] whenItIsItsTurn(List<LayerSource> sources, TileFrame frame) {
    try {
      if (!turns.tryAcquire(longest.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy("so many tiles wait to be drawn that the turn of this one did not come within ");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a tile waited for its turn", e);
    }
    try {
      Caller.waitedFor().checkThere();
      long until = System.nanoTime() + longest.toNanos();
      return sources.size() == 1 ? layer(sources.getFirst(), frame, TilePen.MOST_BYTES, until) : together(sources, frame, until);
    } catch (TileWriter.OutOfTime e) {
      throw busy("drawing the tile took longer than ");
    } finally {
      turns.release();
    }
  }

  /**
   * Layer after layer, each as it would be alone where all of that fits. Where it does not, the layers that are smaller than an
   * even share stay so, and the others draw once more into even shares of what is left. A layer whose least is more than all that is left
   * is left out: a reader finds it in a tile of its own.
   */
  private static byte[] together(List<LayerSource> sources, TileFrame frame, long until) {
    int layers = sources.size();
    byte[][] drawn = new byte[layers][];
    for (int i = 0; i < layers; i++) {
      drawn[i] = layer(sources.get(i), frame, TilePen.MOST_BYTES, until);
    }
    int[] smallestFirst = IntStream.range(0, layers).boxed().sorted(Comparator.comparingInt(i -> drawn[i].length)).mapToInt(i -> i).toArray();
    int left = TilePen.MOST_BYTES;
    for (int k = 0; k < layers; k++) {
      int i = smallestFirst[k];
      int share = left / (layers - k);
      if (drawn[i].length > share) {
        drawn[i] = layer(sources.get(i), frame, share, until);
      }
      if (drawn[i].length > left) {
        drawn[i] = new byte[0];
      }
      left -= drawn[i].length;
    }
    ByteArrayOutputStream tile = new ByteArrayOutputStream(TilePen.MOST_BYTES - left);
    for (byte[] layer : drawn) {
      tile.writeBytes(layer);
    }
    return tile.toByteArray();
  }

  /**
   * A tile of one layer.
   *
   * @param most bytes that it should keep to; it has more where not even its cells fit into them
   * @param until {@link System#nanoTime()} when it is given up
   */
  private static byte[] layer(LayerSource source, TileFrame frame, int most, long until) {
    TileWriter tile = new TileWriter(frame, Duration.ofNanos(Math.max(0, until - System.nanoTime())), most);
    source.draw(frame, tile.layer(source.layer().id()));
    byte[] body = tile.bytes();
    if (body.length > TilePen.MOST_BYTES) {
      throw new IllegalStateException("layer " + source.layer().id() + " drew " + body.length + " bytes into " + frame + "; the bound is " + TilePen.MOST_BYTES);
    }
    return body;
  }

  private ProblemException busy(String why) {
    meters.counter("citywide.map.tiles.refused").increment();
    return new ProblemException(MapProblem.TILES_BUSY, why + longest.toMillis() + " ms; ask again", Map.of("bound", longest.toMillis(), "retryAfterSeconds", 1))
        .zh("地图正忙，请稍后再试");
  }

  /**
   * Changes whenever the tile may: with the layer's content, with what is asked for and with who asks. Weak, because the
   * same tile goes out compressed and not.
   */
  public String etag(LayerSource source, TileFrame frame) {
    return etag(source.layer().id(), source.revision(), frame.zoom(), frame.x(), frame.y(), new TreeSet<>(frame.kinds()), frame.at(), scope());
  }

  /** A weak ETag of these things in their order. */
  public static String etag(Object... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Object part : parts) {
        digest.update((part + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return "W/\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest.digest(), ETAG_BYTES)) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What of the viewer decides on the rows: two with the same see the same. */
  private static String scope() {
    Viewer viewer = Viewer.current();
    return viewer.kind() + " " + viewer.areaCode() + " " + new TreeSet<>(viewer.units()) + " " + new TreeSet<>(viewer.permissions());
  }

  /** Quickly rather than small: a tile is made for one reader. */
  public static byte[] gzip(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out) {
      {
        def.setLevel(Deflater.BEST_SPEED);
      }
    }) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
