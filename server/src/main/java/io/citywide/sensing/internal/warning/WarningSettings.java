package io.citywide.sensing.internal.warning;

import io.citywide.sensing.WarningGrade;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Warnings: who sends them, and how long they may wait for somebody.
 *
 * @param sender who issues CAP messages, without space, comma, {@code <} and {@code &}
 * @param sector of the issuer, three characters after GB/T 4657
 * @param office within the sector, three characters
 * @param acknowledgeRed a red warning that nobody acknowledges goes to the next level after this time
 * @param acknowledgeOrange the same for an orange one
 * @param acknowledgeYellow the same for a yellow one
 * @param acknowledgeBlue the same for a blue one
 * @param alarmsWithin alarms of one camera and class join the warning that is live, which ends when none came for this long
 * @param picturesKept pictures of alarms that opened no case are deleted after this time
 * @param webhookHosts hosts of the own network that webhooks may call, such as {@code sms.internal:8443}; all others must have public addresses and HTTPS
 * @param pushHosts hosts of the own network that may be push services of browsers, such as {@code push.internal:443}; all others must have public addresses and HTTPS
 * @param pushContact whom push services may write to about this server, {@code mailto:…} or {@code https://…}; Apple's refuse a server that names nobody
 * @param mailFrom sender of e-mails; they are sent only where {@code spring.mail.host} is set
 * @param consoleUrl address of the console for links in e-mails, such as {@code https://city.example}; empty: without a link
 * @param attempts e-mails, webhooks and pushes are tried so often, with growing pauses of at most an hour
 */
@Validated
@ConfigurationProperties("citywide.warning")
public record WarningSettings(
    @DefaultValue("citywide") @Pattern(regexp = "[^\\s,<&]{1,60}") String sender,
    @DefaultValue("000") @Pattern(regexp = "[0-9A-Z]{3}") String sector,
    @DefaultValue("000") @Pattern(regexp = "[0-9A-Z]{3}") String office,
    @DefaultValue("5m") @NotNull Duration acknowledgeRed,
    @DefaultValue("15m") @NotNull Duration acknowledgeOrange,
    @DefaultValue("30m") @NotNull Duration acknowledgeYellow,
    @DefaultValue("2h") @NotNull Duration acknowledgeBlue,
    @DefaultValue("30m") @NotNull Duration alarmsWithin,
    @DefaultValue("30d") @NotNull Duration picturesKept,
    @DefaultValue("") Set<String> webhookHosts,
    @DefaultValue("") Set<String> pushHosts,
    @DefaultValue("") @Pattern(regexp = "|mailto:[^\\s<>\"]{3,200}|https://[^\\s<>\"]{3,200}") String pushContact,
    @DefaultValue("") String mailFrom,
    @DefaultValue("") @Pattern(regexp = "|https?://[^\\s<>\"?#]{1,200}") String consoleUrl,
    @DefaultValue("10") @Min(1) @Max(50) int attempts) {

  public WarningSettings {
    positive("acknowledge-red", acknowledgeRed);
    positive("acknowledge-orange", acknowledgeOrange);
    positive("acknowledge-yellow", acknowledgeYellow);
    positive("acknowledge-blue", acknowledgeBlue);
    positive("alarms-within", alarmsWithin);
    positive("pictures-kept", picturesKept);
    webhookHosts = Set.copyOf(webhookHosts);
    pushHosts = Set.copyOf(pushHosts);
    consoleUrl = consoleUrl.replaceFirst("/+$", "");
  }

  private static void positive(String key, Duration value) {
    if (!value.isPositive()) throw new IllegalArgumentException("citywide.warning." + key + " must be above zero, was " + value);
  }

  /** How long a warning of this grade waits for an acknowledgement. */
  Duration acknowledgeWithin(WarningGrade grade) {
    return switch (grade) {
      case BLUE -> acknowledgeBlue;
      case YELLOW -> acknowledgeYellow;
      case ORANGE -> acknowledgeOrange;
      case RED -> acknowledgeRed;
    };
  }
}
