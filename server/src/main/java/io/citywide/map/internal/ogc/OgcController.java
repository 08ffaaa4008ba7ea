package io.citywide.map.internal.ogc;

import io.citywide.grid.GridBox;
import io.citywide.identity.Open;
import io.citywide.identity.Viewer;
import io.citywide.map.OgcSettings;
import io.citywide.map.internal.layer.FoundWriter;
import io.citywide.map.internal.tile.TileAnswer;
import io.citywide.map.internal.tile.TileDesk;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.platform.AddressLimit;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** OGC API – Features and Tiles of the published layers. Pages of other sites may read it too: it holds nothing that is not public. */
@RestController
@RequestMapping("/ogc")
@CrossOrigin(exposedHeaders = {"Content-Crs", HttpHeaders.ETAG, HttpHeaders.RETRY_AFTER})
class OgcController {

  private static final String PUBLIC = "published layers of reference data, chosen by the operator";

  private static final Duration WINDOW = Duration.ofMinutes(10);

  /** Kept for a minute by whoever asked, and by proxies. */
  private static final CacheControl CACHE = CacheControl.maxAge(Duration.ofMinutes(1)).cachePublic();

  private static final String STYLE = """
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1d2733; background: #fff; }
      a { color: #0b5cad; } nav { margin-bottom: 1rem; } h1 { font-size: 1.5rem; } dt { font-weight: 600; } dd { margin: 0 0 .75rem 1rem; }
      ul { padding-left: 1.2rem; margin: 0; } small { color: #5b6773; }
      @media (prefers-color-scheme: dark) { body { background: #10171f; color: #d7dee6; } a { color: #6db3f2; } small { color: #93a1af; } }
      """;

  private final Published published;
  private final TileDesk tiles;
  private final JsonMapper json;
  private final Clock clock;
  private final AddressLimit limit;

  OgcController(Published published, TileDesk tiles, JsonMapper json, Clock clock, OgcSettings settings) {
    this.published = published;
    this.tiles = tiles;
    this.json = json;
    this.clock = clock;
    this.limit = new AddressLimit(settings.anonymousReads(), WINDOW, clock);
  }

  /** Spring calls this before every handler method of the controller. */
  @ModelAttribute
  void boundReads(HttpServletRequest request) {
    if (Viewer.current().kind() == Viewer.Kind.PUBLIC) {
      limit.require(request.getRemoteAddr());
    }
  }

  // ---- what is here --------------------------------------------------------------------------------

  @Open(PUBLIC)
  @GetMapping({"", "/"})
  ResponseEntity<byte[]> landing(HttpServletRequest request) {
    Query query = new Query(request);
    return document(query, documents(query).landing(query.html()));
  }

  @Open(PUBLIC)
  @GetMapping("/api")
  ResponseEntity<byte[]> api(HttpServletRequest request) {
    Query query = new Query(request);
    Map<String, Object> description = OpenApi.document(base(), published.list().stream().map(s -> s.layer().id()).toList());
    return query.html() ? document(query, description) : answer(Documents.OPEN_API, json.writeValueAsBytes(description));
  }

  @Open(PUBLIC)
  @GetMapping("/conformance")
  ResponseEntity<byte[]> conformance(HttpServletRequest request) {
    Query query = new Query(request);
    return document(query, documents(query).conformance(query.html()));
  }

  @Open(PUBLIC)
  @GetMapping("/style.css")
  ResponseEntity<byte[]> style() {
    return answer("text/css", STYLE.getBytes(StandardCharsets.UTF_8));
  }

  @Open(PUBLIC)
  @GetMapping("/collections")
  ResponseEntity<byte[]> collections(HttpServletRequest request) {
    Query query = new Query(request);
    return document(query, documents(query).collections(published.list(), extent(), query.html()));
  }

  @Open(PUBLIC)
  @GetMapping("/collections/{collectionId}")
  ResponseEntity<byte[]> collection(@PathVariable String collectionId, HttpServletRequest request) {
    Query query = new Query(request);
    return document(query, documents(query).collection(published.get(collectionId).layer(), extent(), query.html()));
  }

