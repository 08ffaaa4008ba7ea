package io.citywide.sensing.internal.warning;

import io.citywide.identity.Viewer;
import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.CapMessage.Info;
import java.io.StringWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Warnings as messages: CAP 1.2 in XML and JSON, and Atom feeds of them. Each raising, change of grade and end is one message; all after
 * the first name those before.
 */
@Service
public class CapDesk {

  private static final String CAP = "urn:oasis:names:tc:emergency:cap:1.2";
  private static final String ATOM = "http://www.w3.org/2005/Atom";
  private static final DateTimeFormatter SENT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx").withZone(CapNumbers.BEIJING);

  private static final int IN_FEED = 100;

  /** A message, the step that it says, and where it holds. */
  private record Said(Warning warning, WarningStep step, CapMessage.Area area) {}

  private final WarningStore store;
  private final CapAreas areas;
  private final WarningSettings settings;
  private final TransactionTemplate transaction;

  CapDesk(WarningStore store, CapAreas areas, WarningSettings settings, TransactionTemplate transaction) {
    this.store = store;
    this.areas = areas;
    this.settings = settings;
    this.transaction = transaction;
  }

  /**
   * A message of a warning.
   *
   * @param seq step that it says; {@code null}: the latest
   * @throws io.citywide.platform.ProblemException {@link WarningProblem#UNKNOWN}
   */
  @Transactional(readOnly = true)
  public CapMessage message(long warningId, Integer seq) {
    return find(warningId, seq, false);
  }

  /** As {@link #message}, for anybody, of a warning in the public feed. */
  public CapMessage publicMessage(long warningId, Integer seq) {
    return Viewer.callAs(Viewer.system("public warnings"), () -> transaction.execute(status -> find(warningId, seq, true)));
  }

  private CapMessage find(long warningId, Integer seq, boolean open) {
    Warning w = store.find(warningId).filter(each -> !open || each.openToAll()).orElseThrow(() -> WarningDesk.unknown(warningId));
    List<WarningStep> sent = store.listSteps(warningId).stream().filter(s -> s.capId() != null).toList();
    WarningStep step = sent.stream().filter(s -> seq == null || s.seq() == seq).max(Comparator.comparingInt(WarningStep::seq)).orElseThrow(() -> WarningDesk.unknown(warningId));
    return message(w, step, sent);
  }

  /** The message that a step is, or is not ({@code null}). Joins the transaction under way. */
  CapMessage messageOf(Warning w, WarningStep step) {
    return step.capId() == null ? null : message(w, step, store.listSteps(w.id()).stream().filter(s -> s.capId() != null).toList());
  }

  private CapMessage message(Warning w, WarningStep step, List<WarningStep> sent) {
    String msgType = switch (step.act()) {
      case RAISED -> "Alert";
      case ESCALATED, LOWERED -> "Update";
      case ENDED -> "Cancel";
      case ACKNOWLEDGED, NOTED, PUBLISHED, WITHDRAWN, PASSED_UP -> throw new IllegalArgumentException(step.act() + " is no message");
    };
    List<String> references = sent.stream().filter(s -> s.seq() < step.seq()).map(s -> settings.sender() + "," + s.capId() + "," + SENT.format(s.capSent())).toList();
    List<CapMessage.Area> area = List.of(areas.of(w));
    return new CapMessage(step.capId(), settings.sender(), SENT.format(step.capSent()), "Actual", msgType, w.rule(), w.openToAll() ? "Public" : "Restricted",
        w.openToAll() ? null : "城市运行管理人员", null, references, List.of(info(w, step, true, area), info(w, step, false, area)));
  }

  private Info info(Warning w, WarningStep step, boolean zh, List<CapMessage.Area> area) {
    WarningGrade grade = step.grade();
    boolean over = step.act() == WarningAct.ENDED;
    Words why = Telling.outward(w, step);
    String name = zh ? WarningKeeper.zh(w.name()) : w.name().en();
    String subject = zh ? WarningKeeper.zh(w.subjectName()) : w.subjectName().en();
    String colour = zh ? grade.nameZh() : grade.name().toLowerCase(Locale.ROOT);
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("cn.warning.color", switch (grade) {
      case RED -> "Red";
      case ORANGE -> "Orange";
      case YELLOW -> "Yellow";
      case BLUE -> "Blue";
    });
    parameters.put("cn.warning.level", String.valueOf(grade.level()));
    step.readings().forEach((reading, value) -> parameters.put("reading." + reading, java.math.BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()));
    return new Info(zh ? "zh-CN" : "en", CapMessage.CATEGORIES.contains(w.category()) ? w.category() : "Other", name, over ? "Past" : switch (grade) {
      case RED -> "Immediate";
      case ORANGE, YELLOW -> "Expected";
      case BLUE -> "Future";
    }, switch (grade) {
      case RED -> "Extreme";
      case ORANGE -> "Severe";
      case YELLOW -> "Moderate";
      case BLUE -> "Minor";
    }, w.origin() == Origin.SILENCE ? "Observed" : "Likely", Map.of("citywide.rule", w.rule()), SENT.format(step.capSent()), SENT.format(step.at()), settings.sender(),
        zh ? name + "：" + subject + (over ? "，预警解除" : "，" + colour + "预警") : name + ": " + subject + (over ? ", warning ended" : ", " + colour + " warning"),
        zh ? why.zh() : why.en(), parameters, area);
  }

  // ---- XML -------------------------------------------------------------------------------------------

