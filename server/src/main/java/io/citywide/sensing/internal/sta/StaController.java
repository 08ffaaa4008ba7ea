package io.citywide.sensing.internal.sta;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.ResourcePath.Ending;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** OGC SensorThings API 1.1 (18-088). */
@RestController
@RequestMapping("/sta/v1.1")
class StaController {

  static final String ROOT = "/sta/v1.1";
  private static final String SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/";

  /** A batch in JSON, which 18-088 has in multipart only. */
  private static final String JSON_BATCH = "https://fraunhoferiosb.github.io/FROST-Server/extensions/JsonBatchRequest.html";

  /** Requirements classes that hold here. */
  private static final List<String> CONFORMANCE = List.of(SPEC + "req/datamodel", SPEC + "req/resource-path/resource-path-to-entities", SPEC + "req/request-data",
      SPEC + "req/create-update-delete/create-entity", SPEC + "req/create-update-delete/link-to-existing-entities", SPEC + "req/create-update-delete/deep-insert",
      SPEC + "req/create-update-delete/deep-insert-status-code", SPEC + "req/create-update-delete/update-entity", SPEC + "req/create-update-delete/update-entity-put",
      SPEC + "req/create-update-delete/delete-entity", SPEC + "req/create-update-delete/historical-location-auto-creation", SPEC + "req/data-array/data-array",
      SPEC + "req/multi-datastream", JSON_BATCH);

  private final Reader reader;
  private final Writer writer;
  private final Changer changer;
  private final ObservationTaker taker;
  private final Extension extension;
  private final JsonMapper json;

