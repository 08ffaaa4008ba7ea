package io.citywide.sensing.internal.warning;

import io.citywide.platform.Words;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.mail.MailParseException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;

/**
 * A warning, or a report of hot spots, as an e-mail: in Chinese, then in English. A delivery has one Message-ID, by which a mailbox knows what it has already,
 * and refers to its warning.
 */
@Component
class Letter {

  private final Telling telling;
  private final WarningSettings settings;

  Letter(Telling telling, WarningSettings settings) {
    this.telling = telling;
    this.settings = settings;
  }

  /** @throws MailParseException where it cannot be written, such as for an address that is none */
  MimeMessage write(JavaMailSender sender, long delivery, Warning w, WarningStep step, String to) {
    Words headline = telling.headline(w, step);
    Words place = telling.place(w);
    Words reason = telling.reason(step);
    String time = telling.time(step.at());
    String link = telling.link(w);
    StringBuilder text = new StringBuilder();
    text.append(headline.zh()).append("\n地点：").append(place.zh()).append("\n时间：").append(time);
    text.append(reason == null ? "" : "\n原因：" + reason.zh()).append(link.isEmpty() ? "" : "\n查看：" + link);
    text.append("\n\n").append(headline.en()).append("\nPlace: ").append(place.en()).append("\nTime: ").append(time);
    text.append(reason == null ? "" : "\nReason: " + reason.en()).append(link.isEmpty() ? "" : "\nOpen: " + link).append("\n");
    try {
      MimeMessage message = sender.createMimeMessage();
      MimeMessageHelper letter = new MimeMessageHelper(message, false, StandardCharsets.UTF_8.name());
      address(letter, delivery, String.valueOf(step.writtenAt().toEpochMilli()), to);
      letter.setSubject(headline.zh() + " / " + headline.en());
      letter.setText(text.toString());
      message.setHeader("References", "<warning-" + w.id() + "-" + w.since().toEpochMilli() + "@" + host() + ">");
      return message;
    } catch (MessagingException e) {
      throw new MailParseException("the letter cannot be written", e);
    }
  }

  /**
   * @param sheet the report as a workbook, which is attached
   * @throws MailParseException where it cannot be written, such as for an address that is none
   */
  MimeMessage write(JavaMailSender sender, long delivery, HotSpots.Report report, byte[] sheet, String to) {
    HotSpots.Edition edition = new HotSpots.Edition(report.month(), report.areaCode());
    Words area = telling.area(report.areaCode());
    Words headline = new Words(Telling.line("Hot spots of " + report.month() + ": " + area.en()), Telling.line(report.month() + " 报警热点：" + area.zh()));
    String link = telling.link(edition.path());
    String text = headline.zh() + "\n报警 " + report.total() + " 次，预警 " + report.totalWarnings() + " 条；点位见附件" + (link.isEmpty() ? "" : "\n查看：" + link)
        + "\n\n" + headline.en() + "\nAlarms: " + report.total() + ", warnings: " + report.totalWarnings() + "; the places are attached" + (link.isEmpty() ? "" : "\nOpen: " + link) + "\n";
    try {
      MimeMessage message = sender.createMimeMessage();
      MimeMessageHelper letter = new MimeMessageHelper(message, true, StandardCharsets.UTF_8.name());
      address(letter, delivery, report.month() + "-" + report.areaCode(), to);
      letter.setSubject(headline.zh() + " / " + headline.en());
      letter.setText(text);
      letter.addAttachment("hotspots-" + report.month() + "-" + report.areaCode() + ".xlsx", new ByteArrayResource(sheet), HotSpots.XLSX);
      return message;
    } catch (MessagingException e) {
      throw new MailParseException("the letter cannot be written", e);
    }
  }

  /** @param one what no other letter of this number has, also after the database was restored */
  private void address(MimeMessageHelper letter, long delivery, String one, String to) throws MessagingException {
    if (!settings.mailFrom().isBlank()) {
      letter.setFrom(settings.mailFrom());
    }
    letter.setTo(to);
    MimeMessage message = letter.getMimeMessage();
    message.setHeader("Message-ID", "<delivery-" + delivery + "-" + one + "@" + host() + ">");
    message.setHeader("Auto-Submitted", "auto-generated");
    message.setHeader("Citywide-Delivery", String.valueOf(delivery));
  }

  /** Right of the {@code @}: who issues the messages, in the letters of a host's name. */
  private String host() {
    return settings.sender().replaceAll("[^A-Za-z0-9.-]", "-") + ".citywide";
  }
}
