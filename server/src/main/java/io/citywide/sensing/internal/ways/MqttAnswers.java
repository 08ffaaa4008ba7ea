package io.citywide.sensing.internal.ways;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered to a message that was published. On the thread of its connection. */
final class MqttAnswers {

  private static final Logger log = LoggerFactory.getLogger(MqttAnswers.class);
  private static final int REASON = MqttProperties.MqttPropertyType.REASON_STRING.value();
  private static final int LONGEST_REASON = 400;

  private MqttAnswers() {}

  static void acknowledge(MqttSession session, int id, MqttQoS quality) {
    if (quality == MqttQoS.AT_LEAST_ONCE && session.endpoint.isConnected()) {
      session.endpoint.publishAcknowledge(id);
    }
  }

  /** It may come again: MQTT 5 can say so, from 3.1.1 the connection is taken, after which a client sends again what was not acknowledged. */
  static void turnAway(MqttSession session, int id) {
    if (session.speaksFive() && session.endpoint.isConnected()) {
      session.endpoint.publishAcknowledge(id, MqttPubAckReasonCode.QUOTA_EXCEEDED, reason("more observations wait than can be written; send it again"));
    } else {
      session.end(MqttDisconnectReasonCode.SERVER_BUSY);
    }
  }

  static void turnAway(MqttSession session, MqttPublishMessage message) {
    if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
      turnAway(session, message.messageId());
    }
  }

  /** What is wrong stays wrong however often it comes: MQTT 3.1.1 gets its acknowledgement, MQTT 5 the reason with it. */
  static void refuse(MqttSession session, MqttPublishMessage message, MqttPubAckReasonCode code, String why) {
    log.debug("{} published to {} what was not stored: {}", session.name(), message.topicName(), why);
    if (message.qosLevel() != MqttQoS.AT_LEAST_ONCE || !session.endpoint.isConnected()) {
      return;
    }
    if (session.speaksFive()) {
      session.endpoint.publishAcknowledge(message.messageId(), code, reason(why));
    } else {
      session.endpoint.publishAcknowledge(message.messageId());
    }
  }

  private static MqttProperties reason(String why) {
    MqttProperties properties = new MqttProperties();
    properties.add(new MqttProperties.StringProperty(REASON, why.length() > LONGEST_REASON ? why.substring(0, LONGEST_REASON) : why));
    return properties;
  }
}
