package io.citywide.map.internal.ogc;

import io.citywide.map.internal.tile.TileDesk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What answers under {@code /ogc}, exactly, after OpenAPI 3.0. */
final class OpenApi {

  private static final Map<String, Object> TEXT = Map.of("type", "string");
  private static final Map<String, Object> OBJECT = Map.of("type", "object");

  private OpenApi() {}

  /** @param collections ids of the published layers */
  static Map<String, Object> document(String base, List<String> collections) {
    Map<String, Object> document = members("openapi", "3.0.3");
    document.put("info", members("title", "Open map data of the city", "version", "1.0.0",
        "description", "Layers published after OGC API – Features 1.0 and OGC API – Tiles 1.0.", "contact", members("name", "The operator of this installation")));
    document.put("servers", List.of(members("url", base)));
    document.put("security", List.of());
    document.put("tags", List.of(members("name", "Capabilities", "description", "What is here"), members("name", "Data", "description", "Layers and their features"),
        members("name", "Tiles", "description", "Vector tiles")));
    Map<String, Object> paths = members();
    paths.put("/", get("getLandingPage", "Capabilities", "What is here", json("Landing page")));
    paths.put("/api", get("getApi", "Capabilities", "This document",
        answer("The description", members(Documents.OPEN_API, members("schema", OBJECT), Documents.HTML, members("schema", TEXT)))));
    paths.put("/conformance", get("getConformance", "Capabilities", "Conformance classes", json("The classes")));
    paths.put("/collections", get("getCollections", "Capabilities", "The published layers", json("The layers")));
    paths.put("/tileMatrixSets", get("getTileMatrixSets", "Tiles", "Tile matrix sets", json("The sets")));
    paths.put("/tileMatrixSets/{tileMatrixSetId}", get("getTileMatrixSet", "Tiles", "A tile matrix set", json("The set"), ref("tileMatrixSetId")));
    paths.put("/tiles", get("getTileSets", "Tiles", "Tilesets of all layers together", json("The tilesets")));
    paths.put("/tiles/{tileMatrixSetId}", get("getTileSet", "Tiles", "The tileset of all layers together", json("The tileset"), ref("tileMatrixSetId")));
    paths.put("/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", get("getTile", "Tiles", "A tile of all layers together", tile(),
        ref("tileMatrixSetId"), ref("tileMatrix"), ref("tileRow"), ref("tileCol")));
    if (!collections.isEmpty()) {
      String one = "/collections/{collectionId}";
      paths.put(one, get("describeCollection", "Data", "A layer", json("The layer"), ref("collectionId")));
      paths.put(one + "/items", get("getFeatures", "Data", "Features of a layer", features("The features"), ref("collectionId"), ref("limit"), ref("bbox"), ref("bbox-crs"),
          ref("datetime"), ref("kind"), ref("crs"), ref("after")));
      paths.put(one + "/items/{featureId}", get("getFeature", "Data", "A feature", features("The feature"), ref("collectionId"), ref("featureId"), ref("crs")));
      paths.put(one + "/tiles", get("getCollectionTileSets", "Tiles", "Tilesets of a layer", json("The tilesets"), ref("collectionId")));
      paths.put(one + "/tiles/{tileMatrixSetId}", get("getCollectionTileSet", "Tiles", "The tileset of a layer", json("The tileset"), ref("collectionId"), ref("tileMatrixSetId")));
      paths.put(one + "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", get("getCollectionTile", "Tiles", "A tile of a layer", tile(),
          ref("collectionId"), ref("tileMatrixSetId"), ref("tileMatrix"), ref("tileRow"), ref("tileCol")));
    }
    document.put("paths", paths);
    document.put("components", members("parameters", parameters(collections), "responses",
        members("problem", answer("The request is refused, with the reason in words (RFC 9457)", members("application/problem+json", members("schema", OBJECT))))));
    return document;
  }

