package io.citywide.sensing.internal.ways;

import io.citywide.sensing.DeviceType;
import io.citywide.sensing.internal.observations.Columns;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import io.citywide.sensing.internal.registry.Presence;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads lines such as {@code {"device":"shed-1","time":"2026-03-01T08:15:30Z","values":{"level":0.1,"temp":21}}} from bytes
 * straight into columns, without making an object for a value. A line is taken as a whole or not at all. {@code time} may be
 * milliseconds since 1970 UTC, or be missing: then it is the moment in which the line came. Values are numbers, or {@code true} and
 * {@code false} for 1 and 0. One thread at a time.
 */
final class LineParser {

  private static final int MOST_SHOWN = 60;
  private static final double[] TEN = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  private static final long EXACT = 1L << 53;
  private static final int MOST_DIGITS = 18;
  private static final byte[] DEVICE = bytes("device");
  private static final byte[] TIME = bytes("time");
  private static final byte[] VALUES = bytes("values");

  /** A type as lines need it. */
  private record Names(byte[][] names, double[] low, double[] high, long retentionMillis) {

    static Names of(DeviceType type) {
      int count = type.properties().size();
      Names names = new Names(new byte[count][], new double[count], new double[count], type.retention().toMillis());
      for (int i = 0; i < count; i++) {
        DeviceType.Property property = type.properties().get(i);
        names.names[i] = bytes(property.name());
        names.low[i] = property.low();
        names.high[i] = property.high();
      }
      return names;
    }

    /** @param hint where it may well be */
    int find(byte[] b, int from, int to, int hint) {
      for (int i = 0, at = hint; i < names.length; i++, at++) {
        at = at >= names.length ? 0 : at;
        if (same(names[at], b, from, to)) {
          return at;
        }
      }
      return -1;
    }
  }

  private final DeviceDirectory directory;
  private final Presence presence;
  private final Predicate<Known> scope;
  private final long aheadMillis;
  private final Map<DeviceType, Names> types = new IdentityHashMap<>();
  private final Times times = new Times();
  private DeviceType lastType;
  private Names lastNames;
  private int outOfRange;

  private byte[] b;
  private int start;
  private int at;
  private int end;
  /** Of the string read last. */
  private int from;
  private int to;

  /**
   * @param scope whether who speaks may speak for a device
   * @param aheadMillis values may be so far ahead of the clock
   */
  LineParser(DeviceDirectory directory, Presence presence, Predicate<Known> scope, long aheadMillis) {
    this.directory = directory;
    this.presence = presence;
    this.scope = scope;
    this.aheadMillis = aheadMillis;
  }

  /** Values that were added though they lie outside their range, since it was asked last. */
  int takeOutOfRange() {
    int count = outOfRange;
    outOfRange = 0;
    return count;
  }

  /**
   * Adds the values of a line.
   *
   * @param own device that speaks for itself and need not say which; {@code null}: the line says it
   * @param now milliseconds since 1970 UTC
   * @throws BadLine where nothing of it was added
   */
  void line(byte[] bytes, int begin, int until, Known own, long now, Columns columns) throws BadLine {
    line(bytes, begin, until, own, now, now, columns);
  }

  /**
   * Adds the values of a line that came by a way that remembers when.
   *
   * @param untold time of a line that says none, milliseconds since 1970 UTC
   * @param now milliseconds since 1970 UTC
   * @throws BadLine where nothing of it was added
   */
  void line(byte[] bytes, int begin, int until, Known own, long untold, long now, Columns columns) throws BadLine {
    int mark = columns.size();
    boolean good = false;
    try {
      b = bytes;
      start = begin;
      at = begin;
      end = until;
      read(own, untold, now, columns, mark);
      good = true;
    } finally {
      if (!good) {
        columns.cut(mark);
      }
    }
  }

