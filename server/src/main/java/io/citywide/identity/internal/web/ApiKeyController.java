package io.citywide.identity.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.internal.ApiKeyDesk;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The keys of machines. */
@RestController
@RequestMapping("/api/api-keys")
class ApiKeyController {

  private final ApiKeyDesk keys;

  ApiKeyController(ApiKeyDesk keys) {
    this.keys = keys;
  }

  @Requires(Permission.API_KEY_EDIT)
  @GetMapping
  List<ApiKeyDesk.Key> list() {
    return keys.list();
  }

  @Requires(Permission.API_KEY_EDIT)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  ApiKeyDesk.Created create(@RequestBody ApiKeyDesk.Draft draft) {
    return keys.create(draft);
  }

  @Requires(Permission.API_KEY_EDIT)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(@PathVariable long id) {
    keys.revoke(id);
  }
}
