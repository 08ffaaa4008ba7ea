package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;

/** Small things that grow: each is refused with its reason, and soon; the server goes on. */
@ServerTest
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class BombAttackTest {

  @Autowired TestPeople people;
  private TestClient staff;
  private TestClient steward;
  private TestClient machine;

  @BeforeEach
  void whoAttacks() {
    staff = people.someone(Role.SHIFT_LEADER, "830300", null).client();
    steward = people.someone(Role.SYSTEM_ADMIN, "830300", null).client();
    machine = people.machine("830300", Permission.SIGNAL_IMPORT, Permission.SIGNAL_REPORT);
  }

  private static void refused(Answer answer) {
    assertThat(answer.status()).as(answer.text().substring(0, Math.min(400, answer.text().length()))).isBetween(400, 499);
    assertThat(answer.problem()).isNotBlank();
  }

  /** A PNG that says it is this large; its one row of pixels is deflated zeros. */
  private static byte[] png(int width, int height) throws IOException {
    var out = new ByteArrayOutputStream();
    var png = new DataOutputStream(out);
    png.writeLong(0x89504E470D0A1A0AL);
    var header = new ByteArrayOutputStream();
    var fields = new DataOutputStream(header);
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, 6, 0, 0, 0});
    chunk(png, "IHDR", header.toByteArray());
    var data = new ByteArrayOutputStream();
    try (var deflate = new DeflaterOutputStream(data)) {
      deflate.write(new byte[4 << 20]);
    }
    chunk(png, "IDAT", data.toByteArray());
    chunk(png, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(DataOutputStream png, String type, byte[] content) throws IOException {
    png.writeInt(content.length);
    CRC32 crc = new CRC32();
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    crc.update(name);
    crc.update(content);
    png.write(name);
    png.write(content);
    png.writeInt((int) crc.getValue());
  }

  private Answer upload(byte[] content) throws IOException {
    var form = new ByteArrayOutputStream();
    form.write("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    form.write(content);
    form.write("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
    return staff.send("POST", "/api/media", form.toByteArray(), Map.of("Content-Type", "multipart/form-data; boundary=b"));
  }

  @Test
  void aPictureOfGiantMeasureIsRefusedByItsHeader() throws IOException {
    for (int[] size : new int[][] {{60_000, 60_000}, {Integer.MAX_VALUE, 1}, {1, Integer.MAX_VALUE}, {Integer.MAX_VALUE, Integer.MAX_VALUE}, {0, 0}, {-1, 5}}) {
      refused(upload(png(size[0], size[1])));
    }
  }

  @Test
  void picturesOfOtherKindsAndArchivesAreRefusedByTheirContent() throws IOException {
    byte[] gif = ("GIF89a" + "\u00ff\u00ff\u00ff\u00ff\u0000\u0000\u0000" + ",\0\0\0\0\u00ff\u00ff\u00ff\u00ff\0\u0002".repeat(10_000)).getBytes(StandardCharsets.ISO_8859_1);
    refused(upload(gif));
    refused(upload("PK\u0003\u0004".getBytes(StandardCharsets.ISO_8859_1)));
    refused(upload("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void deeplyNestedJsonIsRefused() {
    String deep = "[".repeat(10_000_000);
    for (String path : List.of("/api/areas", "/api/basemap/roads")) {
      refused(steward.send("PUT", path, deep, Map.of()));
    }
    refused(steward.post("/api/components:batch", deep));
    refused(machine.send("POST", "/api/signals:batch", deep, Map.of("Idempotency-Key", "deep")));
    refused(staff.post("/api/cases", "{\"a\":".repeat(200_000)));
    refused(people.nobody().post("/api/public/reports", "[".repeat(200_000)));
  }

  @Test
  void hugeNumbersAndTextsAreRefused() {
    for (String number : List.of("1e999999999", "9".repeat(5_000), "1" + "0".repeat(900))) {
      refused(staff.post("/api/cases", "{\"description\":\"路灯不亮\",\"kindId\":\"gb47678.5-M06010\",\"lon\":" + number + ",\"lat\":1}"));
    }
    // Too small to be told from 0, and 0 is a longitude: outside of every area, where there are areas.
    assertThat(staff.post("/api/cases", "{\"description\":\"路灯不亮\",\"kindId\":\"gb47678.5-M06010\",\"lon\":-1e-999999999,\"lat\":1}").status()).isLessThan(500);
    refused(staff.post("/api/cases", "{\"description\":\"" + "长".repeat(3_000_000) + "\",\"lon\":1,\"lat\":1}"));
  }

  @Test
  void aPackedBodyIsNotUnpacked() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      for (int i = 0; i < 100; i++) {
        gzip.write(new byte[1 << 20]);
      }
    }
    refused(steward.send("PUT", "/api/areas", packed.toByteArray(), Map.of("Content-Encoding", "gzip")));
  }

  @Test
  void xmlIsReadNowhere() {
    String laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><r>&b;</r>";
    String outside = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>";
    for (String body : List.of(laughs, outside)) {
      for (String type : List.of("application/xml", "text/xml", "application/soap+xml", "image/svg+xml")) {
        for (String path : List.of("/api/cases", "/api/signals", "/open311/v2/requests.xml", "/open311/v2/requests.json", "/api/media")) {
          Answer answer = staff.send("POST", path, body, Map.of("Content-Type", type));
          assertThat(answer.status()).as(path + " " + type).isEqualTo(415);
          assertThat(answer.text()).doesNotContain("lollol").doesNotContain("root:");
        }
      }
    }
  }

  @Test
  void whoHasNotSignedInSendsLittle() {
    Answer answer = people.nobody().post("/api/public/reports", "{\"description\":\"" + "x".repeat(300_000) + "\"}");
    assertThat(answer.status()).isEqualTo(413);
  }
}
