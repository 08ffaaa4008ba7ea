package io.citywide.place.internal;

import io.citywide.identity.AreaScope;
import io.citywide.place.internal.ComponentReader.Read;
import io.citywide.place.internal.ComponentReader.Refused;
import io.citywide.place.internal.ComponentReader.Said;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of an import of components as they are read: checked against the catalogue, the areas, the scope of the caller
 * and each other, by what was known when it began, because while rows stream into the database nothing else can be asked of
 * it. Used once.
 */
final class IncomingRows {

  /** Columns of the file. */
  static final List<String> FIELDS = List.of("row", "ident", "kindId", "name", "lon", "lat", "crs", "ownerCode", "state", "accuracy", "source",
      "recordedOn", "changedOn");

  private static final int[] NEEDED = {1, 4, 5};
  private static final int SAMPLE = 600;

  /** Takes a good row. */
  @FunctionalInterface
  interface Sink {
    /** @param row its number in the file */
    void add(long row, Read component) throws SQLException;
  }

  private final AreaScope scope;
  private final AreaBook book;
  private final boolean bounded;
  private final ComponentReader reader;
  private final IncomingRejects rejects;
  private final IdentSet seen = new IdentSet();
  private final List<Read> sample = new ArrayList<>(SAMPLE);
  private final Random random = new Random(1);
  private long read;
  private long good;

  /**
   * @param scope what the caller administers
   * @param rejects takes the bad rows
   */
  IncomingRows(KindStore kinds, AreaStore areas, AreaScope scope, IncomingRejects rejects) {
    this.scope = scope;
    this.book = areas.now();
    this.bounded = book.bounds().isPresent();
    this.reader = new ComponentReader(kinds, areas);
    this.rejects = rejects;
  }

  /** How many rows were read. */
  long count() {
    return read;
  }

  /** Some good rows of the whole file, each with the same chance. */
  List<Read> sample() {
    return sample;
  }

  /**
   * @param csv to its end
   * @throws ProblemException {@code place.unreadable-import}, {@code place.too-many-rejects}
   */
  void read(InputStream csv, Sink sink) throws SQLException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).setIgnoreEmptyLines(true).get();
    try (CSVParser rows = format.parse(new InputStreamReader(csv, StandardCharsets.UTF_8))) {
      int[] at = header(rows.getHeaderNames());
      for (Iterator<CSVRecord> all = rows.iterator(); all.hasNext(); ) {
        CSVRecord row = all.next();
        read++;
        long number = number(row, at[0]);
        try {
          Read component = check(row, at, number);
          sample(component);
          sink.add(number, component);
          good++;
        } catch (Refused refused) {
          rejects.add(number, refused.field(), refused.value(), refused.why(), read);
        }
      }
    } catch (IOException e) {
      throw ComponentImport.unreadable("the rows break off after row " + read + ": " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw ComponentImport.unreadable("the rows are no CSV after row " + read + ": " + e.getCause().getMessage());
    } catch (IllegalArgumentException e) {
      throw ComponentImport.unreadable("the header is not right: " + e.getMessage());
    }
  }

  private static int[] header(List<String> names) {
    int[] at = new int[FIELDS.size()];
    Arrays.fill(at, -1);
    for (int i = 0; i < names.size(); i++) {
      int field = FIELDS.indexOf(names.get(i));
      if (field < 0) {
        throw ComponentImport.unreadable("the header names '" + names.get(i) + "'; the fields are " + FIELDS);
      }
      at[field] = i;
    }
    for (int needed : NEEDED) {
      if (at[needed] < 0) {
        throw ComponentImport.unreadable("the header lacks " + FIELDS.get(needed) + "; it has " + names);
      }
    }
    return at;
  }

  private static long number(CSVRecord row, int column) {
    try {
      return column < 0 || column >= row.size() ? row.getRecordNumber() : Long.parseLong(row.get(column));
    } catch (NumberFormatException e) {
      return row.getRecordNumber();
    }
  }

  private Read check(CSVRecord row, int[] at, long number) throws Refused {
    if (!row.isConsistent()) {
      throw new Refused(new Words("the row has " + row.size() + " fields, the header " + row.getParser().getHeaderNames().size(),
          "本行有 " + row.size() + " 列，表头有 " + row.getParser().getHeaderNames().size() + " 列"));
    }
    Read c = reader.read(new Said(field(row, at[1]), field(row, at[2]), field(row, at[3]), field(row, at[4]), field(row, at[5]), field(row, at[6]),
        field(row, at[7]), field(row, at[8]), field(row, at[9]), field(row, at[10]), field(row, at[11]), field(row, at[12])));
    if (c.areaCode() == null && bounded) {
      throw new Refused("lon", c.at().lon() + ", " + c.at().lat(), book.outside(c.at().lon(), c.at().lat()));
    }
    if (!(c.areaCode() == null ? scope.equals(AreaScope.ALL) || scope.low().isEmpty() : scope.covers(c.areaCode()))) {
      throw new Refused("lon", c.at().lon() + ", " + c.at().lat(), new Words("component " + c.ident() + " lies in area " + c.areaCode() + ", outside the area that you administer",
          "部件 " + c.ident() + " 位于区域 " + c.areaCode() + "，不在您管理的范围内"));
    }
    long first = seen.add(c.ident(), number);
    if (first != number) {
      throw new Refused("ident", c.ident(), new Words("ident " + c.ident() + " stands in row " + first + " already; each component has a code of its own",
          "标识码 " + c.ident() + " 已在第 " + first + " 行出现；每个部件应有自己的标识码"));
    }
    return c;
  }

  private static String field(CSVRecord row, int column) {
    if (column < 0) {
      return null;
    }
    String value = row.get(column);
    return value.isEmpty() ? null : value;
  }

  /** Some rows of the whole file, each with the same chance. */
  private void sample(Read component) {
    if (sample.size() < SAMPLE) {
      sample.add(component);
    } else {
      long at = random.nextLong(good + 1);
      if (at < SAMPLE) {
        sample.set((int) at, component);
      }
    }
  }
}
