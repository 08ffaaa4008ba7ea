package io.citywide.sensing.internal.watching;

import io.citywide.platform.Words;
import io.citywide.sensing.DeviceType;
import io.citywide.sensing.DeviceType.Property;
import io.citywide.watch.Rule;
import io.citywide.watch.RuleReader;
import io.citywide.watch.RuleReading;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What people read in place of the names by which a rule knows its values. */
@Component
public class ReadingNames {

  private static final Map<Long, String> PER = Map.of(1000L, "/s", 60_000L, "/min", 3_600_000L, "/h", 86_400_000L, "/d");

  /** @param unit UCUM code, {@code 1} for none */
  public record ReadingName(Words name, String unit) {}

  private final WatchRuleStore store;
  private final Model model;

  ReadingNames(WatchRuleStore store, Model model) {
    this.store = store;
    this.model = model;
  }

  /**
   * Those of a version of a rule, by the names of its document: an input has the name of its property, the others what the document
   * says. Empty where there is no such version, or it fits the types of devices no longer. To be called within a transaction.
   */
  public Map<String, ReadingName> list(String rule, int version) {
    Model.Made now = model.now();
    return store.find(rule, version).map(v -> new RuleReader(now.model()).read(v.document()))
        .map(reading -> reading instanceof RuleReading.Read(Rule read) ? list(read, now.of()) : null).orElse(Map.of());
  }

  private static Map<String, ReadingName> list(Rule rule, Map<String, DeviceType> types) {
    Map<String, ReadingName> names = new HashMap<>();
    Map<String, String> units = new HashMap<>();
    for (Rule.Input input : rule.inputs()) {
      Property property = types.get(input.type()).findProperty(input.property()).orElseThrow();
      units.put(input.name(), property.unit());
      names.put(input.name(), new ReadingName(new Words(property.nameEn(), property.nameZh()), property.unit()));
    }
    for (Rule.Window window : rule.windows()) {
      units.put(window.name(), unit(window, units.get(window.input())));
    }
    rule.names().forEach((name, words) -> names.put(name, new ReadingName(new Words(words.en(), words.zh()), units.getOrDefault(name, "1"))));
    return names;
  }

  private static String unit(Rule.Window window, String of) {
    return switch (window.measure()) {
      case AVG, MIN, MAX, SUM -> of;
      case RATE -> PER.containsKey(window.per()) ? (of.equals("1") ? "" : of) + PER.get(window.per()) : "1";
      case COUNT, MISSING -> "1";
    };
  }
}
