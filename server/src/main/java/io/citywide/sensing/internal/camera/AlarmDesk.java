package io.citywide.sensing.internal.camera;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.citywide.identity.Viewer;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import io.citywide.platform.Words;
import io.citywide.sensing.SceneClear;
import io.citywide.sensing.internal.warning.Warning;
import io.citywide.sensing.internal.warning.WarningKeeper;
import io.citywide.sensing.internal.warning.WarningProblem;
import io.citywide.sensing.internal.warning.WarningSettings;
import io.citywide.sensing.spi.Pictures;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Takes what cameras and algorithms report. An alarm joins the live warning of its camera and class or raises one; a picture that shows
 * nothing of the class any more ends it, and may prove that the case about it is done.
 */
@Service
public class AlarmDesk {

  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
  private static final Duration OLDEST = Duration.ofDays(7);
  private static final int DESCRIPTION_LIMIT = 500;

  /** A picture counts as a proof against a warning that began at most so long ago. */
  private static final Duration PROVES_WITHIN = Duration.ofDays(90);

  /** What came of an alarm. */
  public enum Outcome {
    /** It raised a warning. */
    RAISED,
    /** It joined the live warning of its camera and class. */
    JOINED,
    /** It shows nothing any more: the warning is over. */
    CLEARED,
    /** It is kept and changes nothing. */
    RECORDED
  }

  /** @param repeated it was taken before, nothing was changed now */
  public record Taken(long alarmId, Outcome outcome, Long warningId, String whyZh, String whyEn, boolean repeated) {}

  /** An alarm as it was kept. */
  public record Alarm(long id, long deviceId, String camera, String cameraName, String classCode, Instant at, boolean clear, Double confidence, List<Double> box, String picture,
      String description, Outcome outcome, String whyZh, String whyEn, Long warningId, String areaCode, Instant receivedAt) {}

  private record Camera(long id, String code, String name, double lon, double lat, String areaCode, String groupCode, String buildingIdent, String componentIdent,
      Long ownerUnitId, String typeCode, boolean enabled) {}

  private final JdbcClient jdbc;
  private final CameraClassStore classes;
  private final WarningKeeper keeper;
  private final Pictures pictures;
  private final Places places;
  private final ApplicationEventPublisher events;
  private final TransactionTemplate transaction;
  private final WarningSettings settings;
  private final Clock clock;

  AlarmDesk(JdbcClient jdbc, CameraClassStore classes, WarningKeeper keeper, @Lazy Pictures pictures, Places places, ApplicationEventPublisher events, TransactionTemplate transaction,
      WarningSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.classes = classes;
    this.keeper = keeper;
    this.pictures = pictures;
    this.places = places;
    this.events = events;
    this.transaction = transaction;
    this.settings = settings;
    this.clock = clock;
  }

  /** The class that stands for an alarm of GB/T 28181. */
  @Transactional(readOnly = true)
  public Optional<CameraClass> findClass(String method, String type) {
    return classes.findByGb28181(method, type);
  }

  /**
   * Takes an alarm: when this returns it is committed. Not to be called within a transaction.
   *
   * @throws ProblemException {@link WarningProblem#UNKNOWN_CAMERA}, {@link WarningProblem#UNKNOWN_CLASS}, {@link WarningProblem#INVALID_ALARM}, or what
   *     {@link Pictures#keep} refuses; then nothing was changed
   */
  public Taken take(AlarmDraft draft) {
    Viewer by = Viewer.current();
    Instant now = clock.instant();
    Instant at = at(draft, now);
    check(draft);
    record Found(Camera camera, CameraClass kind) {}
    // With the caller's eyes: a key of one district brings no alarm of another's camera.
    Found found = transaction.execute(status -> new Found(camera(draft.camera()), classes.find(draft.classCode()).orElseThrow(() -> new ProblemException(
        WarningProblem.UNKNOWN_CLASS, "there is no class '" + draft.classCode() + "'; known are " + classes.list().stream().map(CameraClass::code).toList(),
        Map.of("field", "class", "value", String.valueOf(draft.classCode()))).zh("没有识别类别“" + draft.classCode() + "”"))));
    if (!found.camera().enabled()) {
      throw new ProblemException(WarningProblem.UNKNOWN_CAMERA, "the camera '" + draft.camera() + "' is switched off in the register", Map.of("field", "camera", "value", draft.camera()))
          .zh("摄像机“" + draft.camera() + "”已停用");
    }
    String picture = draft.picture() == null ? null : pictures.keep(draft.picture(), settings.picturesKept());
    return Viewer.callAs(Viewer.system("cameras"), () -> transaction.execute(status -> judge(draft, found.camera(), found.kind(), at, picture, by.caller(), now)));
  }

