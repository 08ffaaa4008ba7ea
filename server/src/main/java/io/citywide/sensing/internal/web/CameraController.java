package io.citywide.sensing.internal.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.camera.AlarmDesk;
import io.citywide.sensing.internal.camera.AlarmDesk.Alarm;
import io.citywide.sensing.internal.camera.AlarmDesk.Taken;
import io.citywide.sensing.internal.camera.AlarmDraft;
import io.citywide.sensing.internal.camera.CameraClass;
import io.citywide.sensing.internal.camera.ClassDesk;
import io.citywide.sensing.internal.camera.Manscdp;
import io.citywide.sensing.internal.warning.WarningProblem;
import io.citywide.sensing.spi.Pictures.Picture;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** Alarms of cameras and algorithms, in one shape of our own and in that of GB/T 28181; what their classes mean. */
@RestController
class CameraController {

  private static final int MOST_XML = 64 * 1024;

  /** 16 MB of picture in base64, and some words. */
  private static final int MOST_BASE64 = 24 << 20;

  /**
   * The one shape.
   *
   * @param camera code of the device
   * @param kind what was seen; {@code class} on the wire
   * @param time when; absent: now
   * @param clear the picture shows nothing of the class any more
   * @param box left, top, width, height as parts of the picture
   * @param picture base64 of an image; in a form it comes as the part {@code picture}
   */
  record Body(String camera, @JsonProperty("class") String kind, Instant time, Boolean clear, Double confidence, List<Double> box, String picture, String description) {}

  record ClassBody(String nameZh, String nameEn, String category, String kindId, WarningGrade grade, Double minConfidence, Boolean opensCase, String gb28181, Integer version) {}

  record ConsentBody(String reason) {}

  private final AlarmDesk desk;
  private final ClassDesk classes;

  CameraController(AlarmDesk desk, ClassDesk classes) {
    this.desk = desk;
    this.classes = classes;
  }

  @Requires(Permission.OBSERVATION_WRITE)
  @PostMapping(path = "/api/alarms/camera", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  Taken take(@RequestBody Body body) {
    byte[] picture = null;
    if (body.picture() != null && !body.picture().isBlank()) {
      if (body.picture().length() > MOST_BASE64) {
        throw new ProblemException(WarningProblem.INVALID_ALARM, "picture has at most " + MOST_BASE64 + " characters of base64; send a larger one as a form",
            Map.of("field", "picture", "bound", MOST_BASE64)).zh("图片过大，请改用表单上传");
      }
      try {
        picture = Base64.getDecoder().decode(body.picture().replaceFirst("^data:image/[a-z+.-]+;base64,", "").replaceAll("\\s", ""));
      } catch (IllegalArgumentException e) {
        throw new ProblemException(WarningProblem.INVALID_ALARM, "picture is no base64: " + e.getMessage(), Map.of("field", "picture")).zh("图片不是有效的 base64");
      }
    }
    return desk.take(draft(body, picture));
  }

  @Requires(Permission.OBSERVATION_WRITE)
  @PostMapping(path = "/api/alarms/camera", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  Taken takeForm(@RequestPart("alarm") Body body, @RequestPart(name = "picture", required = false) MultipartFile picture) throws IOException {
    return desk.take(draft(body, picture == null || picture.isEmpty() ? null : picture.getBytes()));
  }

  private static AlarmDraft draft(Body b, byte[] picture) {
    return new AlarmDraft(b.camera(), b.kind(), b.time(), Boolean.TRUE.equals(b.clear()), b.confidence(), b.box() == null ? List.of() : b.box(), picture, b.description() == null ? "" : b.description());
  }

  /** The body of a SIP MESSAGE (MANSCDP); a signalling gateway hands it on as it came, and sends the answer back. */
  @Requires(Permission.OBSERVATION_WRITE)
  @PostMapping("/api/alarms/gb28181")
  ResponseEntity<byte[]> takeGb28181(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MOST_XML + 1);
    if (bytes.length > MOST_XML) {
      throw new ProblemException(WarningProblem.INVALID_ALARM, "a body has at most " + MOST_XML + " bytes", Map.of("field", "body", "bound", MOST_XML)).zh("报文最大 " + MOST_XML + " 字节");
    }
    Manscdp.Alarm alarm = Manscdp.read(bytes);
    CameraClass kind = desk.findClass(alarm.method(), alarm.type()).orElseThrow(() -> new ProblemException(WarningProblem.UNKNOWN_CLASS,
        "no class stands for AlarmMethod " + alarm.method() + ", AlarmType " + alarm.type(), Map.of("field", "AlarmMethod", "value", alarm.method())).zh("没有对应此报警方式和类型的识别类别"));
    desk.take(new AlarmDraft(alarm.deviceId(), kind.code(), alarm.at(), false, null, List.of(), null, alarm.description()));
    return ResponseEntity.ok().contentType(MediaType.parseMediaType("application/manscdp+xml")).body(Manscdp.answer(alarm));
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/alarms/camera")
  Slice<Alarm> list(@RequestParam(required = false) Long warningId, @RequestParam(required = false) String after, @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
    return desk.list(warningId, after, limit);
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/alarms/camera/{id}/picture")
  ResponseEntity<byte[]> picture(@PathVariable long id, @RequestParam(defaultValue = "false") boolean thumbnail) {
    Picture picture = desk.picture(id, thumbnail);
    return ResponseEntity.ok().contentType(MediaType.parseMediaType(picture.contentType())).cacheControl(CacheControl.maxAge(Duration.ofDays(1)).cachePrivate())
        .header("X-Content-Type-Options", "nosniff").body(picture.content());
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/camera-classes")
  List<CameraClass> classes() {
    return classes.list();
  }

  /** With a version it changes the class, without one it makes it. What it means counts for the whole city. */
  @Requires(value = Permission.RULE_EDIT, wholeCity = true)
  @PutMapping("/api/camera-classes/{code}")
  CameraClass put(@PathVariable String code, @RequestBody ClassBody b) {
    return classes.put(new ClassDesk.Draft(code, b.nameZh(), b.nameEn(), b.category(), b.kindId(), b.grade(), b.minConfidence(), b.opensCase(), b.gb28181(), b.version()));
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/camera-consents")
  List<ClassDesk.Consent> consents() {
    return classes.listConsents();
  }

  /** A unit lets a later picture that shows nothing pass the check of its cases of this class. */
  @Requires(Permission.RULE_EDIT)
  @PutMapping("/api/camera-consents/{unitId}/{code}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void give(@PathVariable long unitId, @PathVariable String code, @RequestBody ConsentBody body) {
    classes.give(unitId, code, body.reason());
  }

  @Requires(Permission.RULE_EDIT)
  @DeleteMapping("/api/camera-consents/{unitId}/{code}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void withdraw(@PathVariable long unitId, @PathVariable String code) {
    classes.withdraw(unitId, code);
  }
}
