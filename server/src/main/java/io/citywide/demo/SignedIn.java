package io.citywide.demo;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The accounts of {@link DemoCity} as clients of one server, each signed in when it is first needed, and its machines and citizens. */
final class SignedIn {

  private static final String KEY_NAME = "12345 热线（演示）";

  private final URI base;
  private final Map<String, ApiClient> people = new HashMap<>();
  private final List<String> handlers = new ArrayList<>();
  private ApiClient hotline;

  SignedIn(URI base) {
    this.base = base;
  }

  ApiClient person(String login) {
    return people.computeIfAbsent(login, name -> ApiClient.person(base, name, DemoCity.PASSWORD));
  }

  /** Somebody without an account, another one each time. */
  ApiClient citizen() {
    return ApiClient.citizen(base);
  }

  /** The machine of the hotline, with a key of its own. */
  ApiClient hotline() {
    if (hotline == null) {
      hotline = ApiClient.machine(base, newKey());
    }
    return hotline;
  }

  /** Logins of those who dispose of cases; the simulator's own. */
  List<String> handlers() {
    if (handlers.isEmpty()) {
      person("admin").get("/api/people?role=HANDLER&active=true&limit=500").path("items").forEach(p -> {
        // Others may work here too; their passwords are none of the simulator's business.
        if (p.path("login").asString().matches("handler(\\.[a-z]+)?|street\\.[0-9]+")) {
          handlers.add(p.path("login").asString());
        }
      });
    }
    return handlers;
  }

  /** The secret of an earlier key is known to nobody any more, so that key is revoked. */
  private String newKey() {
    ApiClient security = person("security");
    for (JsonNode key : security.get("/api/api-keys")) {
      if (key.path("name").asString().equals(KEY_NAME) && key.path("revokedAt").isNull()) {
        security.delete("/api/api-keys/" + key.path("id").asLong());
      }
    }
    return security.post("/api/api-keys", Map.of("name", KEY_NAME, "areaCode", "",
        "channels", List.of("HOTLINE", "IMPORT"), "sources", List.of("12345", PastCases.SOURCE),
        "permissions", List.of("SIGNAL_REPORT", "SIGNAL_IMPORT", "PLACE_READ"))).path("secret").asString();
  }
}
