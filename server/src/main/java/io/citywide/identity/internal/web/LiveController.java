package io.citywide.identity.internal.web;

import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.identity.EventStream;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Server-sent events: what changes within the viewer's scope, as it changes. */
@RestController
class LiveController {

  private final LiveFeed feed;

  LiveController(LiveFeed feed) {
    this.feed = feed;
  }

  @Requires(Permission.LIVE)
  @GetMapping(path = "/api/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter live() {
    Viewer viewer = Viewer.current();
    return EventStream.open(feed, (Notice notice) -> viewer.sees(notice.areaCode(), notice.units()), Notice::data);
  }
}
