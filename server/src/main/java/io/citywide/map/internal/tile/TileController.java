package io.citywide.map.internal.tile;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.map.MapProblem;
import io.citywide.map.internal.layer.LayerBook;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.TileFrame;
import io.citywide.platform.ProblemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tiles of the layers that the viewer may see, with what lies in the viewer's scope. */
@RestController
class TileController {

  private static final int MOST_ZOOM = 22;
  private static final int MOST_KINDS = 500;

  /** A tile whose address holds the revision that it was drawn from may be kept; another one is asked for again. */
  private static final CacheControl KEPT = CacheControl.maxAge(Duration.ofMinutes(10)).cachePrivate();
  private static final CacheControl ASKED = CacheControl.noCache().cachePrivate();

  private final LayerBook layers;
  private final TileDesk tiles;

  TileController(LayerBook layers, TileDesk tiles) {
    this.layers = layers;
    this.tiles = tiles;
  }

  /**
   * @param kinds only these kinds, repeated or separated by commas; none: all
   * @param at an instant of the past, for layers that are timed
   * @param v revision of the layer as {@code GET /api/map/layers} names it
   */
  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/map/tiles/{layer}/{z}/{x}/{y}.mvt")
  ResponseEntity<byte[]> tile(@PathVariable String layer, @PathVariable String z, @PathVariable String x, @PathVariable String y,
      @RequestParam(required = false) List<String> kinds, @RequestParam(required = false) String at, @RequestParam(required = false) String v,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) String known,
      @RequestHeader(name = HttpHeaders.ACCEPT_ENCODING, required = false) String encodings) {
    LayerSource source = layers.get(layer);
    int zoom = number("z", z, MOST_ZOOM);
    TileFrame frame = new TileFrame(zoom, number("x", x, (1 << zoom) - 1), number("y", y, (1 << zoom) - 1), kinds(kinds), instant(at));
    CacheControl cache = source.revision().equals(v) ? KEPT : ASKED;
    return TileAnswer.of(tiles.etag(source, frame), cache, known, encodings, () -> tiles.draw(source, frame), HttpHeaders.COOKIE, HttpHeaders.AUTHORIZATION);
  }

  private static int number(String field, String text, int most) {
    int number = text.matches("[0-9]{1,8}") ? Integer.parseInt(text) : -1;
    if (number < 0 || number > most) {
      throw invalid(field, field + " of a tile is a whole number, here 0 to " + most + ", was '" + text + "'", text);
    }
    return number;
  }

  private static Set<String> kinds(List<String> kinds) {
    Set<String> wanted = kinds == null ? Set.of()
        : kinds.stream().flatMap(k -> Arrays.stream(k.split(","))).map(String::strip).filter(k -> !k.isEmpty()).collect(Collectors.toSet());
    if (wanted.size() > MOST_KINDS) {
      throw invalid("kinds", "at most " + MOST_KINDS + " kinds can be chosen, were " + wanted.size(), wanted.size());
    }
    return wanted;
  }

  private static Instant instant(String at) {
    try {
      return at == null || at.isEmpty() ? null : Instant.parse(at);
    } catch (DateTimeException e) {
      throw invalid("at", "at is an instant such as 2026-11-21T16:00:00Z, was '" + at + "'", at);
    }
  }

  private static ProblemException invalid(String field, String detail, Object value) {
    return new ProblemException(MapProblem.INVALID_QUERY, detail, Map.of("field", field, "value", value)).zh("参数 " + field + " 的值“" + value + "”无效");
  }
}
