package io.citywide.sensing.internal.ways;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Open;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.platform.AddressLimit;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.observations.Compaction;
import io.citywide.sensing.internal.registry.Known;
import io.citywide.sensing.internal.registry.Secrets;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Observations by HTTP. */
@RestController
class ObservationController {

  /** After unpacking. */
  private static final long MOST_BYTES = 256L << 20;
  private static final long MOST_BYTES_OF_A_DEVICE = 256 << 10;
  private static final int FAULTS_OF_A_DEVICE = 20;
  private static final String BASIC = "Basic ";

  /** Values that were stored, lines that were not by the code of what was wrong, and the first of these one by one. */
  record Answer(long stored, Map<String, Long> refused, List<Map<String, Object>> faults) {}

  private final Intake intake;
  private final AddressLimit failures;
  private final Compaction compaction;

  ObservationController(Intake intake, Compaction compaction) {
    this.intake = intake;
    this.compaction = compaction;
    this.failures = new AddressLimit(60, Duration.ofMinutes(15), intake.clock());
  }

  /**
   * Values of any devices within the scope of who sends them: NDJSON, a JSON list, or one JSON object; may be packed with gzip.
   *
   * @param faults how many are named one by one, 1..10000
   */
  @PostMapping("/api/observations")
  @Requires(Permission.OBSERVATION_WRITE)
  Answer take(HttpServletRequest request, @RequestParam(defaultValue = "100") @Min(1) @Max(10_000) int faults) throws IOException {
    return take(request, MOST_BYTES, null, intake.scope(Viewer.current()), faults);
  }

  /** Values of the device that sends them: it signs in with its code and its secret. */
  @PostMapping("/api/observations:own")
  @Open("a device signs in with its own secret")
  Answer takeOwn(HttpServletRequest request) throws IOException {
    String address = request.getRemoteAddr();
    AddressLimit.refuse(failures.secondsToWait(address));
    Known device = device(request.getHeader(HttpHeaders.AUTHORIZATION));
    if (device == null) {
      failures.take(address);
      throw new ProblemException(IdentityProblem.SIGN_IN, "sign in as a device: Authorization: Basic, the code of the device and its secret").zh("请以设备编码和密钥登录（HTTP Basic）");
    }
    return take(request, MOST_BYTES_OF_A_DEVICE, device, known -> false, FAULTS_OF_A_DEVICE);
  }

  /** Puts everything into chunks at once instead of in the hours to come: after a history was imported. */
  @PostMapping("/api/observations:compact")
  @Requires(value = Permission.DEVICE_EDIT, wholeCity = true)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void compact() {
    compaction.compactAll();
  }

  private Known device(String header) {
    if (header == null || !header.startsWith(BASIC)) {
      return null;
    }
    try {
      String pair = new String(Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), StandardCharsets.UTF_8);
      // A code may hold a colon; a secret never does.
      int colon = pair.lastIndexOf(':');
      return colon < 0 ? null : intake.directory().find(pair.substring(0, colon)).filter(known -> Secrets.match(known, pair.substring(colon + 1))).orElse(null);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Answer take(HttpServletRequest request, long mostBytes, Known own, Predicate<Known> scope, int faults) throws IOException {
    String type = request.getContentType() == null ? "" : request.getContentType().toLowerCase(Locale.ROOT);
    boolean lines = type.startsWith("application/x-ndjson") || type.startsWith("application/jsonl") || type.startsWith("application/ndjson");
    if (!lines && !type.startsWith("application/json")) {
      throw new ProblemException(PlatformProblem.MEDIA_TYPE, "observations come as application/x-ndjson or application/json, not as '" + type + "'")
          .zh("观测数据须为 application/x-ndjson 或 application/json");
    }
    Outcome outcome;
    try (InputStream body = unpacked(request)) {
      outcome = intake.take(body, !lines, mostBytes, own, scope, faults);
    } catch (java.util.zip.ZipException | java.io.EOFException e) {
      throw new ProblemException(PlatformProblem.INVALID, "the body is not packed with gzip as its header says: " + e.getMessage()).zh("请求体不是有效的 gzip 数据");
    }
    if (outcome.stored() == 0 && !outcome.refused().isEmpty()) {
      throw new ProblemException(SensingRefusal.NOTHING_STORED, "none of the lines could be stored; the first: " + outcome.faults().getFirst().get("detail"),
          new TreeMap<>(Map.of("stored", 0, "refused", outcome.refused(), "faults", outcome.faults()))).zh("没有一行可以保存；首个原因：" + outcome.faults().getFirst().get("detail"));
    }
    return new Answer(outcome.stored(), outcome.refused(), outcome.faults());
  }

  private static InputStream unpacked(HttpServletRequest request) throws IOException {
    String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      return request.getInputStream();
    }
    if (!encoding.equalsIgnoreCase("gzip")) {
      throw new ProblemException(PlatformProblem.MEDIA_TYPE, "Content-Encoding may be gzip, was '" + encoding + "'").zh("Content-Encoding 只支持 gzip");
    }
    return new GZIPInputStream(request.getInputStream(), 1 << 16);
  }
}
