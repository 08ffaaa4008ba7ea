package io.citywide.identity.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.internal.AuditDesk;
import io.citywide.platform.Slice;
import java.time.Instant;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The access log, for the audit administrators alone. */
@RestController
class AccessLogController {

  private final AuditDesk audit;

  AccessLogController(AuditDesk audit) {
    this.audit = audit;
  }

  @Requires(Permission.AUDIT_READ)
  @GetMapping("/api/access-log")
  Slice<AuditDesk.Entry> list(@RequestParam(required = false) String act, @RequestParam(required = false) Long personId,
      @RequestParam(required = false) Instant from, @RequestParam(required = false) Instant to,
      @RequestParam(defaultValue = "100") int limit, @RequestParam(required = false) Long after) {
    return audit.list(act, personId, from, to, Limits.checked(limit), after);
  }
}
