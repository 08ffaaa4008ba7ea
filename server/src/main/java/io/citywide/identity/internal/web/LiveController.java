package io.citywide.identity.internal.web;

import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.identity.EventStream;
import io.citywide.identity.internal.Authenticator;
import io.citywide.identity.internal.SessionDesk;
import jakarta.servlet.http.HttpServletRequest;
import java.util.function.BooleanSupplier;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Server-sent events: what changes within the viewer's scope, as it changes. */
@RestController
class LiveController {

  private final LiveFeed feed;

  private final SessionDesk desk;
  private final Authenticator authenticator;

  LiveController(LiveFeed feed, SessionDesk desk, Authenticator authenticator) {
    this.feed = feed;
    this.desk = desk;
    this.authenticator = authenticator;
  }

  @Requires(Permission.LIVE)
  @GetMapping(path = "/api/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter live(HttpServletRequest request) {
    Viewer viewer = Viewer.current();
    String bearer = ViewerFilter.bearer(request);
    String token = ViewerFilter.sessionToken(request);
    // A stream outlives requests: it ends when the session ends or the key is revoked.
    BooleanSupplier allowed = bearer == null ? () -> desk.lives(token) : () -> authenticator.byKey(bearer).isPresent();
    return EventStream.open(feed, (Notice notice) -> notice.reaches(viewer), Notice::data, allowed);
  }
}