  private static Instant at(AlarmDraft draft, Instant now) {
    Instant at = draft.at() == null ? now : draft.at().truncatedTo(ChronoUnit.MICROS);
    if (at.isAfter(now.plus(CLOCKS_DIFFER)) || at.isBefore(now.minus(OLDEST))) {
      throw invalid("time", at.toString(), "an alarm is at most " + OLDEST.toDays() + " days old and at most 5 minutes ahead; its time is " + at + ", now is " + now,
          "报警时间须在最近 " + OLDEST.toDays() + " 天内且不晚于现在，收到的是 " + at);
    }
    return at.isAfter(now) ? now : at;
  }

  private static void check(AlarmDraft draft) {
    if (draft.confidence() != null && !(draft.confidence() >= 0 && draft.confidence() <= 1)) {
      throw invalid("confidence", draft.confidence(), "confidence is 0 to 1, was " + draft.confidence(), "置信度须为 0 至 1");
    }
    if (!draft.box().isEmpty()) {
      boolean four = draft.box().size() == 4 && draft.box().stream().allMatch(v -> v != null && v >= 0 && v <= 1);
      if (!four || draft.box().get(0) + draft.box().get(2) > 1.0001 || draft.box().get(1) + draft.box().get(3) > 1.0001) {
        throw invalid("box", draft.box(), "box is left, top, width, height as parts of the picture, each 0 to 1 and within it, was " + draft.box(), "目标框须为左、上、宽、高四个 0 至 1 的比例，且不超出画面");
      }
    }
    if (draft.description().length() > DESCRIPTION_LIMIT || draft.description().indexOf('\0') >= 0) {
      throw invalid("description", draft.description().length(), "description has at most " + DESCRIPTION_LIMIT + " characters and no NUL", "描述最多 " + DESCRIPTION_LIMIT + " 字");
    }
    if (draft.clear() && draft.picture() == null) {
      throw invalid("picture", null, "that nothing is to be seen any more needs a picture that shows it", "上报“已消除”须附图片");
    }
  }

  private Camera camera(String code) {
    return jdbc.sql("SELECT * FROM sensing_device WHERE code = :code").param("code", String.valueOf(code))
        .query((rs, i) -> new Camera(rs.getLong("id"), rs.getString("code"), rs.getString("name"), rs.getDouble("lon"), rs.getDouble("lat"), rs.getString("area_code"),
            rs.getString("group_code"), rs.getString("building_ident"), rs.getString("component_ident"), rs.getObject("owner_unit_id", Long.class), rs.getString("type_code"),
            rs.getBoolean("enabled"))).optional()
        .orElseThrow(() -> new ProblemException(WarningProblem.UNKNOWN_CAMERA, "there is no camera '" + code + "' in your area; register it as a device first",
            Map.of("field", "camera", "value", String.valueOf(code))).zh("没有摄像机“" + code + "”，或不在您的区域内；请先登记为设备"));
  }

