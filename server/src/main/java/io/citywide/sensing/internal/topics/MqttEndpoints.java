package io.citywide.sensing.internal.topics;

import io.citywide.sensing.internal.sta.Extension;
import io.citywide.sensing.internal.ways.MqttDoor;
import io.citywide.sensing.internal.ways.MqttSettings;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Where the MQTT extension is offered, for the root of the service. */
@Component
class MqttEndpoints implements Extension {

  private static final String SPEC = "http://www.opengis.net/spec/iot_sensing/1.1/req/";

  private final MqttDoor door;
  private final MqttSettings settings;

  MqttEndpoints(MqttDoor door, MqttSettings settings) {
    this.door = door;
    this.settings = settings;
  }

  @Override
  public Map<String, List<String>> endpoints(String host) {
    if (door.port() == 0) {
      return Map.of();
    }
    List<String> here = List.of((settings.tls() ? "mqtts://" : "mqtt://") + host + ":" + door.port());
    return Map.of(SPEC + "create-observations-via-mqtt/observations-creation", here, SPEC + "receive-updates-via-mqtt/receive-updates", here);
  }
}