  private void read(Known own, long untold, long now, Columns columns, int mark) throws BadLine {
    Known device = own;
    long time = untold;
    int values = -1;
    int later = -1;
    int unmeant = 0;
    expect('{');
    do {
      string();
      if (same(DEVICE, b, from, to)) {
        expect(':');
        string();
        device = device(own);
      } else if (same(TIME, b, from, to)) {
        expect(':');
        time = time();
      } else if (same(VALUES, b, from, to)) {
        expect(':');
        spaces();
        values = at;
        if (device == null) {
          later = at;
          skipObject();
        } else {
          unmeant = values(device, columns);
        }
      } else {
        throw new BadLine(Refusal.BAD_LINE, "there is no member '" + shown(from, to) + "': a line has device, time and values",
            "没有字段“" + shown(from, to) + "”：每行只有 device、time、values");
      }
    } while (more('}'));
    spaces();
    if (at != end) {
      throw bad("something follows the object");
    }
    if (device == null) {
      throw new BadLine(Refusal.BAD_LINE, "device is missing: the code of the device", "缺少 device（设备编码）");
    }
    if (values < 0) {
      throw new BadLine(Refusal.BAD_LINE, "values is missing: an object of properties and numbers", "缺少 values（属性与数值）");
    }
    if (later >= 0) {
      at = later;
      unmeant = values(device, columns);
    }
    finish(device, time, now, columns, mark, unmeant);
  }

  /** One value of a property that the topic names. */
  void bare(byte[] bytes, Known own, String property, long now, Columns columns) throws BadLine {
    b = bytes;
    start = 0;
    at = 0;
    end = bytes.length;
    byte[] name = bytes(property);
    Names names = names(own.type());
    int index = names.find(name, 0, name.length, 0);
    if (index < 0) {
      throw unknownProperty(own, property);
    }
    if (own.series()[index] < 0) {
      throw noSeries(own, property);
    }
    int mark = columns.size();
    spaces();
    double value = number();
    spaces();
    if (at != end) {
      throw bad("something follows the number");
    }
    columns.add(own.series()[index], now, value);
    finish(own, now, now, columns, mark, value >= names.low[index] && value <= names.high[index] ? 0 : 1);
  }

  private void finish(Known device, long time, long now, Columns columns, int mark, int unmeant) throws BadLine {
    if (!device.enabled()) {
      throw new BadLine(Refusal.DISABLED, "device " + device.code() + " is switched off in the register", "设备 " + device.code() + " 已停用");
    }
    if (time - now > aheadMillis) {
      throw new BadLine(Refusal.FUTURE, "time " + Instant.ofEpochMilli(time) + " is more than " + aheadMillis / 1000 + " s ahead of the clock; set the clock of the device",
          "时间 " + Instant.ofEpochMilli(time) + " 超前服务器时钟 " + aheadMillis / 1000 + " 秒以上，请校准设备时钟");
    }
    long retention = names(device.type()).retentionMillis;
    if (now - time > retention) {
      throw new BadLine(Refusal.TOO_OLD, "time " + Instant.ofEpochMilli(time) + " is older than the " + retention / 86_400_000 + " days for which type " + device.typeCode() + " keeps values",
          "时间 " + Instant.ofEpochMilli(time) + " 早于类型 " + device.typeCode() + " 的保存期 " + retention / 86_400_000 + " 天");
    }
    columns.date(mark, time);
    outOfRange += unmeant;
    presence.heard(device, now, columns.size() - mark - unmeant, unmeant);
  }

  private Known device(Known own) throws BadLine {
    Known found = directory.find(b, from, to);
    if (found == null) {
      throw new BadLine(Refusal.UNKNOWN_DEVICE, "there is no device '" + shown(from, to) + "'; register it first", "没有设备“" + shown(from, to) + "”，请先登记");
    }
    if (own != null && found.deviceId() != own.deviceId() || own == null && !scope.test(found)) {
      throw new BadLine(Refusal.NOT_YOURS, "device '" + found.code() + "' is not one that you may speak for", "无权上报设备“" + found.code() + "”的数据");
    }
    return found;
  }

  private Names names(DeviceType type) {
    if (type != lastType) {
      lastNames = types.computeIfAbsent(type, Names::of);
      lastType = type;
    }
    return lastNames;
  }