  private static Map<String, Object> parameters(List<String> collections) {
    Map<String, Object> all = members();
    all.put("f", query("f", "Form of the answer", members("type", "string", "enum", List.of("json", "html"))));
    all.put("limit", query("limit", "Most features of a page", members("type", "integer", "minimum", 1, "maximum", Query.MOST, "default", Query.USUAL)));
    all.put("bbox", query("bbox", "Features that touch the box: lower left and upper right corner",
        members("type", "array", "minItems", 4, "maxItems", 6, "items", members("type", "number"))));
    all.put("bbox-crs", query("bbox-crs", "System of reference of bbox", members("type", "string", "format", "uri", "enum", Query.SYSTEMS, "default", Query.CRS84)));
    all.put("crs", query("crs", "System of reference of the answer", members("type", "string", "format", "uri", "enum", Query.SYSTEMS, "default", Query.CRS84)));
    all.put("datetime", query("datetime", "A moment or an interval; the features here carry no time and answer to every one", TEXT));
    all.put("kind", query("kind", "Only features of this kind", TEXT));
    all.put("after", query("after", "Where the page before ended, from its link next", TEXT));
    all.put("collectionId", path("collectionId", "A published layer", collections.isEmpty() ? TEXT : members("type", "string", "enum", collections)));
    all.put("featureId", path("featureId", "A feature", TEXT));
    all.put("tileMatrixSetId", path("tileMatrixSetId", "A tile matrix set", members("type", "string", "enum", List.of(Documents.MATRIX_SET))));
    all.put("tileMatrix", path("tileMatrix", "The zoom", TEXT));
    all.put("tileRow", path("tileRow", "Row from the north", members("type", "integer", "minimum", 0)));
    all.put("tileCol", path("tileCol", "Column from the west", members("type", "integer", "minimum", 0)));
    return all;
  }

  private static Map<String, Object> query(String name, String description, Map<String, Object> schema) {
    return members("name", name, "in", "query", "description", description, "required", false, "schema", schema, "style", "form", "explode", false);
  }

  private static Map<String, Object> path(String name, String description, Map<String, Object> schema) {
    return members("name", name, "in", "path", "description", description, "required", true, "schema", schema);
  }

  private static Map<String, Object> ref(String parameter) {
    return members("$ref", "#/components/parameters/" + parameter);
  }

  @SafeVarargs
  private static Map<String, Object> get(String id, String tag, String summary, Map<String, Object> answer, Map<String, Object>... parameters) {
    List<Map<String, Object>> all = new ArrayList<>(List.of(parameters));
    if (!((Map<?, ?>) answer.get("content")).containsKey(TileDesk.MVT)) {
      all.add(ref("f"));
    }
    Map<String, Object> refused = members("$ref", "#/components/responses/problem");
    Map<String, Object> responses = members("200", answer);
    if (((Map<?, ?>) answer.get("content")).containsKey(TileDesk.MVT)) {
      responses.put("204", members("description", "Nothing lies there"));
    }
    responses.put("400", refused);
    if (parameters.length > 0) {
      responses.put("404", refused);
    }
    responses.put("429", refused);
    responses.put("500", refused);
    return members("get", members("operationId", id, "tags", List.of(tag), "summary", summary, "parameters", all, "responses", responses));
  }

  private static Map<String, Object> json(String description) {
    return answer(description, members(Documents.JSON, members("schema", OBJECT), Documents.HTML, members("schema", TEXT)));
  }

  private static Map<String, Object> features(String description) {
    return answer(description, members(Documents.GEO_JSON, members("schema", OBJECT), Documents.HTML, members("schema", TEXT)));
  }

  private static Map<String, Object> tile() {
    return answer("The tile", members(TileDesk.MVT, members("schema", members("type", "string", "format", "binary"))));
  }

  private static Map<String, Object> answer(String description, Map<String, Object> content) {
    return members("description", description, "content", content);
  }

  /** Names and values in turn. */
  private static Map<String, Object> members(Object... pairs) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      members.put((String) pairs[i], pairs[i + 1]);
    }
    return members;
  }
}
