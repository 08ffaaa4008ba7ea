package io.citywide.open311.internal.web;

import io.citywide.identity.Open;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.open311.Open311Settings;
import io.citywide.open311.internal.Open311Desk;
import io.citywide.open311.internal.Wire;
import io.citywide.platform.AddressLimit;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** GeoReport v2 as its specification words it: JSON and XML by the ending of the path, errors as an array. */
@RestController
@RequestMapping("/open311/v2")
class Open311Controller {

  private static final String PUBLIC = "Open311 publishes services and the state of requests; it never shows who reported";

  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final Open311Desk desk;
  private final AddressLimit limit;

  Open311Controller(Open311Desk desk, Open311Settings settings, Clock clock) {
    this.desk = desk;
    this.limit = new AddressLimit(settings.anonymousReads(), WINDOW, clock);
  }

  /** Spring calls this before every handler method of the controller. */
  @ModelAttribute
  void boundReads(HttpServletRequest request) {
    if (Viewer.current().kind() == Viewer.Kind.PUBLIC && request.getMethod().equals("GET")) {
      limit.require(request.getRemoteAddr());
    }
  }

  @Open(PUBLIC)
  @GetMapping("/discovery.{format}")
  ResponseEntity<String> discovery(@PathVariable String format) {
    String url = ServletUriComponentsBuilder.fromCurrentContextPath().path("/open311/v2").toUriString();
    return Wire.write(200, format, desk.discovery(url));
  }

  @Open(PUBLIC)
  @GetMapping("/services.{format}")
  ResponseEntity<String> services(@PathVariable String format, @RequestParam(name = "jurisdiction_id", required = false) String jurisdiction) {
    return Wire.write(200, format, desk.services(jurisdiction));
  }

  @Open(PUBLIC)
  @GetMapping("/services/{code}.{format}")
  ResponseEntity<String> service(@PathVariable String code, @PathVariable String format,
      @RequestParam(name = "jurisdiction_id", required = false) String jurisdiction) {
    return Wire.write(200, format, desk.definition(code, jurisdiction));
  }

  @Requires(Permission.SIGNAL_REPORT)
  @PostMapping(path = "/requests.{format}", consumes = {MediaType.APPLICATION_FORM_URLENCODED_VALUE, MediaType.MULTIPART_FORM_DATA_VALUE})
  ResponseEntity<String> post(@PathVariable String format, @RequestParam MultiValueMap<String, String> form,
      @RequestParam(name = "media", required = false) List<MultipartFile> photos) {
    Wire.check(format);
    return Wire.write(201, format, desk.post(form, photos == null ? List.of() : photos));
  }

  @Open(PUBLIC)
  @GetMapping("/requests.{format}")
  ResponseEntity<String> requests(@PathVariable String format, @RequestParam Map<String, String> filters) {
    return Wire.write(200, format, desk.requests(filters));
  }

  @Open(PUBLIC)
  @GetMapping("/requests/{id}.{format}")
  ResponseEntity<String> request(@PathVariable String id, @PathVariable String format,
      @RequestParam(name = "jurisdiction_id", required = false) String jurisdiction) {
    return Wire.write(200, format, desk.request(id, jurisdiction));
  }

  @Open(PUBLIC)
  @GetMapping("/tokens/{token}.{format}")
  ResponseEntity<String> token(@PathVariable String token, @PathVariable String format,
      @RequestParam(name = "jurisdiction_id", required = false) String jurisdiction) {
    return Wire.write(200, format, desk.token(token, jurisdiction));
  }
}
