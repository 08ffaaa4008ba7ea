package io.citywide.sensing.internal.ways;

import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.mqtt.MqttTopicSubscription;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.MqttUnsubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttSubAckReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who hears what: commands of devices, and what trees tell. Each client's in its order; it is answered when it holds. */
final class MqttSubscriptions {

  private static final Logger log = LoggerFactory.getLogger(MqttSubscriptions.class);

  /** Of one client. */
  private static final int MOST_FILTERS = 100;
  /** Requests of one client that wait. */
  private static final int MOST_WAITING = 200;

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;
  private static final int BUSY = 503;

  private final Intake intake;
  private final List<MqttTree> trees;

  MqttSubscriptions(Intake intake, List<MqttTree> trees) {
    this.intake = intake;
    this.trees = List.copyOf(trees);
  }

  /** The tree to which a topic belongs. */
  Optional<MqttTree> tree(String topic) {
    return trees.stream().filter(tree -> topic.startsWith(tree.root()) && topic.startsWith("/", tree.root().length())).findFirst();
  }

  void subscribe(MqttSession session, MqttSubscribeMessage message) {
    inTurn(session, () -> {
      List<MqttSubAckReasonCode> codes = message.topicSubscriptions().stream().map(wanted -> granted(session, wanted)).toList();
      session.context.runOnContext(nothing -> answer(session, message.messageId(), codes));
    });
  }

  void unsubscribe(MqttSession session, MqttUnsubscribeMessage message) {
    inTurn(session, () -> {
      message.topics().forEach(filter -> {
        if (session.filters.remove(filter) != null) {
          tree(filter).ifPresent(tree -> tree.unsubscribe(session.client, filter));
        }
      });
      session.context.runOnContext(nothing -> {
        if (session.endpoint.isConnected()) {
          session.endpoint.unsubscribeAcknowledge(message.messageId());
        }
      });
    });
  }

  /** It is connected no more. */
  void gone(MqttSession session) {
    session.client.gone();
    session.turns.add(() -> trees.stream().filter(tree -> session.filters.keySet().stream().anyMatch(filter -> tree(filter).filter(tree::equals).isPresent()))
        .forEach(tree -> tree.gone(session.client)), Integer.MAX_VALUE);
  }

  private void inTurn(MqttSession session, Runnable work) {
    if (!session.turns.add(work, MOST_WAITING)) {
      session.end(io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode.SERVER_BUSY);
    }
  }

  private MqttSubAckReasonCode granted(MqttSession session, MqttTopicSubscription wanted) {
    String filter = wanted.topicName();
    int quality = Math.min(1, wanted.qualityOfService().value());
    if (session.filters.size() >= MOST_FILTERS && !session.filters.containsKey(filter)) {
      return MqttSubAckReasonCode.QUOTA_EXCEEDED;
    }
    MqttTree tree = tree(filter).orElse(null);
    MqttSubAckReasonCode refused = tree == null ? mayReceive(session, filter) ? null : MqttSubAckReasonCode.NOT_AUTHORIZED : refusedBy(tree, session, filter, quality);
    if (refused != null) {
      return refused;
    }
    session.filters.put(filter, quality);
    return quality == 0 ? MqttSubAckReasonCode.GRANTED_QOS0 : MqttSubAckReasonCode.GRANTED_QOS1;
  }

  private boolean mayReceive(MqttSession session, String filter) {
    if (session.device != null) {
      return filter.equals(MqttDoor.DEVICES + session.device + MqttDoor.COMMANDS);
    }
    // A gateway names each of its devices: what is meant for others is not its business.
    return session.viewer.may(Permission.OBSERVATION_WRITE) && filter.startsWith(MqttDoor.DEVICES) && filter.endsWith(MqttDoor.COMMANDS)
        && filter.length() > MqttDoor.DEVICES.length() + MqttDoor.COMMANDS.length()
        && intake.directory().find(filter.substring(MqttDoor.DEVICES.length(), filter.length() - MqttDoor.COMMANDS.length())).filter(session.scope).isPresent();
  }

  private static MqttSubAckReasonCode refusedBy(MqttTree tree, MqttSession session, String filter, int quality) {
    if (session.viewer == null) {
      return MqttSubAckReasonCode.NOT_AUTHORIZED;
    }
    try {
      Viewer.runAs(session.viewer, () -> tree.subscribe(session.client, filter, quality));
      return null;
    } catch (ProblemException e) {
      log.debug("{} may not subscribe to {}: {}", session.name(), filter, e.getMessage());
      return switch (e.problem().status()) {
        case FORBIDDEN, NOT_FOUND -> MqttSubAckReasonCode.NOT_AUTHORIZED;
        case TOO_MANY, BUSY -> MqttSubAckReasonCode.QUOTA_EXCEEDED;
        default -> MqttSubAckReasonCode.TOPIC_FILTER_INVALID;
      };
    } catch (RuntimeException e) {
      log.error("{} could not subscribe to {}", session.name(), filter, e);
      return MqttSubAckReasonCode.UNSPECIFIED_ERROR;
    }
  }

  private static void answer(MqttSession session, int id, List<MqttSubAckReasonCode> codes) {
    if (!session.endpoint.isConnected()) {
      return;
    }
    if (session.speaksFive()) {
      session.endpoint.subscribeAcknowledge(id, codes, MqttProperties.NO_PROPERTIES);
      return;
    }
    List<MqttQoS> qualities = new ArrayList<>();
    for (MqttSubAckReasonCode code : codes) {
      qualities.add(code == MqttSubAckReasonCode.GRANTED_QOS0 ? MqttQoS.AT_MOST_ONCE : code == MqttSubAckReasonCode.GRANTED_QOS1 ? MqttQoS.AT_LEAST_ONCE : MqttQoS.FAILURE);
    }
    session.endpoint.subscribeAcknowledge(id, qualities);
  }
}
