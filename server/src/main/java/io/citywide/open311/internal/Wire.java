package io.citywide.open311.internal;

import io.citywide.platform.ProblemException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two wire forms of GeoReport v2. The same tree of maps, lists and values is written as JSON or as
 * XML; in XML a list {@code requests} becomes {@code <requests><request>…}.
 */
public final class Wire {

  private static final MediaType XML = MediaType.parseMediaType("text/xml;charset=utf-8");
  private static final MediaType JSON = MediaType.parseMediaType("application/json;charset=utf-8");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

  private Wire() {}

  /** A list under its two XML names. */
  public record Rows(String plural, String singular, List<?> items) {}

  /** An object that is a document of its own: in XML the root element has this name, JSON has no name for it. */
  public record Document(String root, Map<String, ?> content) {}

  /**
   * @param format {@code json} or {@code xml}
   * @throws ProblemException {@code open311.format} for any other
   */
  public static ResponseEntity<String> write(int status, String format, Object tree) {
    check(format);
    return format.equals("json")
        ? ResponseEntity.status(status).contentType(JSON).body(MAPPER.writeValueAsString(plain(tree)))
        : ResponseEntity.status(status).contentType(XML).body(xml(tree));
  }

  /**
   * Refuses an unknown format before anything is done.
   *
   * @throws ProblemException {@code open311.format}
   */
  public static void check(String format) {
    if (!format.equals("json") && !format.equals("xml")) {
      throw new ProblemException(Open311Problem.FORMAT, "'." + format + "' is not a format of this server; use .json or .xml");
    }
  }

  private static Object plain(Object node) {
    return switch (node) {
      case Rows rows -> rows.items().stream().map(Wire::plain).toList();
      case Document document -> plain(document.content());
      case Map<?, ?> map -> {
        Map<String, Object> copy = new java.util.LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), plain(value)));
        yield copy;
      }
      case null -> null;
      default -> node;
    };
  }

  private static String xml(Object tree) {
    StringWriter out = new StringWriter();
    try {
      XMLStreamWriter writer = FACTORY.createXMLStreamWriter(out);
      writer.writeStartDocument("utf-8", "1.0");
      switch (tree) {
        case Rows rows -> element(writer, rows.plural(), rows);
        case Document document -> element(writer, document.root(), document.content());
        default -> throw new IllegalArgumentException("an XML document needs one root");
      }
      writer.writeEndDocument();
      writer.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory does not fail", e);
    }
    return out.toString();
  }

  private static void element(XMLStreamWriter writer, String name, Object node) throws XMLStreamException {
    writer.writeStartElement(name);
    switch (node) {
      case Rows rows -> {
        for (Object item : rows.items()) {
          element(writer, rows.singular(), item);
        }
      }
      case Map<?, ?> map -> {
        for (var entry : map.entrySet()) {
          element(writer, String.valueOf(entry.getKey()), entry.getValue());
        }
      }
      case null -> {}
      default -> writer.writeCharacters(allowed(String.valueOf(node)));
    }
    writer.writeEndElement();
  }

  /** XML 1.0 cannot carry most control characters, not even escaped; reports may contain anything. */
  private static String allowed(String text) {
    return text.codePoints()
        .filter(c -> c == 0x9 || c == 0xA || c == 0xD || (c >= 0x20 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
