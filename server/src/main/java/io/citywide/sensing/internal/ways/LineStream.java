package io.citywide.sensing.internal.ways;

import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/** Cuts a body into lines, or a JSON document into the objects of its list, without reading all of it first. */
final class LineStream {

  /** Bytes of a line at most. */
  static final int LONGEST_LINE = 1 << 20;

  private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long NEWLINES = ONES * '\n';

  private final InputStream in;
  private final boolean json;
  private final long mostBytes;
  private byte[] buffer = new byte[1 << 16];
  private int begin;
  private int end;
  private int filled;
  private int next;
  private long read;
  private boolean ended;

  /**
   * @param json one document: an object, or a list of them; else a line is an object
   * @param mostBytes of the body, after unpacking
   */
  LineStream(InputStream in, boolean json, long mostBytes) {
    this.in = in;
    this.json = json;
    this.mostBytes = mostBytes;
  }

  byte[] buffer() {
    return buffer;
  }

  int begin() {
    return begin;
  }

  int end() {
    return end;
  }

  /**
   * Goes to the next line that is not empty.
   *
   * @return how many lines on it is, from 1; 0 where there is none
   */
  int advance() throws IOException {
    return json ? nextObject() : nextLine();
  }

  private int nextLine() throws IOException {
    int lines = 0;
    while (true) {
      begin = next;
      int at = begin;
      while (true) {
        at = newline(buffer, at, filled);
        if (at < filled) {
          break;
        }
        int done = at - begin;
        boolean more = fill();
        at = begin + done;
        if (!more) {
          break;
        }
      }
      lines++;
      end = at;
      next = Math.min(at + 1, filled);
      if (at > begin && buffer[at - 1] == '\r') {
        end--;
      }
      if (end > begin) {
        return lines;
      }
      if (at >= filled) {
        return 0;
      }
    }
  }

  /** Place of the first end of a line, or {@code to}; eight bytes at a time. */
  private static int newline(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long differs = (long) EIGHT.get(bytes, at) ^ NEWLINES;
      long found = differs - ONES & ~differs & HIGH_BITS;
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private int nextObject() throws IOException {
    begin = next;
    while (true) {
      if (begin >= filled && !fill()) {
        return 0;
      }
      byte b = buffer[begin];
      if (b == '{') {
        break;
      }
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t' && b != ',' && b != '[' && b != ']' && b != (byte) 0xEF && b != (byte) 0xBB && b != (byte) 0xBF) {
        throw new ProblemException(PlatformProblem.INVALID, "the body is neither an object nor a list of objects; what follows was not read. For one object in each line send application/x-ndjson")
            .zh("请求体不是对象或对象数组；逐行对象请使用 application/x-ndjson");
      }
      begin++;
    }
    int depth = 0;
    boolean text = false;
    int at = begin;
    while (true) {
      if (at >= filled) {
        int done = at - begin;
        if (!fill()) {
          end = filled;
          next = filled;
          return 1;
        }
        at = begin + done;
      }
      byte b = buffer[at++];
      if (text) {
        if (b == '\\') {
          at++;
        } else if (b == '"') {
          text = false;
        }
      } else if (b == '"') {
        text = true;
      } else if (b == '{') {
        depth++;
      } else if (b == '}' && --depth == 0) {
        end = at;
        next = at;
        return 1;
      }
    }
  }

  /** Reads on; what was begun moves to the front. */
  private boolean fill() throws IOException {
    if (ended) {
      return false;
    }
    if (begin > 0) {
      System.arraycopy(buffer, begin, buffer, 0, filled - begin);
      filled -= begin;
      begin = 0;
    }
    if (filled == buffer.length) {
      if (buffer.length >= LONGEST_LINE) {
        throw new ProblemException(PlatformProblem.TOO_LARGE, "a line has at most " + LONGEST_LINE + " bytes", Map.of("bound", LONGEST_LINE)).zh("单行不得超过 " + LONGEST_LINE + " 字节");
      }
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
    int got = in.read(buffer, filled, buffer.length - filled);
    if (got < 0) {
      ended = true;
      return false;
    }
    filled += got;
    read += got;
    if (read > mostBytes) {
      throw new ProblemException(PlatformProblem.TOO_LARGE, "a body has at most " + mostBytes + " bytes, unpacked; send several", Map.of("bound", mostBytes))
          .zh("请求体解压后不得超过 " + mostBytes + " 字节，请分批发送");
    }
    return true;
  }
}
