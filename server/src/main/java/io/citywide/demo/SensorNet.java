package io.citywide.demo;

import java.net.URI;
import java.time.Clock;
import java.util.function.Consumer;

/** The sensors of the demo: registered once, then alive beside the {@link Simulator}. */
public final class SensorNet implements AutoCloseable {

  private final URI base;
  private final Consumer<String> progress;
  private final SensorLife life;

  /**
   * @param base address of a server on which {@link DemoCity} was loaded
   * @param mqttPort where it listens for MQTT on the loopback address; 0: nowhere, then all devices speak HTTP
   * @param progress takes one sentence for each part of the work
   */
  public SensorNet(URI base, int mqttPort, CityData city, long seed, Consumer<String> progress) {
    this.base = base;
    this.progress = progress;
    this.life = new SensorLife(base, mqttPort, Sensors.of(city, seed), progress, Clock.systemUTC(), seed);
  }

  /** Registers devices that the server does not know yet. */
  public void register() {
    life.register();
  }

  /** Publishes the watch rules that the server does not know yet. */
  public void watch() {
    new StarterRules(base, progress).publish();
  }

  /** Lets them speak, until it is closed. */
  public void begin() {
    Thread.ofVirtual().name("demo-sensors").start(life);
  }

  @Override
  public void close() {
    life.close();
  }
}
