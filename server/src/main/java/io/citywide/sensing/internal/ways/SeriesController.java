package io.citywide.sensing.internal.ways;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.Observations;
import io.citywide.sensing.SensingProblem;
import io.citywide.sensing.internal.observations.Newest;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Observations of devices that the viewer may see: the newest of all as lines, values and sums of one property. */
@RestController
class SeriesController {

  private static final int BUFFER = 1 << 16;

  /** A line of any device and property fits into the rest. */
  private static final int LONGEST_LINE = 400;

  private final DeviceDirectory directory;
  private final Newest newest;
  private final Intake intake;
  private final Observations observations;

  SeriesController(DeviceDirectory directory, Newest newest, Intake intake, Observations observations) {
    this.observations = observations;
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
    Observations.Value value = newest.find(series(device, property));
    if (value == null) {
      throw new ProblemException(PlatformProblem.NOT_FOUND, "device '" + device + "' has said nothing about " + property).zh("设备“" + device + "”尚无 " + property + " 的观测值");
    }
    return value;
  }

  /**
   * Values of a property, the oldest first.
   *
   * @param from first moment, milliseconds since 1970 UTC
   * @param to first moment after
   */
  @GetMapping("/api/observations/values")
  @Requires(Permission.SENSING_READ)
  Page values(@RequestParam String device, @RequestParam String property, @RequestParam long from, @RequestParam long to,
      @RequestParam(defaultValue = "10000") @Min(1) @Max(100_000) int limit) {
    List<Observations.Value> values = observations.list(series(device, property), Instant.ofEpochMilli(from), Instant.ofEpochMilli(to), limit);
    return new Page(values, values.size() == limit ? (Long) (values.getLast().time() + 1) : null);
  }

  /** Sums of a property by {@code FIVE_MINUTES}, {@code HOUR} or {@code DAY}; both times are taken down to the step. */
  @GetMapping("/api/observations/sums")
  @Requires(Permission.SENSING_READ)
  List<Observations.Sum> sums(@RequestParam String device, @RequestParam String property, @RequestParam Observations.Step step, @RequestParam long from, @RequestParam long to) {
    return observations.sums(series(device, property), step, Instant.ofEpochMilli(from), Instant.ofEpochMilli(to));
  }

  /** Who may not see a device is told what somebody is told who asks for one that does not exist. */
  private int series(String device, String property) {
    Known known = directory.find(device).filter(intake.scope(Viewer.current())).orElseThrow(() ->
        new ProblemException(SensingProblem.UNKNOWN_DEVICE, "there is no device '" + device + "'").zh("没有设备“" + device + "”"));
    int series = known.series(property);
    if (series < 0) {
      throw new ProblemException(SensingProblem.UNKNOWN_PROPERTY, "type " + known.typeCode() + " has no property '" + property + "'").zh("类型 " + known.typeCode() + " 没有属性“" + property + "”");
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
