package io.citywide.intake.internal.evidence;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Photos and things that pretend to be photos, made byte by byte. */
public final class TestPhotos {

  private TestPhotos() {}

  /** A photo of {@code width} × {@code height}: left half red, right half blue, and a little of {@code seed}. */
  public static byte[] jpeg(int width, int height, long seed) {
    return encode(picture(width, height, seed, BufferedImage.TYPE_INT_RGB), "jpeg");
  }

  public static byte[] png(int width, int height, boolean transparent) {
    return encode(picture(width, height, 1, transparent ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB), "png");
  }

  /** Noise, which no codec makes small. */
  public static byte[] noise(int side) {
    var image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    return encode(image, "png");
  }

  private static BufferedImage picture(int width, int height, long seed, int type) {
    var image = new BufferedImage(width, height, type);
    Graphics2D g = image.createGraphics();
    if (type == BufferedImage.TYPE_INT_RGB) {
      g.setColor(Color.BLUE);
      g.fillRect(0, 0, width, height);
    }
    g.setColor(Color.RED);
    g.fillRect(0, 0, width / 2, height);
    Random random = new Random(seed);
    g.setColor(Color.GREEN);
    for (int i = 0; i < 20; i++) {
      g.fillRect(width / 2 + random.nextInt(Math.max(1, width / 4)), random.nextInt(height), 3, 3);
    }
    g.dispose();
    return image;
  }

  private static byte[] encode(BufferedImage image, String format) {
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * The JPEG with an EXIF segment (TIFF, big endian): orientation, time 2026:11:20 08:15:30 with the offset +08:00, and
   * a position of degrees, minutes and seconds.
   */
  public static byte[] withExif(byte[] jpeg, int orientation, int[] latitude, char northSouth, int[] longitude, char eastWest) {
    ByteBuffer tiff = ByteBuffer.allocate(600);
    tiff.put("MM\0*".getBytes(StandardCharsets.ISO_8859_1)).putInt(8);
    int exifAt = 100;
    int gpsAt = 300;
    tiff.putShort((short) 3);
    entry(tiff, 0x0112, 3, 1).putShort((short) orientation).putShort((short) 0);
    entry(tiff, 0x8769, 4, 1).putInt(exifAt);
    entry(tiff, 0x8825, 4, 1).putInt(gpsAt);
    tiff.putInt(0);
    tiff.position(exifAt);
    tiff.putShort((short) 2);
    entry(tiff, 0x9003, 2, 20).putInt(200);
    entry(tiff, 0x9011, 2, 7).putInt(240);
    tiff.putInt(0);
    tiff.position(200).put("2026:11:20 08:15:30\0".getBytes(StandardCharsets.US_ASCII));
    tiff.position(240).put("+08:00\0".getBytes(StandardCharsets.US_ASCII));
    tiff.position(gpsAt);
    tiff.putShort((short) 4);
    entry(tiff, 1, 2, 2).put((byte) northSouth).put(new byte[3]);
    entry(tiff, 2, 5, 3).putInt(400);
    entry(tiff, 3, 2, 2).put((byte) eastWest).put(new byte[3]);
    entry(tiff, 4, 5, 3).putInt(440);
    tiff.putInt(0);
    rationals(tiff.position(400), latitude);
    rationals(tiff.position(440), longitude);
    byte[] app1 = new byte[6 + tiff.capacity()];
    System.arraycopy("Exif\0\0".getBytes(StandardCharsets.ISO_8859_1), 0, app1, 0, 6);
    System.arraycopy(tiff.array(), 0, app1, 6, tiff.capacity());
    return withSegment(jpeg, 0xE1, app1);
  }

  private static ByteBuffer entry(ByteBuffer tiff, int tag, int type, int count) {
    return tiff.putShort((short) tag).putShort((short) type).putInt(count);
  }

  private static void rationals(ByteBuffer tiff, int[] values) {
    for (int value : values) {
      tiff.putInt(value).putInt(1);
    }
  }

  /** The JPEG with one more segment after its first two bytes. */
  public static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(jpeg.length + content.length + 4);
    out.put(jpeg, 0, 2).put((byte) 0xFF).put((byte) marker).putShort((short) (content.length + 2)).put(content).put(jpeg, 2, jpeg.length - 2);
    return out.array();
  }

  /** A PNG of some hundred bytes whose header says {@code width} × {@code height}. */
  public static byte[] bomb(int width, int height) {
    byte[] png = png(4, 4, false);
    ByteBuffer header = ByteBuffer.wrap(png);
    header.putInt(16, width).putInt(20, height);
    CRC32 crc = new CRC32();
    crc.update(png, 12, 17);
    header.putInt(29, (int) crc.getValue());
    return png;
  }

  public static byte[] pdf() {
    return "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF".getBytes(StandardCharsets.ISO_8859_1);
  }

  public static byte[] joined(byte[] a, byte[] b) {
    return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
  }
}