  private Taken judge(AlarmDraft draft, Camera camera, CameraClass kind, Instant at, String picture, String source, Instant now) {
    String rule = "camera-" + kind.code();
    keeper.lock(rule, camera.code());
    Optional<Alarm> before = jdbc.sql(ALARMS + " WHERE a.device_id = :device AND a.class_code = :class AND a.at = :at AND a.clear = :clear").param("device", camera.id())
        .param("class", kind.code()).param("at", utc(at)).param("clear", draft.clear()).query(AlarmDesk::alarm).optional();
    if (before.isPresent()) {
      Alarm known = before.get();
      return new Taken(known.id(), known.outcome(), known.warningId(), known.whyZh(), known.whyEn(), true);
    }
    Optional<Warning> live = keeper.findLive(rule, camera.code());
    Decided decided = draft.clear() ? clear(camera, kind, rule, live, at, picture) : seen(draft, camera, kind, rule, live, at, picture);
    long id = jdbc.sql("""
            INSERT INTO sensing_camera_alarm (device_id, class_code, at, clear, confidence, box, picture, description, source, outcome, why_zh, why_en, warning_id, area_code,
              owner_unit_id, received_at)
            VALUES (:device, :class, :at, :clear, CAST(:confidence AS real), CAST(:box AS real[]), CAST(:picture AS text), :description, :source, :outcome, :zh, :en,
              CAST(:warning AS bigint), :area, CAST(:owner AS bigint), :now) RETURNING id""")
        .param("device", camera.id()).param("class", kind.code()).param("at", utc(at)).param("clear", draft.clear()).param("confidence", draft.confidence())
        .param("box", draft.box().isEmpty() ? null : draft.box().toString().replace('[', '{').replace(']', '}')).param("picture", picture).param("description", draft.description())
        .param("source", source).param("outcome", decided.outcome().name()).param("zh", decided.why().zh()).param("en", decided.why().en()).param("warning", decided.warningId())
        .param("area", camera.areaCode() == null ? city() : camera.areaCode()).param("owner", camera.ownerUnitId()).param("now", utc(now)).query(Long.class).single();
    return new Taken(id, decided.outcome(), decided.warningId(), decided.why().zh(), decided.why().en(), false);
  }

  private String city() {
    return places.listAreas().stream().filter(a -> a.level() == AreaLevel.CITY).map(a -> a.code()).findFirst().orElse("");
  }

  private record Decided(Outcome outcome, Long warningId, Words why) {}

  private Decided seen(AlarmDraft draft, Camera camera, CameraClass kind, String rule, Optional<Warning> live, Instant at, String picture) {
    if (draft.confidence() != null && draft.confidence() < kind.minConfidence()) {
      String bounds = percent(draft.confidence()) + " < " + percent(kind.minConfidence());
      return new Decided(Outcome.RECORDED, null, new Words("not sure enough: " + bounds, "置信度不足（" + bounds + "），仅记录"));
    }
    if (live.isPresent()) {
      Warning w = live.get();
      keeper.joined(w, at);
      return new Decided(Outcome.JOINED, w.id(), new Words("joined the live warning " + w.id() + ", alarm " + (w.alarms() + 1), "并入正在生效的预警 " + w.id() + "，第 " + (w.alarms() + 1) + " 次报警"));
    }
    Optional<Warning> last = keeper.findLast(rule, camera.code());
    if (last.isPresent() && !at.isAfter(last.get().endedAt())) {
      return new Decided(Outcome.RECORDED, last.get().id(), new Words("older than the end of warning " + last.get().id(), "早于预警 " + last.get().id() + " 的解除时间，仅记录"));
    }
    if (last.isPresent() && last.get().endedName() != null && at.isBefore(last.get().endedAt().plus(settings.alarmsWithin()))) {
      return new Decided(Outcome.RECORDED, last.get().id(), new Words("a person ended warning " + last.get().id() + " less than " + settings.alarmsWithin().toMinutes() + " min before",
          "预警 " + last.get().id() + " 刚由人员解除，" + settings.alarmsWithin().toMinutes() + " 分钟内的同类报警仅记录"));
    }
    String sure = draft.confidence() == null ? "" : "，置信度 " + percent(draft.confidence());
    String sureEn = draft.confidence() == null ? "" : ", confidence " + percent(draft.confidence());
    String said = draft.description().isBlank() ? "" : "。" + draft.description().strip();
    Words reason = new Words("camera " + camera.code() + " saw " + kind.nameEn().toLowerCase(Locale.ROOT) + sureEn + (draft.description().isBlank() ? "" : ". " + draft.description().strip()),
        "摄像机“" + camera.name() + "”识别到" + kind.nameZh() + sure + said);
    LinkedHashMap<String, Object> about = new LinkedHashMap<>();
    about.put("rule_code", rule);
    about.put("rule_version", kind.version());
    about.put("name_zh", kind.nameZh());
    about.put("name_en", kind.nameEn());
    about.put("subject", camera.code());
    about.put("subject_zh", camera.name());
    about.put("subject_en", camera.name());
    about.put("category", kind.category());
    about.put("device_id", camera.id());
    about.put("type_code", camera.typeCode());
    about.put("group_code", camera.groupCode());
    about.put("building_ident", camera.buildingIdent());
    about.put("component_ident", camera.componentIdent());
    about.put("lon", camera.lon());
    about.put("lat", camera.lat());
    about.put("area_code", camera.areaCode());
    about.put("owner_unit_id", camera.ownerUnitId());
    Warning made = keeper.raiseOfCamera(about, kind.grade(), at, reason, draft.confidence() == null ? Map.of() : Map.of("confidence", draft.confidence()), kind.opensCase(), kind.kindId(),
        picture == null ? List.of() : List.of(picture));
    return new Decided(Outcome.RAISED, made.id(), reason);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f%%", share * 100);
  }

