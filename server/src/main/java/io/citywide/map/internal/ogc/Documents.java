package io.citywide.map.internal.ogc;

import io.citywide.grid.GridBox;
import io.citywide.map.internal.tile.TileDesk;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The documents that describe what is published, as trees of maps and lists. */
final class Documents {

  static final String JSON = "application/json";
  static final String HTML = "text/html";
  static final String GEO_JSON = "application/geo+json";
  static final String OPEN_API = "application/vnd.oai.openapi+json;version=3.0";

  /** Deepest zoom for which tiles are made. */
  static final int MOST_ZOOM = 18;

  static final String MATRIX_SET = "WebMercatorQuad";
  static final String MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";

  private static final String MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857";
  private static final String TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
  private static final String TILING_SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
  private static final String TILING_SCHEMES = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
  private static final String GEODATA = "http://www.opengis.net/def/rel/ogc/1.0/geodata";

  /** Half the side of the Mercator square, metres, and the scale of its single tile at zoom 0 on pixels of 0.28 mm. */
  private static final double HALF = 20037508.342789244;
  private static final double SCALE = 559082264.0287178;

  private static final int PIXELS = 256;

  static final List<String> CONFORMANCE = List.of(
      "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
      "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
      "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
      "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
      "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
      "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
      "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
      "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
      "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
      "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
      "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
      "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt");

  /** Address of {@code /ogc} as the caller reached it, without a slash at its end. */
  private final String base;
  private final boolean chinese;

  Documents(String base, boolean chinese) {
    this.base = base;
    this.chinese = chinese;
  }

  static Map<String, Object> link(String rel, String type, String title, String href) {
    Map<String, Object> link = new LinkedHashMap<>();
    link.put("href", href);
    link.put("rel", rel);
    link.put("type", type);
    link.put("title", title);
    return link;
  }

  /** This document and the other form of it: what was asked for is {@code self}. */
  private List<Map<String, Object>> selves(String path, boolean html, String type) {
    String address = base + path;
    List<Map<String, Object>> links = new ArrayList<>();
    links.add(link(html ? "alternate" : "self", type, words("本文档（JSON）", "This document as JSON"), address + "?f=json"));
    links.add(link(html ? "self" : "alternate", HTML, words("本文档（网页）", "This document as a page"), address + "?f=html"));
    return links;
  }

  String words(String zh, String en) {
    return chinese ? zh : en;
  }

  String title(Layer layer) {
    return words(layer.titleZh(), layer.titleEn());
  }

