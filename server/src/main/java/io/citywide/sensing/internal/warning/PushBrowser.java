package io.citywide.sensing.internal.warning;

import java.time.Instant;

/**
 * A browser that gets warnings pushed.
 *
 * @param session of its person in which it was last seen
 * @param endpoint at its push service; whoever knows it can call it, so that nobody is shown it
 * @param p256dh its key, 65 bytes
 * @param auth its secret, 16 bytes
 * @param lang {@code zh} or {@code en}
 * @param name by which its owner knows it
 */
public record PushBrowser(long id, long personId, String session, String endpoint, byte[] p256dh, byte[] auth, String lang, String name, Instant madeAt, Instant seenAt) {

  /** In Chinese, else in English. */
  boolean zh() {
    return lang.equals("zh");
  }
}
