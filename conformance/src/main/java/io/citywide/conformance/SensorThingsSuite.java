package io.citywide.conformance;

import io.citywide.conformance.Outcome.Result;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;
import org.testng.xml.Parser;
import org.testng.xml.XmlSuite;

/** The OGC's executable test suite of the SensorThings API, ets-sta10, as it is, with its own testng.xml. */
final class SensorThingsSuite implements ITestListener {

  /**
   * The suite posts {@code "result": 6}, a number, and reads it by {@code getString}, which its own JSON library refuses for a
   * number: only a server that answers a text where a number was given passes. 18-088 §8.2.6 and table 13 have the result of an
   * OM_Measurement as a double, so the number stays one.
   */
  private static final Map<String, String> DISPUTED = Map.of("Capability3Tests.checkQueriesPriorityOrdering", "JSONObject[\"result\"] is not a string");

  private final List<Outcome> outcomes = new ArrayList<>();

  static List<Outcome> run(URI root) throws IOException {
    SensorThingsSuite listener = new SensorThingsSuite();
    try (InputStream suite = TestNG.class.getClassLoader().getResourceAsStream("org/opengis/cite/sta10/testng.xml")) {
      List<XmlSuite> suites = List.copyOf(new Parser(suite).parseToList());
      suites.forEach(s -> s.setParameters(Map.of("iut", root.toString(), "ics", "3")));
      TestNG testng = new TestNG(false);
      testng.setXmlSuites(suites);
      testng.setVerbose(0);
      testng.setOutputDirectory(Files.createTempDirectory("testng").toString());
      testng.addListener(listener);
      testng.run();
    }
    return listener.outcomes;
  }

  @Override
  public void onTestSuccess(ITestResult result) {
    add(result, Result.PASSED);
  }

  @Override
  public void onTestFailure(ITestResult result) {
    add(result, Result.FAILED);
  }

  /** What could not be tried was not passed. */
  @Override
  public void onTestSkipped(ITestResult result) {
    add(result, Result.FAILED);
  }

  private void add(ITestResult result, Result outcome) {
    String name = result.getTestClass().getRealClass().getSimpleName() + "." + result.getName();
    String reason = result.getThrowable() == null ? "" : String.valueOf(result.getThrowable().getMessage()).replaceAll("\\s+", " ");
    boolean disputed = outcome == Result.FAILED && DISPUTED.containsKey(name) && reason.contains(DISPUTED.get(name));
    outcomes.add(new Outcome(name, String.valueOf(result.getMethod().getDescription()), disputed ? Result.DISPUTED : outcome, result.getEndMillis() - result.getStartMillis(), reason));
  }
}
