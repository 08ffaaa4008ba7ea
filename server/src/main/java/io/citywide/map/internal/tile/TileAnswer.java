package io.citywide.map.internal.tile;

import java.util.Arrays;
import java.util.function.Supplier;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** A tile over HTTP: not at all when the reader has it, compressed where the reader takes that. */
public final class TileAnswer {

  /** Smaller ones are not worth compressing. */
  private static final int LEAST_GZIP = 500;

  private TileAnswer() {}

  /**
   * 304 without drawing when the reader has the tile; 204 when nothing lies there; else 200.
   *
   * @param known If-None-Match of the request, {@code null} where there is none
   * @param encodings Accept-Encoding of the request, {@code null} where there is none
   * @param vary further headers of the request on which the answer depends
   */
  public static ResponseEntity<byte[]> of(String etag, CacheControl cache, String known, String encodings, Supplier<byte[]> tile, String... vary) {
    String[] varies = Arrays.copyOf(vary, vary.length + 1);
    varies[vary.length] = HttpHeaders.ACCEPT_ENCODING;
    if (has(known, etag)) {
      return ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(etag).cacheControl(cache).varyBy(varies).build();
    }
    byte[] body = tile.get();
    if (body.length == 0) {
      return ResponseEntity.noContent().eTag(etag).cacheControl(cache).varyBy(varies).build();
    }
    var answer = ResponseEntity.ok().contentType(MediaType.parseMediaType(TileDesk.MVT)).eTag(etag).cacheControl(cache).varyBy(varies);
    return body.length >= LEAST_GZIP && takesGzip(encodings) ? answer.header(HttpHeaders.CONTENT_ENCODING, "gzip").body(TileDesk.gzip(body)) : answer.body(body);
  }

  /** RFC 9110, 13.1.2: a list of tags or a star, compared weakly. */
  static boolean has(String known, String etag) {
    if (known == null) {
      return false;
    }
    String opaque = etag.startsWith("W/") ? etag.substring(2) : etag;
    return known.strip().equals("*") || Arrays.stream(known.split(",")).map(String::strip).map(t -> t.startsWith("W/") ? t.substring(2) : t).anyMatch(opaque::equals);
  }

  /** RFC 9110, 12.5.3: gzip or anything, and not with a weight of nothing. */
  static boolean takesGzip(String encodings) {
    Boolean gzip = null;
    boolean any = false;
    for (String one : encodings == null ? new String[0] : encodings.split(",")) {
      String[] parts = one.strip().split(";");
      boolean refused = parts.length > 1 && parts[1].replace(" ", "").matches("q=0(\\.0*)?");
      if (parts[0].strip().equalsIgnoreCase("gzip")) {
        gzip = !refused;
      } else if (parts[0].strip().equals("*")) {
        any = !refused;
      }
    }
    return gzip == null ? any : gzip;
  }
}
