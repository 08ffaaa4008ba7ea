package io.citywide.sensing.internal.topics;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.observations.Fates;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.sta.Notices;
import io.citywide.sensing.internal.sta.Posting;
import io.citywide.sensing.internal.sta.Subject;
import io.citywide.sensing.internal.ways.MqttTree;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/**
 * Topics of SensorThings. Who publishes an Observation needs what {@code POST} needs, who subscribes what {@code GET} needs. A device
 * that speaks for itself may publish to the Datastreams that are its own series, and hears nothing.
 */
@Component
class SensorThingsTree implements MqttTree {

  private static final String ROOT = "v1.1";

  /** Clients that listen. */
  private static final int MOST_CLIENTS = 1_000;

  /** Observations of all clients on their way into the database or the log. */
  private static final int UNDER_WAY = 16;

  private final Posting posting;
  private final Notices notices;
  private final Audience audience;
  private final Crier crier;
  private final DeviceDirectory directory;
  private final Fates fates;
  private final Map<Client, Outbox> outboxes = new ConcurrentHashMap<>();
  private final Semaphore underWay = new Semaphore(UNDER_WAY);

  SensorThingsTree(Posting posting, Notices notices, Audience audience, Crier crier, DeviceDirectory directory, Fates fates) {
    this.posting = posting;
    this.notices = notices;
    this.audience = audience;
    this.crier = crier;
    this.directory = directory;
    this.fates = fates;
  }

  @Override
  public String root() {
    return ROOT;
  }

  // ---- Observations that come ----------------------------------------------------------------------

  @Override
  public void published(Client client, String topic, byte[] payload) {
    String address = topic.substring(ROOT.length() + 1);
    underWay.acquireUninterruptibly();
    try {
      if (client.device() == null) {
        posting.take(address, payload);
      } else {
        own(client.device(), Posting.series(address));
        Viewer.runAs(Viewer.system("device " + client.device()), () -> posting.take(address, payload));
      }
    } catch (ProblemException e) {
      fates.refused(e.problem().code(), 1);
      throw e;
    } finally {
      underWay.release();
    }
  }

  /** Refuses what is no series of the device. */
  private void own(String device, int series) {
    if (series < 0 || directory.find(device).filter(known -> Arrays.stream(known.series()).anyMatch(one -> one == series)).isEmpty()) {
      throw forbidden("a device publishes to its own Datastreams only, such as v1.1/Datastreams(1)/Observations", "设备只能发布到自己的数据流");
    }
  }

  // ---- what is told --------------------------------------------------------------------------------

  @Override
  public void subscribe(Client client, String filter, int quality) {
    client.viewer().require(Permission.SENSING_READ);
    Subject subject = Subject.of(filter.substring(ROOT.length() + 1));
    Outbox known = outboxes.get(client);
    if (known == null && outboxes.size() >= MOST_CLIENTS) {
      throw new ProblemException(PlatformProblem.BUSY, "more than " + MOST_CLIENTS + " clients listen already").zh("订阅的客户端已超过 " + MOST_CLIENTS + " 个");
    }
    long found = notices.find(subject);
    byte[] now = subject.ofProperty() ? crier.now(subject) : null;
    Outbox outbox = known == null ? new Outbox(client, crier) : known;
    Subscription fresh = new Subscription(outbox, subject, filter, quality, found, now);
    audience.join(fresh);
    outboxes.put(client, outbox);
    Subscription before = outbox.subscriptions.put(filter, fresh);
    if (before != null) {
      audience.leave(before);
    }
  }

  @Override
  public void unsubscribe(Client client, String filter) {
    Outbox outbox = outboxes.get(client);
    Subscription before = outbox == null ? null : outbox.subscriptions.remove(filter);
    if (before == null) {
      return;
    }
    audience.leave(before);
    if (outbox.subscriptions.isEmpty()) {
      gone(client);
    }
  }

  @Override
  public void gone(Client client) {
    Outbox outbox = outboxes.remove(client);
    if (outbox != null) {
      outbox.close();
      outbox.subscriptions.values().forEach(audience::leave);
    }
  }

  private static ProblemException forbidden(String en, String zh) {
    return new ProblemException(IdentityProblem.FORBIDDEN, en).zh(zh);
  }
}
