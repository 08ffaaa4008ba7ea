package io.citywide.sensing.internal.warning;

import io.citywide.platform.Words;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import org.springframework.mail.MailParseException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;
import org.springframework.stereotype.Component;

/** A warning as an e-mail: in Chinese, then in English. A delivery has one Message-ID, by which a mailbox knows what it has already, and refers to its warning. */
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
      if (!settings.mailFrom().isBlank()) {
        letter.setFrom(settings.mailFrom());
      }
      letter.setTo(to);
      letter.setSubject(headline.zh() + " / " + headline.en());
      letter.setText(text.toString());
      message.setHeader("Message-ID", "<delivery-" + delivery + "-" + step.writtenAt().toEpochMilli() + "@" + host() + ">");
      message.setHeader("References", "<warning-" + w.id() + "-" + w.since().toEpochMilli() + "@" + host() + ">");
      message.setHeader("Auto-Submitted", "auto-generated");
      message.setHeader("Citywide-Delivery", String.valueOf(delivery));
      return message;
    } catch (MessagingException e) {
      throw new MailParseException("the letter cannot be written", e);
    }
  }

  /** Right of the {@code @}: who issues the messages, in the letters of a host's name. */
  private String host() {
    return settings.sender().replaceAll("[^A-Za-z0-9.-]", "-") + ".citywide";
  }
}
