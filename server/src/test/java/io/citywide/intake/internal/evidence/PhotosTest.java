package io.citywide.intake.internal.evidence;

import static io.citywide.intake.internal.evidence.TestPhotos.bomb;
import static io.citywide.intake.internal.evidence.TestPhotos.jpeg;
import static io.citywide.intake.internal.evidence.TestPhotos.joined;
import static io.citywide.intake.internal.evidence.TestPhotos.pdf;
import static io.citywide.intake.internal.evidence.TestPhotos.png;
import static io.citywide.intake.internal.evidence.TestPhotos.withExif;
import static io.citywide.intake.internal.evidence.TestPhotos.withSegment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.citywide.intake.IntakeProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.awt.Color;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

/** Photos are judged by content and made anew. */
class PhotosTest {

  private static final int[] LATITUDE = {31, 14, 24};
  private static final int[] LONGITUDE = {121, 29, 6};

  private final Photos photos = new Photos(settings("disk", ""), new ServerSettings(Path.of("target"), "", ZoneId.of("Asia/Shanghai")));

  static EvidenceSettings settings(String store, String endpoint) {
    return new EvidenceSettings("s3".equals(store) ? EvidenceSettings.Store.S3 : EvidenceSettings.Store.DISK, "", DataSize.ofMegabytes(16), 50_000_000, 2_560,
        Duration.ofHours(24), endpoint, "us-east-1", "citywide", "access", "secret");
  }

