package io.citywide.identity.internal;

import io.citywide.identity.Viewer;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** From a secret to a viewer. */
@Component
public class Authenticator {

  private final Sessions sessions;
  private final ApiKeys keys;

  Authenticator(Sessions sessions, ApiKeys keys) {
    this.sessions = sessions;
    this.keys = keys;
  }

  public Optional<Viewer> bySession(String token) {
    return sessions.recall(token).or(() -> sessions.find(token)).map(Sessions.Session::viewer);
  }

  public Optional<Viewer> byKey(String key) {
    return key.startsWith(ApiKeys.PREFIX) ? keys.recall(key).or(() -> keys.find(key)) : Optional.empty();
  }
}
