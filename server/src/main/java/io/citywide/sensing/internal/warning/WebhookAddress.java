package io.citywide.sensing.internal.warning;

import io.citywide.platform.ProblemException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;

/**
 * Where a webhook goes. A route is written by a person, so that it must not make this server talk to its own network: without being
 * named in the settings a host has HTTPS and a public address, and the address that was looked at is the one that is called.
 *
 * @param host name or literal address
 * @param inner named in the settings: plain HTTP and addresses of the own network are allowed
 */
record WebhookAddress(String scheme, String host, int port, String target, boolean inner) {

  private static final int LONGEST = 500;

  /** @throws ProblemException {@link WarningProblem#INVALID} */
  static WebhookAddress read(String text, Set<String> innerHosts) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw invalid(text, "'" + text + "' is no address", "回调地址格式有误");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(java.util.Locale.ROOT);
    if (text.length() > LONGEST || uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null || !Set.of("http", "https").contains(scheme)) {
      throw invalid(text, "a webhook is https://host/path of at most " + LONGEST + " characters, without user and fragment", "回调地址须为 https://主机/路径，最长 " + LONGEST + " 字符，不含用户名和片段");
    }
    int port = uri.getPort() == -1 ? scheme.equals("https") ? 443 : 80 : uri.getPort();
    String host = uri.getHost();
    boolean inner = innerHosts.contains(host + ":" + port);
    if (!inner && !scheme.equals("https")) {
      throw invalid(text, "a webhook has HTTPS, or is named host:port in citywide.warning.webhook-hosts", "回调地址须用 HTTPS；内网主机须由管理员列入 citywide.warning.webhook-hosts");
    }
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return new WebhookAddress(scheme, host, port, uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery(), inner);
  }

  /**
   * The address to call.
   *
   * @throws IOException where the name is not known, or has an address of the own network
   */
  InetAddress resolve() throws IOException {
    InetAddress[] all = InetAddress.getAllByName(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    if (!inner) {
      for (InetAddress address : all) {
        if (!isPublic(address)) {
          throw new IOException(host + " has an address of an inner network, " + address.getHostAddress() + "; name it in citywide.warning.webhook-hosts to allow it");
        }
      }
    }
    return all[0];
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
    boolean usual = port == (scheme.equals("https") ? 443 : 80);
    return scheme + "://" + host + (usual ? "" : ":" + port) + target;
  }

  private static ProblemException invalid(String text, String en, String zh) {
    return new ProblemException(WarningProblem.INVALID, en, Map.of("field", "address", "value", text)).zh(zh);
  }
}