  /** @return how many of them lie outside their range */
  private int values(Known device, Columns columns) throws BadLine {
    Names names = names(device.type());
    int[] series = device.series();
    int hint = 0;
    int unmeant = 0;
    expect('{');
    do {
      int index = property(names, hint);
      if (index < 0) {
        throw unknownProperty(device, shown(from, to));
      }
      if (series[index] < 0) {
        // Not what was read as a string last: a name that comes where it is expected is not read as one.
        throw noSeries(device, device.type().properties().get(index).name());
      }
      hint = index + 1;
      if (at < end && b[at] == ':') {
        at++;
      } else {
        expect(':');
      }
      spaces();
      double value = number();
      columns.add(series[index], 0, value);
      if (!(value >= names.low[index] && value <= names.high[index])) {
        unmeant++;
      }
    } while (more('}'));
    return unmeant;
  }

  /** Reads the name of a property, which is most often the one after the last; its place in the type, or -1. */
  private int property(Names names, int hint) throws BadLine {
    if (hint < names.names.length && at < end && b[at] == '"') {
      byte[] name = names.names[hint];
      int begin = at + 1;
      int close = begin + name.length;
      if (close < end && b[close] == '"' && same(name, b, begin, close)) {
        at = close + 1;
        return hint;
      }
    }
    string();
    return names.find(b, from, to, hint);
  }

  private static BadLine unknownProperty(Known device, String property) {
    return new BadLine(Refusal.UNKNOWN_PROPERTY, "type " + device.typeCode() + " has no property '" + property + "'; it has "
        + device.type().properties().stream().map(DeviceType.Property::name).toList(), "类型 " + device.typeCode() + " 没有属性“" + property + "”");
  }

  /** The type has it, but the device was not given a series for it (yet). */
  private static BadLine noSeries(Known device, String property) {
    return new BadLine(Refusal.UNKNOWN_PROPERTY, "device " + device.code() + " has no series of property '" + property + "' yet; send it again in a moment",
        "设备 " + device.code() + " 的属性“" + property + "”尚未就绪，请稍后重发");
  }

  // ---- JSON --------------------------------------------------------------------------------------

  private void spaces() {
    if (at < end && b[at] > ' ') {
      return;
    }
    while (at < end && (b[at] == ' ' || b[at] == '\t' || b[at] == '\r' || b[at] == '\n')) {
      at++;
    }
  }

  private void expect(char what) throws BadLine {
    spaces();
    if (at >= end || b[at] != what) {
      throw bad("'" + what + "' is missing");
    }
    at++;
  }

  /** Whether another member follows; else the end was read. */
  private boolean more(char close) throws BadLine {
    spaces();
    if (at < end && b[at] == ',') {
      at++;
      return true;
    }
    expect(close);
    return false;
  }

  /** Leaves the string in {@code from} and {@code to}. Codes and names hold nothing that would be escaped. */
  private void string() throws BadLine {
    expect('"');
    byte[] bytes = b;
    int last = end;
    int next = at;
    from = next;
    while (next < last && bytes[next] != '"') {
      if (bytes[next] == '\\') {
        throw bad("no member, code or name has an escaped character");
      }
      next++;
    }
    at = next;
    if (next >= last) {
      throw bad("a string does not end");
    }
    to = at++;
  }

  private void skipObject() throws BadLine {
    int depth = 0;
    do {
      if (at >= end) {
        throw bad("an object does not end");
      }
      byte next = b[at++];
      if (next == '{') {
        depth++;
      } else if (next == '}') {
        depth--;
      } else if (next == '"') {
        at--;
        string();
      } else if (depth == 0) {
        throw bad("values is no object");
      }
    } while (depth > 0);
  }