  // ---- features ------------------------------------------------------------------------------------

  @Open(PUBLIC)
  @GetMapping("/collections/{collectionId}/items")
  ResponseEntity<byte[]> items(@PathVariable String collectionId, HttpServletRequest request) {
    LayerSource source = published.get(collectionId);
    Query query = new Query(request, "limit", "bbox", "bbox-crs", "datetime", "kind", "crs", "after");
    int most = query.limit();
    GridBox box = query.bbox();
    query.checkDatetime();
    String crs = query.system("crs");
    Selection selection = new Selection(box == null ? new Region.Anywhere() : new Region.Box(box), query.text("kind") == null ? Set.of() : Set.of(query.text("kind")), null);
    Slice<Found> page = published.asNobody(() -> page(source, selection, query.text("after"), most));
    long matched = published.asNobody(() -> source.count(selection)).stream().mapToLong(KindCount::count).sum();
    List<Map<String, Object>> links = new ArrayList<>(forms(query, request, Documents.GEO_JSON));
    if (page.next() != null) {
      links.add(Documents.link("next", query.html() ? Documents.HTML : Documents.GEO_JSON, documents(query).words("下一页", "Next page"), with(request, "after", page.next())));
    }
    links.add(Documents.link("collection", Documents.JSON, documents(query).title(source.layer()), base() + "/collections/" + collectionId + "?f=json"));
    if (query.html()) {
      Map<String, Object> listed = new LinkedHashMap<>();
      listed.put("numberMatched", matched);
      listed.put("links", links);
      listed.put("features", page.items().stream().map(f -> featureLink(query, collectionId, f)).toList());
      return document(query, listed, documents(query).title(source.layer()));
    }
    return ResponseEntity.ok().contentType(MediaType.parseMediaType(Documents.GEO_JSON)).cacheControl(CACHE).varyBy(HttpHeaders.ACCEPT, HttpHeaders.ACCEPT_LANGUAGE)
        .header("Content-Crs", "<" + crs + ">").body(collection(page.items(), links, matched, query.latitudeFirst("crs")));
  }

  private static Slice<Found> page(LayerSource source, Selection selection, String after, int most) {
    try {
      return source.list(selection, after, most);
    } catch (IllegalArgumentException e) {
      throw Query.invalid("after", "after is taken from the link next of the page before, was '" + after + "'");
    }
  }

