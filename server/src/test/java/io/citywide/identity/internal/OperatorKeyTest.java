package io.citywide.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.OperatorKey;
import io.citywide.platform.ServerSettings;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/** Whoever owns the data folder may import, and may nothing about people. */
@ServerTest
class OperatorKeyTest {

  @Autowired TestPeople people;
  @Autowired OperatorKeyFile keyFile;
  @Autowired ServerSettings settings;
  @Autowired ApplicationContext context;

  private TestClient withKey(String key) {
    return TestClient.withKey(people.port(), key);
  }

  @Test
  void everyStartMakesANewKeyForTheOwnerOnlyAndACleanStopTakesItBack() throws Exception {
    keyFile.make();
    String first = OperatorKey.find(settings.data()).orElseThrow();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(OperatorKey.file(settings.data())))).isEqualTo("rw-------");
    assertThat(withKey(first).get("/api/units").status()).isEqualTo(200);
    assertThat(withKey(first).get("/api/people").status()).isEqualTo(403);
    assertThat(withKey(first).get("/api/access-log").status()).isEqualTo(403);

    keyFile.make();
    String second = OperatorKey.find(settings.data()).orElseThrow();
    assertThat(withKey(first).get("/api/units").status()).isEqualTo(401);
    assertThat(withKey(second).get("/api/units").status()).isEqualTo(200);

    keyFile.takeBack(new ContextClosedEvent(context));
    assertThat(OperatorKey.find(settings.data())).isEmpty();
    assertThat(withKey(second).get("/api/units").status()).isEqualTo(401);
  }
}