  private long time() throws BadLine {
    spaces();
    if (at < end && b[at] == '"') {
      string();
      long moment = times.read(b, from, to);
      if (moment == Times.NONE) {
        throw new BadLine(Refusal.BAD_LINE, "time '" + shown(from, to) + "' is no moment such as 2026-03-01T08:15:30Z or 2026-03-01T16:15:30+08:00",
            "时间“" + shown(from, to) + "”格式不对，应如 2026-03-01T08:15:30Z 或 2026-03-01T16:15:30+08:00");
      }
      return moment;
    }
    int begin = at;
    double moment = number();
    if (moment != Math.rint(moment) || Math.abs(moment) > 8e15) {
      throw new BadLine(Refusal.BAD_LINE, "time '" + shown(begin, at) + "' is no whole number of milliseconds since 1970", "时间“" + shown(begin, at) + "”不是毫秒整数");
    }
    return (long) moment;
  }

  private double number() throws BadLine {
    byte[] bytes = b;
    int last = end;
    int begin = at;
    int next = begin;
    boolean negative = next < last && bytes[next] == '-';
    if (negative) {
      next++;
    }
    int first = next;
    long digits = 0;
    while (next < last && bytes[next] >= '0' && bytes[next] <= '9') {
      digits = digits * 10 + (bytes[next++] - '0');
    }
    int count = next - first;
    if (count == 0 || count > 1 && bytes[first] == '0') {
      if (count == 0 && !negative && next < last && (bytes[next] == 't' || bytes[next] == 'f')) {
        return truth();
      }
      at = next;
      throw notANumber(begin);
    }
    int fraction = 0;
    if (next < last && bytes[next] == '.') {
      int point = ++next;
      while (next < last && bytes[next] >= '0' && bytes[next] <= '9') {
        digits = digits * 10 + (bytes[next++] - '0');
      }
      fraction = next - point;
      count += fraction;
      if (fraction == 0) {
        at = next;
        throw notANumber(begin);
      }
    }
    at = next;
    // Both are exact, so the quotient is the double that is nearest to what was written.
    if (count <= MOST_DIGITS && digits <= EXACT && fraction < TEN.length && !(next < last && (bytes[next] | 0x20) == 'e')) {
      double value = fraction == 0 ? digits : digits / TEN[fraction];
      return negative ? -value : value;
    }
    return longNumber(begin);
  }

  /** One with an exponent or many digits. */
  private double longNumber(int begin) throws BadLine {
    if (at < end && (b[at] | 0x20) == 'e') {
      at++;
      if (at < end && (b[at] == '+' || b[at] == '-')) {
        at++;
      }
      int exponent = at;
      while (at < end && b[at] >= '0' && b[at] <= '9') {
        at++;
      }
      if (at == exponent) {
        throw notANumber(begin);
      }
    }
    double value = Double.parseDouble(text(begin, at));
    if (Double.isInfinite(value)) {
      throw new BadLine(Refusal.BAD_LINE, shown(begin, at) + " is larger than any number that can be kept", shown(begin, at) + " 超出可表示的范围");
    }
    return value;
  }

  private double truth() throws BadLine {
    if (end - at >= 4 && b[at] == 't' && b[at + 1] == 'r' && b[at + 2] == 'u' && b[at + 3] == 'e') {
      at += 4;
      return 1;
    }
    if (end - at >= 5 && b[at] == 'f' && b[at + 1] == 'a' && b[at + 2] == 'l' && b[at + 3] == 's' && b[at + 4] == 'e') {
      at += 5;
      return 0;
    }
    throw notANumber(at);
  }

  private BadLine notANumber(int begin) {
    return new BadLine(Refusal.BAD_LINE, "'" + shown(begin, Math.min(end, at + 12)) + "' is no number", "“" + shown(begin, Math.min(end, at + 12)) + "”不是数字");
  }

  private BadLine bad(String what) {
    return new BadLine(Refusal.BAD_LINE, "not the JSON of a line: " + what + " at character " + (at - start + 1), "不是合法的 JSON 行（第 " + (at - start + 1) + " 个字符附近）");
  }

  private String text(int begin, int until) {
    return new String(b, begin, until - begin, StandardCharsets.ISO_8859_1);
  }

  private String shown(int begin, int until) {
    return new String(b, begin, Math.min(until - begin, MOST_SHOWN), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean same(byte[] name, byte[] b, int from, int to) {
    int length = to - from;
    if (length != name.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (name[i] != b[from + i]) {
        return false;
      }
    }
    return true;
  }
}
