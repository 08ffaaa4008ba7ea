package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import io.citywide.watch.Decision.Kind;
import jakarta.mail.internet.MimeMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mail.javamail.JavaMailSenderImpl;
import tools.jackson.databind.JsonNode;

/** A warning comes out of a real mail server as it was meant: in both languages, with a link, without people, and without headers of anybody else's making. */
class LetterTest extends OutwardGround {

  @Autowired JavaMailSenderImpl sender;

  private List<MimeMessage> mailTo(String address) {
    return Arrays.stream(MAIL.getReceivedMessages()).filter(m -> {
      try {
        return Arrays.stream(m.getAllRecipients()).anyMatch(r -> r.toString().equals(address));
      } catch (jakarta.mail.MessagingException e) {
        throw new IllegalStateException(e);
      }
    }).toList();
  }

  /** A route by e-mail to who answers for the subject. */
  private record Routed(long id, UnitRef owner) {}

  private void remove(Routed routed) {
    assertThat(people.someone(Role.SHIFT_LEADER, CITY, null).client().delete("/api/warning-routes/" + routed.id()).status()).isEqualTo(204);
  }

  private Routed route(String address) {
    UnitRef owner = people.unit("邮件单位", UnitKind.ENTERPRISE, B, null);
    Answer made = people.someone(Role.SHIFT_LEADER, CITY, null).client().post("/api/warning-routes",
        Map.of("watch", "rule:smoke-out", "areaCode", B, "level", "COMMUNITY", "gradeFrom", "BLUE", "target", "OWNER", "way", "EMAIL", "address", address));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return new Routed(made.json().path("route").path("id").asLong(), owner);
  }

  @Test
  void aLetterSaysGradePlaceTimeAndLinkInBothLanguagesAndNoPerson() throws Exception {
    Routed routed = route("duty-room@city.example");
    String subject = subject();
    apply(judged(subject, new Words("Shed\r\nBcc: thief@evil.example\r\n\r\nx", "车棚 " + subject + "\r\nBcc: thief@evil.example"), Kind.RAISED, WarningGrade.ORANGE, B, routed.owner()));
    long id = id(subject);
    until("it is delivered", () -> deliveries(id, Route.Way.EMAIL).contains("1 SENT 1"));
    MimeMessage first = mailTo("duty-room@city.example").getFirst();
    assertThat(first.getSubject()).isEqualTo("橙色预警发布：烟雾浓度 / Orange warning raised: Smoke");
    assertThat(first.getFrom()).hasSize(1).extracting(Object::toString).containsExactly("warnings@city.example");
    assertThat(first.getAllRecipients()).extracting(Object::toString).containsExactly("duty-room@city.example");
    assertThat(first.getHeader("Bcc")).isNull();
    assertThat(first.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(first.getMessageID()).matches("<delivery-\\d+-\\d+@citywide\\.citywide>");
    String text = (String) first.getContent();
    assertThat(text).contains("橙色预警发布：烟雾浓度").contains("地点：车棚 " + subject).contains("时间：2").contains("原因：烟雾 0.21 高于 0.15").contains("查看：" + CONSOLE + "/warnings/" + id)
        .contains("Orange warning raised: Smoke").contains("Place: Shed Bcc: thief@evil.example x").contains("Reason: 0.21 is above 0.15").contains("Open: " + CONSOLE + "/warnings/" + id)
        .contains("+08:00");

    Someone officer = people.someone(Role.SHIFT_LEADER, B, null);
    TestClient client = officer.client();
    assertThat(client.post("/api/warnings/" + id + "/end", Map.of("verdict", "FALSE", "reason", "户主王小明 13800138000 说是做饭")).status()).isEqualTo(200);
    until("the end is delivered", () -> mailTo("duty-room@city.example").size() == 2);
    MimeMessage last = mailTo("duty-room@city.example").getLast();
    assertThat(last.getSubject()).isEqualTo("预警解除：烟雾浓度 / Warning ended: Smoke");
    assertThat((String) last.getContent()).doesNotContain("王小明").doesNotContain("13800138000").doesNotContain(officer.viewer().displayName()).contains(CONSOLE);
    assertThat(last.getHeader("References")).as("one conversation").isEqualTo(first.getHeader("References"));
    assertThat(last.getMessageID()).isNotEqualTo(first.getMessageID());
    assertThat(mailTo("thief@evil.example")).isEmpty();
    courier.sendAll();
    assertThat(mailTo("duty-room@city.example")).as("once each").hasSize(2);
    remove(routed);
  }

  @Test
  void isDeliveredOnceTheMailServerIsBack() throws Exception {
    Routed routed = route("later@city.example");
    int port = sender.getPort();
    String subject = subject();
    try {
      sender.setPort(1);
      apply(judged(subject, Kind.RAISED, WarningGrade.BLUE, B, routed.owner()));
      until("it was refused", () -> deliveries(id(subject), Route.Way.EMAIL).equals(List.of("1 WAITING 1")) && !fault(subject).isEmpty());
      JsonNode told = people.someone(Role.SHIFT_LEADER, CITY, null).client().get("/api/warnings/" + id(subject)).json().path("deliveries").path(0);
      assertThat(told.path("faultCode").asString()).isEqualTo("MAIL_FAILED");
      assertThat(told.path("faultZh").asString()).isEqualTo("邮件服务器无法连接，或未接收此邮件");
      assertThat(told.path("faultEn").asString()).isEqualTo("the mail server cannot be reached, or did not take the letter");
    } finally {
      sender.setPort(port);
    }
    until("it is delivered", () -> {
      hurry(id(subject));
      return deliveries(id(subject), Route.Way.EMAIL).stream().allMatch(d -> d.startsWith("1 SENT"));
    });
    assertThat(mailTo("later@city.example")).hasSize(1);
    assertThat(people.someone(Role.SHIFT_LEADER, CITY, null).client().get("/api/warnings/" + id(subject)).json().path("deliveries").path(0).path("faultCode").isNull()).as("it is mended").isTrue();
    remove(routed);
  }

  private String fault(String subject) {
    return ground.asSystem(() -> jdbc.sql("SELECT coalesce(max(fault), '') FROM sensing_delivery WHERE warning_id = :id").param("id", id(subject)).query((rs, i) -> rs.getString(1)).single());
  }
}
