package io.citywide.intake.internal.evidence;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.lang.GeoLocation;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * Judges photos by their content, never by name or declared type, and makes them anew: upright, not larger than needed,
 * without metadata (a photo of a pothole need not tell where its taker lives) and without anything that was hidden
 * behind the picture; plus a small one.
 */
@Component
class Photos {

  static final int THUMBNAIL_PIXELS = 320;
  private static final float QUALITY = 0.9f;

  private final EvidenceSettings settings;
  private final TimeZone zone;

  private static final int BYTES_PER_PIXEL = 4;

  /** A decoded photo takes up to {@value #BYTES_PER_PIXEL} bytes a pixel, 200 MB at the most by default: one at a time fits the heap. */
  private final Semaphore decoding = new Semaphore(1);

  Photos(EvidenceSettings settings, ServerSettings server) {
    this.settings = settings;
    this.zone = TimeZone.getTimeZone(server.zone());
  }

  /** A photo made anew, and what its metadata said. */
  record Clean(byte[] content, String contentType, int width, int height, byte[] thumbnail, Instant takenAt, Double lon, Double lat) {}

  /** @throws ProblemException {@code media.type}, {@code media.too-large} or {@code media.unreadable} */
  Clean clean(byte[] content, String name) {
    if (content.length == 0) {
      throw new ProblemException(IntakeProblem.MEDIA_UNREADABLE, "'" + name + "' is empty", Map.of("field", "file", "value", 0)).zh("“" + name + "”是空文件");
    }
    String type = typeOf(content);
    if (!type.equals("JPEG") && !type.equals("PNG")) {
      throw new ProblemException(IntakeProblem.MEDIA_TYPE, "'" + name + "' is " + type + " by its content; JPEG and PNG photos are taken",
          Map.of("field", "file", "found", type, "accepted", "JPEG, PNG"))
          .zh("“" + name + "”不是可接收的照片，请上传 JPEG 或 PNG 照片");
    }
    decoding.acquireUninterruptibly();
    try {
      return make(content, type, name);
    } catch (IOException | RuntimeException e) {
      if (e instanceof ProblemException problem) {
        throw problem;
      }
      throw unreadable(name, type, String.valueOf(e.getMessage()));
    } finally {
      decoding.release();
    }
  }

  private static ProblemException unreadable(String name, String type, String why) {
    return new ProblemException(IntakeProblem.MEDIA_UNREADABLE, "'" + name + "' begins as " + type + " but cannot be decoded: " + why, Map.of("field", "file"))
        .zh("照片“" + name + "”已损坏或不完整，无法读取");
  }

  private Clean make(byte[] content, String type, String name) throws IOException {
    Metadata metadata = type.equals("JPEG") ? metadata(content) : new Metadata();
    BufferedImage image = upright(scaled(decode(content, type, name), settings.longestSide()), orientation(metadata));
    String format = image.getColorModel().hasAlpha() ? "png" : "jpeg";
    byte[] clean = encode(image, format);
    byte[] thumbnail = encode(onWhite(scaled(image, THUMBNAIL_PIXELS)), "jpeg");
    GeoLocation where = where(metadata);
    return new Clean(clean, "image/" + format, image.getWidth(), image.getHeight(), thumbnail, takenAt(metadata),
        where == null ? null : where.getLongitude(), where == null ? null : where.getLatitude());
  }

  /** The size is read from the header and judged before anything is decoded. */
  private BufferedImage decode(byte[] content, String type, String name) throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(content))) {
      ImageReader reader = ImageIO.getImageReadersByFormatName(type).next();
      List<String> warnings = new ArrayList<>();
      try {
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(in, true, true);
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width * height > settings.maxPixels()) {
          throw new ProblemException(IntakeProblem.MEDIA_TOO_LARGE, "'" + name + "' has " + width + " × " + height + " pixels; at most " + settings.maxPixels() + " are decoded",
              Map.of("field", "file", "value", width * height, "bound", settings.maxPixels()))
              .zh("照片“" + name + "”有 " + width + " × " + height + " 像素，过大");
        }
        long bytes = width * height * reader.getImageTypes(0).next().getColorModel().getPixelSize() / 8;
        if (bytes > settings.maxPixels() * BYTES_PER_PIXEL) {
          throw new ProblemException(IntakeProblem.MEDIA_TOO_LARGE, "'" + name + "' takes " + bytes + " bytes when it is decoded; at most "
              + settings.maxPixels() * BYTES_PER_PIXEL + " are taken", Map.of("field", "file", "value", bytes, "bound", settings.maxPixels() * BYTES_PER_PIXEL))
              .zh("照片“" + name + "”解码后过大，无法处理");
        }
        BufferedImage image = reader.read(0);
        // The JPEG decoder fills what is missing with grey and only warns: an upload that broke off.
        for (String warning : warnings) {
          if (warning.toLowerCase(Locale.ROOT).contains("premature")) {
            throw unreadable(name, type, "it breaks off (" + warning + ")");
          }
        }
        return image;
      } finally {
        reader.dispose();
      }
    }
  }

  /** Halved while it is twice too large, which keeps edges smooth, then fitted; opaque images become plain RGB. */
  private static BufferedImage scaled(BufferedImage image, int longestSide) {
    BufferedImage from = image;
    int longest = Math.max(from.getWidth(), from.getHeight());
    while (longest > longestSide) {
      double scale = longest >= 2 * longestSide ? 0.5 : (double) longestSide / longest;
      from = drawn(from, size(from.getWidth(), scale), size(from.getHeight(), scale));
      longest = Math.max(from.getWidth(), from.getHeight());
    }
    return from;
  }

  private static int size(int pixels, double scale) {
    return Math.max(1, (int) Math.round(pixels * scale));
  }

  private static BufferedImage drawn(BufferedImage image, int width, int height) {
    var drawn = new BufferedImage(width, height, image.getColorModel().hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    Graphics2D g = drawn.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    g.drawImage(image, 0, 0, width, height, null);
    g.dispose();
    return drawn;
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

  private static BufferedImage onWhite(BufferedImage image) {
    var opaque = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = opaque.createGraphics();
    g.drawImage(image, 0, 0, Color.WHITE, null);
    g.dispose();
    return opaque;
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

  /** Of JPEG only: metadata of PNG may be compressed a thousandfold. Broken metadata is no reason to refuse a photo. */
  private static Metadata metadata(byte[] content) {
    try {
      return JpegMetadataReader.readMetadata(new ByteArrayInputStream(content), List.of(new ExifReader()));
    } catch (JpegProcessingException | IOException | RuntimeException e) {
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
