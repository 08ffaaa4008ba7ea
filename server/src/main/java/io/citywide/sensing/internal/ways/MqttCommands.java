package io.citywide.sensing.internal.ways;

import io.citywide.sensing.internal.registry.CommandWay;
import org.springframework.stereotype.Component;

/** Commands go by MQTT to {@code devices/CODE/commands}; answers come by {@code devices/CODE/answers}. */
@Component
class MqttCommands implements CommandWay {

  private final MqttDoor door;

  MqttCommands(MqttDoor door) {
    this.door = door;
  }

  @Override
  public boolean listens(String code) {
    return door.listens(code);
  }

  @Override
  public void send(String code, byte[] payload) {
    door.command(code, payload);
  }
}
