package io.citywide.sensing.internal.registry;

/** The way of a command to a device: implemented by whoever keeps connections of devices. */
public interface CommandWay {

  /** Whether the device listens for commands now, on this server. */
  boolean listens(String code);

  /** Sends it, to be delivered at least once as long as the device stays connected. From any thread; does not wait. */
  void send(String code, byte[] payload);
}
