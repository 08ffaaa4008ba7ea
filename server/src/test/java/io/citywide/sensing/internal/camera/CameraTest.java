package io.citywide.sensing.internal.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.cases.internal.CaseGround;
import io.citywide.grid.GridCell;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople;
import io.citywide.intake.internal.evidence.MediaStore;
import io.citywide.place.TestCity;
import io.citywide.platform.ProblemException;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Cameras raise, join and clear; what they saw opens one case, and what they see no more may prove that it is done. */
@ServerTest
class CameraTest {

  private static final String CITY = "770500";
  private static final String A = "770502001001";
  private static final String B = "770502001002";
  private static final TestCity PLACES = new TestCity(CITY, 109.91, 29.51);
  private static boolean built;

  @Autowired TestPeople people;
  @Autowired CaseGround ground;
  @Autowired AlarmDesk desk;
  @Autowired LiveFeed feed;
  @Autowired MediaStore media;
  @Autowired JdbcClient jdbc;

  private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
  private AutoCloseable listening;

  @BeforeEach
  void places() {
    listening = feed.listen(notices::add);
    if (!built) {
      built = true;
      assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    }
  }

  @AfterEach
  void quiet() throws Exception {
    listening.close();
  }

  private void camera(String code, double x, double y, UnitRef owner) {
    double lon = PLACES.at(x, y).get(0);
    double lat = PLACES.at(x, y).get(1);
    ground.asSystem(() -> jdbc.sql("""
            INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention) VALUES ('test-camera', '测试摄像机', 'Test camera', '[]', '1 hour', '30 days')
            ON CONFLICT DO NOTHING""").update()
        + jdbc.sql("INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code, owner_unit_id) VALUES (:code, 'test-camera', :name, :lon, :lat, :key, :area, CAST(:owner AS bigint))")
            .param("code", code).param("name", "路口 " + code).param("lon", lon).param("lat", lat).param("key", GridCell.of(lon, lat, 9).key()).param("area", x < 2 ? A : B)
            .param("owner", owner == null ? null : owner.id()).update());
  }

  private TestClient box(String area) {
    return people.machine(area, Permission.OBSERVATION_WRITE);
  }

  private static Map<String, Object> alarm(String camera, String kind, Instant at, Object... more) {
    Map<String, Object> body = new LinkedHashMap<>(Map.of("camera", camera, "class", kind, "time", at.toString()));
    for (int i = 0; i < more.length; i += 2) {
      body.put((String) more[i], more[i + 1]);
    }
    return body;
  }

  private static String picture(int seed) {
    return Base64.getEncoder().encodeToString(png(seed));
  }

  private static byte[] png(int seed) {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    var pen = image.createGraphics();
    pen.setColor(new Color(seed * 2654435 & 0xFFFFFF));
    pen.fillRect(0, 0, 64, 48);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static JsonNode taken(Answer answer, String outcome) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    assertThat(answer.json().path("outcome").asString()).as(answer.text()).isEqualTo(outcome);
    return answer.json();
  }

  private void heard(Predicate<Notice> wanted) throws InterruptedException {
    await(notices, wanted);
  }

