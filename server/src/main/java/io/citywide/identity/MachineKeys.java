package io.citywide.identity;

import java.util.Optional;

/** Who an API key stands for, at doors other than HTTP. */
public interface MachineKeys {

  /** May ask the database; a key that was revoked is found no more within five seconds, and one that waits for approval not yet. */
  Optional<Viewer> find(String key);
}
