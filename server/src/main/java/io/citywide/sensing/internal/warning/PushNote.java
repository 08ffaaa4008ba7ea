package io.citywide.sensing.internal.warning;

import io.citywide.platform.Words;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * What is pushed to a browser, in the language of its person, and how the push service is to treat it (RFC 8030): how long it waits for a
 * browser that is away, how it is weighed against the battery, and that a later word on the same warning replaces an earlier one.
 */
@Component
class PushNote {

  /** All messages are filled up to so many bytes. */
  static final int LENGTH = 2048;

  private final Telling telling;

  PushNote(Telling telling) {
    this.telling = telling;
  }

  /** Ids, headline, place and link; no person and nothing that a person wrote. Read by console/public/push-worker.js. */
  Map<String, Object> write(Warning w, WarningStep step, PushBrowser to) {
    Words headline = telling.headline(w, step);
    Words place = telling.place(w);
    Map<String, Object> note = new LinkedHashMap<>();
    note.put("warning", w.id());
    note.put("seq", step.seq());
    note.put("grade", step.grade());
    note.put("lang", to.zh() ? "zh-CN" : "en");
    note.put("title", to.zh() ? headline.zh() : headline.en());
    note.put("body", to.zh() ? place.zh() : place.en());
    note.put("at", step.at().toString());
    note.put("asks", asks(w, step));
    note.put("url", Telling.path(w));
    return note;
  }

  Map<String, String> headers(Warning w, WarningStep step) {
    return Map.of("Content-Type", "application/octet-stream", "Content-Encoding", "aes128gcm", "TTL", String.valueOf(waits(w).toSeconds()), "Urgency", urgency(w, step), "Topic", topic(w));
  }

  /** Whether somebody is still to acknowledge it, now that it is sent. */
  private static boolean asks(Warning w, WarningStep step) {
    return w.live() && w.acknowledgedAt() == null && switch (step.act()) {
      case RAISED, ESCALATED, PASSED_UP -> true;
      case LOWERED, ENDED, ACKNOWLEDGED, NOTED, PUBLISHED, WITHDRAWN -> false;
    };
  }

  /** By the worst grade it had: what says that it is over must wait as long as what it replaces. */
  private static Duration waits(Warning w) {
    return switch (w.worst()) {
      case RED, ORANGE -> Duration.ofHours(24);
      case YELLOW -> Duration.ofHours(8);
      case BLUE -> Duration.ofHours(2);
    };
  }

  private static String urgency(Warning w, WarningStep step) {
    return !asks(w, step) ? "low" : switch (step.grade()) {
      case RED, ORANGE -> "high";
      case YELLOW -> "normal";
      case BLUE -> "low";
    };
  }

  /** At most 32 characters of base64url. */
  private static String topic(Warning w) {
    return "warning-" + w.id();
  }
}
