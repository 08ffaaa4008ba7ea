package io.citywide.vitals.internal;

import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import io.citywide.vitals.VitalsProblem;
import io.citywide.vitals.VitalsSettings;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Indicators as a table: the starter set that is shipped, and a city's own. A row whose code is known is left as the city has
 * it; the others are added. Bounds are written {@code 95/90/80/70} from blue to red, of a range {@code 40..60/30..70/20..80/10..90},
 * of single levels {@code COMMUNITY:90/80/70/60;*:95/90/80/70}.
 */
@Component
class IndicatorFile {

  private static final Logger log = LoggerFactory.getLogger(IndicatorFile.class);
  static final String SHIPPED = "vitals/indicators.csv";

  private final IndicatorStore store;
  private final IndicatorCheck check;
  private final VitalsSettings settings;
  private final TransactionTemplate transaction;
  private final Clock clock;

  IndicatorFile(IndicatorStore store, IndicatorCheck check, VitalsSettings settings, TransactionTemplate transaction, Clock clock) {
    this.store = store;
    this.check = check;
    this.settings = settings;
    this.transaction = transaction;
    this.clock = clock;
  }

  @EventListener(ApplicationReadyEvent.class)
  void load() {
    Viewer.runAs(Viewer.system("indicators"), () -> {
      int added = add(shipped());
      if (!settings.indicators().isBlank()) {
        try (Reader reader = Files.newBufferedReader(Path.of(settings.indicators()))) {
          added += add(read(reader));
        } catch (IOException e) {
          throw new IllegalStateException("citywide.vitals.indicators: cannot read " + settings.indicators() + ": " + e.getMessage(), e);
        } catch (ProblemException e) {
          throw new IllegalStateException("citywide.vitals.indicators: " + settings.indicators() + ": " + e.getMessage(), e);
        }
      }
      if (added > 0) {
        log.info("{} indicators of vital signs were added", added);
      }
    });
  }

  private List<Indicator> shipped() {
    try (Reader reader = new InputStreamReader(new ClassPathResource(SHIPPED).getInputStream(), StandardCharsets.UTF_8)) {
      return read(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those that are not there yet, checked as if somebody wrote them down; how many these were. */
  private int add(List<Indicator> indicators) {
    return transaction.execute(status -> {
      Map<String, Indicator> known = new LinkedHashMap<>();
      store.list().forEach(i -> known.put(i.code(), i));
      List<Indicator> fresh = indicators.stream().filter(i -> !known.containsKey(i.code())).toList();
      // A formula may read an indicator that stands further down.
      fresh.forEach(i -> known.put(i.code(), i));
      fresh.forEach(i -> check.check(i, known));
      fresh.forEach(store::insert);
      return fresh.size();
    });
  }

  /** @throws ProblemException {@code vitals.invalid-indicator} naming the line */
  List<Indicator> read(Reader reader) throws IOException {
    List<Indicator> all = new ArrayList<>();
    LocalDate today = LocalDate.of(2026, 1, 1);
    for (CSVRecord row : CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setCommentMarker('#').setIgnoreEmptyLines(true).get().parse(reader)) {
      try {
        all.add(indicator(row, all.size(), today));
      } catch (IllegalArgumentException | ProblemException e) {
        throw new ProblemException(VitalsProblem.INVALID_INDICATOR, "row " + row.getRecordNumber() + " (" + row.get(0) + "): " + e.getMessage())
            .zh("第 " + row.getRecordNumber() + " 行（" + row.get(0) + "）：" + (e instanceof ProblemException p && p.words().zh() != null ? p.words().zh() : e.getMessage()));
      }
    }
    return all;
  }

  private Indicator indicator(CSVRecord row, int position, LocalDate from) {
    Direction direction = Direction.valueOf(row.get("direction"));
    Period period = Period.valueOf(row.get("period"));
    String fresh = row.get("fresh_hours");
    return new Indicator(row.get("code"), blank(row.get("parent")), position, row.get("name_zh"), row.get("name_en"), row.get("meaning_zh"), row.get("meaning_en"), row.get("unit"),
        Integer.parseInt(row.get("decimals")), direction, Source.valueOf(row.get("source")), blank(row.get("formula")), Aggregation.valueOf(row.get("aggregation")), period,
        Double.parseDouble(row.get("weight")), thresholds(direction, row.get("thresholds")), fresh.isBlank() ? period.freshFor() : Duration.ofHours(Long.parseLong(fresh)), null,
        row.get("standard_ref"), row.get("evidence"), from, null, 1, "", clock.instant(), 1);
  }

  private static String blank(String text) {
    return text.isBlank() ? null : text.strip();
  }

  static Map<String, Bands> thresholds(Direction direction, String text) {
    Map<String, Bands> thresholds = new LinkedHashMap<>();
    if (!text.isBlank()) {
      for (String part : text.split(";")) {
        int colon = part.indexOf(':');
        String level = colon < 0 ? Indicator.EVERY : part.substring(0, colon).strip();
        List<Object> bounds = new ArrayList<>();
        for (String bound : part.substring(colon + 1).split("/")) {
          String[] pair = bound.strip().split("\\.\\.");
          bounds.add(pair.length == 2 ? (Object) List.of(Double.valueOf(pair[0]), Double.valueOf(pair[1])) : Double.valueOf(pair[0]));
        }
        thresholds.put(level, Bands.read(direction, level, bounds));
      }
    }
    return thresholds;
  }
}
