package io.citywide.open311.internal;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.citywide.platform.ProblemException;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.springframework.util.LinkedMultiValueMap;
import org.xml.sax.InputSource;

/** Any arguments of GeoReport v2, and any text in an answer of XML or JSON. */
class Open311FormFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesAnyArgument(FuzzedDataProvider data) {
    var form = new LinkedMultiValueMap<String, String>();
    form.add("lat", data.consumeString(40));
    form.add("start_date", data.consumeString(60));
    form.add("id", data.consumeString(40));
    form.add(data.consumeString(60), data.consumeRemainingAsString());
    Open311Desk.answers(form).values().forEach(List::size);
    refusable(() -> Open311Desk.number(form, "lat"));
    refusable(() -> Open311Desk.time(form.toSingleValueMap(), "start_date"));
    refusable(() -> Open311Desk.id(form.getFirst("id")));
    Open311Desk.split(form.getFirst("id")).size();
  }

  @FuzzTest(maxDuration = "60s")
  void writesAnyTextAsXmlThatIsXml(FuzzedDataProvider data) throws Exception {
    String text = data.consumeRemainingAsString();
    String xml = Wire.write(200, "xml", new Wire.Document("r", Map.of("description", text))).getBody();
    var factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    var builder = factory.newDocumentBuilder();
    builder.setErrorHandler(null);
    var document = builder.parse(new InputSource(new StringReader(xml)));
    if (document.getElementsByTagName("*").getLength() != 2) {
      throw new IllegalStateException("the text made elements: " + xml);
    }
    Wire.write(200, "json", new Wire.Document("r", Map.of("description", text)));
  }

  private static void refusable(Runnable reading) {
    try {
      reading.run();
    } catch (ProblemException refused) {
      refused.getMessage();
    }
  }
}