  /** A message in XML, valid by the schema of CAP 1.2. */
  public static String xml(CapMessage m) {
    return document(xml -> {
      xml.writeStartElement("alert");
      xml.writeDefaultNamespace(CAP);
      element(xml, "identifier", m.identifier());
      element(xml, "sender", m.sender());
      element(xml, "sent", m.sent());
      element(xml, "status", m.status());
      element(xml, "msgType", m.msgType());
      element(xml, "source", m.source());
      element(xml, "scope", m.scope());
      element(xml, "restriction", m.restriction());
      element(xml, "note", m.note());
      element(xml, "references", m.references().isEmpty() ? null : String.join(" ", m.references()));
      for (Info info : m.info()) {
        info(xml, info);
      }
      xml.writeEndElement();
    });
  }

  private static void info(XMLStreamWriter xml, Info i) throws XMLStreamException {
    xml.writeStartElement("info");
    element(xml, "language", i.language());
    element(xml, "category", i.category());
    element(xml, "event", i.event());
    element(xml, "urgency", i.urgency());
    element(xml, "severity", i.severity());
    element(xml, "certainty", i.certainty());
    pairs(xml, "eventCode", i.eventCode());
    element(xml, "effective", i.effective());
    element(xml, "onset", i.onset());
    element(xml, "senderName", i.senderName());
    element(xml, "headline", i.headline());
    element(xml, "description", i.description());
    pairs(xml, "parameter", i.parameter());
    for (CapMessage.Area area : i.area()) {
      xml.writeStartElement("area");
      area(xml, area);
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static void area(XMLStreamWriter xml, CapMessage.Area area) throws XMLStreamException {
    element(xml, "areaDesc", area.areaDesc());
    for (String polygon : area.polygon()) {
      element(xml, "polygon", polygon);
    }
    for (String circle : area.circle()) {
      element(xml, "circle", circle);
    }
    pairs(xml, "geocode", area.geocode());
  }

  private static void pairs(XMLStreamWriter xml, String name, Map<String, String> pairs) throws XMLStreamException {
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      xml.writeStartElement(name);
      element(xml, "valueName", pair.getKey());
      element(xml, "value", pair.getValue());
      xml.writeEndElement();
    }
  }

  private static void element(XMLStreamWriter xml, String name, String value) throws XMLStreamException {
    if (value != null) {
      xml.writeStartElement(name);
      xml.writeCharacters(clean(value));
      xml.writeEndElement();
    }
  }

  /** Without what XML 1.0 cannot hold. */
  private static String clean(String text) {
    return text.codePoints().filter(c -> c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
  }

  private interface Body {
    void write(XMLStreamWriter xml) throws XMLStreamException;
  }

  private static String document(Body body) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      body.write(xml);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  // ---- Atom ------------------------------------------------------------------------------------------

  /**
   * The latest messages within the viewer's scope, as an Atom feed.
   *
   * @param base address of the server, without a slash at its end
   */
  @Transactional(readOnly = true)
  public String feed(String base) {
    return feed(base + "/api/warnings", base + "/api/warnings/feed.atom", latest(false));
  }

  /** The latest messages of warnings that are public, for anybody. */
  public String publicFeed(String base) {
    return feed(base + "/api/public/warnings", base + "/api/public/warnings/feed.atom",
        Viewer.callAs(Viewer.system("public warnings"), () -> transaction.execute(status -> latest(true))));
  }

  private List<Said> latest(boolean open) {
    List<Warning> warnings = store.list((open ? "open_to_all" : "true") + " AND changed_at > now() - interval '30 days' ORDER BY changed_at DESC LIMIT :n", Map.of("n", IN_FEED));
    Map<Long, List<WarningStep>> steps = store.listSteps(warnings.stream().map(Warning::id).toList());
    Map<Long, CapMessage.Area> held = areas.marks(warnings);
    return warnings.stream().flatMap(w -> steps.getOrDefault(w.id(), List.of()).stream().filter(s -> s.capId() != null).map(s -> new Said(w, s, held.get(w.id()))))
        .sorted(Comparator.comparing((Said s) -> s.step().capSent()).thenComparing(s -> s.step().capId()).reversed()).limit(IN_FEED).toList();
  }

  private String feed(String messages, String self, List<Said> entries) {
    Instant updated = entries.stream().map(e -> e.step().capSent()).findFirst().orElse(Instant.EPOCH);
    return document(xml -> {
      xml.writeStartElement("feed");
      xml.writeDefaultNamespace(ATOM);
      element(xml, "id", self);
      element(xml, "title", "预警信息 Warnings");
      element(xml, "updated", SENT.format(updated));
      link(xml, "self", "application/atom+xml", self);
      xml.writeStartElement("author");
      element(xml, "name", settings.sender());
      xml.writeEndElement();
      for (Said e : entries) {
        Warning w = e.warning();
        xml.writeStartElement("entry");
        element(xml, "id", "urn:citywide:cap:" + e.step().capId());
        element(xml, "title", (e.step().act() == WarningAct.ENDED ? "解除 " : e.step().grade().nameZh() + "预警 ") + WarningKeeper.zh(w.name()) + "：" + WarningKeeper.zh(w.subjectName()));
        element(xml, "updated", SENT.format(e.step().capSent()));
        element(xml, "summary", Telling.outward(w, e.step()).zh());
        link(xml, "alternate", "application/cap+xml", messages + "/" + w.id() + "/cap.xml?seq=" + e.step().seq());
        xml.writeStartElement("area");
        xml.writeDefaultNamespace(CAP);
        area(xml, e.area());
        xml.writeEndElement();
        xml.writeEndElement();
      }
      xml.writeEndElement();
    });
  }

  private static void link(XMLStreamWriter xml, String rel, String type, String href) throws XMLStreamException {
    xml.writeEmptyElement("link");
    xml.writeAttribute("rel", rel);
    xml.writeAttribute("type", type);
    xml.writeAttribute("href", href);
  }
}