  private byte[] collection(List<Found> features, List<Map<String, Object>> links, long matched, boolean latitudeFirst) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator generator = json.createGenerator(out)) {
      generator.writeStartObject();
      generator.writeStringProperty("type", "FeatureCollection");
      generator.writePOJOProperty("links", links);
      generator.writeStringProperty("timeStamp", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
      generator.writeNumberProperty("numberMatched", matched);
      generator.writeNumberProperty("numberReturned", features.size());
      generator.writeName("features");
      generator.writeStartArray();
      FoundWriter writer = new FoundWriter(generator, latitudeFirst);
      features.forEach(writer::write);
      generator.writeEndArray();
      generator.writeEndObject();
    }
    return out.toByteArray();
  }

  @Open(PUBLIC)
  @GetMapping("/collections/{collectionId}/items/{featureId}")
  ResponseEntity<byte[]> item(@PathVariable String collectionId, @PathVariable String featureId, HttpServletRequest request) {
    LayerSource source = published.get(collectionId);
    Query query = new Query(request, "crs");
    String crs = query.system("crs");
    Found found = published.asNobody(() -> source.find(featureId)).orElseThrow(() -> new ProblemException(PlatformProblem.NOT_FOUND,
        "the layer '" + collectionId + "' holds no feature '" + featureId + "'", Map.of("collection", collectionId, "feature", featureId)).zh("图层中没有要素“" + featureId + "”"));
    List<Map<String, Object>> links = new ArrayList<>(forms(query, request, Documents.GEO_JSON));
    links.add(Documents.link("collection", Documents.JSON, documents(query).title(source.layer()), base() + "/collections/" + collectionId + "?f=json"));
    if (query.html()) {
      Map<String, Object> page = new LinkedHashMap<>();
      page.put("id", found.id());
      page.put("kind", found.kind());
      page.putAll(found.properties());
      page.put("links", links);
      return document(query, page, title(query, found));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator generator = json.createGenerator(out)) {
      new FoundWriter(generator, query.latitudeFirst("crs")).write(found, w -> w.writePOJOProperty("links", links));
    }
    return ResponseEntity.ok().contentType(MediaType.parseMediaType(Documents.GEO_JSON)).cacheControl(CACHE).varyBy(HttpHeaders.ACCEPT, HttpHeaders.ACCEPT_LANGUAGE)
        .header("Content-Crs", "<" + crs + ">").body(out.toByteArray());
  }

  private Map<String, Object> featureLink(Query query, String collection, Found found) {
    return Documents.link("item", Documents.HTML, title(query, found) + " · " + found.id(), base() + "/collections/" + collection + "/items/" + encoded(found.id()) + "?f=html");
  }

  private static String title(Query query, Found found) {
    return query.chinese() ? found.titleZh() : found.titleEn();
  }

  // ---- tiles ---------------------------------------------------------------------------------------

  @Open(PUBLIC)
  @GetMapping("/tileMatrixSets")
  ResponseEntity<byte[]> matrixSets(HttpServletRequest request) {
    Query query = new Query(request);
    return document(query, documents(query).matrixSets(query.html()));
  }

  @Open(PUBLIC)
  @GetMapping("/tileMatrixSets/{set}")
  ResponseEntity<byte[]> matrixSet(@PathVariable String set, HttpServletRequest request) {
    Query query = new Query(request);
    known(set);
    return document(query, documents(query).matrixSet(query.html()));
  }

  @Open(PUBLIC)
  @GetMapping("/tiles")
  ResponseEntity<byte[]> tilesets(HttpServletRequest request) {
    Query query = new Query(request);
    return document(query, documents(query).tilesets(published.list(), null, query.html()));
  }

  @Open(PUBLIC)
  @GetMapping("/collections/{collectionId}/tiles")
  ResponseEntity<byte[]> tilesets(@PathVariable String collectionId, HttpServletRequest request) {
    Query query = new Query(request);
    return document(query, documents(query).tilesets(published.list(), published.get(collectionId).layer(), query.html()));
  }

  @Open(PUBLIC)
  @GetMapping("/tiles/{set}")
  ResponseEntity<byte[]> tileset(@PathVariable String set, HttpServletRequest request) {
    return tileset(set, (Layer) null, request);
  }

  @Open(PUBLIC)
  @GetMapping("/collections/{collectionId}/tiles/{set}")
  ResponseEntity<byte[]> tileset(@PathVariable String collectionId, @PathVariable String set, HttpServletRequest request) {
    return tileset(set, published.get(collectionId).layer(), request);
  }

  private ResponseEntity<byte[]> tileset(String set, Layer of, HttpServletRequest request) {
    Query query = new Query(request);
    known(set);
    return document(query, documents(query).tileset(published.list(), of, extent(), query.html()));
  }

  @Open(PUBLIC)
  @GetMapping("/tiles/{set}/{matrix}/{row}/{column}")
  ResponseEntity<byte[]> tile(@PathVariable String set, @PathVariable String matrix, @PathVariable String row, @PathVariable String column,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) String known,
      @RequestHeader(name = HttpHeaders.ACCEPT_ENCODING, required = false) String encodings) {
    return tile(published.list(), set, matrix, row, column, known, encodings);
  }

  @Open(PUBLIC)
  @GetMapping("/collections/{collectionId}/tiles/{set}/{matrix}/{row}/{column}")
  ResponseEntity<byte[]> tile(@PathVariable String collectionId, @PathVariable String set, @PathVariable String matrix, @PathVariable String row,
      @PathVariable String column, @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) String known,
      @RequestHeader(name = HttpHeaders.ACCEPT_ENCODING, required = false) String encodings) {
    return tile(List.of(published.get(collectionId)), set, matrix, row, column, known, encodings);
  }

  private ResponseEntity<byte[]> tile(List<LayerSource> sources, String set, String matrix, String row, String column, String known, String encodings) {
    known(set);
    int zoom = number(matrix, Documents.MOST_ZOOM, "tileMatrix");
    int y = number(row, (1 << zoom) - 1, "tileRow");
    int x = number(column, (1 << zoom) - 1, "tileCol");
    TileFrame frame = new TileFrame(zoom, x, y, Set.of(), null);
    String etag = TileDesk.etag(sources.stream().map(s -> s.layer().id() + " " + s.revision()).collect(Collectors.joining(" ")), zoom, x, y);
    return TileAnswer.of(etag, CACHE, known, encodings, () -> published.asNobody(() -> {
      byte[] body = tiles.draw(sources, frame);
      if (body.length == 0 && !Limits.of(extent(), zoom).hold(y, x)) {
        throw beyond("the tile lies outside the limits of the tileset");
      }
      return body;
    }));
  }

  private static void known(String set) {
    if (!set.equals(Documents.MATRIX_SET)) {
      throw beyond("there is no tile matrix set '" + set + "', only " + Documents.MATRIX_SET);
    }
  }

  private static int number(String text, int most, String field) {
    int number = text.matches("[0-9]{1,10}") ? (int) Math.min(Long.parseLong(text), Integer.MAX_VALUE) : -1;
    if (number < 0 || number > most) {
      throw beyond(field + " is a whole number, here 0 to " + most + ", was '" + text + "'");
    }
    return number;
  }

  private static ProblemException beyond(String detail) {
    return new ProblemException(PlatformProblem.NOT_FOUND, detail).zh("没有此瓦片");
  }

  // ---- answers -------------------------------------------------------------------------------------

  private GridBox extent() {
    return published.extent().orElse(null);
  }

  private static String base() {
    return ServletUriComponentsBuilder.fromCurrentContextPath().path("/ogc").toUriString();
  }

  private static Documents documents(Query query) {
    return new Documents(base(), query.chinese());
  }

  /** The request in both forms: {@code self} as it was asked for. */
  private static List<Map<String, Object>> forms(Query query, HttpServletRequest request, String type) {
    Documents documents = documents(query);
    return List.of(
        Documents.link(query.html() ? "alternate" : "self", type, documents.words("本文档（GeoJSON）", "This document as GeoJSON"), with(request, "f", "json")),
        Documents.link(query.html() ? "self" : "alternate", Documents.HTML, documents.words("本文档（网页）", "This document as a page"), with(request, "f", "html")));
  }

  /** The address of the request with one parameter changed. */
  private static String with(HttpServletRequest request, String name, String value) {
    StringBuilder address = new StringBuilder(ServletUriComponentsBuilder.fromCurrentContextPath().toUriString()).append(request.getRequestURI());
    char join = '?';
    for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
      if (!parameter.getKey().equals(name)) {
        address.append(join).append(encoded(parameter.getKey())).append('=').append(encoded(parameter.getValue()[0]));
        join = '&';
      }
    }
    return address.append(join).append(name).append('=').append(encoded(value)).toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private ResponseEntity<byte[]> document(Query query, Map<String, Object> document) {
    return document(query, document, document.get("title") instanceof String title ? title : "OGC API");
  }

  private ResponseEntity<byte[]> document(Query query, Map<String, Object> document, String title) {
    return query.html()
        ? answer("text/html;charset=utf-8", Page.of(title, query.chinese() ? "zh" : "en", base(), document).getBytes(StandardCharsets.UTF_8))
        : answer(Documents.JSON, json.writeValueAsBytes(document));
  }

  private static ResponseEntity<byte[]> answer(String type, byte[] body) {
    return ResponseEntity.ok().contentType(MediaType.parseMediaType(type)).cacheControl(CACHE).varyBy(HttpHeaders.ACCEPT, HttpHeaders.ACCEPT_LANGUAGE).body(body);
  }
}
