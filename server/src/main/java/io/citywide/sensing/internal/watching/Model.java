package io.citywide.sensing.internal.watching;

import io.citywide.sensing.DeviceType;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.watch.ThingModel;
import java.util.Map;
import org.springframework.stereotype.Component;

/** The types of the register as the watch reads them. */
@Component
class Model {

  /** @param of what it was made of: another map where the types have changed */
  record Made(Map<String, DeviceType> of, ThingModel model) {}

  private final DeviceDirectory directory;
  private volatile Made made = new Made(Map.of(), new ThingModel(java.util.List.of()));

  Model(DeviceDirectory directory) {
    this.directory = directory;
  }

  /** The same one until a type changes. */
  Made now() {
    Map<String, DeviceType> types = directory.types();
    Made known = made;
    if (known.of().equals(types)) {
      return known;
    }
    Made fresh = new Made(types, new ThingModel(types.values().stream().map(Model::type).toList()));
    made = fresh;
    return fresh;
  }

  private static ThingModel.Type type(DeviceType type) {
    return new ThingModel.Type(type.code(), type.properties().stream().map(p -> new ThingModel.Property(p.name(), p.unit(), p.low(), p.high())).toList(), type.silentAfter());
  }
}