  StaController(Reader reader, Writer writer, Changer changer, ObservationTaker taker, Extension extension, JsonMapper json) {
    this.reader = reader;
    this.writer = writer;
    this.changer = changer;
    this.taker = taker;
    this.extension = extension;
    this.json = json;
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping({"", "/"})
  ResponseEntity<byte[]> root(HttpServletRequest request) {
    ObjectNode root = json.createObjectNode();
    ArrayNode sets = root.putArray("value");
    for (EntitySet set : EntitySet.values()) {
      sets.addObject().put("name", set.plural()).put("url", base() + "/" + set.plural());
    }
    ObjectNode settings = root.putObject("serverSettings");
    ArrayNode conformance = settings.putArray("conformance");
    CONFORMANCE.forEach(conformance::add);
    extension.endpoints(request.getServerName()).forEach((requirements, endpoints) -> {
      conformance.add(requirements);
      endpoints.forEach(settings.putObject(requirements).putArray("endpoints")::add);
    });
    return answer(root);
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/**")
  ResponseEntity<byte[]> get(HttpServletRequest request) {
    ResourcePath path = path(request);
    Options options = Options.of(path.last().set(), request.getQueryString());
    ObjectNode found = reader.read(path, options, base(), base() + request.getRequestURI().substring(request.getContextPath().length() + ROOT.length()));
    return path.property().isEmpty() ? answer(found) : property(path, found);
  }

  private ResponseEntity<byte[]> property(ResourcePath path, ObjectNode entity) {
    JsonNode value = path.value(entity);
    if (value == null || value.isNull()) {
      return ResponseEntity.noContent().build(); // 18-088 §9.2.4: a property without a value
    }
    if (path.ending() == Ending.VALUE) {
      String text = value.isValueNode() ? value.asString() : json.writeValueAsString(value);
      return ResponseEntity.ok().contentType(value.isValueNode() ? new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8) : MediaType.APPLICATION_JSON)
          .body(text.getBytes(StandardCharsets.UTF_8));
    }
    ObjectNode answer = json.createObjectNode();
    answer.set(path.property().getLast(), value);
    return answer(answer);
  }

  @Requires({Permission.DEVICE_EDIT, Permission.OBSERVATION_WRITE})
  @PostMapping("/**")
  ResponseEntity<byte[]> post(@RequestBody JsonNode body, HttpServletRequest request) {
    ResourcePath path = path(request);
    EntitySet set = path.last().set();
    if (!path.last().collection() || !path.property().isEmpty() || path.ending() != Ending.NONE) {
      throw new ProblemException(StaProblem.INVALID_QUERY, "entities are posted to a set, such as Things or Things(1)/Datastreams").zh("请提交到实体集，如 Things 或 Things(1)/Datastreams");
    }
    require(set);
    Reader.Place place = reader.place(path);
    Key key = set == EntitySet.OBSERVATIONS ? taker.take(body, place) : writer.create(set, body, place);
    String link = Written.link(base(), set, key);
    return ResponseEntity.created(URI.create(link.replace("'", "%27"))).contentType(MediaType.APPLICATION_JSON).body(json.writeValueAsBytes(reader.read(set, key, base())));
  }

  /** 18-088 §12.2: many observations at once. What of them was not taken is answered with {@code error} in its place. */
  @Requires({Permission.DEVICE_EDIT, Permission.OBSERVATION_WRITE})
  @PostMapping("/CreateObservations")
  ResponseEntity<byte[]> create(@RequestBody JsonNode body) {
    ArrayNode links = json.createArrayNode();
    for (DataArray group : DataArray.of(body, json)) {
      taker.takeAll(group).forEach(key -> links.add(key == null ? "error" : Written.link(base(), EntitySet.OBSERVATIONS, key)));
    }
    return ResponseEntity.status(HttpStatus.CREATED).contentType(MediaType.APPLICATION_JSON).body(json.writeValueAsBytes(links));
  }

  @Requires({Permission.DEVICE_EDIT, Permission.OBSERVATION_WRITE})
  @PatchMapping("/**")
  ResponseEntity<byte[]> patch(@RequestBody JsonNode body, HttpServletRequest request) {
    return update(body, request, false);
  }

  @Requires({Permission.DEVICE_EDIT, Permission.OBSERVATION_WRITE})
  @PutMapping("/**")
  ResponseEntity<byte[]> put(@RequestBody JsonNode body, HttpServletRequest request) {
    return update(body, request, true);
  }

  private ResponseEntity<byte[]> update(JsonNode body, HttpServletRequest request, boolean whole) {
    ResourcePath path = single(request);
    require(path.last().set());
    Key key = reader.place(path).key();
    changer.update(path.last().set(), key, body, whole);
    return answer(reader.read(path.last().set(), key, base()));
  }

  @Requires({Permission.DEVICE_EDIT, Permission.OBSERVATION_WRITE})
  @DeleteMapping("/**")
  ResponseEntity<Void> delete(HttpServletRequest request) {
    ResourcePath path = single(request);
    require(path.last().set());
    changer.delete(path.last().set(), reader.place(path).key());
    return ResponseEntity.ok().build();
  }

  /** Observations may be handed in by whoever may do only that; the rest is of those who register devices. */
  private static void require(EntitySet set) {
    if (set != EntitySet.OBSERVATIONS) {
      Viewer.current().require(Permission.DEVICE_EDIT);
    }
  }

  private static ResourcePath single(HttpServletRequest request) {
    ResourcePath path = path(request);
    if (path.last().collection() || !path.property().isEmpty() || path.ending() != Ending.NONE) {
      throw new ProblemException(StaProblem.INVALID_QUERY, "one entity is changed or deleted at a time, such as Things(1)").zh("一次只能修改或删除一个实体，如 Things(1)");
    }
    return path;
  }

  private static ResourcePath path(HttpServletRequest request) {
    String path = Options.decode(request.getRequestURI().substring(request.getContextPath().length() + ROOT.length()).replace("+", "%2B"));
    return ResourcePath.of(path.replaceFirst("^/", "").replaceFirst("/$", ""));
  }

  static String base() {
    return ServletUriComponentsBuilder.fromCurrentContextPath().path(ROOT).toUriString();
  }

  private ResponseEntity<byte[]> answer(ObjectNode body) {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).header(HttpHeaders.CACHE_CONTROL, "no-store").body(json.writeValueAsBytes(body));
  }
}
