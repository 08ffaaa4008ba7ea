package io.citywide.place.internal;

import io.citywide.place.Kind;
import io.citywide.place.Kind.Family;
import io.citywide.place.Kind.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * The catalogues that come with the program, as CSV under {@code catalogue/}. The rows of GB/T 47678.5-2026 are
 * verified against a transcription; its English names and keywords are ours. Of GB/T 30428.2-2013 only what follows
 * from the successor is there: the large classes were renumbered (01→06, 02→07, 03→08, 04→09) and the small numbers
 * kept, so these rows are marked as recalled.
 */
final class CatalogueFiles {

  /** Short names of the standards in the ids of kinds. */
  static final Map<String, String> SLUGS = new LinkedHashMap<>(Map.of("GB/T 30428.2-2013", "gb30428.2", "GB/T 47678.5-2026", "gb47678.5"));

  static final String CURRENT_STANDARD = "GB/T 47678.5-2026";

  private static final CSVFormat CSV = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

  private CatalogueFiles() {}

  /** A file of kinds: its name, the hash of its content, its rows. */
  record Loaded<T>(String file, String sha256, List<T> rows) {}

  /** A kind and the one that took its place. */
  record Successor(String oldId, String newId) {}

  static List<Loaded<Kind>> kinds() {
    return List.of(kinds("gb30428.2-2013.csv", "GB/T 30428.2-2013"), kinds("gb47678.5-2026.csv", "GB/T 47678.5-2026"));
  }

  static Loaded<Successor> successors() {
    String file = "gb30428.2-2013-to-gb47678.5-2026.csv";
    byte[] content = content(file);
    List<Successor> rows = new ArrayList<>();
    for (CSVRecord row : records(content)) {
      rows.add(new Successor(row.get("old_id"), row.get("new_id")));
    }
    return new Loaded<>(file, sha256(content), rows);
  }

  private static Loaded<Kind> kinds(String file, String standard) {
    byte[] content = content(file);
    List<Kind> kinds = new ArrayList<>();
    for (CSVRecord row : records(content)) {
      Family family = Family.valueOf(row.get("family"));
      kinds.add(new Kind(id(standard, family, row.get("code")), standard, family, row.get("code"), row.get("name_zh"),
          row.get("name_en"), row.get("major_code"), row.get("major_zh"), row.get("major_en"),
          List.of(row.get("keywords").split("\\|")), Provenance.valueOf(row.get("provenance")),
          LocalDate.parse(row.get("valid_from")), row.get("valid_to").isEmpty() ? null : LocalDate.parse(row.get("valid_to")), false));
    }
    return new Loaded<>(file, sha256(content), kinds);
  }

  static String id(String standardRef, Family family, String code) {
    return SLUGS.getOrDefault(standardRef, standardRef) + "-" + (family == Family.COMPONENT ? "C" : "M") + code;
  }

  private static List<CSVRecord> records(byte[] content) {
    try (var parser = CSV.parse(new StringReader(new String(content, StandardCharsets.UTF_8)))) {
      return parser.getRecords();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] content(String file) {
    try (InputStream in = CatalogueFiles.class.getResourceAsStream("/catalogue/" + file)) {
      if (in == null) {
        throw new IllegalStateException("catalogue/" + file + " is missing from the program");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
