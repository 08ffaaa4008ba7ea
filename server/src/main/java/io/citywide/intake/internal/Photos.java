package io.citywide.intake.internal;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.lang.GeoLocation;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifSubIFDDirectory;
import com.drew.metadata.exif.GpsDirectory;
import io.citywide.intake.IntakeProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.Semaphore;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;
import org.springframework.stereotype.Component;

/**
 * Judges photos by their content, never by name or declared type, and makes them anew: upright, without metadata
 * (a photo of a pothole need not tell where its taker lives), plus a small one.
 */
@Component
class Photos {

  static final int THUMBNAIL_PIXELS = 320;
  private static final float QUALITY = 0.9f;

  private final EvidenceSettings settings;
  private final TimeZone zone;

  /** A decoded photo takes 4 bytes a pixel; few at a time keep the memory bounded. */
  private final Semaphore decoding = new Semaphore(2);

  Photos(EvidenceSettings settings, ServerSettings server) {
    this.settings = settings;
    this.zone = TimeZone.getTimeZone(server.zone());
  }

  /** A photo made anew, and what its metadata said. */
  record Clean(byte[] content, String contentType, int width, int height, byte[] thumbnail, Instant takenAt, Double lon, Double lat) {}

  /** @throws ProblemException {@code media.type}, {@code media.too-large} or {@code media.unreadable} */
  Clean clean(byte[] content, String name) {
    String type = typeOf(content);
    if (!type.equals("JPEG") && !type.equals("PNG")) {
      throw new ProblemException(IntakeProblem.MEDIA_TYPE, "'" + name + "' is " + type + " by its content; JPEG and PNG photos are taken",
          Map.of("field", "file", "found", type, "accepted", "JPEG, PNG"));
    }
    decoding.acquireUninterruptibly();
    try {
      return make(content, type, name);
    } catch (IOException | RuntimeException e) {
      if (e instanceof ProblemException problem) {
        throw problem;
      }
      throw new ProblemException(IntakeProblem.MEDIA_UNREADABLE, "'" + name + "' begins as " + type + " but cannot be decoded: " + e.getMessage(), Map.of("field", "file"));
    } finally {
      decoding.release();
    }
  }

  private Clean make(byte[] content, String type, String name) throws IOException {
    Metadata metadata = metadata(content);
    BufferedImage image = upright(decode(content, type, name), orientation(metadata));
    boolean transparent = image.getColorModel().hasAlpha();
    String format = transparent ? "png" : "jpeg";
    byte[] clean = encode(image, format);
    byte[] thumbnail = encode(small(image), "jpeg");
    GeoLocation where = where(metadata);
    return new Clean(clean, "image/" + format, image.getWidth(), image.getHeight(), thumbnail, takenAt(metadata),
        where == null ? null : where.getLongitude(), where == null ? null : where.getLatitude());
  }

