package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.citywide.platform.ProblemException;
import io.citywide.place.AreaLevel;
import io.citywide.sensing.WarningGrade;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A webhook reaches its receiver signed, and nothing of our own network. */
class WebhookTest {

  @ParameterizedTest
  @ValueSource(strings = {"http://city.example/x", "ftp://city.example/x", "https://user@city.example/", "https://city.example/#a", "https:///x", "gopher://x", "", "javascript:alert(1)",
      "https://city.example/a b", "https://[::1"})
  void whatIsNoPublicAddressByHttpsIsRefused(String address) {
    assertThatThrownBy(() -> CallAddress.read(CallAddress.Use.WEBHOOK, address, Set.of())).isInstanceOf(ProblemException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "[::1]",
      "[fe80::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost"})
  void anAddressOfAnInnerNetworkIsNotCalled(String host) {
    assertThatThrownBy(() -> CallAddress.read(CallAddress.Use.WEBHOOK, "https://" + host + "/x", Set.of()).resolve()).isInstanceOf(IOException.class).hasMessageContaining("inner network");
  }

  @Test
  void aPublicAddressIs() throws Exception {
    assertThat(CallAddress.isPublic(InetAddress.getByName("203.0.114.7"))).isTrue();
    assertThat(CallAddress.isPublic(InetAddress.getByName("2400:3200::1"))).isTrue();
    assertThat(CallAddress.read(CallAddress.Use.WEBHOOK, "https://city.example:8443/a?b=c", Set.of())).hasToString("https://city.example:8443/a?b=c");
  }

  @Test
  void aHostOfTheSettingsIsCalledOnceAndNobodyIsFollowed() throws Exception {
    List<String> heard = new ArrayList<>();
    HttpServer receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    receiver.createContext("/ok", exchange -> {
      heard.add(exchange.getRequestHeaders().getFirst("Citywide-Signature") + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      exchange.sendResponseHeaders(204, -1);
      exchange.close();
    });
    receiver.createContext("/away", exchange -> {
      exchange.getResponseHeaders().set("Location", "/ok");
      exchange.sendResponseHeaders(307, -1);
      exchange.close();
    });
    receiver.start();
    try {
      String host = "127.0.0.1:" + receiver.getAddress().getPort();
      WebhookKeys keys = new WebhookKeys(new byte[32]);
      Route route = new Route(5, "*", "", AreaLevel.CITY, WarningGrade.BLUE, Route.Target.OWNER, null, null, Route.Way.WEBHOOK, "http://" + host + "/ok", null, 1, 1, "test", Instant.EPOCH);
      String signature = keys.signature(keys.secret(route), 1_700_000_000L, "{\"名\":1}");
      assertThat(OutwardCall.post(CallAddress.read(CallAddress.Use.WEBHOOK, "http://" + host + "/ok", Set.of(host)), "{\"名\":1}".getBytes(StandardCharsets.UTF_8),
          Map.of("Citywide-Signature", signature)).status()).isEqualTo(204);
      assertThat(OutwardCall.post(CallAddress.read(CallAddress.Use.WEBHOOK, "http://" + host + "/away", Set.of(host)), new byte[2], Map.of()).status()).isEqualTo(307);
      assertThat(heard).containsExactly(signature + " {\"名\":1}");
      assertThat(signature).matches("sha256=[0-9a-f]{64}").isEqualTo(new WebhookKeys(new byte[32]).signature(keys.secret(route), 1_700_000_000L, "{\"名\":1}"));
      assertThatThrownBy(() -> CallAddress.read(CallAddress.Use.WEBHOOK, "http://" + host + "/ok", Set.of())).isInstanceOf(ProblemException.class);
    } finally {
      receiver.stop(0);
    }
  }
}
