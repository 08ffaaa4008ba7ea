package io.citywide.platform.internal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.platform.ServerSettings;
import io.citywide.platform.SpaceSettings;
import io.citywide.platform.internal.NoSpaceException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;

class SpaceGuardTest {

  @TempDir Path folder;

  @Test
  void refusesWhatWouldWriteAndLetsPassWhatReadsOrSignsIn() throws Exception {
    SpaceGuard full = guard(DataSize.ofTerabytes(1_000_000));

    assertThatThrownBy(() -> ask(full, "POST", "/api/signals")).isInstanceOf(NoSpaceException.class);
    assertThatThrownBy(() -> ask(full, "PUT", "/api/areas")).isInstanceOf(NoSpaceException.class);
    assertThat(ask(full, "GET", "/api/cases")).isTrue();
    assertThat(ask(full, "POST", "/api/session")).isTrue();
  }

  @Test
  void refusesNothingWhileThereIsSpaceOrWhereItIsSwitchedOff() throws Exception {
    assertThat(ask(guard(DataSize.ofBytes(1)), "POST", "/api/signals")).isTrue();
    assertThat(ask(guard(DataSize.ofBytes(0)), "POST", "/api/signals")).isTrue();
    assertThatThrownBy(() -> new SpaceSettings(DataSize.ofBytes(-1))).hasMessage("citywide.space.least-free must be 0B or more, was -1B");
  }

  private SpaceGuard guard(DataSize leastFree) {
    return new SpaceGuard(new ServerSettings(folder, "", ZoneOffset.UTC), new SpaceSettings(leastFree));
  }

  private static boolean ask(SpaceGuard guard, String method, String path) throws Exception {
    return guard.preHandle(new MockHttpServletRequest(method, path), new MockHttpServletResponse(), new Object());
  }
}
