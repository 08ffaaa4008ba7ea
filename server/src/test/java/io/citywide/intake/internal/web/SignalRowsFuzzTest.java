package io.citywide.intake.internal.web;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.citywide.identity.Viewer;
import io.citywide.intake.Accepted;
import io.citywide.intake.BatchResult;
import io.citywide.intake.Intake;
import io.citywide.intake.SignalDraft;
import io.citywide.platform.ProblemException;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Any batch: each row a draft or a rejected row, or the batch is refused. */
class SignalRowsFuzzTest {

  private final SignalRows rows = new SignalRows(JsonMapper.builder().build());

  /** Takes nothing; the reading is what is tried. */
  private static final Intake NOBODY = new Intake() {
    @Override
    public Accepted accept(SignalDraft draft) {
      throw new IllegalStateException("a batch is taken as a batch");
    }

    @Override
    public BatchResult acceptAll(List<SignalDraft> drafts) {
      return new BatchResult(drafts.size(), 0, 0, 0, 0, List.of());
    }
  };

  @FuzzTest(maxDuration = "60s")
  void readsOrRejectsAnyRows(FuzzedDataProvider data) {
    String key = data.consumeBoolean() ? "batch" : null;
    try {
      rows.accept(data.consumeRemainingAsBytes(), key, Viewer.system("fuzz"), NOBODY).rejected().forEach(r -> r.reason().length());
    } catch (ProblemException | JacksonException refused) {
      refused.getMessage();
    }
  }
}
