package io.citywide.place.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.place.internal.ComponentImport;
import io.citywide.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Whole registers of components, as a stream. */
@RestController
class ComponentImportController {

  private final ComponentImport imports;

  ComponentImportController(ComponentImport imports) {
    this.imports = imports;
  }

  /**
   * Takes over rows of CSV in UTF-8 with a header; docs/import.md names the fields.
   *
   * @param source name of the file, at most 200 characters
   * @param trial try everything and keep nothing
   */
  @Requires(Permission.PLACE_EDIT)
  @PostMapping("/api/components:import")
  ComponentImport.Outcome run(@RequestParam(defaultValue = "components.csv") String source, @RequestParam(defaultValue = "false") boolean trial, HttpServletRequest request)
      throws IOException {
    try {
      return imports.run(open(request), source.substring(0, Math.min(200, source.length())), trial);
    } catch (ProblemException refused) {
      // Whoever is still sending hears the answer only after the last of it.
      request.getInputStream().transferTo(OutputStream.nullOutputStream());
      throw refused;
    }
  }

  /** The body, which stays open when its reader is done with it. */
  private static InputStream open(HttpServletRequest request) throws IOException {
    return new FilterInputStream(request.getInputStream()) {
      @Override
      public void close() {
        // what is left is still to be read
      }
    };
  }
}
