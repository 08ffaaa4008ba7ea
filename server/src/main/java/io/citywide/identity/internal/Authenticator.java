package io.citywide.identity.internal;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.MachineKeys;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
    return known(key).filter(known -> known.awaited().isEmpty()).map(ApiKeys.Known::viewer);
  }

  /** @throws ProblemException {@code identity.key-waiting} */
  public Optional<Viewer> byKey(String key) {
    return known(key).map(known -> {
      if (!known.awaited().isEmpty()) {
        throw waiting(known);
      }
      return known.viewer();
    });
  }

  private Optional<ApiKeys.Known> known(String key) {
    return key.startsWith(ApiKeys.PREFIX) ? keys.recall(key).or(() -> lookups.find(hash(key), () -> keys.recall(key), () -> keys.find(key))) : Optional.empty();
  }

  private static ProblemException waiting(ApiKeys.Known key) {
    List<Role> by = KeyApproval.approvers(key.awaited());
    String name = key.viewer().displayName();
    return new ProblemException(IdentityProblem.KEY_WAITING, "the API key \"" + name + "\" does not work before " + key.awaited() + " is approved by: "
        + by.stream().map(Role::nameEn).collect(Collectors.joining(", ")), Map.of("permissions", key.awaited(), "approvers", by))
        .zh("接口密钥“" + name + "”待" + by.stream().map(Role::nameZh).collect(Collectors.joining("或")) + "批准，批准前不能使用");
  }

  private static String hash(String secret) {
    return HexFormat.of().formatHex(Tokens.hash(secret));
  }
}
