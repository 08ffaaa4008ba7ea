package io.citywide.cli.imports;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;

/** Any CSV under a mapping that ships with the server: each row a body or a row with its reason. */
class RowReaderFuzzTest {

  private static final String HEADER = "CASE_ENQUIRY_ID,CASE_TITLE,TYPE,LONGITUDE,LATITUDE,Location,OPEN_DT,TARGET_DT,CLOSED_DT,CASE_STATUS,Department,CLOSURE_REASON,QUEUE,REASON,Source\n";

  private static final RowReader READER;

  static {
    try {
      READER = new RowReader(Mapping.read(Path.of("../docs/mappings/boston311.yaml")), new RowReader.Names(Map.of(), row -> null));
    } catch (Mapping.Invalid e) {
      throw new IllegalStateException(e);
    }
  }

  @FuzzTest(maxDuration = "60s")
  void readsOrRejectsAnyRow(FuzzedDataProvider data) throws IOException {
    try (var rows = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get().parse(new StringReader(HEADER + data.consumeRemainingAsString()))) {
      for (var row : rows) {
        try {
          READER.read(row);
        } catch (RowReader.BadRow rejected) {
          rejected.getMessage().length();
        }
      }
    } catch (UncheckedIOException | IOException noCsv) {
      noCsv.getMessage();
    }
  }
}
