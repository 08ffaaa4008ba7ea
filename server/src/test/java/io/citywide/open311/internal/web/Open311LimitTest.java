package io.citywide.open311.internal.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.identity.Viewer;
import io.citywide.open311.Open311Settings;
import io.citywide.platform.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class Open311LimitTest {

  private final Open311Controller controller = new Open311Controller(null, new Open311Settings("city", "", true, 2), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  private static MockHttpServletRequest read(String address) {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", "/open311/v2/requests.json");
    request.setRemoteAddr(address);
    return request;
  }

  @Test
  void anAddressReadsOnlySoOftenWithoutAnAccount() {
    controller.boundReads(read("192.0.2.1"));
    controller.boundReads(read("192.0.2.1"));
    assertThatThrownBy(() -> controller.boundReads(read("192.0.2.1"))).isInstanceOf(ProblemException.class).hasMessageContaining("too many requests");
    assertThatCode(() -> controller.boundReads(read("192.0.2.2"))).doesNotThrowAnyException();
    assertThatCode(() -> Viewer.runAs(Viewer.system("test"), () -> controller.boundReads(read("192.0.2.1")))).as("known callers").doesNotThrowAnyException();
  }
}
