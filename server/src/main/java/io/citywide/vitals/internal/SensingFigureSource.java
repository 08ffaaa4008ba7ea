package io.citywide.vitals.internal;

import io.citywide.sensing.Device;
import io.citywide.sensing.DeviceType;
import io.citywide.sensing.Devices;
import io.citywide.sensing.Observations;
import io.citywide.vitals.internal.Period.Span;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * What devices measure: {@code sensing.sum.pm25} and {@code sensing.count.pm25} (their quotient is the mean), {@code sensing.max.pm25},
 * {@code sensing.min.pm25}; and the devices themselves, {@code sensing.devices}, {@code sensing.online.lift}. In names of types
 * {@code -} is written {@code _}.
 */
@Component
class SensingFigureSource implements FigureSource {

  private static final Pattern MEASURED = Pattern.compile("sensing\\.(sum|count|max|min)\\.([A-Za-z][A-Za-z0-9_]{0,39})");
  private static final Pattern DEVICES = Pattern.compile("sensing\\.(devices|new|online|silent|faulty)(?:\\.([a-z0-9_]{1,40}))?");

  private final ObjectProvider<Devices> devices;
  private final ObjectProvider<Observations> observations;

  SensingFigureSource(ObjectProvider<Devices> devices, ObjectProvider<Observations> observations) {
    this.devices = devices;
    this.observations = observations;
  }

  /** What narrows the register to the devices that a figure is made of: their type and state; of what they measure the property, with the time in which they did. */
  static Map<String, String> wanted(String name, Span span) {
    Map<String, String> query = new LinkedHashMap<>();
    Matcher measured = MEASURED.matcher(name);
    if (measured.matches()) {
      query.put("property", measured.group(2));
      query.put("from", span.from().toString());
      query.put("to", span.to().toString());
    }
    Matcher counted = DEVICES.matcher(name);
    if (counted.matches()) {
      if (counted.group(2) != null) {
        query.put("type", counted.group(2).replace('_', '-'));
      }
      if (List.of("online", "silent", "faulty").contains(counted.group(1))) {
        query.put("state", counted.group(1).toUpperCase(Locale.ROOT));
      }
    }
    return query;
  }

  @Override
  public List<Figure> list() {
    Map<String, Figure> all = new LinkedHashMap<>();
    for (String what : List.of("devices", "online", "silent", "faulty")) {
      find("sensing." + what).ifPresent(f -> all.put(f.name(), f));
    }
    Devices register = devices.getIfAvailable();
    if (register != null) {
      for (DeviceType type : register.listTypes()) {
        for (DeviceType.Property property : type.properties()) {
          for (String what : List.of("sum", "count", "max", "min")) {
            find("sensing." + what + "." + property.name()).ifPresent(f -> all.putIfAbsent(f.name(), f));
          }
        }
      }
    }
    return List.copyOf(all.values());
  }

  /** Also of types and properties that nobody registered yet: their figures are nothing until somebody does. */
  @Override
  public Optional<Figure> find(String name) {
    Matcher measured = MEASURED.matcher(name);
    if (measured.matches()) {
      String property = property(measured.group(2));
      return Optional.of(switch (measured.group(1)) {
        case "sum" -> new Figure(name, property + "：观测值之和", "Sum of the values of " + property, Nature.FLOW, Whole.SUM, "devices");
        case "count" -> new Figure(name, property + "：观测值个数", "How many values of " + property, Nature.FLOW, Whole.SUM, "devices");
        case "max" -> new Figure(name, property + "：最大值", "Greatest value of " + property, Nature.FLOW, Whole.MAX, "devices");
        default -> new Figure(name, property + "：最小值", "Least value of " + property, Nature.FLOW, Whole.MIN, "devices");
      });
    }
    Matcher counted = DEVICES.matcher(name);
    if (!counted.matches()) {
      return Optional.empty();
    }
    String of = counted.group(2) == null ? "" : "（" + counted.group(2) + "）";
    String zh = counted.group(1).equals("devices") ? "设备数" : Device.State.valueOf(counted.group(1).toUpperCase(Locale.ROOT)).nameZh() + "设备数";
    String en = (counted.group(1).equals("devices") ? "Devices" : "Devices that are " + counted.group(1)) + (counted.group(2) == null ? "" : " of type " + counted.group(2));
    return Optional.of(new Figure(name, zh + of, en, Nature.STATE, Whole.SUM, "devices"));
  }

  private String property(String name) {
    Devices register = devices.getIfAvailable();
    return register == null ? name
        : register.listTypes().stream().flatMap(t -> t.findProperty(name).stream()).findFirst().map(p -> p.nameZh() + "（" + name + "）").orElse(name);
  }

  @Override
  public Map<String, Map<String, Double>> read(Collection<String> names, Span span) {
    Map<String, Map<String, Double>> read = new HashMap<>();
    names.forEach(name -> read.put(name, new HashMap<>()));
    Devices register = devices.getIfAvailable();
    if (register == null) {
      return read;
    }
    Set<String> properties = new HashSet<>();
    for (String name : names) {
      Matcher measured = MEASURED.matcher(name);
      if (measured.matches()) {
        properties.add(measured.group(2));
      }
    }
    List<String> counted = names.stream().filter(name -> DEVICES.matcher(name).matches()).toList();
    if (!counted.isEmpty()) {
      register.tally().forEach(some -> count(some, counted, read));
    }
    if (!properties.isEmpty() && observations.getIfAvailable() != null) {
      measure(register, properties, span, read);
    }
    return read;
  }

  private static void count(Devices.Tally some, List<String> names, Map<String, Map<String, Double>> read) {
    for (String name : names) {
      Matcher counted = DEVICES.matcher(name);
      if (counted.matches() && (counted.group(1).equals("devices") || counted.group(1).equalsIgnoreCase(some.state().name()))
          && (counted.group(2) == null || counted.group(2).equals(some.typeCode().replace('-', '_')))) {
        read.get(name).merge(some.areaCode(), (double) some.devices(), Double::sum);
      }
    }
  }

  private void measure(Devices register, Set<String> properties, Span span, Map<String, Map<String, Double>> read) {
    record Of(String area, String property) {}
    Map<Integer, Of> series = new HashMap<>();
    register.forEachSeries(properties, (number, property, area) -> series.put(number, new Of(area, property)));
    observations.getObject().totals(series.keySet(), Observations.Step.HOUR, span.from(), span.to()).forEach((s, sum) -> {
      Of of = series.get(s);
      add(read, "sensing.sum." + of.property(), of.area(), sum.sum(), Double::sum);
      add(read, "sensing.count." + of.property(), of.area(), sum.count(), Double::sum);
      add(read, "sensing.max." + of.property(), of.area(), sum.max(), Math::max);
      add(read, "sensing.min." + of.property(), of.area(), sum.min(), Math::min);
    });
  }

  private static void add(Map<String, Map<String, Double>> read, String name, String area, double value, java.util.function.BinaryOperator<Double> whole) {
    Map<String, Double> byArea = read.get(name);
    if (byArea != null) {
      byArea.merge(area, value, whole);
    }
  }
}
