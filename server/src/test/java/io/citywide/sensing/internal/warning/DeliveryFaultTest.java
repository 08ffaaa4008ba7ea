package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.warning.DeliveryFault.Code;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.springframework.mail.MailAuthenticationException;
import org.springframework.mail.MailParseException;
import org.springframework.mail.MailSendException;

/** Why a delivery did not arrive is said in both languages, and in our own words. */
class DeliveryFaultTest {

  private static final String FOREIGN = "Couldn't connect to https://hooks.example/secret-token for wang@city.example";

  private static Map<Exception, Code> faults() {
    Map<Exception, Code> faults = new LinkedHashMap<>();
    faults.put(new CallAddress.Inner(FOREIGN), Code.INNER_ADDRESS);
    faults.put(new ProblemException(WarningProblem.INVALID, FOREIGN, Map.of()), Code.ADDRESS);
    faults.put(new MailAuthenticationException(FOREIGN), Code.MAIL_LOGIN);
    faults.put(new MailParseException(FOREIGN), Code.MAIL_ADDRESS);
    faults.put(new MailSendException(FOREIGN), Code.MAIL_FAILED);
    faults.put(new UnknownHostException(FOREIGN), Code.UNKNOWN_HOST);
    faults.put(new SocketTimeoutException(FOREIGN), Code.TIMEOUT);
    faults.put(new SSLHandshakeException(FOREIGN), Code.TLS);
    faults.put(new ConnectException(FOREIGN), Code.UNREACHABLE);
    faults.put(new IOException(FOREIGN), Code.UNREACHABLE);
    faults.put(new NullPointerException(FOREIGN), Code.OURS);
    return faults;
  }

  @Test
  void everyFaultHasACodeAndWordsInBothLanguagesAndNobodyElsesWords() {
    faults().forEach((e, code) -> assertThat(DeliveryFault.of(e).code()).as(e.getClass().getSimpleName()).isEqualTo(code));
    List<DeliveryFault> all = Stream.concat(faults().keySet().stream().map(DeliveryFault::of), Stream.of(DeliveryFault.NO_MAIL_SERVER, DeliveryFault.ROUTE_GONE, DeliveryFault.SIGNED_OUT,
        DeliveryFault.FORGOTTEN, DeliveryFault.answered(CallAddress.Use.WEBHOOK, 503), DeliveryFault.answered(CallAddress.Use.PUSH, 400))).toList();
    assertThat(all).extracting(DeliveryFault::code).containsAll(Arrays.asList(Code.values()));
    assertThat(all).allSatisfy(fault -> {
      assertThat(fault.words().zh()).matches(".*\\p{IsHan}.*").doesNotContainPattern("[A-Za-z]{2,}");
      assertThat(fault.words().en()).matches("[\\x20-\\x7e]+").doesNotContain("hooks.example").doesNotContain("wang@");
    });
    assertThat(DeliveryFault.answered(CallAddress.Use.WEBHOOK, 503).words().zh()).isEqualTo("回调地址返回 503");
  }
}