  private Decided clear(Camera camera, CameraClass kind, String rule, Optional<Warning> live, Instant at, String picture) {
    Outcome outcome = Outcome.RECORDED;
    Words why = new Words("nothing of it was reported before", "此前没有同类报警，仅记录");
    Optional<Warning> last = live.or(() -> keeper.findLast(rule, camera.code()));
    if (live.isPresent() && !at.isBefore(live.get().lastAlarmAt())) {
      outcome = Outcome.CLEARED;
      why = new Words("a later picture of camera " + camera.code() + " shows nothing of it any more", "摄像机“" + camera.name() + "”后续画面中已无" + kind.nameZh());
      keeper.end(live.get(), at, why);
    } else if (last.isPresent()) {
      why = new Words("shows nothing of it; warning " + last.get().id() + (live.isPresent() ? " saw it later" : " is over already"),
          "画面中无" + kind.nameZh() + (live.isPresent() ? "，但此画面早于最近一次报警" : "，此前的预警已解除"));
    }
    if (last.isPresent() && last.get().wantsCase() && !at.isBefore(last.get().lastAlarmAt()) && last.get().since().isAfter(at.minus(PROVES_WITHIN))) {
      events.publishEvent(new SceneClear("warning", String.valueOf(last.get().id()), camera.code(), kind.nameZh(), kind.nameEn(), firstPicture(last.get().id()), picture, at,
          classes.consenting(kind.code())));
    }
    return new Decided(outcome, last.map(Warning::id).orElse(null), why);
  }

  private String firstPicture(long warningId) {
    return jdbc.sql("SELECT picture FROM sensing_camera_alarm WHERE warning_id = :id AND NOT clear AND picture IS NOT NULL ORDER BY at LIMIT 1").param("id", warningId)
        .query(String.class).optional().orElse(null);
  }

  private static final String ALARMS = "SELECT a.*, d.code AS camera, d.name AS camera_name FROM sensing_camera_alarm a JOIN sensing_device d ON d.id = a.device_id";

  /**
   * Alarms within the viewer's scope, the latest first.
   *
   * @param warningId of this warning; {@code null}: of any, and of none
   * @param after {@link Slice#next()} of the page before
   */
  @Transactional(readOnly = true)
  public Slice<Alarm> list(Long warningId, String after, int limit) {
    long before = after == null ? Long.MAX_VALUE : cursor(after);
    List<Alarm> found = jdbc.sql(ALARMS + " WHERE a.id < :before AND (CAST(:warning AS bigint) IS NULL OR a.warning_id = :warning) ORDER BY a.id DESC LIMIT :limit")
        .param("before", before).param("warning", warningId).param("limit", limit + 1).query(AlarmDesk::alarm).list();
    List<Alarm> page = found.subList(0, Math.min(limit, found.size()));
    return new Slice<>(page, found.size() > limit ? String.valueOf(page.getLast().id()) : null);
  }

