package io.citywide.cli.imports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The file of rejects: the row as it was, and why. It exists only where there are any. */
final class RejectFile implements AutoCloseable {

  private final Path file;
  private final List<String> header;
  private CSVPrinter printer;
  private long count;

  /** @param header columns of the rows as they were */
  RejectFile(Path file, List<String> header) throws IOException {
    this.file = file;
    this.header = header;
    Files.deleteIfExists(file);
  }

  /** @param field what is at fault; {@code null}: the row as a whole */
  void add(long row, String field, String reason, List<String> cells) throws IOException {
    if (printer == null) {
      printer = new CSVPrinter(Files.newBufferedWriter(file, StandardCharsets.UTF_8), CSVFormat.RFC4180);
      List<String> names = new ArrayList<>(List.of("row", "field", "reason"));
      names.addAll(header);
      printer.printRecord(names);
    }
    count++;
    List<Object> values = new ArrayList<>();
    values.add(row);
    values.add(field);
    values.add(plain(reason));
    cells.forEach(value -> values.add(plain(value)));
    printer.printRecord(values);
    printer.flush();
  }

  long count() {
    return count;
  }

  /** A spreadsheet that opens the rejects takes what begins like this for a formula: quoted (OWASP, CSV injection). Numbers stay. */
  static String plain(String text) {
    boolean formula = text != null && !text.isEmpty() && "=+-@\t\r\n＝＋－＠".indexOf(text.charAt(0)) >= 0;
    return formula && !text.matches("[+-]?[0-9]+([.][0-9]+)?") ? "'" + text : text;
  }

  @Override
  public void close() throws IOException {
    if (printer != null) {
      printer.close();
    }
  }
}
