package io.citywide.sensing.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.Device;
import io.citywide.sensing.Devices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The directory follows the register, whoever changes it. */
@ServerTest
class DeviceDirectoryTest {

  private static final TestCity CITY = new TestCity("970100", 97.01, 37.01);

  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired Registrar registrar;
  @Autowired Presence presence;
  @Autowired Devices devices;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  @BeforeEach
  void aCity() {
    assertThat(people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client().put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
  }

  private static DeviceDraft draft(String code, double x, double y) {
    return new DeviceDraft(code, "smoke", null, CITY.at(x, y).get(0), CITY.at(x, y).get(1), null, "shed-1", null, null, null, null, null);
  }

  private void asSystem(Runnable work) {
    Viewer.runAs(Viewer.system("test"), work);
  }

  /** What another server commits reaches this one through the table alone. */
  private void elsewhere(String sql) {
    asSystem(() -> transaction.executeWithoutResult(status -> jdbc.sql(sql).update()));
  }

  @Test
  void knowsADeviceWithItsSeriesWhenItsRegistrationReturns() {
    asSystem(() -> registrar.register(draft("DIR-1", 0.5, 0.5)));
    Known known = directory.find("DIR-1").orElseThrow();
    assertThat(known.areaCode()).isEqualTo("970102001001001");
    assertThat(known.groupCode()).isEqualTo("shed-1");
    assertThat(known.enabled()).isTrue();
    assertThat(known.series()).hasSize(known.type().properties().size()).doesNotContain(-1).doesNotHaveDuplicates();
    assertThat(known.series("smoke")).isEqualTo(known.series()[0]);
    assertThat(known.series("level")).isEqualTo(-1);
    assertThat(directory.find(known.deviceId())).contains(known);
  }

  @Test
  void followsWhatAnotherServerDoes() throws InterruptedException {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    asSystem(() -> registrar.register(draft("DIR-2", 0.5, 0.5)));
    directory.follow(new DeviceListener() {
      @Override
      public void registered(Known device) {
        if (device.code().startsWith("DIR-2")) {
          heard.add("registered " + device.code());
        }
      }

      @Override
      public void changed(Known before, Known after) {
        if (after.code().startsWith("DIR-2")) {
          heard.add("changed " + after.code() + " " + before.enabled() + " " + after.enabled());
        }
      }

      @Override
      public void removed(Known device) {
        if (device.code().startsWith("DIR-2")) {
          heard.add("removed " + device.code());
        }
      }
    });
    assertThat(heard.poll(2, TimeUnit.SECONDS)).isEqualTo("registered DIR-2");
    elsewhere("UPDATE sensing_device SET enabled = false WHERE code = 'DIR-2'");
    assertThat(heard.poll(2, TimeUnit.SECONDS)).isEqualTo("changed DIR-2 true false");
    elsewhere("DELETE FROM sensing_device WHERE code = 'DIR-2'");
    assertThat(heard.poll(2, TimeUnit.SECONDS)).isEqualTo("removed DIR-2");
    assertThat(directory.find("DIR-2")).isEmpty();
    asSystem(() -> registrar.register(draft("DIR-2", 1.5, 0.5)));
    assertThat(heard.poll(2, TimeUnit.SECONDS)).isEqualTo("registered DIR-2");
  }

  @Test
  void seesACommitThatCameLate() throws InterruptedException {
    asSystem(() -> registrar.register(draft("DIR-3", 0.5, 0.5)));
    Thread slow = Thread.ofVirtual().unstarted(() -> asSystem(() -> transaction.executeWithoutResult(status -> {
      jdbc.sql("UPDATE sensing_device SET group_code = 'late' WHERE code = 'DIR-3'").update();
      Thread other = Thread.ofVirtual().start(() -> asSystem(() -> registrar.register(draft("DIR-4", 0.5, 0.5))));
      try {
        other.join(); // a later transaction is seen before this one ends
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    })));
    slow.start();
    slow.join();
    directory.refresh();
    assertThat(directory.find("DIR-4")).isPresent();
    assertThat(directory.find("DIR-3").orElseThrow().groupCode()).isEqualTo("late");
  }

  @Test
  void callsWhoKeepsSendingNonsenseFaultyAndWhoMendsItWell() {
    asSystem(() -> {
      registrar.register(draft("DIR-5", 0.5, 0.5));
      Known known = directory.find("DIR-5").orElseThrow();
      assertThat(devices.find("DIR-5").orElseThrow().state()).isEqualTo(Device.State.NEW);
      long now = System.currentTimeMillis();
      presence.heard(known, now, 1, 0);
      presence.writeChanges();
      Device heard = devices.find("DIR-5").orElseThrow();
      assertThat(heard.state()).isEqualTo(Device.State.ONLINE);
      assertThat(heard.seenAt().toEpochMilli()).isEqualTo(now / 1000 * 1000);
      presence.heard(known, now, 0, 2);
      presence.writeChanges();
      assertThat(devices.find("DIR-5").orElseThrow().state()).isEqualTo(Device.State.ONLINE);
      presence.heard(known, now, 0, 1);
      presence.writeChanges();
      assertThat(devices.find("DIR-5").orElseThrow().state()).isEqualTo(Device.State.FAULTY);
      presence.heard(known, now, 11, 0);
      presence.writeChanges();
      assertThat(devices.find("DIR-5").orElseThrow().state()).isEqualTo(Device.State.FAULTY);
      presence.heard(known, now, 1, 0);
      presence.writeChanges();
      assertThat(devices.find("DIR-5").orElseThrow().state()).isEqualTo(Device.State.ONLINE);
    });
  }

  @Test
  void findsEveryDeviceAmongManyThroughAdditionsAndRemovals() {
    KnownTable table = new KnownTable();
    Map<Long, Known> model = new HashMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 200_000; i++) {
      long id = random.nextInt(20_000);
      Known there = model.get(id);
      if (there != null && random.nextInt(3) == 0) {
        table.remove(there);
        model.remove(id);
      } else {
        Known known = new Known(id, "D" + id, null, new int[0], "", null, "", true, null, i);
        table.put(known);
        model.put(id, known);
      }
    }
    assertThat(table.size()).isEqualTo(model.size());
    for (long id = 0; id < 20_000; id++) {
      assertThat(table.find(id)).isSameAs(model.get(id));
      assertThat(table.find("D" + id)).isSameAs(model.get(id));
    }
    List<Known> all = new ArrayList<>();
    table.forEach(all::add);
    assertThat(all).hasSameElementsAs(model.values());
  }
}