  private BufferedImage decode(byte[] content, String type, String name) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(content))) {
      Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(type);
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width * height > settings.maxPixels()) {
          throw new ProblemException(IntakeProblem.MEDIA_TOO_LARGE, "'" + name + "' has " + width + " × " + height + " pixels, at most " + settings.maxPixels() + " are decoded",
              Map.of("field", "file", "value", width * height, "bound", settings.maxPixels()));
        }
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    }
  }

  /** EXIF orientation 1..8: mirrored, turned, or both. Opaque images become plain RGB, transparent ones keep their alpha. */
  private static BufferedImage upright(BufferedImage image, int orientation) {
    int w = image.getWidth();
    int h = image.getHeight();
    AffineTransform turn = switch (orientation) {
      case 2 -> new AffineTransform(-1, 0, 0, 1, w, 0);
      case 3 -> new AffineTransform(-1, 0, 0, -1, w, h);
      case 4 -> new AffineTransform(1, 0, 0, -1, 0, h);
      case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
      case 6 -> new AffineTransform(0, 1, -1, 0, h, 0);
      case 7 -> new AffineTransform(0, -1, -1, 0, h, w);
      case 8 -> new AffineTransform(0, -1, 1, 0, 0, w);
      default -> new AffineTransform();
    };
    boolean sideways = orientation >= 5 && orientation <= 8;
    boolean alpha = image.getColorModel().hasAlpha();
    var upright = new BufferedImage(sideways ? h : w, sideways ? w : h, alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    Graphics2D g = upright.createGraphics();
    g.drawImage(image, turn, null);
    g.dispose();
    return upright;
  }

  private static BufferedImage small(BufferedImage image) {
    double scale = Math.min(1, (double) THUMBNAIL_PIXELS / Math.max(image.getWidth(), image.getHeight()));
    int w = Math.max(1, (int) Math.round(image.getWidth() * scale));
    int h = Math.max(1, (int) Math.round(image.getHeight() * scale));
    var small = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = small.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, w, h);
    g.drawImage(image, 0, 0, w, h, null);
    g.dispose();
    return small;
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    var out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      ImageWriteParam how = writer.getDefaultWriteParam();
      if (format.equals("jpeg")) {
        how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        how.setCompressionQuality(QUALITY);
      }
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** What a file is by its first bytes; a name for a person. */
  static String typeOf(byte[] content) {
    if (starts(content, 0, 0xFF, 0xD8, 0xFF)) {
      return "JPEG";
    }
    if (starts(content, 0, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
      return "PNG";
    }
    if (starts(content, 0, '%', 'P', 'D', 'F')) {
      return "PDF";
    }
    if (starts(content, 0, 'R', 'I', 'F', 'F') && starts(content, 8, 'W', 'E', 'B', 'P')) {
      return "WebP";
    }
    if (starts(content, 0, 'G', 'I', 'F', '8')) {
      return "GIF";
    }
    if (starts(content, 4, 'f', 't', 'y', 'p')) {
      return starts(content, 8, 'h', 'e', 'i') || starts(content, 8, 'm', 'i', 'f') ? "HEIC" : "a video (MP4)";
    }
    if (starts(content, 0, 'P', 'K', 3, 4)) {
      return "a ZIP archive or office document";
    }
    if (starts(content, 0, 'I', 'I', '*', 0) || starts(content, 0, 'M', 'M', 0, '*')) {
      return "TIFF";
    }
    if (starts(content, 0, 'B', 'M')) {
      return "BMP";
    }
    if (starts(content, 0, '<')) {
      return "HTML, XML or SVG";
    }
    return content.length == 0 ? "empty" : "of an unknown type";
  }

  private static boolean starts(byte[] content, int at, int... bytes) {
    if (content.length < at + bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if ((content[at + i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /** Broken metadata is no reason to refuse a photo. */
  private static Metadata metadata(byte[] content) {
    try {
      return ImageMetadataReader.readMetadata(new ByteArrayInputStream(content), content.length);
    } catch (ImageProcessingException | IOException e) {
      return new Metadata();
    }
  }

  private static int orientation(Metadata metadata) {
    var exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
    Integer orientation = exif == null ? null : exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
    return orientation == null ? 1 : orientation;
  }

  /** The camera's clock shows local time unless it says otherwise. */
  private Instant takenAt(Metadata metadata) {
    var exif = metadata.getFirstDirectoryOfType(ExifSubIFDDirectory.class);
    var date = exif == null ? null : exif.getDateOriginal(zone);
    return date == null ? null : date.toInstant();
  }

  private static GeoLocation where(Metadata metadata) {
    var gps = metadata.getFirstDirectoryOfType(GpsDirectory.class);
    GeoLocation where = gps == null ? null : gps.getGeoLocation();
    return where == null || where.isZero() || Math.abs(where.getLatitude()) > 90 || Math.abs(where.getLongitude()) > 180 ? null : where;
  }
}
