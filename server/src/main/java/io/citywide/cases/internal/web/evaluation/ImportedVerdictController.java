package io.citywide.cases.internal.web.evaluation;

import io.citywide.cases.internal.evaluation.ImportedVerdicts;
import io.citywide.cases.internal.evaluation.ImportedVerdicts.Verdict;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.platform.Slice;
import java.time.Clock;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The evaluation's verdict on each case of an import. */
@RestController
class ImportedVerdictController {

  private final ImportedVerdicts verdicts;
  private final Clock clock;

  ImportedVerdictController(ImportedVerdicts verdicts, Clock clock) {
    this.verdicts = verdicts;
    this.clock = clock;
  }

  @Requires(Permission.EVALUATION_READ)
  @GetMapping("/api/evaluation/imported")
  Slice<Verdict> imported(@RequestParam String source, @RequestParam(defaultValue = "") String after, @RequestParam(defaultValue = "500") int limit) {
    return verdicts.list(source, clock.instant(), after, Math.clamp(limit, 1, 1_000));
  }
}
