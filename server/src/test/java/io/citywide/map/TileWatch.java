package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A tile as a browser has it, asked for again with its ETag until it shows a change. */
public final class TileWatch {

  /** Within this time after a change was answered, live layers show it. */
  private static final Duration LIVE = Duration.ofSeconds(2);

  private final TestClient client;
  private final String layer;
  private final String path;
  private String etag;
  private List<DecodedTile.Feature> features;

  /** Asks for the tile of a zoom around a point. */
  public TileWatch(TestClient client, String layer, int zoom, double lon, double lat) {
    this.client = client;
    this.layer = layer;
    this.path = "/api/map/tiles/" + layer + "/" + LayerTilesTest.tile(zoom, lon, lat) + ".mvt";
    assertThat(asked()).as("a first tile").isTrue();
  }

  public List<DecodedTile.Feature> features() {
    return features;
  }

  /** Makes a change and waits until the tile shows it: under another ETag, and in time. */
  public void shows(Runnable change, Predicate<List<DecodedTile.Feature>> changed) {
    assertThat(changed.test(features)).as("before the change").isFalse();
    String before = etag;
    change.run();
    long answered = System.nanoTime();
    boolean shown = false;
    while (!shown && System.nanoTime() - answered <= LIVE.toNanos()) {
      shown = asked() && changed.test(features);
      if (!shown) {
        LockSupport.parkNanos(20_000_000);
      }
    }
    assertThat(shown).as("%s shows the change within %s, not %s", path, LIVE, features).isTrue();
    assertThat(etag).isNotEqualTo(before);
  }

  /** Whether it is another than before. */
  private boolean asked() {
    HttpResponse<byte[]> answer = etag == null ? LayerTilesTest.bytes(client, path) : LayerTilesTest.bytes(client, path, "If-None-Match", etag);
    if (answer.statusCode() == 304) {
      return false;
    }
    assertThat(answer.statusCode()).isIn(200, 204);
    etag = answer.headers().firstValue("ETag").orElseThrow();
    features = answer.statusCode() == 204 ? List.of() : DecodedTile.of(answer.body()).features(layer);
    return true;
  }
}
