package io.citywide.cli.imports;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** A CSV file with a header line (RFC 4180), in whatever encoding it came. */
final class RowFile implements AutoCloseable {

  private final CSVParser parser;
  private final Charset charset;

  private RowFile(CSVParser parser, Charset charset) {
    this.parser = parser;
    this.charset = charset;
  }

  static RowFile open(Path file, String encoding, char delimiter) throws IOException {
    Charset charset = encoding.equals("auto") ? detect(file) : Charset.forName(encoding);
    BufferedReader reader = new BufferedReader(new InputStreamReader(Files.newInputStream(file), charset), 1 << 16);
    reader.mark(1);
    if (reader.read() != '\uFEFF') {
      reader.reset();
    }
    CSVFormat format = CSVFormat.RFC4180.builder().setDelimiter(delimiter).setHeader().setSkipHeaderRecord(true)
        .setIgnoreEmptyLines(true).setTrim(false).get();
    return new RowFile(format.parse(reader), charset);
  }

  /** UTF-8 if every byte of the file is valid UTF-8 (a byte order mark decides for UTF-16), else GB18030, which holds GBK and GB2312. */
  static Charset detect(Path file) throws IOException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    CharBuffer chars = CharBuffer.allocate(1 << 16);
    try (InputStream in = Files.newInputStream(file)) {
      boolean first = true;
      while (true) {
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        if (read > 0) {
          bytes.position(bytes.position() + read);
        }
        bytes.flip();
        if (first && bytes.remaining() >= 2) {
          int mark = (bytes.get(0) & 0xFF) << 8 | bytes.get(1) & 0xFF;
          if (mark == 0xFEFF || mark == 0xFFFE) {
            return StandardCharsets.UTF_16;
          }
          first = false;
        }
        chars.clear();
        CoderResult result = decoder.decode(bytes, chars, read < 0);
        if (result.isError()) {
          return Charset.forName("GB18030");
        }
        bytes.compact();
        if (read < 0) {
          return StandardCharsets.UTF_8;
        }
      }
    }
  }

  List<String> header() {
    return parser.getHeaderNames();
  }

  Charset charset() {
    return charset;
  }

  /**
   * @throws UncheckedIOException where the file breaks off inside a quoted field or is no CSV from some line on
   */
  Iterator<CSVRecord> rows() {
    return parser.iterator();
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
