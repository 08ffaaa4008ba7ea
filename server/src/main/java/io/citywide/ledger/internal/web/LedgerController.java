package io.citywide.ledger.internal.web;

import io.citywide.identity.Open;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.ledger.Receipt;
import io.citywide.ledger.internal.LedgerDesk;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The ledger for the audit administrators. The public keys are public: without them a receipt is worth nothing. */
@RestController
@RequestMapping("/api/ledger")
class LedgerController {

  private final LedgerDesk desk;

  LedgerController(LedgerDesk desk) {
    this.desk = desk;
  }

  @Requires(Permission.AUDIT_READ)
  @GetMapping("/head")
  LedgerDesk.HeadView head() {
    return desk.head();
  }

  /** Newest first; {@code before} is a size. */
  @Requires(Permission.AUDIT_READ)
  @GetMapping("/heads")
  List<Receipt.Head> heads(@RequestParam(defaultValue = "9223372036854775807") long before, @RequestParam(defaultValue = "100") int limit) {
    return desk.heads(before, Math.clamp(limit, 1, 1000));
  }

  @Open("public keys, by which anybody checks a receipt")
  @GetMapping("/keys")
  List<LedgerDesk.KeyView> keys() {
    return desk.keys();
  }

  @Requires(Permission.AUDIT_READ)
  @GetMapping("/entries/{id}/receipt")
  Receipt receipt(@PathVariable long id) {
    return desk.receipt(id);
  }

  @Requires(Permission.AUDIT_READ)
  @GetMapping("/proof/consistency")
  LedgerDesk.Consistency consistency(@RequestParam long first, @RequestParam(required = false) Long second) {
    return desk.consistency(first, second);
  }

  @Requires(Permission.AUDIT_READ)
  @GetMapping("/proof/inclusion")
  LedgerDesk.Inclusion inclusion(@RequestParam long entry, @RequestParam(required = false) Long size) {
    return desk.inclusion(entry, size);
  }
}
