package io.citywide.sensing.internal.ways;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.sensing.internal.observations.Newest;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The newest values of all devices that the viewer may see, as lines. */
@RestController
class LatestController {

  private static final int BUFFER = 1 << 16;

  /** A line of any device and property fits into the rest. */
  private static final int LONGEST_LINE = 400;

  private final DeviceDirectory directory;
  private final Newest newest;
  private final Intake intake;

  LatestController(DeviceDirectory directory, Newest newest, Intake intake) {
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
