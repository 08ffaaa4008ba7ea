package io.citywide.sensing.internal.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The examples of the standards, byte by byte; and what must not be taken. */
class PushCipherTest {

  private static final String WATERMELON = "When I grow up, I want to be a watermelon";
  private static final byte[] BROWSER = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
  private static final byte[] BROWSER_PRIVATE = bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94");
  private static final byte[] SENDER = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
  private static final byte[] SENDER_PRIVATE = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
  private static final byte[] AUTH = bytes("BTBZMqHH6r4Tts7J_aSIgg");
  private static final byte[] SALT = bytes("DGv6ra1nlYgDCS1FRnbzlw");
  private static final byte[] BODY = bytes("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf"
      + "1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");

  private static byte[] bytes(String base64) {
    return Base64.getUrlDecoder().decode(base64);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** RFC 8188, 3.1. */
  @Test
  void aRecordIsThatOfRfc8188() throws Exception {
    byte[] input = bytes("yqdlZ-tYemfogSmv7Ws5PQ");
    byte[] walrus = bytes("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg");
    byte[] text = utf8("I am the walrus");
    assertThat(PushCipher.encode(text, text.length, input, bytes("I1BsxtFttlv3u_Oo94xnmw"), new byte[0])).isEqualTo(walrus);
    assertThat(TestBrowser.open(Arrays.copyOfRange(walrus, 21, walrus.length), Arrays.copyOf(walrus, 16), input)).isEqualTo(text);
  }

  /** RFC 8291, 5 and appendix A. */
  @Test
  void aMessageIsThatOfRfc8291() throws Exception {
    byte[] text = utf8(WATERMELON);
    assertThat(PushCipher.seal(text, text.length, BROWSER, AUTH, P256.pair(SENDER, SENDER_PRIVATE), SALT)).isEqualTo(BODY);
    assertThat(new TestBrowser(P256.pair(BROWSER, BROWSER_PRIVATE), AUTH).open(BODY)).isEqualTo(WATERMELON);
  }

  @Test
  void isOpenedByItsBrowserAloneAndTellsNothingByItsLength() throws Exception {
    TestBrowser browser = new TestBrowser();
    byte[] blue = PushCipher.seal(utf8("蓝色"), 200, browser.key(), browser.auth());
    byte[] red = PushCipher.seal(utf8("红色预警：车棚"), 200, browser.key(), browser.auth());
    assertThat(browser.open(red)).isEqualTo("红色预警：车棚");
    assertThat(red).hasSameSizeAs(blue);
    assertThatThrownBy(() -> new TestBrowser().open(red)).isInstanceOf(GeneralSecurityException.class);
    byte[] longest = new byte[PushCipher.LONGEST];
    Arrays.fill(longest, (byte) 'x');
    byte[] body = PushCipher.seal(longest, longest.length, browser.key(), browser.auth());
    assertThat(body).hasSize(4096);
    assertThat(browser.open(body)).hasSize(PushCipher.LONGEST);
    assertThatThrownBy(() -> PushCipher.seal(new byte[PushCipher.LONGEST + 1], PushCipher.LONGEST + 1, browser.key(), browser.auth())).hasMessageContaining("at most");
    assertThatThrownBy(() -> PushCipher.seal(new byte[9], 8, browser.key(), browser.auth())).hasMessageContaining("at most 8");
    assertThatThrownBy(() -> PushCipher.seal(new byte[9], 9, browser.key(), new byte[15])).hasMessageContaining("16 bytes");
  }

  @Test
  void whatIsNoPointOfTheCurveIsNoKey() {
    byte[] off = BROWSER.clone();
    off[64] ^= 1;
    byte[] infinite = new byte[65];
    infinite[0] = 4;
    byte[] beyond = BROWSER.clone();
    Arrays.fill(beyond, 1, 33, (byte) 0xFF);
    byte[] compressed = Arrays.copyOf(BROWSER, 33);
    compressed[0] = 2;
    for (byte[] bad : new byte[][] {off, infinite, beyond, compressed, new byte[0]}) {
      assertThatThrownBy(() -> PushCipher.checked(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(PushCipher.checked(BROWSER)).isEqualTo(BROWSER);
    assertThatThrownBy(() -> P256.scalar(new byte[32])).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTokenNamesTheServiceAndEndsWithinADay() throws Exception {
    Instant now = Instant.parse("2026-11-29T08:00:00Z");
    JsonMapper json = JsonMapper.builder().build();
    byte[] secret = Vapid.made();
    Vapid vapid = new Vapid(secret, json, Clock.fixed(now, ZoneOffset.UTC));
    JsonNode claims = TestBrowser.claims(vapid.authorization("https://push.example.net", "mailto:ops@city.example"), vapid.publicKey());
    assertThat(claims.path("aud").asString()).isEqualTo("https://push.example.net");
    assertThat(claims.path("sub").asString()).isEqualTo("mailto:ops@city.example");
    assertThat(claims.path("exp").asLong()).isBetween(now.getEpochSecond(), now.getEpochSecond() + 86_400);
    assertThat(TestBrowser.claims(vapid.authorization("https://push.example.net", ""), vapid.publicKey()).has("sub")).isFalse();
    assertThat(new Vapid(secret, json, Clock.systemUTC()).publicKey()).as("the same after a restart").isEqualTo(vapid.publicKey());

    String other = HexFormat.of().formatHex(SENDER_PRIVATE) + "\n" + HexFormat.of().formatHex(BROWSER) + "\n";
    assertThatThrownBy(() -> new Vapid(other.getBytes(StandardCharsets.US_ASCII), json, Clock.systemUTC())).hasMessageContaining("do not belong together").hasMessageContaining("backup");
  }
}
