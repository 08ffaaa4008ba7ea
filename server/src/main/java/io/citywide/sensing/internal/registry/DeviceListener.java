package io.citywide.sensing.internal.registry;

/** Follows the register. Told on one thread, in order, when the directory already answers so; must be quick, and must bear being told twice. */
public interface DeviceListener {

  /** It is new, or was there when the listening began. */
  void registered(Known device);

  /** It, or its type, is not what it was. */
  void changed(Known before, Known after);

  void removed(Known device);
}
