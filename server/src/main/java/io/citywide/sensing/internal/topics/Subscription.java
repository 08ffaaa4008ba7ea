package io.citywide.sensing.internal.topics;

import io.citywide.sensing.internal.sta.Subject;
import java.util.Arrays;

/** What one client wants to hear. */
final class Subscription {

  final Outbox outbox;
  final Subject subject;
  final String topic;
  final int quality;
  /** The entity to which the subject leads, or below which its set is; 0: the whole set. */
  final long found;
  /** Of a property what it was; only one thread at a time asks. */
  private int before;

  /** @param now the property as it is; {@code null}: it is of none */
  Subscription(Outbox outbox, Subject subject, String topic, int quality, long found, byte[] now) {
    this.outbox = outbox;
    this.subject = subject;
    this.topic = topic;
    this.quality = quality;
    this.found = found;
    this.before = Arrays.hashCode(now);
  }

  /** Whether it is news: a property that is what it was is none. */
  boolean isNews(byte[] payload) {
    if (!subject.ofProperty()) {
      return true;
    }
    int now = Arrays.hashCode(payload);
    boolean news = now != before;
    before = now;
    return news;
  }
}
