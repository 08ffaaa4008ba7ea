package io.citywide.identity.internal;

import io.citywide.identity.MachineKeys;
import io.citywide.identity.Viewer;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** From a secret to a viewer. */
@Component
public class Authenticator implements MachineKeys {

  private final Sessions sessions;
  private final ApiKeys keys;
  private final Lookups lookups;

  Authenticator(Sessions sessions, ApiKeys keys, Lookups lookups) {
    this.sessions = sessions;
    this.keys = keys;
    this.lookups = lookups;
  }

  public Optional<Viewer> bySession(String token) {
    return sessions.recall(token).or(() -> lookups.find(hash(token), () -> sessions.recall(token), () -> sessions.find(token)))
        .map(Sessions.Session::viewer);
  }

  @Override
  public Optional<Viewer> find(String key) {
    return byKey(key);
  }

  public Optional<Viewer> byKey(String key) {
    return key.startsWith(ApiKeys.PREFIX) ? keys.recall(key).or(() -> lookups.find(hash(key), () -> keys.recall(key), () -> keys.find(key))) : Optional.empty();
  }

  private static String hash(String secret) {
    return HexFormat.of().formatHex(Tokens.hash(secret));
  }
}
