package io.citywide.demo;

import java.net.URI;
import java.time.Clock;
import java.util.function.Consumer;

/** The sensors of the demo: registered once, then alive beside the {@link Simulator}. */
public final class SensorNet implements AutoCloseable {

  private final SensorLife life;

  /**
   * @param base address of a server on which {@link DemoCity} was loaded
   * @param progress takes one sentence for each part of the work
   */
  public SensorNet(URI base, CityData city, long seed, Consumer<String> progress) {
    this.life = new SensorLife(base, Sensors.of(city, seed), progress, Clock.systemUTC(), seed);
  }

  /** Registers devices that the server does not know yet. */
  public void register() {
    life.register();
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
