package io.citywide.sensing.internal.warning;

import io.citywide.platform.ProblemException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where this server calls out to: a webhook or a push service. The address was given by a person or a browser, so that it must not make
 * this server talk to its own network: without being named in the settings a host has HTTPS and a public address, and the address that was
 * looked at is the one that is called.
 *
 * @param host name or literal address
 * @param inner named in the settings: plain HTTP and addresses of the own network are allowed
 */
record CallAddress(Use use, String scheme, String host, int port, String target, boolean inner) {

  private static final int LONGEST = 500;

  /** What is there. */
  enum Use {
    WEBHOOK("a webhook", "回调地址", "address", "citywide.warning.webhook-hosts"),
    PUSH("a push service", "推送服务地址", "endpoint", "citywide.warning.push-hosts");

    private final String en;
    private final String zh;
    private final String field;
    private final String setting;

    Use(String en, String zh, String field, String setting) {
      this.en = en;
      this.zh = zh;
      this.field = field;
      this.setting = setting;
    }
  }

  /** @throws ProblemException {@link WarningProblem#INVALID} */
  static CallAddress read(Use use, String text, Set<String> innerHosts) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw invalid(use, text, "'" + text + "' is no address", use.zh + "格式有误");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (text.length() > LONGEST || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null || !Set.of("http", "https").contains(scheme)) {
      throw invalid(use, text, use.en + " is https://host/path of at most " + LONGEST + " characters, without user and fragment",
          use.zh + "须为 https://主机/路径，最长 " + LONGEST + " 字符，不含用户名和片段");
    }
    int port = uri.getPort() == -1 ? scheme.equals("https") ? 443 : 80 : uri.getPort();
    String host = uri.getHost();
    boolean inner = innerHosts.contains(host + ":" + port);
    if (!inner && !scheme.equals("https")) {
      throw invalid(use, text, use.en + " has HTTPS, or is named host:port in " + use.setting, use.zh + "须用 HTTPS；内网主机须由管理员列入 " + use.setting);
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return new CallAddress(use, scheme, host, port, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery(), inner);
  }

  /** It is known, and of the own network, which the settings do not allow. */
  static final class Inner extends IOException {
    Inner(String why) {
      super(why);
    }
  }

  /**
   * The address to call.
   *
   * @throws Inner where it has an address of the own network
   * @throws IOException where the name is not known
   */
  InetAddress resolve() throws IOException {
    InetAddress[] all = InetAddress.getAllByName(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    if (!inner) {
      for (InetAddress address : all) {
        if (!isPublic(address)) {
          throw new Inner(host + " has an address of an inner network, " + address.getHostAddress() + "; name it in " + use.setting + " to allow it");
        }
      }
    }
    return all[0];
  }

  /** As a token for it names it (RFC 8292): scheme, host and a port that is not the usual one. */
  String origin() {
    boolean usual = port == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + host + (usual ? "" : ":" + port);
  }

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isSiteLocalAddress() || address.isMulticastAddress()) {
      return false;
    }
    byte[] b = address.getAddress();
    int first = b[0] & 0xFF;
    int second = b[1] & 0xFF;
    return switch (address) {
      // This network, shared (RFC 6598), IETF and benchmarks, reserved.
      case Inet4Address four -> first != 0 && !(first == 100 && second >= 64 && second < 128) && !(first == 192 && second == 0 && b[2] == 0)
          && !(first == 198 && (second == 18 || second == 19)) && first < 240;
      // Unique local; and what carries an address of IPv4: 6to4, Teredo, NAT64, compatible.
      case Inet6Address six -> (first & 0xFE) != 0xFC && !(first == 0x20 && second == 0x02) && !(first == 0x20 && second == 0x01 && b[2] == 0 && b[3] == 0)
          && !(first == 0 && second == 0x64) && !six.isIPv4CompatibleAddress();
      default -> false;
    };
  }

  @Override
  public String toString() {
    return origin() + target;
  }

  static ProblemException invalid(Use use, String text, String en, String zh) {
    return new ProblemException(WarningProblem.INVALID, en, Map.of("field", use.field, "value", text)).zh(zh);
  }
}
