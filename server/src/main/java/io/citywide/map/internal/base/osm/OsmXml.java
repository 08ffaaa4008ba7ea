package io.citywide.map.internal.base.osm;

import io.citywide.map.internal.base.osm.OsmSink.Member;
import io.citywide.map.internal.base.osm.OsmSink.Type;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads OpenStreetMap XML 0.6 as a stream. Document types and entities are refused: nothing outside the file is ever read. */
final class OsmXml {

  private static final XMLInputFactory FACTORY = factory();
  private static final int MOST_REFS = 100_000;

  private final XMLStreamReader xml;
  private final OsmSink sink;

  private OsmXml(XMLStreamReader xml, OsmSink sink) {
    this.xml = xml;
    this.sink = sink;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    return factory;
  }

  static void read(InputStream in, OsmSink sink) throws IOException, OsmFault {
    try {
      XMLStreamReader xml;
      synchronized (FACTORY) {
        xml = FACTORY.createXMLStreamReader(in);
      }
      new OsmXml(xml, sink).read();
    } catch (XMLStreamException e) {
      if (e.getNestedException() instanceof IOException io) {
        throw io;
      }
      String message = e.getMessage() == null ? "unknown" : e.getMessage().lines().reduce((a, b) -> b).orElse("").replaceFirst("^Message: ", "");
      throw new OsmFault("line " + (e.getLocation() == null ? "?" : e.getLocation().getLineNumber()) + ": the XML cannot be read: " + message);
    }
  }

  private void read() throws XMLStreamException, IOException, OsmFault {
    boolean root = false;
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
        throw fault("a document type or entity has no place in a file of OpenStreetMap");
      }
      if (event != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      if (!root) {
        if (!xml.getLocalName().equals("osm")) {
          throw fault("the root element must be <osm>, was <" + xml.getLocalName() + ">");
        }
        String version = xml.getAttributeValue(null, "version");
        if (version != null && !version.equals("0.6")) {
          throw fault("version must be 0.6, was '" + version + "'");
        }
        root = true;
        continue;
      }
      switch (xml.getLocalName()) {
        case "node" -> node();
        case "way" -> way();
        case "relation" -> relation();
        case "create", "modify", "delete" -> throw fault("this is a file of changes; a whole extract is needed");
        default -> { }
      }
    }
  }

  private void node() throws XMLStreamException, IOException, OsmFault {
    if (!sink.wants(Type.NODE)) {
      skip();
      return;
    }
    long id = number("id");
    boolean deleted = "false".equals(xml.getAttributeValue(null, "visible"));
    int lon = deleted ? 0 : degrees("lon", 180);
    int lat = deleted ? 0 : degrees("lat", 90);
    Map<String, String> tags = children(null, null);
    if (!deleted) {
      sink.node(id, lon, lat, tags);
    }
  }

  private void way() throws XMLStreamException, IOException, OsmFault {
    if (!sink.wants(Type.WAY)) {
      skip();
      return;
    }
    long id = number("id");
    long[][] refs = {new long[16], {0}};
    Map<String, String> tags = children(refs, null);
    sink.way(id, Arrays.copyOf(refs[0], (int) refs[1][0]), tags);
  }

  private void relation() throws XMLStreamException, IOException, OsmFault {
    if (!sink.wants(Type.RELATION)) {
      skip();
      return;
    }
    long id = number("id");
    List<Member> members = new ArrayList<>();
    Map<String, String> tags = children(null, members);
    sink.relation(id, members, tags);
  }

  private void skip() throws XMLStreamException, OsmFault {
    for (int depth = 1; depth > 0; ) {
      int event = xml.next();
      depth += event == XMLStreamConstants.START_ELEMENT ? 1 : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
    }
  }

  private Map<String, String> children(long[][] refs, List<Member> members) throws XMLStreamException, OsmFault {
    Map<String, String> tags = Map.of();
    for (int depth = 1; depth > 0; ) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT) {
        depth--;
      } else if (event == XMLStreamConstants.ENTITY_REFERENCE) {
        throw fault("an entity has no place in a file of OpenStreetMap");
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        depth++;
        String name = xml.getLocalName();
        if (name.equals("tag")) {
          if (tags.isEmpty()) {
            tags = new LinkedHashMap<>();
          }
          tags.put(text("k"), text("v"));
        } else if (name.equals("nd") && refs != null) {
          int count = (int) refs[1][0]++;
          if (count == MOST_REFS) {
            throw fault("a way has at most " + MOST_REFS + " nodes here");
          }
          if (count == refs[0].length) {
            refs[0] = Arrays.copyOf(refs[0], count * 2);
          }
          refs[0][count] = number("ref");
        } else if (name.equals("member") && members != null) {
          String type = text("type");
          String role = xml.getAttributeValue(null, "role");
          members.add(new Member(switch (type) {
            case "node" -> Type.NODE;
            case "way" -> Type.WAY;
            case "relation" -> Type.RELATION;
            default -> throw fault("a member's type must be node, way or relation, was '" + type + "'");
          }, number("ref"), role == null ? "" : role));
        }
      }
    }
    return tags;
  }

  private String text(String attribute) throws OsmFault {
    String value = xml.getAttributeValue(null, attribute);
    if (value == null) {
      throw fault("<" + xml.getLocalName() + "> needs the attribute " + attribute);
    }
    return value;
  }

  private long number(String attribute) throws OsmFault {
    String value = text(attribute);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw fault("attribute " + attribute + " of <" + xml.getLocalName() + "> must be a whole number, was '" + value + "'");
    }
  }

  private int degrees(String attribute, int bound) throws OsmFault {
    String value = text(attribute);
    double degrees;
    try {
      degrees = Double.parseDouble(value);
    } catch (NumberFormatException e) {
      degrees = Double.NaN;
    }
    if (!(Math.abs(degrees) <= bound)) {
      throw fault("attribute " + attribute + " of node " + xml.getAttributeValue(null, "id") + " must be -" + bound + ".." + bound + " degrees, was '" + value + "'");
    }
    return (int) Math.round(degrees * 1e7);
  }

  private OsmFault fault(String message) {
    return new OsmFault("line " + xml.getLocation().getLineNumber() + ": " + message);
  }
}
