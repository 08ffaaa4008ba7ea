package io.citywide.platform.internal.web;

import io.citywide.platform.Caller;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemCode;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Trace;
import io.citywide.platform.Words;
import io.citywide.platform.internal.DatabaseFault;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.servlet.autoconfigure.MultipartProperties;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MaxUploadSizeExceededException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Renders every refusal and every fault as problem+json (RFC 9457). */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  /** character_not_in_repertoire of text, untranslatable_character of jsonb. */
  private static final Set<String> NUL_STATES = Set.of("22021", "22P05");

  /** datetime_field_overflow: a year that no calendar of PostgreSQL reaches. */
  private static final String NO_TIME = "22008";

  /** No status of HTTP, which has none for this; the number that others count it under. */
  private static final int CALLER_GONE = 499;

  private final MultipartProperties multipart;
  private final MeterRegistry meters;
  private final Map<String, Counter> refusals = new ConcurrentHashMap<>();

  ProblemAdvice(MultipartProperties multipart, MeterRegistry meters) {
    this.multipart = multipart;
    this.meters = meters;
  }

  @ExceptionHandler(ProblemException.class)
  ResponseEntity<ProblemDetail> refused(ProblemException e, HttpServletRequest request) {
    ResponseEntity<ProblemDetail> answer = problem(e.problem(), e.words(), e.extras(), request);
    return e.extras().get("retryAfterSeconds") instanceof Number seconds
        ? ResponseEntity.status(answer.getStatusCode()).headers(answer.getHeaders()).header(HttpHeaders.RETRY_AFTER, seconds.toString()).body(answer.getBody())
        : answer;
  }

  @ExceptionHandler(MethodArgumentNotValidException.class)
  ResponseEntity<ProblemDetail> invalid(MethodArgumentNotValidException e, HttpServletRequest request) {
    List<Map<String, Object>> faults =
        e.getBindingResult().getFieldErrors().stream()
            .map(f -> Map.<String, Object>of("field", f.getField(), "fault", String.valueOf(f.getDefaultMessage())))
            .toList();
    return invalid(faults, request);
  }

  /** Faults of parameters and of elements of a list. */
  @ExceptionHandler(HandlerMethodValidationException.class)
  ResponseEntity<ProblemDetail> invalid(HandlerMethodValidationException e, HttpServletRequest request) {
    return invalid(e.getParameterValidationResults().stream()
        .flatMap(result -> result.getResolvableErrors().stream().map(fault -> Map.<String, Object>of(
            "field", field(result, fault), "fault", String.valueOf(fault.getDefaultMessage()))))
        .toList(), request);
  }

  private static String field(ParameterValidationResult result, MessageSourceResolvable fault) {
    String element = result.getContainerIndex() == null ? "" : "[" + result.getContainerIndex() + "]";
    return fault instanceof FieldError of ? (element.isEmpty() ? "" : element + ".") + of.getField()
        : result.getMethodParameter().getParameterName() + element;
  }

  private ResponseEntity<ProblemDetail> invalid(List<Map<String, Object>> faults, HttpServletRequest request) {
    String detail =
        faults.stream().map(f -> f.get("field") + " " + f.get("fault")).reduce((a, b) -> a + "; " + b).orElse("invalid");
    // The faults are in the caller's language already; names of fields are those of the API.
    return problem(PlatformProblem.INVALID, new Words(detail, null), Map.of("faults", faults), request);
  }

  @ExceptionHandler(MethodArgumentTypeMismatchException.class)
  ResponseEntity<ProblemDetail> mismatch(MethodArgumentTypeMismatchException e, HttpServletRequest request) {
    String wanted = e.getRequiredType() == null ? "another type" : describe(e.getRequiredType());
    return problem(
        PlatformProblem.INVALID,
        new Words("parameter " + e.getName() + " must be " + wanted + ", was '" + e.getValue() + "'", "参数 " + e.getName() + " 的值“" + e.getValue() + "”无效"),
        Map.of("field", e.getName()),
        request);
  }

  private static String describe(Class<?> type) {
    return type.isEnum() ? "one of " + List.of(type.getEnumConstants()) : "of type " + type.getSimpleName();
  }

  @ExceptionHandler(HttpMessageNotReadableException.class)
  ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException e, HttpServletRequest request) {
    // A record refuses its own content; the reader's exception is around that refusal.
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return refused(problem, request);
      }
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof tools.jackson.core.JacksonException json) {
        var at = json.getLocation();
        return problem(PlatformProblem.INVALID, new Words("the body cannot be read: " + json.getOriginalMessage()
            + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")"),
            "请求内容无法读取" + (at == null ? "" : "（第 " + at.getLineNr() + " 行第 " + at.getColumnNr() + " 列）")),
            Map.of(), request);
      }
    }
    return problem(PlatformProblem.INVALID, new Words("the body cannot be read", "请求内容无法读取"), Map.of(), request);
  }

  @ExceptionHandler(MaxUploadSizeExceededException.class)
  ResponseEntity<ProblemDetail> tooLarge(MaxUploadSizeExceededException e, HttpServletRequest request) {
    long length = request.getContentLengthLong();
    Map<String, Object> extras = new LinkedHashMap<>();
    extras.put("bound", multipart.getMaxFileSize().toBytes());
    if (length >= 0) {
      extras.put("value", length);
    }
    return problem(PlatformProblem.TOO_LARGE, new Words("the upload " + (length < 0 ? "is too large" : "has " + length + " bytes") + "; a file of at most "
        + multipart.getMaxFileSize().toBytes() + " bytes is read at all", "上传内容过大，最多 " + multipart.getMaxFileSize().toMegabytes() + " MB"), extras, request);
  }

  /** The container gave the body up: its caller said nothing for a while, or too little for long ({@link BodyPace}). */
  @ExceptionHandler(SocketTimeoutException.class)
  ResponseEntity<ProblemDetail> slow(SocketTimeoutException e, HttpServletRequest request) {
    log.debug("a body was given up", e);
    return problem(PlatformProblem.TOO_SLOW, new Words("the body of the request came too slowly and was given up", "请求内容传输过慢，已中止接收"), Map.of(), request);
  }

  /** The body breaks HTTP or the encoding of forms, such as the head of a chunk that is no number, or a field without a name. */
  @ExceptionHandler({BadRequestException.class, InvalidParameterException.class})
  ResponseEntity<ProblemDetail> broken(Exception e, HttpServletRequest request) {
    return problem(PlatformProblem.INVALID, new Words("the body cannot be read: " + e.getMessage(), "请求内容无法读取"), Map.of(), request);
  }

  @ExceptionHandler(MultipartException.class)
  ResponseEntity<ProblemDetail> unreadable(MultipartException e, HttpServletRequest request) {
    return problem(PlatformProblem.INVALID, new Words("the form cannot be read: it is sent as multipart/form-data, each part after the boundary that the content type names",
        "表单无法读取：须以 multipart/form-data 提交，各部分以请求头声明的边界分隔"), Map.of(), request);
  }

  /** Texts of PostgreSQL cannot hold NUL, and its times end; wherever that came in, it is the caller's mistake. */
  @ExceptionHandler(DataIntegrityViolationException.class)
  ResponseEntity<ProblemDetail> unstorable(DataIntegrityViolationException e, HttpServletRequest request) throws IOException {
    String state = e.getMostSpecificCause() instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
    if (NUL_STATES.contains(state)) {
      return problem(PlatformProblem.INVALID, new Words("a text holds a NUL character, which is no text", "文字含有无效字符"), Map.of(), request);
    }
    if (NO_TIME.equals(state)) {
      return problem(PlatformProblem.INVALID, new Words("a time lies beyond the years that can be stored, 4713 BC to 294276", "时间超出可存储的范围"), Map.of(), request);
    }
    return fault(e, request);
  }

  @ExceptionHandler(NoResourceFoundException.class)
  ResponseEntity<ProblemDetail> absent(NoResourceFoundException e, HttpServletRequest request) {
    return problem(PlatformProblem.NOT_FOUND, new Words("nothing answers at " + request.getRequestURI(), "此地址没有内容：" + request.getRequestURI()), Map.of(), request);
  }

  /** Personal data that do not open: where and why, because whoever has the keys or the backup can mend it. */
  @ExceptionHandler(PersonalSeal.BrokenSeal.class)
  ResponseEntity<ProblemDetail> sealed(PersonalSeal.BrokenSeal e, HttpServletRequest request) {
    e.log();
    return problem(PlatformProblem.SEAL_BROKEN, new Words("the personal data in " + e.column() + " of row " + e.row() + " cannot be opened: " + e.why().en()
        + ". The operator must put the key back, or the row from a backup; nothing else of it is harmed",
        e.column() + " 第 " + e.row() + " 行的个人信息无法打开：" + e.why().zh() + "。请联系运维人员恢复密钥或从备份恢复该行，其余内容不受影响"),
        Map.of("column", e.column(), "row", e.row()), request);
  }

  /** The caller went away, in the middle of a file or at the end of an event stream: nobody is left to tell. */
  @ExceptionHandler({AsyncRequestNotUsableException.class, ClientAbortException.class})
  void gone(IOException e) {
    log.trace("the caller went away", e);
  }

  /** The caller went away before the answer was made; the status is only for the figures by route. */
  @ExceptionHandler(Caller.Gone.class)
  void gone(HttpServletResponse response) {
    response.setStatus(CALLER_GONE);
  }

  @ExceptionHandler(Exception.class)
  ResponseEntity<ProblemDetail> fault(Exception e, HttpServletRequest request) throws IOException {
    if (e instanceof ErrorResponse framework) {
      ProblemDetail body = framework.getBody();
      body.setProperty("code", "request.invalid");
      body.setProperty("traceId", Trace.current());
      count("request.invalid");
      body.setInstance(URI.create(request.getRequestURI()));
      return ResponseEntity.status(framework.getStatusCode()).headers(framework.getHeaders())
          .contentType(MediaType.APPLICATION_PROBLEM_JSON).body(body);
    }
    Optional<DatabaseFault> database = DatabaseFault.find(e);
    if (database.isPresent()) {
      return unavailable(database.get(), e, request);
    }
    // The route, not the path: a path may hold a tracking code.
    log.error("fault at {} {}", request.getMethod(), request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE), e);
    Instant now = Instant.now();
    return problem(PlatformProblem.FAULT, new Words("the fault was logged at " + now, "服务器出错，已记录：" + now), Map.of(), request);
  }

  /** Not done, or perhaps done, for a reason that passes: in words, and with the time to come back. */
  private ResponseEntity<ProblemDetail> unavailable(DatabaseFault fault, Exception e, HttpServletRequest request) {
    log.warn("{} {} was refused, {}: {}", request.getMethod(), request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE), fault, e.getMessage());
    ResponseEntity<ProblemDetail> answer = switch (fault) {
      case UNREACHABLE -> problem(PlatformProblem.BUSY, new Words("the database cannot be reached at the moment; nothing was changed",
          "数据库暂时无法连接，未作任何更改，请稍后重试"), Map.of(), request);
      case SLOW -> problem(PlatformProblem.BUSY, new Words("the database took too long, and the request was given up; nothing was changed",
          "数据库响应过慢，请求已放弃，未作任何更改，请稍后重试"), Map.of(), request);
      case CONTENDED -> problem(PlatformProblem.CONTENDED, new Words("another act holds what this one needs; nothing was changed",
          "有其他操作正在进行，未作任何更改，请稍后重试"), Map.of(), request);
      case UNCERTAIN -> problem(PlatformProblem.UNCERTAIN, new Words("the connection to the database broke at the last moment: it may have been done or not. "
          + "Look, or send the same again: a report with the same Idempotency-Key, or a step with the same version, is never done twice",
          "数据库连接在最后一刻中断，操作可能已完成，也可能没有；请刷新查看，或原样重新提交（不会重复执行）"), Map.of(), request);
      case FULL -> problem(PlatformProblem.FULL, new Words("the disk is full; nothing was changed. Reading goes on; the operator must make space",
          "磁盘空间已满，未作任何更改；查询不受影响，请联系运维人员清理空间"), Map.of(), request);
    };
    return ResponseEntity.status(answer.getStatusCode()).headers(answer.getHeaders())
        .header(HttpHeaders.RETRY_AFTER, Long.toString(fault.retryAfter().toSeconds())).body(answer.getBody());
  }

  private ResponseEntity<ProblemDetail> problem(
      ProblemCode code, Words words, Map<String, ?> extras, HttpServletRequest request) {
    ProblemDetail body = ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(code.status()), words.said());
    body.setType(URI.create("urn:citywide:problem:" + code.code()));
    body.setTitle(code.title());
    body.setInstance(URI.create(request.getRequestURI()));
    extras.forEach(body::setProperty);
    body.setProperty("traceId", Trace.current());
    body.setProperty("code", code.code()); // last: an extra of this name must not hide it
    count(code.code());
    var answer = ResponseEntity.status(code.status()).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (extras.get("retryAfterSeconds") instanceof Integer seconds) {
      answer.header(HttpHeaders.RETRY_AFTER, seconds.toString());
    }
    return answer.body(body);
  }

  private void count(String code) {
    refusals.computeIfAbsent(code, c -> Counter.builder("citywide.refusals").description("Refusals and faults by problem code").tag("code", c).register(meters))
        .increment();
  }
}
