package io.citywide.open311.internal.web;

import io.citywide.open311.internal.Wire;
import io.citywide.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Errors as GeoReport v2 wants them: an array of code and description, with the HTTP status that the specification names. */
@RestControllerAdvice(assignableTypes = Open311Controller.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class Open311Errors {

  @ExceptionHandler(ProblemException.class)
  ResponseEntity<String> refused(ProblemException e, HttpServletRequest request) {
    int status = status(e.problem().status());
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", status);
    error.put("description", e.problem().title() + ": " + e.getMessage());
    String format = request.getRequestURI().endsWith(".json") ? "json" : "xml"; // XML is the required format
    ResponseEntity<String> answer = Wire.write(status, format, new Wire.Rows("errors", "error", List.of(error)));
    return e.extras().get("retryAfterSeconds") instanceof Number seconds
        ? ResponseEntity.status(status).headers(answer.getHeaders()).header(HttpHeaders.RETRY_AFTER, seconds.toString()).body(answer.getBody())
        : answer;
  }

  /** A missing or unknown key is 403 there, and every argument that cannot be taken is 400. */
  private static int status(int ours) {
    return switch (ours) {
      case 401, 403 -> 403;
      case 409, 422 -> 400;
      default -> ours;
    };
  }
}
