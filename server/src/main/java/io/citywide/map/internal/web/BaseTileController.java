package io.citywide.map.internal.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.citywide.identity.Open;
import io.citywide.map.internal.base.BaseTiles;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The base map as vector tiles (MVT 2.1), for everybody: it holds only what can be seen in the street. */
@RestController
class BaseTileController {

  private static final String REASON = "the base map holds only what can be seen in the street; the citizens' page shows it";
  private static final MediaType TILE = MediaType.parseMediaType("application/vnd.mapbox-vector-tile");
  private static final int MAX_ZOOM = 14;

  /** An address that names the edition never changes its content. */
  private static final CacheControl FOR_EVER = CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable();

  private static final CacheControl A_MINUTE = CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic().mustRevalidate();

  /** After TileJSON 3.0; {@code revision} is ours. */
  record TileJson(String tilejson, String revision, List<String> tiles, int minzoom, int maxzoom, @JsonProperty("vector_layers") List<VectorLayer> vectorLayers, String attribution) {}

  record VectorLayer(String id, Map<String, String> fields) {}

  private final BaseTiles tiles;

  BaseTileController(BaseTiles tiles) {
    this.tiles = tiles;
  }

  /** What the base map consists of, and the address of its tiles. */
  @Open(REASON)
  @GetMapping("/api/map/base.json")
  TileJson describe() {
    BaseTiles.Edition edition = tiles.edition();
    return new TileJson("3.0.0", edition.revision(), List.of("/api/map/base/{z}/{x}/{y}.mvt?v=" + edition.revision()), 0, MAX_ZOOM,
        edition.layers().stream().map(l -> new VectorLayer(l, Map.of("class", "String", "name", "String"))).toList(), String.join("; ", edition.attributions()));
  }

  /**
   * One tile; 204 where nothing is drawn.
   *
   * @param v the edition that the caller knows from {@link #describe}; with it the answer may be kept for ever
   */
  @Open(REASON)
  @GetMapping("/api/map/base/{z}/{x}/{y}.mvt")
  ResponseEntity<byte[]> tile(@PathVariable int z, @PathVariable int x, @PathVariable int y, @RequestParam(required = false) String v,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) String known,
      @RequestHeader(name = HttpHeaders.ACCEPT_ENCODING, required = false) String encodings) throws IOException {
    if (z < 0 || z > MAX_ZOOM || x < 0 || y < 0 || x >= 1 << z || y >= 1 << z) {
      throw new ProblemException(PlatformProblem.NOT_FOUND, "the base map has zooms 0 to " + MAX_ZOOM + " with columns and rows 0 to 2^zoom-1; there is no tile " + z + "/" + x + "/" + y,
          Map.of("bound", MAX_ZOOM)).zh("底图只有 0 至 " + MAX_ZOOM + " 级瓦片，没有 " + z + "/" + x + "/" + y);
    }
    String revision = tiles.edition().revision();
    String etag = "\"" + revision + "-" + z + "-" + x + "-" + y + "\"";
    CacheControl cache = revision.equals(v) ? FOR_EVER : A_MINUTE;
    if (known != null && known.contains(etag)) {
      return ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(etag).cacheControl(cache).build();
    }
    Optional<byte[]> tile = tiles.find(z, x, y);
    if (tile.isEmpty()) {
      return ResponseEntity.noContent().eTag(etag).cacheControl(cache).build();
    }
    var answer = ResponseEntity.ok().contentType(TILE).eTag(etag).cacheControl(cache).header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    return encodings != null && encodings.contains("gzip") ? answer.header(HttpHeaders.CONTENT_ENCODING, "gzip").body(packed(tile.get())) : answer.body(tile.get());
  }

  private static byte[] packed(byte[] plain) throws IOException {
    var out = new ByteArrayOutputStream(plain.length / 2);
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    }
    return out.toByteArray();
  }
}
