package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Out of the folder of the console, out of the store of evidence: paths that no browser would send. */
@ServerTest
class PathAttackTest {

  private static final List<String> UP = List.of("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "..;/", "..\\", "..%5c", "%c0%ae%c0%ae/", "....//", "/", "./../", ".%00./");
  private static final List<String> WANTED = List.of("application.yaml", "db/migration/identity/V010__scope.sql", "META-INF/MANIFEST.MF", "io/citywide/CitywideApplication.class", "etc/passwd");

  @Autowired TestPeople people;

  @Test
  void noFileOutsideTheConsoleIsServed() {
    List<String> served = new ArrayList<>();
    for (String from : List.of("/", "/assets/", "/api/basemap/", "/api/docs/", "/index.html/", "/webjars/")) {
      for (String up : UP) {
        for (String file : WANTED) {
          for (int depth : new int[] {1, 6}) {
            String path = from + up.repeat(depth) + file;
            String answer = RawHttp.send(people.port(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            int status = RawHttp.status(answer);
            boolean page = answer.contains("<div id=\"app\">"); // an unknown screen is the console's first page
            if (status >= 500 || status == 200 && !page || answer.contains("root:x:") || answer.contains("CREATE FUNCTION") || answer.contains("spring:")) {
              served.add(status + " " + path);
            }
          }
        }
      }
    }
    assertThat(served).isEmpty();
  }

  @Test
  void thePhotosAreFoundByNothingButTheirHash() {
    TestClient client = people.someone(Role.LEADER, "830300", null).client();
    for (String name : List.of("..", "%2e%2e", "..%2f..%2fkeys", "0".repeat(64), "a/../b", "A".repeat(64), "%00", "..%5c..", "x".repeat(5_000))) {
      String answer = RawHttp.send(people.port(), "GET /api/media/" + name + " HTTP/1.1\r\nHost: localhost\r\nCookie: " + client.headers().get("Cookie") + "\r\nConnection: close\r\n\r\n");
      assertThat(RawHttp.status(answer)).as(name).isBetween(400, 499);
    }
  }

  @Test
  void theNameOfAnUploadIsNoPath() throws Exception {
    TestClient client = people.someone(Role.ACCEPTOR, "830300", null).client();
    Path outside = Path.of("target/evil.jpg").toAbsolutePath();
    Files.deleteIfExists(outside);
    for (String name : List.of("../../../../../../" + outside, outside.toString(), "..\\..\\evil.jpg", "a.jpg\\0.sh", "<script>.png")) {
      String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: image/jpeg\r\n\r\nnot a photo\r\n--b--\r\n";
      var answer = client.send("POST", "/api/media", body.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "multipart/form-data; boundary=b"));
      assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
      assertThat(answer.response().headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }
    assertThat(outside).doesNotExist();
  }
}