  /** The first that is wanted; others before it are dropped. */
  private static <T> T await(BlockingQueue<T> queue, Predicate<T> wanted) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      T next = queue.poll(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      assertThat(next).as("what is waited for, within 30 s").isNotNull();
      if (wanted.test(next)) {
        return next;
      }
    }
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  @Test
  void twoHundredAlarmsAtOnceAreOneWarningWithOneCase() throws Exception {
    camera("CAM-STORM", 0.5, 0.5, null);
    TestClient box = box(CITY);
    Instant at = now().minusSeconds(10);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Answer>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(() -> box.post("/api/alarms/camera", alarm("CAM-STORM", "exposed-rubbish", at, "confidence", 0.9, "box", List.of(0.1, 0.2, 0.3, 0.4))));
      }
      int fresh = 0;
      for (Future<Answer> each : pool.invokeAll(all)) {
        Answer answer = each.get();
        assertThat(answer.status()).as(answer.text()).isIn(201, 503);
        fresh += answer.status() == 201 && !answer.json().path("repeated").asBoolean() ? 1 : 0;
      }
      assertThat(fresh).isEqualTo(1);
    }
    heard(n -> n.type().equals("signal") && "OPENED".equals(n.data().get("state")) && String.valueOf(n.areaCode()).startsWith(A));
    assertThat(ground.<List<String>>asSystem(() -> jdbc.sql("SELECT state FROM sensing_warning WHERE subject = 'CAM-STORM'").query(String.class).list())).containsExactly("LIVE");
    assertThat(ground.<Long>asSystem(() -> jdbc.sql("""
        SELECT count(*) FROM intake_signal s JOIN sensing_warning w ON s.source_system = 'warning' AND s.source_ref = w.id::text WHERE w.subject = 'CAM-STORM' AND s.channel = 'CAMERA'""")
        .query(Long.class).single())).isEqualTo(1);
  }

  @Test
  void aLaterPictureOfNothingPassesTheCheckWhereTheUnitAllowsItAndAPersonCanUndoIt() throws Exception {
    UnitRef works = people.unit("环卫所", UnitKind.DEPARTMENT, A, null);
    TestClient leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    assertThat(leader.send("PUT", "/api/camera-consents/" + works.id() + "/full-bin", Map.of("reason", "试点路段由视频自动核查"), Map.of()).status()).isEqualTo(204);
    camera("CAM-PROOF", 1.5, 1.5, null);
    TestClient box = box(A);
    Instant seen = now().minusSeconds(30);
    long warning = taken(box.post("/api/alarms/camera", alarm("CAM-PROOF", "full-bin", seen, "confidence", 0.92, "picture", picture(1), "description", "垃圾桶满溢")), "RAISED").path("warningId").asLong();
    taken(box.post("/api/alarms/camera", alarm("CAM-PROOF", "full-bin", seen.plusSeconds(1), "confidence", 0.8)), "JOINED");
    taken(box.post("/api/alarms/camera", alarm("CAM-PROOF", "full-bin", seen.plusSeconds(2), "confidence", 0.3)), "RECORDED");
    heard(n -> n.type().equals("signal") && "OPENED".equals(n.data().get("state")) && String.valueOf(n.areaCode()).startsWith(A));
    Answer of = people.someone(Role.ACCEPTOR, A, null).client().get("/api/signals/of-source?system=warning&ref=" + warning);
    long caseId = of.json().path("caseId").asLong();
    assertThat(of.json().path("media")).hasSize(1);

    // Before the disposal a picture proves nothing about it.
    taken(box.post("/api/alarms/camera", alarm("CAM-PROOF", "full-bin", seen.plusSeconds(5), "clear", true, "picture", picture(2))), "CLEARED");
    TestClient acceptor = dispose(caseId, works);
    assertThat(ground.file(caseId).stage()).isEqualTo(CaseStage.DISPOSED);

    taken(box.post("/api/alarms/camera", alarm("CAM-PROOF", "full-bin", ground.file(caseId).disposedAt().plusMillis(1), "clear", true, "picture", picture(3))), "RECORDED");
    heard(n -> n.type().equals("case") && n.data().get("caseId").equals(caseId) && "CHECKED".equals(n.data().get("stage")));
    JsonNode detail = acceptor.get("/api/cases/" + caseId).json();
    JsonNode check = detail.path("steps").path(detail.path("steps").size() - 1);
    assertThat(check.path("action").asString()).isEqualTo("CHECK");
    assertThat(check.path("media")).as("the pair of pictures").hasSize(2);
    assertThat(check.path("opinion").asString()).contains("CAM-PROOF").contains("授权");
    assertThat(detail.path("signals").path(0).path("warningId").asString()).isEqualTo(String.valueOf(warning));

    Answer undone = ground.take(people.someone(Role.SHIFT_LEADER, A, null).client(), caseId, CaseAction.REOPEN, "reason", "画面被树叶遮挡");
    assertThat(undone.status()).as(undone.text()).isEqualTo(200);
    assertThat(ground.file(caseId).stage()).isEqualTo(CaseStage.DISPOSED);
    assertThat(ground.file(caseId).leadUnitId()).as("it stays with its unit").isEqualTo(works.id());
    take(people.someone(Role.VERIFIER, A, null).client(), caseId, CaseAction.CHECK, "result", "PASS");
    assertThat(ground.take(people.someone(Role.SHIFT_LEADER, A, null).client(), caseId, CaseAction.REOPEN, "reason", "x").problem()).as("what a person checked").isEqualTo("case.guard");
    assertThat(leader.delete("/api/camera-consents/" + works.id() + "/full-bin").status()).isEqualTo(204);
  }

  @Test
  void withoutBothPicturesNothingIsProvedAndTheLogSaysWhy() throws Exception {
    UnitRef works = people.unit("环卫二所", UnitKind.DEPARTMENT, A, null);
    TestClient leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    Map<String, String> classes = Map.of("CAM-BLIND", "full-bin", "CAM-GONE", "laundry");
    for (String kind : classes.values()) {
      assertThat(leader.send("PUT", "/api/camera-consents/" + works.id() + "/" + kind, Map.of("reason", "试点"), Map.of()).status()).isEqualTo(204);
    }
    TestClient box = box(A);
    Instant seen = now().minusSeconds(30);
    var logger = (Logger) LoggerFactory.getLogger("io.citywide.cases.internal.SceneProof");
    BlockingQueue<String> said = new LinkedBlockingQueue<>();
    var appender = new AppenderBase<ILoggingEvent>() {
      @Override
      protected void append(ILoggingEvent event) {
        said.add(event.getFormattedMessage());
      }
    };
    appender.start();
    logger.addAppender(appender);
    logger.setLevel(Level.DEBUG);
    try {
      for (String camera : List.of("CAM-BLIND", "CAM-GONE")) {
        boolean gone = camera.equals("CAM-GONE");
        String kind = classes.get(camera);
        camera(camera, gone ? 0.1 : 1.5, gone ? 1.9 : 0.3, null);
        long warning = taken(box.post("/api/alarms/camera", alarm(camera, kind, seen)), "RAISED").path("warningId").asLong();
        heard(n -> n.type().equals("signal") && "OPENED".equals(n.data().get("state")) && String.valueOf(n.areaCode()).startsWith(A));
        if (gone) {
          // A later alarm has a picture, which nothing but the time holds.
          taken(box.post("/api/alarms/camera", alarm(camera, kind, seen.plusSeconds(1), "picture", picture(11))), "JOINED");
          assertThat(ground.<Integer>asSystem(() -> jdbc.sql("""
              UPDATE intake_media_hold SET until = now() - interval '1 day' WHERE sha256 IN (SELECT picture FROM sensing_camera_alarm WHERE warning_id = :warning)""")
              .param("warning", warning).update())).isPositive();
          assertThat(media.clean()).isPositive();
        }
        long caseId = people.someone(Role.ACCEPTOR, A, null).client().get("/api/signals/of-source?system=warning&ref=" + warning).json().path("caseId").asLong();
        dispose(caseId, works);
        taken(box.post("/api/alarms/camera", alarm(camera, kind, ground.file(caseId).disposedAt().plusMillis(1), "clear", true, "picture", picture(12))), "CLEARED");
        assertThat(await(said, line -> line.contains(ground.file(caseId).caseNo()))).contains("does not pass the check",
            gone ? "of the alarm is deleted" : "no picture came with the alarm");
        assertThat(ground.file(caseId).stage()).isEqualTo(CaseStage.DISPOSED);
      }
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(null);
    }
  }

  /** Up to the disposal by this unit; the acceptor who did the first steps. */
  private TestClient dispose(long caseId, UnitRef unit) {
    TestClient acceptor = people.someone(Role.ACCEPTOR, A, null).client();
    take(acceptor, caseId, CaseAction.ACCEPT);
    take(acceptor, caseId, CaseAction.FILE);
    take(people.someone(Role.DISPATCHER, A, null).client(), caseId, CaseAction.DISPATCH, "leadUnitId", unit.id());
    take(people.someone(Role.HANDLER, A, unit).client(), caseId, CaseAction.DISPOSE, "opinion", "已清运");
    return acceptor;
  }

  private void take(TestClient client, long id, CaseAction action, Object... fields) {
    Answer answer = ground.take(client, id, action, fields);
    assertThat(answer.status()).as("%s: %s", action, answer.text()).isEqualTo(200);
  }

  @Test
  void whatCannotBeAnAlarmIsRefusedAndChangesNothing() {
    camera("CAM-BAD", 0.5, 1.5, null);
    TestClient box = box(A);
    Instant at = now();
    assertThat(box.post("/api/alarms/camera", alarm("CAM-NONE", "full-bin", at)).problem()).isEqualTo("camera.unknown");
    assertThat(box(B).post("/api/alarms/camera", alarm("CAM-BAD", "full-bin", at)).problem()).as("a key of another community").isEqualTo("camera.unknown");
    assertThat(box.post("/api/alarms/camera", alarm("CAM-BAD", "dragon", at)).problem()).isEqualTo("camera.unknown-class");
    assertThat(box.post("/api/alarms/camera", alarm("CAM-BAD", "full-bin", at, "confidence", 1.5)).problem()).isEqualTo("camera.invalid");
    assertThat(box.post("/api/alarms/camera", alarm("CAM-BAD", "full-bin", at, "box", List.of(0.5, 0.5, 0.9, 0.1))).problem()).isEqualTo("camera.invalid");
    assertThat(box.post("/api/alarms/camera", alarm("CAM-BAD", "full-bin", at.plusSeconds(3600))).problem()).isEqualTo("camera.invalid");
    assertThat(box.post("/api/alarms/camera", alarm("CAM-BAD", "full-bin", at, "clear", true)).problem()).as("without a picture").isEqualTo("camera.invalid");
    assertThat(box.post("/api/alarms/camera", alarm("CAM-BAD", "full-bin", at, "picture", "####")).problem()).isEqualTo("camera.invalid");
    assertThat(box.post("/api/alarms/camera", alarm("CAM-BAD", "full-bin", at, "picture", Base64.getEncoder().encodeToString("no picture".getBytes(StandardCharsets.UTF_8)))).problem()).isEqualTo("media.type");
    assertThat(people.someone(Role.SHIFT_LEADER, A, null).client().post("/api/alarms/camera", alarm("CAM-BAD", "full-bin", at)).status()).isEqualTo(403);
    assertThat(ground.<Long>asSystem(() -> jdbc.sql("SELECT count(*) FROM sensing_camera_alarm a JOIN sensing_device d ON d.id = a.device_id WHERE d.code = 'CAM-BAD'").query(Long.class).single())).isZero();
  }

  @Test
  void picturesAreSeenWithTheirAlarmAndWarningsOfQuietCamerasEnd() {
    camera("CAM-FORM", 2.5, 0.5, null);
    String json = "{\"camera\":\"CAM-FORM\",\"class\":\"piled-things\",\"confidence\":0.7}";
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(("--b\r\nContent-Disposition: form-data; name=\"alarm\"\r\nContent-Type: application/json\r\n\r\n" + json
        + "\r\n--b\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    form.writeBytes(png(7));
    form.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
    JsonNode raised = taken(box(B).send("POST", "/api/alarms/camera", form.toByteArray(), Map.of("Content-Type", "multipart/form-data; boundary=b")), "RAISED");
    String path = "/api/alarms/camera/" + raised.path("alarmId").asLong() + "/picture";
    assertThat(people.someone(Role.LEADER, B, null).client().get(path).status()).isEqualTo(200);
    assertThat(people.someone(Role.LEADER, A, null).client().get(path).problem()).isEqualTo("camera.unknown-alarm");
    assertThat(people.someone(Role.LEADER, B, null).client().get("/api/alarms/camera?warningId=" + raised.path("warningId").asLong()).json().path("items").path(0).path("confidence").asDouble()).isEqualTo(0.7);

    ground.asSystem(() -> jdbc.sql("UPDATE sensing_warning SET since = since - interval '2 hours', last_alarm_at = last_alarm_at - interval '2 hours' WHERE subject = 'CAM-FORM'").update());
    assertThat(desk.settle()).isPositive();
    assertThat(ground.<String>asSystem(() -> jdbc.sql("SELECT state FROM sensing_warning WHERE subject = 'CAM-FORM'").query(String.class).single())).isEqualTo("ENDED");
  }

  private static String notify(String device, String extra) {
    return "<?xml version=\"1.0\" encoding=\"GB2312\"?>\r\n" + extra + "<Notify><CmdType>Alarm</CmdType><SN>17</SN><DeviceID>" + device + "</DeviceID><AlarmPriority>1</AlarmPriority>"
        + "<AlarmMethod>5</AlarmMethod><AlarmTime>" + Instant.now().atZone(java.time.ZoneId.of("Asia/Shanghai")).toLocalDateTime().truncatedTo(ChronoUnit.SECONDS)
        + "</AlarmTime><AlarmDescription>东门入侵报警㐀</AlarmDescription><Info><AlarmType>6</AlarmType></Info></Notify>";
  }

  @Test
  void takesAlarmsOfGb28181AndAnswersThem() {
    String device = "77050200001320000001";
    camera(device, 3.5, 0.5, null);
    TestClient gateway = box(CITY);
    byte[] body = notify(device, "").getBytes(Charset.forName("GB18030"));
    Answer answer = gateway.send("POST", "/api/alarms/gb28181", body, Map.of("Content-Type", "application/manscdp+xml"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.text()).contains("<Response>").contains("<SN>17</SN>").contains("<DeviceID>" + device + "</DeviceID>").contains("<Result>OK</Result>");
    assertThat(gateway.send("POST", "/api/alarms/gb28181", body, Map.of("Content-Type", "application/manscdp+xml")).status()).as("sent again").isEqualTo(200);
    assertThat(ground.<List<String>>asSystem(() -> jdbc.sql("SELECT name_zh || reason_zh FROM sensing_warning WHERE subject = :d").param("d", device).query(String.class).list()))
        .singleElement().asString().contains("入侵").contains("东门入侵报警㐀");
    // A video alarm that does not say of what kind, or of a kind that no class stands for, is an alarm all the same.
    for (String kind : List.of("", "<Info><AlarmType>13</AlarmType></Info>", "<Info><AlarmTypeParam><EventType>1</EventType></AlarmTypeParam></Info>")) {
      String plain = notify(device, "").replace("<Info><AlarmType>6</AlarmType></Info>", kind);
      Answer taken = gateway.send("POST", "/api/alarms/gb28181", plain.getBytes(Charset.forName("GB18030")), Map.of("Content-Type", "application/manscdp+xml"));
      assertThat(taken.status()).as("%s: %s", kind, taken.text()).isEqualTo(200);
    }
    assertThat(ground.<List<String>>asSystem(() -> jdbc.sql("SELECT rule_code || name_zh || name_en FROM sensing_warning WHERE subject = :d ORDER BY id").param("d", device)
        .query(String.class).list())).hasSize(2).last().isEqualTo("camera-video-alarm视频报警Video alarm");
    Answer entity = gateway.send("POST", "/api/alarms/gb28181",
        notify("&x;", "<!DOCTYPE Notify [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>").getBytes(Charset.forName("GB18030")), Map.of("Content-Type", "application/manscdp+xml"));
    assertThat(entity.problem()).isEqualTo("camera.invalid");
    for (String bad : List.of("", "<Notify/>", notify(device, "").replace("<AlarmMethod>5", "<AlarmMethod>9"), notify("123", ""), notify(device, "").replace("T", " ").replace(":", "-"))) {
      assertThatThrownBy(() -> Manscdp.read(bad.getBytes(Charset.forName("GB18030")))).isInstanceOf(ProblemException.class);
    }
  }
}
