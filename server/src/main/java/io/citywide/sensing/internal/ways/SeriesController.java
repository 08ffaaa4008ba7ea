package io.citywide.sensing.internal.ways;

import io.citywide.identity.AccessLog;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.platform.CsvFile;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.DeviceType;
import io.citywide.sensing.Observations;
import io.citywide.sensing.SensingProblem;
import io.citywide.sensing.internal.observations.Newest;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Observations of devices that the viewer may see: the newest of all as lines, values and sums of one property. */
@RestController
class SeriesController {

  private static final int BUFFER = 1 << 16;
  private static final int MOST_VALUES = 100_000;
  private static final int PAGE_OF_FILE = 10_000;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** A line of any device and property fits into the rest. */
  private static final int LONGEST_LINE = 400;

  private final DeviceDirectory directory;
  private final Newest newest;
  private final Intake intake;
  private final Observations observations;
  private final AccessLog access;

  SeriesController(DeviceDirectory directory, Newest newest, Intake intake, Observations observations, AccessLog access) {
    this.observations = observations;
    this.access = access;
    this.directory = directory;
    this.newest = newest;
    this.intake = intake;
  }

  /**
   * NDJSON: {@code {"device":"shed-1","property":"level","time":1764403200000,"value":0.1}}, in no order.
   *
   * @param type only devices of this type
   * @param property only this property
   */
  @GetMapping("/api/observations/latest")
  @Requires(Permission.SENSING_READ)
  void latest(@RequestParam(required = false) String type, @RequestParam(required = false) String property, HttpServletResponse response) throws IOException {
    Predicate<Known> scope = intake.scope(Viewer.current());
    response.setContentType("application/x-ndjson");
    Lines lines = new Lines(response.getOutputStream(), property);
    Consumer<Known> write = known -> {
      if (scope.test(known) && (type == null || known.typeCode().equals(type))) {
        lines.write(known);
      }
    };
    try {
      directory.forEach(write);
      lines.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** A page of values. @param next {@code from} of the page after it; {@code null}: there is none */
  record Page(List<Observations.Value> items, Long next) {}

  /** The newest value of a property; 404 where there is none. */
  @GetMapping("/api/observations/newest")
  @Requires(Permission.SENSING_READ)
  Observations.Value newest(@RequestParam String device, @RequestParam String property) {
    Observations.Value value = newest.find(series(find(device), property));
    if (value == null) {
      throw new ProblemException(PlatformProblem.NOT_FOUND, "device '" + device + "' has said nothing about " + property).zh("设备“" + device + "”尚无 " + property + " 的观测值");
    }
    return value;
  }

  /**
   * Values of a property of a device, the oldest first.
   *
   * @param from first moment: ISO 8601 with {@code Z} or an offset, or milliseconds since 1970 UTC
   * @param to first moment after, as {@code from}
   * @param limit 1..100000
   */
  @GetMapping("/api/devices/{code}/observations")
  @Requires(Permission.SENSING_READ)
  Page values(@PathVariable String code, @RequestParam String property, @RequestParam String from, @RequestParam String to, @RequestParam(defaultValue = "10000") int limit) {
    int series = series(find(code), property);
    Span span = Span.of(from, to);
    if (limit < 1 || limit > MOST_VALUES) {
      throw new ProblemException(PlatformProblem.INVALID, "limit must be 1.." + MOST_VALUES + ", was " + limit, Map.of("field", "limit")).zh("limit 应为 1 至 " + MOST_VALUES);
    }
    List<Observations.Value> values = observations.list(series, span.from(), span.to(), limit);
    return new Page(values, values.size() == limit ? (Long) (values.getLast().time() + 1) : null);
  }

  /** The same as a file, however many they are. */
  @GetMapping(value = "/api/devices/{code}/observations.csv", produces = "text/csv")
  @Requires(Permission.SENSING_READ)
  void file(@PathVariable String code, @RequestParam String property, @RequestParam String from, @RequestParam String to, HttpServletResponse response) throws IOException {
    Known device = find(code);
    int series = series(device, property);
    Span span = Span.of(from, to);
    String unit = device.type().properties().get(device.index(property)).unit();
    List<Observations.Value> page = observations.list(series, span.from(), span.to(), PAGE_OF_FILE);
    access.record("observations.exported", "device:" + code, "done", Map.of("property", property, "from", span.from().toString(), "to", span.to().toString()));
    response.setContentType("text/csv;charset=utf-8");
    response.setHeader(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename(code + "-" + property + ".csv").build().toString());
    CsvFile rows = new CsvFile(response.getOutputStream(), List.of("device", "property", "unit", "time", "value"));
    while (true) {
      for (Observations.Value value : page) {
        rows.row(List.of(code, property, unit, Instant.ofEpochMilli(value.time()).toString(), value.value()));
      }
      rows.flush();
      if (page.size() < PAGE_OF_FILE) {
        return;
      }
      page = observations.list(series, Instant.ofEpochMilli(page.getLast().time() + 1), span.to(), PAGE_OF_FILE);
    }
  }

  /** @param to first moment after */
  private record Span(Instant from, Instant to) {

    static Span of(String from, String to) {
      Span span = new Span(moment("from", from), moment("to", to));
      if (!span.from.isBefore(span.to)) {
        throw new ProblemException(PlatformProblem.INVALID, "to must be after from: from is " + span.from + ", to is " + span.to, Map.of("field", "to", "value", to))
            .zh("to 须晚于 from：from 为 " + span.from + "，to 为 " + span.to);
      }
      return span;
    }

    private static Instant moment(String field, String said) {
      try {
        // In a query, + that is not written as %2B arrives as a blank.
        Instant at = said.matches("-?[0-9]{1,15}") ? Instant.ofEpochMilli(Long.parseLong(said)) : OffsetDateTime.parse(said.replace(' ', '+')).toInstant();
        if (at.isBefore(Instant.EPOCH) || at.isAfter(LAST)) {
          throw new ProblemException(PlatformProblem.INVALID, field + " must be within " + Instant.EPOCH + " and " + LAST + ", was " + said, Map.of("field", field, "value", said))
              .zh(field + " 须在 " + Instant.EPOCH + " 与 " + LAST + " 之间，现为 " + said);
        }
        return at;
      } catch (DateTimeParseException e) {
        throw new ProblemException(PlatformProblem.INVALID, field + " must be ISO 8601 with Z or an offset, such as 2026-03-01T16:15:30+08:00, or milliseconds since 1970 UTC, was '" + said + "'",
            Map.of("field", field, "value", said)).zh(field + " 须为带时区的 ISO 8601 时间（如 2026-03-01T16:15:30+08:00）或 1970 年以来的毫秒数，现为“" + said + "”");
      }
    }
  }

  /** Sums of a property by {@code FIVE_MINUTES}, {@code HOUR} or {@code DAY}; both times are taken down to the step. */
  @GetMapping("/api/observations/sums")
  @Requires(Permission.SENSING_READ)
  List<Observations.Sum> sums(@RequestParam String device, @RequestParam String property, @RequestParam Observations.Step step, @RequestParam long from, @RequestParam long to) {
    return observations.sums(series(find(device), property), step, Instant.ofEpochMilli(from), Instant.ofEpochMilli(to));
  }

  /** Who may not see a device is told what somebody is told who asks for one that does not exist. */
  private Known find(String device) {
    return directory.find(device).filter(intake.scope(Viewer.current())).orElseThrow(() ->
        new ProblemException(SensingProblem.UNKNOWN_DEVICE, "there is no device '" + device + "'").zh("没有设备“" + device + "”"));
  }

  private static int series(Known known, String property) {
    int series = known.series(property);
    if (series < 0) {
      String there = known.type().properties().stream().map(DeviceType.Property::name).collect(Collectors.joining(", "));
      throw new ProblemException(SensingProblem.UNKNOWN_PROPERTY, "type " + known.typeCode() + " has no property '" + property + "'; it has " + there, Map.of("field", "property", "value", property))
          .zh("类型 " + known.typeCode() + " 没有属性“" + property + "”，有 " + there);
    }
    return series;
  }

  /** Lines on their way out. */
  private final class Lines implements Newest.Taker {
    private final OutputStream out;
    private final String only;
    private final byte[] buffer = new byte[BUFFER];
    private int size;

    Lines(OutputStream out, String only) {
      this.out = out;
      this.only = only;
    }

    void write(Known known) {
      var properties = known.type().properties();
      for (int i = 0; i < known.series().length; i++) {
        if (only != null && !only.equals(properties.get(i).name())) {
          continue;
        }
        if (size > BUFFER - LONGEST_LINE) {
          flush();
        }
        int mark = size;
        put("{\"device\":\"");
        put(known.code());
        put("\",\"property\":\"");
        put(properties.get(i).name());
        if (!newest.read(known.series()[i], this)) {
          size = mark;
        }
      }
    }

    @Override
    public void take(long time, double value) {
      put("\",\"time\":");
      number(time);
      put(",\"value\":");
      if (value == (int) value && (value != 0 || 1 / value > 0)) {
        number((int) value);
      } else {
        put(Double.toString(value));
      }
      put("}\n");
    }

    /** Codes, names and numbers are ASCII. */
    @SuppressWarnings("deprecation")
    private void put(String text) {
      text.getBytes(0, text.length(), buffer, size);
      size += text.length();
    }

    private void number(long number) {
      long rest = number;
      if (rest < 0) {
        buffer[size++] = '-';
        rest = -rest;
      }
      int begin = size;
      do {
        buffer[size++] = (byte) ('0' + rest % 10);
        rest /= 10;
      } while (rest > 0);
      for (int i = begin, j = size - 1; i < j; i++, j--) {
        byte spare = buffer[i];
        buffer[i] = buffer[j];
        buffer[j] = spare;
      }
    }

    void flush() {
      try {
        out.write(buffer, 0, size);
        size = 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