  private static long cursor(String after) {
    try {
      return Long.parseLong(after);
    } catch (NumberFormatException e) {
      throw invalid("after", after, "after is the cursor next of the page before, was '" + after + "'", "分页参数无效");
    }
  }

  /** @throws ProblemException {@link WarningProblem#UNKNOWN_ALARM} where the viewer does not see it or it has no picture any more */
  public Pictures.Picture picture(long alarmId, boolean thumbnail) {
    Supplier<ProblemException> absent = () -> new ProblemException(WarningProblem.UNKNOWN_ALARM, "there is no picture of alarm " + alarmId + " within your scope", Map.of("value", alarmId))
        .zh("没有此报警的图片，或不在您的可见范围内");
    String sha = transaction.execute(status -> jdbc.sql("SELECT picture FROM sensing_camera_alarm WHERE id = :id AND picture IS NOT NULL").param("id", alarmId).query(String.class)
        .optional().orElse(null));
    if (sha == null) {
      throw absent.get();
    }
    return pictures.find(sha, thumbnail).orElseThrow(absent);
  }

  /** Ends warnings of cameras that report nothing any more; how many these were. */
  int settle() {
    return Viewer.callAs(Viewer.system("cameras"), () -> {
      int ended = 0;
      for (Warning w : transaction.execute(status -> keeper.listQuietCameras(clock.instant().minus(settings.alarmsWithin())))) {
        ended += transaction.execute(status -> {
          keeper.lock(w.rule(), w.subject());
          Optional<Warning> now = keeper.findLive(w.rule(), w.subject()).filter(l -> l.lastAlarmAt().equals(w.lastAlarmAt()));
          now.ifPresent(l -> keeper.end(l, l.lastAlarmAt().plus(settings.alarmsWithin()),
              new Words("no alarm for " + settings.alarmsWithin().toMinutes() + " min", "持续 " + settings.alarmsWithin().toMinutes() + " 分钟无同类报警")));
          return now.isPresent() ? 1 : 0;
        });
      }
      return ended;
    });
  }

  private static Alarm alarm(ResultSet rs, int i) throws SQLException {
    Float[] box = rs.getArray("box") == null ? new Float[0] : (Float[]) rs.getArray("box").getArray();
    Float confidence = rs.getObject("confidence", Float.class);
    return new Alarm(rs.getLong("id"), rs.getLong("device_id"), rs.getString("camera"), rs.getString("camera_name"), rs.getString("class_code"), instant(rs, "at"),
        rs.getBoolean("clear"), confidence == null ? null : round(confidence), new ArrayList<>(Arrays.stream(box).map(AlarmDesk::round).toList()), rs.getString("picture"),
        rs.getString("description"), Outcome.valueOf(rs.getString("outcome")), rs.getString("why_zh"), rs.getString("why_en"), rs.getObject("warning_id", Long.class),
        rs.getString("area_code"), instant(rs, "received_at"));
  }

  private static double round(float value) {
    return Math.rint(value * 1e4) / 1e4;
  }

  private static Instant instant(ResultSet rs, String column) throws SQLException {
    return rs.getObject(column, OffsetDateTime.class).toInstant();
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static ProblemException invalid(String field, Object value, String en, String zh) {
    Map<String, Object> extras = new LinkedHashMap<>(Map.of("field", field));
    if (value != null) {
      extras.put("value", value);
    }
    return new ProblemException(WarningProblem.INVALID_ALARM, en, extras).zh(zh);
  }

  /** The task that ends what nobody reports any more. */
  @Configuration(proxyBeanMethods = false)
  static class Schedule {

    @Bean
    Task<?> cameraSettleTask(AlarmDesk desk) {
      return Tasks.recurring("sensing-camera-settle", FixedDelay.of(Duration.ofMinutes(1))).execute((instance, context) -> desk.settle());
    }
  }
}
