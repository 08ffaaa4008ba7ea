package io.citywide.sensing.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.sensing.internal.warning.PushBrowser;
import io.citywide.sensing.internal.warning.PushDesk;
import io.citywide.sensing.internal.warning.PushDesk.Draft;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Pushes to one's own browsers. */
@RestController
@RequestMapping("/api/warning-push")
class PushController {

  /** Without its endpoint and its keys, with which one could call it. */
  record BrowserView(long id, String name, String lang, Instant madeAt, Instant seenAt) {}

  /** @param key {@code applicationServerKey} of this server, base64url */
  record OwnView(String key, List<BrowserView> browsers) {}

  record Seen(String lang) {}

  private final PushDesk desk;

  PushController(PushDesk desk) {
    this.desk = desk;
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping
  OwnView own() {
    PushDesk.Own own = desk.own();
    return new OwnView(own.key(), own.browsers().stream().map(PushController::view).toList());
  }

  @Requires(Permission.SENSING_READ)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  BrowserView turnOn(@RequestBody Draft body) {
    return view(desk.turnOn(body));
  }

  /** The browser is there again, which ties it to the session of the caller. */
  @Requires(Permission.SENSING_READ)
  @PutMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void seen(@PathVariable long id, @RequestBody Seen body) {
    desk.seen(id, body.lang());
  }

  @Requires(Permission.SENSING_READ)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void turnOff(@PathVariable long id) {
    desk.turnOff(id);
  }

  private static BrowserView view(PushBrowser b) {
    return new BrowserView(b.id(), b.name(), b.lang(), b.madeAt(), b.seenAt());
  }
}
