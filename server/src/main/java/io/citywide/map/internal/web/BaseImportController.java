package io.citywide.map.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.map.internal.base.BaseImport;
import io.citywide.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Takes a file of OpenStreetMap as the base map. */
@RestController
class BaseImportController {

  private static final long SPEAK_EVERY = TimeUnit.MILLISECONDS.toNanos(250);

  private final BaseImport base;
  private final JsonMapper json;

  BaseImportController(BaseImport base, JsonMapper json) {
    this.base = base;
    this.json = json;
  }

  /**
   * Replaces the base map. The body is the file: OpenStreetMap XML (also packed with gzip) or PBF. The answer is lines of
   * JSON while it goes on: {@code {"step", "bytes", "of"}}, and at the end {@code {"finished": …}} or {@code {"problem": …}}.
   * Who hangs up takes it back: nothing is changed before the last line.
   */
  @Requires(value = Permission.PLACE_EDIT, wholeCity = true)
  @PutMapping("/api/map/base")
  void replace(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Path file = Files.createTempFile(base.work(), "basemap", null);
    try {
      Files.copy(request.getInputStream(), file, StandardCopyOption.REPLACE_EXISTING);
      base.check(file);
      response.setContentType("application/x-ndjson");
      new Answer(response.getOutputStream(), Files.size(file)).give(file);
    } finally {
      Files.delete(file);
    }
  }

  private final class Answer {

    private final OutputStream out;
    private final long size;
    private String step = "";
    private long spoken;

    Answer(OutputStream out, long size) {
      this.out = out;
      this.size = size;
    }

    void give(Path file) {
      try {
        say(Map.of("finished", base.replace(file, this::progress)));
      } catch (ProblemException e) {
        Map<String, Object> problem = new LinkedHashMap<>(e.extras());
        problem.put("code", e.problem().code());
        problem.put("status", e.problem().status());
        problem.put("title", e.problem().title());
        problem.put("detail", e.getMessage());
        say(Map.of("problem", problem));
      }
    }

    private void progress(String now, long bytes) {
      if (!now.equals(step) || System.nanoTime() - spoken > SPEAK_EVERY) {
        step = now;
        spoken = System.nanoTime();
        say(Map.of("step", now, "bytes", bytes, "of", size));
      }
    }

    private void say(Object line) {
      try {
        out.write((json.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