  Map<String, Object> landing(boolean html) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("title", words("城市公开地图数据", "Open map data of the city"));
    page.put("description", words("按 OGC API – Features 与 OGC API – Tiles 发布的图层。", "Layers published after OGC API – Features and OGC API – Tiles."));
    List<Map<String, Object>> links = selves("", html, JSON);
    links.add(link("service-desc", OPEN_API, words("接口描述（OpenAPI 3.0）", "Description of the interface (OpenAPI 3.0)"), base + "/api?f=json"));
    links.add(link("service-doc", HTML, words("接口说明", "Description of the interface, as a page"), base + "/api?f=html"));
    links.add(link("conformance", JSON, words("符合的要求类", "Conformance classes"), base + "/conformance?f=json"));
    links.add(link("data", JSON, words("图层", "Collections"), base + "/collections?f=json"));
    links.add(link(TILESETS, JSON, words("所有图层的矢量瓦片", "Vector tiles of all layers"), base + "/tiles?f=json"));
    links.add(link(TILING_SCHEMES, JSON, words("瓦片矩阵集", "Tile matrix sets"), base + "/tileMatrixSets?f=json"));
    page.put("links", links);
    return page;
  }

  Map<String, Object> conformance(boolean html) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("links", selves("/conformance", html, JSON));
    page.put("conformsTo", CONFORMANCE);
    return page;
  }

  Map<String, Object> collections(List<LayerSource> sources, GridBox extent, boolean html) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("links", selves("/collections", html, JSON));
    page.put("crs", Query.SYSTEMS);
    page.put("collections", sources.stream().map(s -> collection(s.layer(), extent, html)).toList());
    return page;
  }

  Map<String, Object> collection(Layer layer, GridBox extent, boolean html) {
    Map<String, Object> page = new LinkedHashMap<>();
    String path = "/collections/" + layer.id();
    page.put("id", layer.id());
    page.put("title", title(layer));
    page.put("description", words("图层“" + layer.titleZh() + "”的公开部分", "The public part of the layer " + layer.titleEn()));
    List<Map<String, Object>> links = selves(path, html, JSON);
    links.add(link("items", GEO_JSON, words("要素", "Features"), base + path + "/items?f=json"));
    links.add(link("items", HTML, words("要素（网页）", "Features as a page"), base + path + "/items?f=html"));
    links.add(link(TILESETS, JSON, words("矢量瓦片", "Vector tiles"), base + path + "/tiles?f=json"));
    page.put("links", links);
    if (extent != null) {
      page.put("extent", Map.of("spatial", spatial(extent)));
    }
    page.put("itemType", "feature");
    page.put("crs", Query.SYSTEMS);
    page.put("storageCrs", Query.CRS84);
    return page;
  }

  private static Map<String, Object> spatial(GridBox extent) {
    Map<String, Object> spatial = new LinkedHashMap<>();
    spatial.put("bbox", List.of(List.of(extent.west(), extent.south(), extent.east(), extent.north())));
    spatial.put("crs", Query.CRS84);
    return spatial;
  }

  /** @param layers all that the tiles hold; {@code of} the one whose tiles they are, {@code null} for all together */
  Map<String, Object> tilesets(List<LayerSource> layers, Layer of, boolean html) {
    String path = path(of) + "/tiles";
    Map<String, Object> set = new LinkedHashMap<>();
    set.put("title", of == null ? words("所有图层", "All layers") : title(of));
    set.put("dataType", "vector");
    set.put("crs", MERCATOR);
    set.put("tileMatrixSetURI", MATRIX_SET_URI);
    set.put("links", List.of(link("self", JSON, words("瓦片集", "Tileset"), base + path + "/" + MATRIX_SET + "?f=json"),
        link(TILING_SCHEME, JSON, MATRIX_SET, base + "/tileMatrixSets/" + MATRIX_SET + "?f=json")));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("links", selves(path, html, JSON));
    page.put("tilesets", List.of(set));
    return page;
  }

  Map<String, Object> tileset(List<LayerSource> layers, Layer of, GridBox extent, boolean html) {
    String path = path(of) + "/tiles/" + MATRIX_SET;
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("title", of == null ? words("所有图层", "All layers") : title(of));
    page.put("dataType", "vector");
    page.put("crs", MERCATOR);
    page.put("tileMatrixSetURI", MATRIX_SET_URI);
    List<Map<String, Object>> links = selves(path, html, JSON);
    Map<String, Object> item = link("item", TileDesk.MVT, words("瓦片", "Tiles"), base + path + "/{tileMatrix}/{tileRow}/{tileCol}");
    item.put("templated", true);
    links.add(item);
    links.add(link(TILING_SCHEME, JSON, MATRIX_SET, base + "/tileMatrixSets/" + MATRIX_SET + "?f=json"));
    links.add(link(GEODATA, JSON, words("数据", "The data"), base + (of == null ? "/collections" : path(of)) + "?f=json"));
    page.put("links", links);
    page.put("tileMatrixSetLimits", Limits.list(extent, MOST_ZOOM));
    if (extent != null) {
      Map<String, Object> box = new LinkedHashMap<>();
      box.put("lowerLeft", List.of(extent.west(), extent.south()));
      box.put("upperRight", List.of(extent.east(), extent.north()));
      box.put("crs", Query.CRS84);
      page.put("boundingBox", box);
    }
    page.put("layers", layers.stream().map(LayerSource::layer).filter(l -> of == null || l.id().equals(of.id())).map(this::drawn).toList());
    return page;
  }

  private Map<String, Object> drawn(Layer layer) {
    Map<String, Object> drawn = new LinkedHashMap<>();
    drawn.put("id", layer.id());
    drawn.put("title", title(layer));
    drawn.put("dataType", "vector");
    drawn.put("geometryDimension", layer.shape().ordinal());
    drawn.put("minTileMatrix", String.valueOf(layer.minZoom()));
    drawn.put("maxTileMatrix", String.valueOf(MOST_ZOOM));
    return drawn;
  }

  private static String path(Layer of) {
    return of == null ? "" : "/collections/" + of.id();
  }

  Map<String, Object> matrixSets(boolean html) {
    Map<String, Object> set = new LinkedHashMap<>();
    set.put("id", MATRIX_SET);
    set.put("title", "Google Maps Compatible for the World");
    set.put("uri", MATRIX_SET_URI);
    set.put("crs", MERCATOR);
    set.put("links", List.of(link("self", JSON, MATRIX_SET, base + "/tileMatrixSets/" + MATRIX_SET + "?f=json")));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("links", selves("/tileMatrixSets", html, JSON));
    page.put("tileMatrixSets", List.of(set));
    return page;
  }

  Map<String, Object> matrixSet(boolean html) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("id", MATRIX_SET);
    page.put("title", "Google Maps Compatible for the World");
    page.put("uri", MATRIX_SET_URI);
    page.put("crs", MERCATOR);
    page.put("orderedAxes", List.of("X", "Y"));
    page.put("wellKnownScaleSet", "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible");
    List<Map<String, Object>> matrices = new ArrayList<>();
    for (int zoom = 0; zoom <= MOST_ZOOM; zoom++) {
      Map<String, Object> matrix = new LinkedHashMap<>();
      matrix.put("id", String.valueOf(zoom));
      matrix.put("scaleDenominator", SCALE / (1 << zoom));
      matrix.put("cellSize", 2 * HALF / PIXELS / (1 << zoom));
      matrix.put("cornerOfOrigin", "topLeft");
      matrix.put("pointOfOrigin", List.of(-HALF, HALF));
      matrix.put("tileWidth", PIXELS);
      matrix.put("tileHeight", PIXELS);
      matrix.put("matrixWidth", 1 << zoom);
      matrix.put("matrixHeight", 1 << zoom);
      matrices.add(matrix);
    }
    page.put("tileMatrices", matrices);
    page.put("links", selves("/tileMatrixSets/" + MATRIX_SET, html, JSON));
    return page;
  }
}
