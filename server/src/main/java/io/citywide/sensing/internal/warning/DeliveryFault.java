package io.citywide.sensing.internal.warning;

import io.citywide.platform.ProblemException;
import io.citywide.platform.Words;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.springframework.mail.MailAuthenticationException;
import org.springframework.mail.MailException;
import org.springframework.mail.MailParseException;

/**
 * Why a delivery did not arrive, for the people who read what became of a warning. What another program says of it, which may hold addresses
 * and is in whatever language that program speaks, stands in the log alone.
 */
record DeliveryFault(Code code, Words words) {

  /** What it was; stays the same where the words change. */
  enum Code {
    NO_MAIL_SERVER,
    MAIL_LOGIN,
    MAIL_ADDRESS,
    MAIL_FAILED,
    ROUTE_GONE,
    BROWSER_GONE,
    /** The receiver answered, and not that it took it. */
    REFUSED,
    ADDRESS,
    INNER_ADDRESS,
    UNKNOWN_HOST,
    TIMEOUT,
    TLS,
    UNREACHABLE,
    /** A fault of this server. */
    OURS
  }

  static final DeliveryFault NO_MAIL_SERVER = new DeliveryFault(Code.NO_MAIL_SERVER, new Words("no mail server is set up", "未配置邮件服务器"));
  static final DeliveryFault ROUTE_GONE = new DeliveryFault(Code.ROUTE_GONE, new Words("the route that named this webhook is gone", "指定此回调地址的路由已删除"));
  static final DeliveryFault SIGNED_OUT = new DeliveryFault(Code.BROWSER_GONE, new Words("the browser has signed out", "此浏览器已退出登录"));
  static final DeliveryFault FORGOTTEN = new DeliveryFault(Code.BROWSER_GONE, new Words("the push service knows the browser no more", "此浏览器的推送已失效"));

  /** @param use what is there */
  static DeliveryFault answered(CallAddress.Use use, int status) {
    return new DeliveryFault(Code.REFUSED, switch (use) {
      case WEBHOOK -> new Words("the webhook answered " + status, "回调地址返回 " + status);
      case PUSH -> new Words("the push service answered " + status, "推送服务返回 " + status);
    });
  }

  /** What stopped a delivery that did not come as far as an answer. */
  static DeliveryFault of(Exception e) {
    return switch (e) {
      case CallAddress.Inner inner -> new DeliveryFault(Code.INNER_ADDRESS, new Words("the address lies in an inner network, which the settings do not allow", "地址在内网，而设置未允许"));
      case ProblemException refused -> new DeliveryFault(Code.ADDRESS, new Words("the address is none that may be called", "地址无效，或不允许呼出"));
      case MailException mail -> mail(mail);
      case UnknownHostException unknown -> new DeliveryFault(Code.UNKNOWN_HOST, new Words("nobody knows the name of the host", "无法解析主机名"));
      case SocketTimeoutException late -> new DeliveryFault(Code.TIMEOUT, new Words("the receiver did not answer in time", "对方未在时限内应答"));
      case SSLException tls -> new DeliveryFault(Code.TLS, new Words("there is no secure connection to the receiver, such as for its certificate", "无法建立安全连接（如证书有误）"));
      case java.io.IOException away -> new DeliveryFault(Code.UNREACHABLE, new Words("there is no connection to the receiver", "无法连接对方"));
      default -> new DeliveryFault(Code.OURS, new Words("the server could not make this delivery; its log says why", "服务器未能完成此次发送，原因见日志"));
    };
  }

  private static DeliveryFault mail(MailException e) {
    return switch (e) {
      case MailAuthenticationException login -> new DeliveryFault(Code.MAIL_LOGIN, new Words("the mail server does not let us sign in", "邮件服务器拒绝登录"));
      case MailParseException address -> new DeliveryFault(Code.MAIL_ADDRESS, new Words("the letter cannot be written, such as for an address that is none", "邮件无法生成（如邮箱地址有误）"));
      default -> new DeliveryFault(Code.MAIL_FAILED, new Words("the mail server cannot be reached, or did not take the letter", "邮件服务器无法连接，或未接收此邮件"));
    };
  }
}
