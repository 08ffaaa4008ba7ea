package io.citywide.sensing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A type of devices (thing model, 物模型).
 *
 * @param code 1 to 40 of {@code a-z 0-9 -}; never changes
 * @param properties what its devices measure, in the order in which they are shown
 * @param silentAfter a device that says nothing for so long is silent
 * @param retention observations older than this are deleted, their roll-ups stay
 */
public record DeviceType(String code, String nameZh, String nameEn, List<Property> properties, List<Command> commands, Duration silentAfter, Duration retention) {

  /**
   * What is measured.
   *
   * @param name 1 to 40 letters, digits and {@code _}, beginning with a small letter; never changes
   * @param unit UCUM code, such as {@code Cel}, {@code %}, {@code 1} for none
   * @param low least value that can be meant; may be negative infinity
   * @param high greatest value that can be meant; may be infinity
   * @param interval how often a value is expected
   */
  public record Property(String name, String nameZh, String nameEn, String unit, double low, double high, Duration interval) {}

  /**
   * What a device of the type can be told to do.
   *
   * @param parameters names of the numbers it takes
   */
  public record Command(String name, String nameZh, String nameEn, List<String> parameters) {}

  public DeviceType {
    properties = List.copyOf(properties);
    commands = List.copyOf(commands);
  }

  /** The property of this name. */
  public Optional<Property> findProperty(String name) {
    return properties.stream().filter(p -> p.name().equals(name)).findFirst();
  }
}