  private static BufferedImage image(byte[] content) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(content));
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.ISO_8859_1);
  }

  private ProblemException refusal(byte[] content, String name) {
    ProblemException problem = catchThrowableOfType(ProblemException.class, () -> photos.clean(content, name));
    assertThat(problem).as(name + " is refused").isNotNull();
    return problem;
  }

  @Test
  void readsWhereAndWhenAPhotoWasTakenAndKeepsNeitherInIt() {
    Photos.Clean clean = photos.clean(withExif(jpeg(400, 300, 1), 1, LATITUDE, 'N', LONGITUDE, 'E'), "a.jpg");
    assertThat(clean.lat()).isCloseTo(31 + 14 / 60.0 + 24 / 3600.0, within(1e-9));
    assertThat(clean.lon()).isCloseTo(121 + 29 / 60.0 + 6 / 3600.0, within(1e-9));
    assertThat(clean.takenAt()).isEqualTo(Instant.parse("2026-11-20T00:15:30Z"));
    assertThat(text(clean.content())).doesNotContain("Exif").doesNotContain("2026:11:20");
    assertThat(text(clean.thumbnail())).doesNotContain("Exif");
  }

  @Test
  void countsTheMemoryOfAPhotoAndNotOnlyItsPixels() throws IOException {
    var deep = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), true, false, Transparency.TRANSLUCENT, DataBuffer.TYPE_USHORT);
    var content = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(deep, deep.createCompatibleWritableRaster(90, 100), false, null), "png", content);
    var few = new EvidenceSettings(EvidenceSettings.Store.DISK, "", DataSize.ofMegabytes(16), 10_000, 2_560, Duration.ofHours(24), "", "us-east-1", "citywide", "", "");

    ProblemException refused = catchThrowableOfType(ProblemException.class,
        () -> new Photos(few, new ServerSettings(Path.of("target"), "", ZoneId.of("Asia/Shanghai"))).clean(content.toByteArray(), "deep.png"));

    assertThat(refused.problem()).isEqualTo(IntakeProblem.MEDIA_TOO_LARGE);
    assertThat(refused.extras()).containsEntry("value", 72_000L).containsEntry("bound", 40_000L);
  }

  @Test
  void readsSouthAndWestAsNegative() {
    Photos.Clean clean = photos.clean(withExif(jpeg(40, 30, 1), 1, LATITUDE, 'S', LONGITUDE, 'W'), "a.jpg");
    assertThat(clean.lat()).isNegative();
    assertThat(clean.lon()).isNegative();
  }

  @Test
  void dropsAPositionThatIsNoneAndMetadataThatIsBroken() {
    Photos.Clean outside = photos.clean(withExif(jpeg(40, 30, 1), 1, new int[] {99, 0, 0}, 'N', LONGITUDE, 'E'), "a.jpg");
    assertThat(outside.lat()).isNull();
    Photos.Clean broken = photos.clean(withSegment(jpeg(40, 30, 1), 0xE1, "Exif\0\0MM\0*\0\0\0\u00ff".getBytes(StandardCharsets.ISO_8859_1)), "a.jpg");
    assertThat(broken.width()).isEqualTo(40);
    assertThat(broken.takenAt()).isNull();
  }

  @Test
  void turnsAPhotoUprightByItsOrientation() throws IOException {
    // The left half is red. 6: the camera was held so that the picture has to be turned clockwise; left becomes top.
    Photos.Clean clean = photos.clean(withExif(jpeg(400, 300, 1), 6, LATITUDE, 'N', LONGITUDE, 'E'), "a.jpg");
    assertThat(clean.width()).isEqualTo(300);
    assertThat(clean.height()).isEqualTo(400);
    BufferedImage image = image(clean.content());
    assertThat(new Color(image.getRGB(150, 50)).getRed()).as("top is red").isGreaterThan(200);
    assertThat(new Color(image.getRGB(20, 380)).getBlue()).as("bottom is blue").isGreaterThan(200);
    // 3: upside down; left becomes right.
    BufferedImage turned = image(photos.clean(withExif(jpeg(400, 300, 1), 3, LATITUDE, 'N', LONGITUDE, 'E'), "a.jpg").content());
    assertThat(new Color(turned.getRGB(350, 150)).getRed()).isGreaterThan(200);
  }

  @Test
  void makesLargePhotosSmallerAndAThumbnailOfEach() throws IOException {
    Photos.Clean clean = photos.clean(jpeg(6_000, 3_000, 1), "large.jpg");
    assertThat(clean.width()).isEqualTo(2_560);
    assertThat(clean.height()).isEqualTo(1_280);
    BufferedImage thumbnail = image(clean.thumbnail());
    assertThat(thumbnail.getWidth()).isEqualTo(320);
    assertThat(thumbnail.getHeight()).isEqualTo(160);
    assertThat(photos.clean(jpeg(100, 50, 1), "small.jpg").width()).isEqualTo(100);
  }

  @Test
  void keepsTransparencyAndMakesOpaquePngAPhoto() {
    assertThat(photos.clean(png(50, 40, true), "a.png").contentType()).isEqualTo("image/png");
    assertThat(photos.clean(png(50, 40, false), "a.png").contentType()).isEqualTo("image/jpeg");
  }

  @Test
  void believesTheContentAndNotTheName() {
    ProblemException problem = refusal(pdf(), "photo.jpg");
    assertThat(problem.problem().status()).isEqualTo(415);
    assertThat(problem.getMessage()).contains("'photo.jpg' is PDF by its content");
    assertThat(problem.extras()).containsEntry("found", "PDF");
    assertThat(refusal("<svg onload=alert(1)>".getBytes(StandardCharsets.UTF_8), "a.png").problem().status()).isEqualTo(415);
    assertThat(refusal("GIF89a".getBytes(StandardCharsets.UTF_8), "a.jpg").getMessage()).contains("GIF");
    assertThat(photos.clean(jpeg(40, 30, 1), "report.pdf").contentType()).isEqualTo("image/jpeg");
  }

  @Test
  void refusesWhatIsEmptyTornOrOnlyBeginsLikeAPhoto() {
    assertThat(refusal(new byte[0], "a.jpg").getMessage()).contains("empty");
    byte[] whole = jpeg(800, 600, 1);
    assertThat(refusal(Arrays.copyOf(whole, whole.length / 2), "torn.jpg").problem().code()).isEqualTo("media.unreadable");
    assertThat(refusal(Arrays.copyOf(whole, 3), "torn.jpg").problem().status()).isEqualTo(422);
    byte[] png = TestPhotos.noise(60);
    assertThat(refusal(Arrays.copyOf(png, png.length / 2), "torn.png").problem().code()).isEqualTo("media.unreadable");
    assertThat(refusal(joined(Arrays.copyOf(whole, 4), pdf()), "disguised.jpg").problem().code()).isEqualTo("media.unreadable");
  }

  @Test
  void judgesTheNumberOfPixelsBeforeDecodingAny() {
    ProblemException problem = refusal(bomb(60_000, 60_000), "bomb.png");
    assertThat(problem.problem().status()).isEqualTo(413);
    assertThat(problem.getMessage()).contains("60000 × 60000 pixels", "50000000");
    assertThat(problem.extras()).containsEntry("value", 3_600_000_000L).containsEntry("bound", 50_000_000L);
  }

  @Test
  void keepsNothingThatIsHiddenBehindOrInsideAPicture() {
    byte[] script = "<script>alert('x')</script>PK\003\004".getBytes(StandardCharsets.ISO_8859_1);
    Photos.Clean behind = photos.clean(joined(jpeg(80, 60, 1), script), "polyglot.jpg");
    assertThat(text(behind.content())).doesNotContain("script").doesNotContain("PK\003\004");
    Photos.Clean inside = photos.clean(withSegment(jpeg(80, 60, 1), 0xFE, script), "comment.jpg");
    assertThat(text(inside.content())).doesNotContain("script");
    assertThat(inside.content()).as("the same picture is the same file").isEqualTo(behind.content());
  }

  @Test
  void stopsTheStartWithASettingThatIsMissing() {
    assertThatIllegalArgumentException().isThrownBy(() -> settings("s3", "")).withMessageContaining("citywide.evidence.s3-endpoint");
    assertThatIllegalArgumentException().isThrownBy(() -> settings("s3", "ftp://x")).withMessageContaining("ftp://x");
    assertThat(settings("disk", "").toString()).doesNotContain("secret");
  }
}
