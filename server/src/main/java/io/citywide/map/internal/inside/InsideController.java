package io.citywide.map.internal.inside;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.map.internal.inside.InsideDesk.Before;
import io.citywide.map.internal.inside.InsideDesk.Inside;
import io.citywide.map.internal.layer.FoundWriter;
import io.citywide.map.internal.layer.Moments;
import io.citywide.map.spi.Found;
import io.citywide.platform.Slice;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Set;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The penetrating query. Bodies: {@code {region, at?, layers?, kinds?}}; POST because regions are long, nothing is changed. */
@RestController
@RequestMapping("/api/map/inside")
class InsideController {

  record Question(JsonNode region, Instant at, Set<String> layers, Set<String> kinds, Instant from, Instant to) {
    Question {
      Moments.checked("at", at);
      Moments.checked("from", from);
      Moments.checked("to", to);
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final InsideDesk desk;
  private final RegionReader regions;

  InsideController(InsideDesk desk, RegionReader regions) {
    this.desk = desk;
    this.regions = regions;
  }

  @Requires(Permission.PLACE_READ)
  @PostMapping
  Inside inside(@RequestBody Question question) {
    return desk.look(regions.read(question.region()), question.at(), question.layers());
  }

  @Requires(Permission.PLACE_READ)
  @PostMapping(path = "/{layer}", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] list(@PathVariable String layer, @RequestBody Question question, @RequestParam(required = false) String after,
      @RequestParam(defaultValue = "50") int limit) {
    Slice<Found> page = desk.list(regions.read(question.region()), layer, question.kinds() == null ? Set.of() : question.kinds(), question.at(), after, limit);
    var out = new ByteArrayOutputStream(1 << 14);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      FoundWriter features = new FoundWriter(json, false);
      json.writeStartObject();
      json.writeName("items");
      json.writeStartArray();
      page.items().forEach(features::write);
      json.writeEndArray();
      json.writeName("next");
      if (page.next() == null) {
        json.writeNull();
      } else {
        json.writeString(page.next());
      }
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /** What was settled there, by kind and month, and where the same came back; of the last year unless {@code from} and {@code to} say so. */
  @Requires(Permission.CASE_READ)
  @PostMapping("/history")
  Before before(@RequestBody Question question) {
    return desk.before(regions.read(question.region()), question.from(), question.to());
  }
}
