package io.citywide.identity.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.internal.ApiKeyDesk;
import io.citywide.identity.internal.KeyApprovalDesk;
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

  /** Why a key is refused. */
  record Refusal(String reason) {}

  private final ApiKeyDesk keys;
  private final KeyApprovalDesk approvals;

  ApiKeyController(ApiKeyDesk keys, KeyApprovalDesk approvals) {
    this.keys = keys;
    this.approvals = approvals;
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

  @Requires(Permission.API_KEY_APPROVE)
  @GetMapping("/waiting")
  List<ApiKeyDesk.Key> listWaiting() {
    return approvals.listWaiting();
  }

  @Requires(Permission.API_KEY_APPROVE)
  @PostMapping("/{id}/approve")
  ApiKeyDesk.Key approve(@PathVariable long id) {
    return approvals.approve(id);
  }

  @Requires(Permission.API_KEY_APPROVE)
  @PostMapping("/{id}/refuse")
  ApiKeyDesk.Key refuse(@PathVariable long id, @RequestBody Refusal refusal) {
    return approvals.refuse(id, refusal.reason());
  }
}
