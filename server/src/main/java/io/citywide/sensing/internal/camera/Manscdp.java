package io.citywide.sensing.internal.camera;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.warning.WarningProblem;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Bodies of alarms after GB/T 28181-2022 (MANSCDP XML, as they come in a SIP MESSAGE), and the answers to them. */
public final class Manscdp {

  private static final Charset GB18030 = Charset.forName("GB18030");
  private static final Pattern DECLARED = Pattern.compile("^\\s*<\\?xml[^>]*encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"'][^>]*\\?>");
  private static final Pattern DECLARATION = Pattern.compile("^\\s*<\\?xml[^>]*\\?>");

  /** Cameras write the time of day in Beijing, without a zone. */
  private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");

  /**
   * An alarm.
   *
   * @param sn of the message, as it came
   * @param deviceId 20 digits
   * @param priority 1 (highest) to 4
   * @param method 1 to 7
   * @param type of the alarm, where the method has types; {@code null}: none
   */
  public record Alarm(String sn, String deviceId, String priority, String method, String type, Instant at, String description) {}

  private Manscdp() {}

  /** @throws ProblemException {@link WarningProblem#INVALID_ALARM}, naming what is missing or wrong */
  public static Alarm read(byte[] body) {
    Element root = parse(text(body));
    if (!root.getTagName().equals("Notify")) {
      throw invalid("Notify", root.getTagName(), "the body is a Notify, was " + root.getTagName(), "报文根元素须为 Notify");
    }
    String command = child(root, "CmdType");
    if (!"Alarm".equals(command)) {
      throw invalid("CmdType", command, "CmdType is Alarm, was " + command, "CmdType 须为 Alarm");
    }
    String device = child(root, "DeviceID");
    if (device == null || !device.matches("[0-9]{20}")) {
      throw invalid("DeviceID", device, "DeviceID has 20 digits, was '" + device + "'", "DeviceID 须为 20 位数字");
    }
    String sn = child(root, "SN");
    if (sn == null || !sn.matches("[0-9]{1,10}")) {
      throw invalid("SN", sn, "SN is a number, was '" + sn + "'", "SN 须为数字");
    }
    String method = child(root, "AlarmMethod");
    if (method == null || !method.matches("[1-7]")) {
      throw invalid("AlarmMethod", method, "AlarmMethod is 1 to 7, was '" + method + "'", "AlarmMethod 须为 1 至 7");
    }
    String priority = child(root, "AlarmPriority");
    if (priority == null || !priority.matches("[1-4]")) {
      throw invalid("AlarmPriority", priority, "AlarmPriority is 1 to 4, was '" + priority + "'", "AlarmPriority 须为 1 至 4");
    }
    String description = child(root, "AlarmDescription");
    Element info = element(root, "Info");
    return new Alarm(sn, device, priority, method, info == null ? null : child(info, "AlarmType"), time(child(root, "AlarmTime")), description == null ? "" : description);
  }

  /** What the sender expects, in GB18030. */
  public static byte[] answer(Alarm alarm) {
    return ("<?xml version=\"1.0\" encoding=\"GB2312\"?>\r\n<Response>\r\n<CmdType>Alarm</CmdType>\r\n<SN>" + alarm.sn() + "</SN>\r\n<DeviceID>" + alarm.deviceId()
        + "</DeviceID>\r\n<Result>OK</Result>\r\n</Response>\r\n").getBytes(GB18030);
  }

  private static Instant time(String text) {
    try {
      return LocalDateTime.parse(String.valueOf(text).replace(' ', 'T')).atZone(BEIJING).toInstant();
    } catch (DateTimeParseException e) {
      throw invalid("AlarmTime", text, "AlarmTime is such as 2026-11-29T12:00:00, in Beijing time, was '" + text + "'", "AlarmTime 格式须为 2026-11-29T12:00:00（北京时间）");
    }
  }

  /** GB2312 and GBK are parts of GB18030; most devices declare the first and write the last. */
  private static String text(byte[] body) {
    Matcher declared = DECLARED.matcher(new String(body, 0, Math.min(200, body.length), StandardCharsets.ISO_8859_1));
    String name = declared.find() ? declared.group(1).toUpperCase(Locale.ROOT) : "GB18030";
    Charset charset = switch (name) {
      case "GB2312", "GBK", "GB18030" -> GB18030;
      case "UTF-8" -> StandardCharsets.UTF_8;
      default -> throw invalid("encoding", name, "the encoding is GB2312, GBK, GB18030 or UTF-8, was " + name, "编码须为 GB2312、GBK、GB18030 或 UTF-8");
    };
    try {
      String text = charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(body)).toString();
      return DECLARATION.matcher(text).replaceFirst("").strip();
    } catch (CharacterCodingException e) {
      throw invalid("encoding", name, "the body is not " + name, "报文不是有效的 " + name + " 编码");
    }
  }

  private static Element parse(String text) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      // No document type, so no entity of whatever kind.
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler());
      return builder.parse(new InputSource(new StringReader(text))).getDocumentElement();
    } catch (SAXException e) {
      throw invalid("body", null, "the body is no XML that can be taken: " + e.getMessage(), "报文不是可接收的 XML（不得含 DOCTYPE）");
    } catch (ParserConfigurationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String child(Element parent, String name) {
    Element found = element(parent, name);
    String text = found == null ? null : found.getTextContent().strip();
    return text == null || text.isEmpty() ? null : text;
  }

  private static Element element(Element parent, String name) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        return element;
      }
    }
    return null;
  }

  private static ProblemException invalid(String field, Object value, String en, String zh) {
    return new ProblemException(WarningProblem.INVALID_ALARM, en, value == null ? Map.of("field", field) : Map.of("field", field, "value", value)).zh(zh);
  }
}
