package io.citywide.intake.internal.evidence;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import static io.citywide.intake.internal.evidence.TestPhotos.jpeg;
import static io.citywide.intake.internal.evidence.TestPhotos.pdf;
import static io.citywide.intake.internal.evidence.TestPhotos.withExif;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.platform.ProblemException;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Photos over HTTP: uploaded, held by a report, seen by who sees the report, deleted when nothing holds them. */
@ServerTest
class MediaTest {

  private static final TestCity CITY = new TestCity("911400", 112, 32);
  private static final AtomicLong SEED = new AtomicLong(100);

  @Autowired io.citywide.platform.TransactionSettings scope;
  @Autowired TestPeople people;
  @Autowired MediaStore media;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired BlobStore blobs;
  @Autowired Photos photos;
  @Autowired EvidenceSettings settings;

  private TestClient collector;

  @BeforeEach
  void aCity() {
    Answer areas = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client().put("/api/areas", CITY.geoJson());
    assertThat(areas.status()).as(areas.text()).isEqualTo(200);
    collector = people.someone(Role.COLLECTOR, CITY.city, null).client();
  }

  private static byte[] photo() {
    return jpeg(400, 300, SEED.incrementAndGet());
  }

  private static Answer upload(TestClient client, String path, String name, byte[] content) {
    String boundary = "a-boundary-no-photo-has";
    byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
        + "\"\r\nContent-Type: image/jpeg\r\n\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] body = ByteBuffer.allocate(head.length + content.length + tail.length).put(head).put(content).put(tail).array();
    return client.send("POST", path, body, Map.of("Content-Type", "multipart/form-data; boundary=" + boundary));
  }

  private static String stored(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().path("sha256").asString();
  }

  private Map<String, Object> report(double x, double y, String... sha256) {
    Map<String, Object> report = new HashMap<>();
    report.put("description", "路口的井盖破了，晚上很危险 " + SEED.incrementAndGet());
    report.put("kindId", "gb47678.5-M06010");
    report.put("lon", CITY.at(x, y).get(0));
    report.put("lat", CITY.at(x, y).get(1));
    report.put("media", List.of(sha256));
    return report;
  }

  @Test
  void answersWhatThePhotoSaysAndShowsItToItsUploader() {
    byte[] photo = withExif(photo(), 6, new int[] {32, 0, 36}, 'N', new int[] {112, 0, 36}, 'E');
    Answer answer = upload(collector, "/api/media", "井盖.jpg", photo);
    String sha = stored(answer);
    assertThat(answer.json().path("width").asInt()).isEqualTo(300);
    assertThat(answer.json().path("lon").asDouble()).isEqualTo(112.01);
    assertThat(answer.json().path("takenAt").asString()).isEqualTo("2026-11-20T00:15:30Z");

    Answer shown = collector.get("/api/media/" + sha);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.response().headers().firstValue("Content-Type")).hasValue("image/jpeg");
    assertThat(shown.response().headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(shown.response().headers().firstValue("Cache-Control")).hasValueSatisfying(c -> assertThat(c).contains("private", "immutable"));
    assertThat(collector.get("/api/media/" + sha + "/thumbnail").status()).isEqualTo(200);
    assertThat(stored(upload(collector, "/api/media", "again.jpg", photo))).as("the same photo is kept once").isEqualTo(sha);
  }

  @Test
  void takesPhotosFromEverybodyWhoWorksHereAndFromReportingMachines() {
    stored(upload(people.someone(Role.VERIFIER, CITY.city, null).client(), "/api/media", "a.jpg", photo()));
    stored(upload(people.someone(Role.HANDLER, CITY.city, null).client(), "/api/media", "a.jpg", photo()));
    stored(upload(people.machine(CITY.city, Permission.SIGNAL_REPORT), "/api/media", "a.jpg", photo()));
    assertThat(upload(people.machine(CITY.city, Permission.PLACE_READ), "/api/media", "a.jpg", photo()).status()).isEqualTo(403);
    assertThat(upload(people.nobody(), "/api/media", "a.jpg", photo()).status()).isEqualTo(401);
  }

