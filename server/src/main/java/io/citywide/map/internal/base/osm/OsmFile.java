package io.citywide.map.internal.base.osm;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A file of OpenStreetMap in XML, XML packed with gzip, or PBF; which, its first bytes say. */
final class OsmFile {

  private OsmFile() {}

  /**
   * Reads the whole file.
   *
   * @param progress takes the bytes read so far
   */
  static void read(Path file, OsmSink sink, LongConsumer progress) throws IOException, OsmFault {
    try (InputStream in = new BufferedInputStream(new Counting(Files.newInputStream(file), progress), 1 << 16)) {
      switch (format(in)) {
        case XML -> OsmXml.read(in, sink);
        case PACKED_XML -> OsmXml.read(new BufferedInputStream(new GZIPInputStream(in), 1 << 16), sink);
        case PBF -> OsmPbf.read(in, sink);
      }
    } catch (ZipException e) {
      throw new OsmFault("the packed file cannot be unpacked: " + e.getMessage());
    } catch (EOFException e) {
      throw new OsmFault("the file ends in the middle");
    }
  }

  /** Looks at the first bytes only. */
  static void check(Path file) throws IOException, OsmFault {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      format(in);
    }
  }

  private enum Format {
    XML,
    PACKED_XML,
    PBF
  }

  private static Format format(InputStream in) throws IOException, OsmFault {
    in.mark(16);
    byte[] first = in.readNBytes(16);
    in.reset();
    if (first.length == 0) {
      throw new OsmFault("the file is empty");
    }
    if (first.length > 1 && (first[0] & 0xFF) == 0x1F && (first[1] & 0xFF) == 0x8B) {
      return Format.PACKED_XML;
    }
    if (first.length > 2 && first[0] == 'B' && first[1] == 'Z' && first[2] == 'h') {
      throw new OsmFault("the file is packed with bzip2; unpack it first (bunzip2)");
    }
    if (looksLikeXml(first)) {
      return Format.XML;
    }
    if (first[0] != 0) {
      throw new OsmFault("the file is neither OpenStreetMap XML (.osm) nor PBF (.osm.pbf)");
    }
    return Format.PBF;
  }

  private static boolean looksLikeXml(byte[] first) {
    int i = first.length > 2 && (first[0] & 0xFF) == 0xEF && (first[1] & 0xFF) == 0xBB ? 3 : 0;
    while (i < first.length && Character.isWhitespace(first[i])) {
      i++;
    }
    return i < first.length && first[i] == '<';
  }

  private static final class Counting extends FilterInputStream {

    private final LongConsumer progress;
    private long count;

    Counting(InputStream in, LongConsumer progress) {
      super(in);
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      if (value >= 0) {
        progress.accept(++count);
      }
      return value;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int read = super.read(into, from, length);
      if (read > 0) {
        progress.accept(count += read);
      }
      return read;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
