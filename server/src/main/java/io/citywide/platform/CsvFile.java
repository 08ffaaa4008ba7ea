package io.citywide.platform;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** A CSV file (RFC 4180) on its way out, as spreadsheets take it: known for UTF-8 by its mark, and no text in it is a formula. */
public final class CsvFile {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final CSVPrinter rows;

  public CsvFile(OutputStream out, List<String> columns) throws IOException {
    OutputStreamWriter text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    text.write(BYTE_ORDER_MARK);
    rows = new CSVPrinter(text, CSVFormat.RFC4180);
    rows.printRecord(columns);
  }

  /** Numbers stand as they are, {@code null} is empty, all else is text. */
  public void row(List<?> cells) throws IOException {
    for (Object cell : cells) {
      rows.print(cell instanceof Number ? cell : plain(cell));
    }
    rows.println();
  }

  /** Sends what was written so far. */
  public void flush() throws IOException {
    rows.flush();
  }

  /** What a spreadsheet would take for a formula is quoted (OWASP, CSV injection). */
  public static String plain(Object value) {
    String text = value == null ? null : value.toString();
    return text != null && text.length() > 1 && "=+-@\t\r\n＝＋－＠".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }
}
