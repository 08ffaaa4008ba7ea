package io.citywide.watch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The types of things and what each of them measures. Rules are checked against it. */
public final class ThingModel {
  private final Map<String, Type> types = new LinkedHashMap<>();

  /** @throws IllegalArgumentException where a type is named twice */
  public ThingModel(List<Type> types) {
    for (Type type : types) {
      if (this.types.put(type.id(), type) != null) throw new IllegalArgumentException("type " + type.id() + " is named twice");
    }
  }

  public Optional<Type> findType(String id) {
    return Optional.ofNullable(types.get(id));
  }

  /** Ids, in the order in which they were given. */
  public List<String> listTypes() {
    return List.copyOf(types.keySet());
  }

  /**
   * A type of things.
   *
   * @param silentAfter a thing of this type that says nothing for so long is silent; zero: it may be silent for ever
   */
  public record Type(String id, List<Property> properties, Duration silentAfter) {
    public Type {
      properties = List.copyOf(properties);
      if (silentAfter.isNegative()) throw new IllegalArgumentException("silentAfter of " + id + " must not be negative, was " + silentAfter);
    }

    public Optional<Property> findProperty(String name) {
      int place = placeOf(name);
      return place < 0 ? Optional.empty() : Optional.of(properties.get(place));
    }

    /** Among its properties, counted from 0; -1: it has no such. */
    int placeOf(String name) {
      for (int i = 0; i < properties.size(); i++) {
        if (properties.get(i).name().equals(name)) return i;
      }
      return -1;
    }
  }

  /**
   * What a type measures.
   *
   * @param low least value that the sensor can mean, in {@code unit}
   * @param high greatest value that the sensor can mean, in {@code unit}
   */
  public record Property(String name, String unit, double low, double high) {
    public Property {
      if (!(low <= high)) throw new IllegalArgumentException("range of " + name + " must be low..high, was " + low + ".." + high);
    }
  }
}
