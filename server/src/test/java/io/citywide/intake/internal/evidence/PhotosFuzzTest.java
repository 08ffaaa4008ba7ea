package io.citywide.intake.internal.evidence;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import org.springframework.util.unit.DataSize;

/** Any bytes: a photo made anew, or refused. The bound on pixels is small, so that memory is no limit of the search. */
class PhotosFuzzTest {

  private final Photos photos = new Photos(
      new EvidenceSettings(EvidenceSettings.Store.DISK, "", DataSize.ofMegabytes(1), 100_000, 200, Duration.ofHours(24), "", "us-east-1", "citywide", "", ""),
      new ServerSettings(Path.of("target"), "", ZoneId.of("Asia/Shanghai")));

  @FuzzTest(maxDuration = "60s")
  void cleansOrRefusesAnyBytes(FuzzedDataProvider data) {
    try {
      Photos.Clean clean = photos.clean(data.consumeRemainingAsBytes(), "a.jpg");
      if (clean.width() < 1 || clean.height() < 1 || clean.content().length == 0 || clean.thumbnail().length == 0) {
        throw new IllegalStateException("a photo of nothing: " + clean);
      }
    } catch (ProblemException refused) {
      refused.getMessage();
    }
  }
}
