package io.citywide.platform.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;

class ProblemAdviceTest {

  @ParameterizedTest
  @ValueSource(classes = {IllegalArgumentException.class, IllegalStateException.class, NullPointerException.class, NumberFormatException.class})
  void aFaultOfOursIsNeverTakenForAMistakeOfTheCaller(Class<? extends Exception> type) throws Exception {
    Exception fault = type.getConstructor(String.class).newInstance("secret");
    assertThat(new ExceptionHandlerMethodResolver(ProblemAdvice.class).resolveMethod(fault).getName()).isEqualTo("fault");

    ResponseEntity<ProblemDetail> answer =
        new ProblemAdvice(new MultipartProperties(), new SimpleMeterRegistry()).fault(fault, new MockHttpServletRequest("GET", "/api/units"));

    assertThat(answer.getStatusCode().value()).isEqualTo(500);
    assertThat(answer.getBody().getProperties()).containsEntry("code", "server.fault");
    assertThat(answer.getBody().getDetail()).doesNotContain("secret");
  }
}
