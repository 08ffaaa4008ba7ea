package io.citywide.security.scope;

import java.util.Map;

/** Logging in, and what everybody may ask. */
final class SessionDoors extends Doors {

  SessionDoors(ScopeGround ground) {
    super(ground);
  }

  @Override
  void list() {
    free("POST /api/session", 400);
    free("GET /api/session", (c, t) -> c.send("GET", "/api/session", null), (c, t) -> c.role() == null ? "401" : "200");
    free("DELETE /api/session", (c, t) -> (c.role() == null ? c.client() : ground.leaving(c.role())).send("DELETE", "/api/session", null, c.headers()),
        (c, t) -> "204");
    // A position of somebody else, or of nobody: not one's own.
    free("PUT /api/session/position", 403, Map.of("positionId", 999_999_999));
    free("PUT /api/session/password", 400);
    free("GET /api/roles", 200);
    free("GET /api/health", 200);
    free("GET /api/health/live", 200);
    free("GET /api/health/ready", 200);
    free("GET /metrics", 200);
    free("GET /api/live", (c, t) -> c.stream("/api/live"), (c, t) -> "200");
  }
}