  @Test
  void refusesAPdfNamedJpgAndATooLargePhotoByName() {
    Answer disguised = upload(collector, "/api/media", "photo.jpg", pdf());
    assertThat(disguised.status()).isEqualTo(415);
    assertThat(disguised.problem()).isEqualTo("media.type");
    assertThat(disguised.json().path("found").asString()).isEqualTo("PDF");
    Answer large = upload(collector, "/api/media", "large.jpg", new byte[20_000_000]);
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.problem()).isEqualTo("media.too-large");
    assertThat(large.json().path("bound").asLong()).isEqualTo(16L << 20);
    assertThat(large.json().path("value").asLong()).isEqualTo(20_000_000);
    Answer huge = upload(collector, "/api/media", "huge.jpg", new byte[70_000_000]);
    assertThat(huge.status()).as("answered, not a connection that breaks").isEqualTo(413);
    assertThat(huge.json().path("bound").asLong()).isEqualTo(64L << 20);
    assertThat(huge.json().path("value").asLong()).isGreaterThan(70_000_000);
  }

  @Test
  void showsAPhotoToThoseOnlyWhoSeeTheReportThatHoldsIt() {
    String sha = stored(upload(collector, "/api/media", "a.jpg", photo()));
    TestClient ofTheCity = people.someone(Role.ACCEPTOR, CITY.city, null).client();
    assertThat(ofTheCity.get("/api/media/" + sha).problem()).as("nothing holds it yet").isEqualTo("media.not-found");
    Answer taken = collector.post("/api/signals", report(0.5, 0.5, sha));
    assertThat(taken.status()).as(taken.text()).isEqualTo(201);
    assertThat(ofTheCity.get("/api/media/" + sha).status()).isEqualTo(200);
    TestClient ofTheCommunity = people.someone(Role.VERIFIER, "911402001001", null).client();
    assertThat(ofTheCommunity.get("/api/media/" + sha + "/thumbnail").status()).isEqualTo(200);
    TestClient ofTheNextCommunity = people.someone(Role.VERIFIER, "911402001002", null).client();
    assertThat(ofTheNextCommunity.get("/api/media/" + sha).status()).isEqualTo(404);
    assertThat(people.someone(Role.HANDLER, CITY.city, null).client().get("/api/media/" + sha).status()).as("of another unit").isEqualTo(404);
    assertThat(people.nobody().get("/api/media/" + sha).status()).isEqualTo(401);
  }

  @Test
  void refusesAReportWithAPhotoThatIsNotThere() {
    Answer answer = collector.post("/api/signals", report(0.5, 0.5, "0".repeat(64)));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.problem()).isEqualTo("signal.unknown-media");
  }

  @Test
  void letsNobodyUseAsEvidenceWhatTheyCannotSee() {
    String sha = stored(upload(collector, "/api/media", "a.jpg", photo()));
    Viewer stranger = people.someone(Role.VERIFIER, "911402001002", null).viewer();
    assertThatThrownBy(() -> Viewer.runAs(stranger, () -> media.hold(List.of(sha), 1)))
        .isInstanceOf(ProblemException.class).hasMessageContaining("in your sight");
  }

  @Test
  void showsACitizenTheOwnPhotoByTheTrackingCode() {
    TestClient citizen = people.nobody();
    String sha = stored(upload(citizen, "/api/public/media", "a.jpg", photo()));
    String other = stored(upload(citizen, "/api/public/media", "b.jpg", photo()));
    assertThat(citizen.get("/api/media/" + sha).status()).isEqualTo(401);
    Answer taken = citizen.post("/api/public/reports", report(2.5, 0.5, sha));
    assertThat(taken.status()).as(taken.text()).isEqualTo(201);
    String path = "/api/public/reports/" + taken.json().path("trackingCode").asString() + "/media/";
    assertThat(citizen.get(path + sha).status()).isEqualTo(200);
    assertThat(citizen.get(path + sha + "/thumbnail").status()).isEqualTo(200);
    assertThat(citizen.get(path + other).problem()).isEqualTo("media.not-found");
    assertThat(citizen.get("/api/public/reports/AAAAAAAAAAAAAAAA/media/" + sha).status()).isEqualTo(404);
  }

  @Test
  void nobodyAttachesAPhotoOfWhichOnlyItsHashIsKnown() {
    String sha = stored(upload(collector, "/api/media", "a.jpg", photo()));
    TestClient stranger = people.someone(io.citywide.identity.Role.COLLECTOR, CITY.city, null).client();
    TestClient machine = people.machine(CITY.city, io.citywide.identity.Permission.SIGNAL_IMPORT);

    assertThat(stranger.post("/api/signals", report(3.5, 1.5, sha)).problem()).as("uploaded by somebody else").isEqualTo("signal.unknown-media");
    assertThat(people.nobody().post("/api/public/reports", report(3.5, 1.5, sha)).problem()).isEqualTo("signal.unknown-media");
    assertThat(machine.send("POST", "/api/signals:batch", List.of(report(3.5, 1.5, sha)), java.util.Map.of("Idempotency-Key", "photo-" + sha)).text()).contains("signal.unknown-media");

    Answer own = collector.post("/api/signals", report(3.5, 1.5, sha));
    assertThat(own.status()).as(own.text()).isEqualTo(201);
    assertThat(stranger.post("/api/signals", report(3.5, 1.5, sha)).status()).as("now it hangs on a report in sight").isEqualTo(201);
  }

  /** The store a day and an hour later. */
  private MediaStore tomorrow() {
    return new MediaStore(jdbc, transaction, blobs, photos, settings, scope, Clock.offset(Clock.systemUTC(), Duration.ofHours(25)), new SimpleMeterRegistry());
  }

  @Test
  void deletesAfterADayWhatNothingHolds() throws Exception {
    String unused = stored(upload(collector, "/api/media", "a.jpg", photo()));
    String held = stored(upload(collector, "/api/media", "b.jpg", photo()));
    assertThat(collector.post("/api/signals", report(1.5, 0.5, held)).status()).isEqualTo(201);
    media.clean();
    assertThat(blobs.get(unused)).as("younger than a day").isPresent();
    assertThat(tomorrow().clean()).isPositive();
    assertThat(blobs.get(unused)).isEmpty();
    assertThat(blobs.get(unused + ".thumb")).isEmpty();
    assertThat(collector.get("/api/media/" + unused).status()).isEqualTo(404);
    assertThat(blobs.get(held)).isPresent();
    assertThat(collector.get("/api/media/" + held).status()).isEqualTo(200);
  }

  @Test
  void refusesToHoldAPhotoThatMayBeDeletedAnyMoment() {
    String sha = stored(upload(collector, "/api/media", "a.jpg", photo()));
    assertThatThrownBy(() -> Viewer.runAs(Viewer.system("test"), () -> tomorrow().hold(List.of(sha), 1))).isInstanceOf(ProblemException.class);
  }

  @Test
  void neverDeletesAPhotoThatIsBeingHeld() throws Exception {
    String sha = stored(upload(collector, "/api/media", "a.jpg", photo()));
    var held = new CountDownLatch(1);
    var cleaned = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var holding = threads.submit(() -> Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> {
        media.check(List.of(sha), Viewer.system("test"));
        held.countDown();
        await(cleaned);
        media.holdForSignal(List.of(sha), 1);
        return null;
      })));
      await(held);
      tomorrow().clean();
      assertThat(blobs.get(sha)).as("locked by who is about to hold it").isPresent();
      cleaned.countDown();
      holding.get();
    }
    tomorrow().clean();
    assertThat(blobs.get(sha)).as("held").isPresent();
  }

  @Test
  void storesAgainWhatIsBeingDeleted() throws Exception {
    byte[] photo = photo();
    String sha = stored(upload(collector, "/api/media", "a.jpg", photo));
    var deleting = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    BlobStore slow = slowToDelete(sha, deleting, goOn);
    MediaStore cleaner = new MediaStore(jdbc, transaction, slow, photos, settings, scope, Clock.offset(Clock.systemUTC(), Duration.ofHours(25)), new SimpleMeterRegistry());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var cleaning = threads.submit(cleaner::clean);
      await(deleting);
      var storing = threads.submit(() -> Viewer.callAs(Viewer.system("test"), () -> media.store(new ByteArrayInputStream(photo), "a.jpg")));
      goOn.countDown();
      cleaning.get();
      assertThat(storing.get().sha256()).isEqualTo(sha);
    }
    assertThat(blobs.get(sha)).isPresent();
    assertThat(blobs.get(sha + ".thumb")).isPresent();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The store, but it waits before it deletes one photo. */
  private BlobStore slowToDelete(String sha, CountDownLatch deleting, CountDownLatch goOn) {
    return new BlobStore() {
      @Override
      public void put(String name, byte[] content) throws java.io.IOException {
        blobs.put(name, content);
      }

      @Override
      public java.util.Optional<byte[]> get(String name) throws java.io.IOException {
        return blobs.get(name);
      }

      @Override
      public void delete(String name) throws java.io.IOException {
        if (name.equals(sha)) {
          deleting.countDown();
          await(goOn);
        }
        blobs.delete(name);
      }

      @Override
      public java.util.stream.Stream<String> names() throws java.io.IOException {
        return blobs.names();
      }

      @Override
      public void removeUnfinished() throws java.io.IOException {
        blobs.removeUnfinished();
      }
    };
  }

  @Test
  void leavesAloneWhatAnotherServerOfTheSameFolderIsWriting(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder) throws Exception {
    java.nio.file.Path inside = java.nio.file.Files.createDirectories(folder.resolve("ab").resolve("cd"));
    java.nio.file.Path writing = java.nio.file.Files.createFile(inside.resolve(".1.part"));
    java.nio.file.Path abandoned = java.nio.file.Files.createFile(inside.resolve(".2.part"));

    try (var channel = java.nio.channels.FileChannel.open(writing, java.nio.file.StandardOpenOption.WRITE); var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      new DiskBlobStore(folder).removeUnfinished();
    }

    assertThat(writing).exists();
    assertThat(abandoned).doesNotExist();
  }

  @Test
  void sweepsUpFilesThatAKilledServerWroteBeforeItsCommit() throws Exception {
    String kept = stored(upload(collector, "/api/media", "a.jpg", photo()));
    String orphan = "ab".repeat(32);
    blobs.put(orphan, new byte[] {1});
    blobs.put(orphan + ".thumb", new byte[] {2});

    assertThat(media.sweep()).isPositive();

    assertThat(blobs.get(orphan)).isEmpty();
    assertThat(blobs.get(orphan + ".thumb")).isEmpty();
    assertThat(blobs.get(kept)).isPresent();
    assertThat(blobs.get(kept + ".thumb")).isPresent();
  }

  @Test
  void storesAgainWhatIsBeingSweptUp() throws Exception {
    byte[] photo = photo();
    String sha = stored(upload(collector, "/api/media", "a.jpg", photo));
    // As a killed server leaves it: the bytes without the row.
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> {
      jdbc.sql("DELETE FROM intake_media_hold WHERE sha256 = :sha").param("sha", sha).update();
      jdbc.sql("DELETE FROM intake_media WHERE sha256 = :sha").param("sha", sha).update();
    }));
    var deleting = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    MediaStore sweeper = new MediaStore(jdbc, transaction, slowToDelete(sha, deleting, goOn), photos, settings, scope, Clock.systemUTC(), new SimpleMeterRegistry());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var sweeping = threads.submit(() -> sweeper.sweep());
      await(deleting);
      var storing = threads.submit(() -> Viewer.callAs(Viewer.system("test"), () -> media.store(new ByteArrayInputStream(photo), "a.jpg")));
      goOn.countDown();
      assertThat(sweeping.get()).isPositive();
      assertThat(storing.get().sha256()).isEqualTo(sha);
    }
    assertThat(blobs.get(sha)).isPresent();
    assertThat(blobs.get(sha + ".thumb")).isPresent();
  }
}
