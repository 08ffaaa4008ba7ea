package io.citywide.place.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.GeoPackage;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.util.FileSystemUtils;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a GeoPackage for a page that cannot: a browser has no reader of SQLite files. Nothing is imported by it; the page
 * sends the rows like those of any other file.
 */
@RestController
class GeoPackageController {

  private static final Logger log = LoggerFactory.getLogger(GeoPackageController.class);

  private static final long MOST_BYTES = 200L << 20;
  private static final int MOST_ROWS = 1_000_000;
  private static final int MOST_FAULTS = 100_000;

  private final Path work;
  private final JsonMapper json;

  GeoPackageController(ServerSettings settings, JsonMapper json) {
    this.work = settings.data().resolve("work").resolve("packages");
    this.json = json;
    forget(work); // what a server that was killed left
  }

  /**
   * The rows of the one table of points of a GeoPackage, which is the body: {@code {"columns": [...], "rows": [[number, value…,
   * lon, lat], …], "broken": [{"row", "why", "value"}, …]}} with a value for each column, as text or null. {@code why} is
   * NO_GEOMETRY, NO_POINT or BROKEN. Neither file is kept.
   *
   * @throws ProblemException {@code request.too-large} beyond 200 MiB, {@code place.unreadable-import}
   */
  @Requires(Permission.PLACE_EDIT)
  @PostMapping("/api/components:unpack")
  void unpack(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (request.getContentLengthLong() > MOST_BYTES) {
      throw tooLarge();
    }
    // A folder of its own: SQLite may put files of its own beside this one.
    Path folder = Files.createTempDirectory(Files.createDirectories(work), "import");
    try {
      Path file = folder.resolve("file.gpkg");
      receive(request.getInputStream(), file);
      Path rows = folder.resolve("rows.json");
      write(file, rows);
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      response.setContentLengthLong(Files.size(rows));
      Files.copy(rows, response.getOutputStream());
    } catch (GeoPackage.Unreadable e) {
      throw new ProblemException(PlaceProblem.UNREADABLE_IMPORT, "the file " + e.words().en()).zh("文件" + e.words().zh());
    } finally {
      forget(folder);
    }
  }

  private static void forget(Path folder) {
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      log.warn("{} could not be deleted: {}", folder, e.toString());
    }
  }

  private static void receive(InputStream in, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] some = new byte[1 << 16];
      long read = 0;
      for (int n = in.read(some); n >= 0; n = in.read(some)) {
        read += n;
        if (read > MOST_BYTES) {
          throw tooLarge();
        }
        out.write(some, 0, n);
      }
    }
  }

  private static ProblemException tooLarge() {
    return new ProblemException(PlatformProblem.TOO_LARGE, "a GeoPackage of at most " + MOST_BYTES + " bytes is read here; import a larger one by the command",
        Map.of("bound", MOST_BYTES)).zh("文件超过 " + (MOST_BYTES >> 20) + " MB，请用命令行导入");
  }

  private void write(Path file, Path to) throws IOException {
    List<GeoPackage.Row> broken = new ArrayList<>();
    try (GeoPackage rows = new GeoPackage(file); OutputStream out = new BufferedOutputStream(Files.newOutputStream(to)); JsonGenerator generator = json.createGenerator(out)) {
      generator.writeStartObject();
      generator.writePOJOProperty("columns", rows.columns());
      generator.writeName("rows");
      generator.writeStartArray();
      long good = 0;
      while (rows.hasNext()) {
        GeoPackage.Row row = rows.next();
        if (row.fault() == null) {
          good++;
          write(row, generator);
        } else {
          broken.add(row);
        }
        if (good > MOST_ROWS || broken.size() > MOST_FAULTS) {
          throw new ProblemException(PlaceProblem.UNREADABLE_IMPORT, good > MOST_ROWS ? "the file has more than " + MOST_ROWS + " rows; import it by the command"
              : "more than " + MOST_FAULTS + " rows of the file have no point").zh(good > MOST_ROWS ? "文件超过 " + MOST_ROWS + " 行，请用命令行导入" : "超过 " + MOST_FAULTS + " 行没有点位");
        }
      }
      generator.writeEndArray();
      generator.writeName("broken");
      generator.writeStartArray();
      for (GeoPackage.Row row : broken) {
        generator.writeStartObject();
        generator.writeNumberProperty("row", row.number());
        generator.writeStringProperty("why", row.fault().name());
        generator.writeStringProperty("value", row.said());
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeEndObject();
    }
  }

  private static void write(GeoPackage.Row row, JsonGenerator generator) {
    generator.writeStartArray();
    generator.writeNumber(row.number());
    row.values().forEach(value -> {
      if (value == null) {
        generator.writeNull();
      } else {
        generator.writeString(value);
      }
    });
    generator.writeNumber(row.point().getX());
    generator.writeNumber(row.point().getY());
    generator.writeEndArray();
  }
}
