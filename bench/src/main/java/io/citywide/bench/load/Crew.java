package io.citywide.bench.load;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.imageio.ImageIO;
import tools.jackson.databind.JsonNode;

/** The people of the generated city who work on cases, signed in, and what they need to know. */
public final class Crew {

  /** Matters and broken components of several departments; automatic dispatch is switched off, so each is dispatched by a person. */
  static final List<String> KINDS = List.of("gb47678.5-M06010", "gb47678.5-M06013", "gb47678.5-M06018", "gb47678.5-M03005", "gb47678.5-M02004",
      "gb47678.5-M01002", "gb47678.5-M01037", "gb47678.5-M04001");
  private static final List<String> HANDLERS = List.of("handler", "handler.housing", "handler.water", "handler.green", "handler.traffic");
  private static final String PASSWORD = io.citywide.demo.DemoCity.PASSWORD;
  private static final int PHOTOS = 40;
  private static final int PLACES = 4_000;

  /** A handler and the unit that leads the cases given to him. */
  record Handler(Wire wire, long unitId) {}

  record Point(double lon, double lat) {}

  final Wire collector;
  final Wire acceptor;
  final Wire shift;
  final Wire dispatcher;
  final Wire verifier;
  final Wire evaluator;
  final List<Handler> handlers = new ArrayList<>();
  private final List<Point> places = new ArrayList<>();
  final List<String> photos = new ArrayList<>();

  public Crew(URI base) throws IOException {
    collector = Wire.person(base, "collector", PASSWORD);
    acceptor = Wire.person(base, "acceptor", PASSWORD);
    shift = Wire.person(base, "shift", PASSWORD);
    dispatcher = Wire.person(base, "dispatcher", PASSWORD);
    verifier = Wire.person(base, "verifier", PASSWORD);
    evaluator = Wire.person(base, "evaluator", PASSWORD);
    for (String login : HANDLERS) {
      Wire wire = Wire.person(base, login, PASSWORD);
      handlers.add(new Handler(wire, wire.get("/api/session").json().path("position").path("unitId").asLong()));
    }
    findPlaces();
    List<java.util.Map<String, Object>> switches = new ArrayList<>();
    for (JsonNode one : dispatcher.get("/api/dispatch/switches").json()) {
      switches.add(java.util.Map.of("kind", one.path("kind").asString(), "areaCode", one.path("areaCode").asString(), "automatic", false));
    }
    Wire.Answer off = dispatcher.put("/api/dispatch/switches", Wire.JSON.writeValueAsString(switches));
    if (!off.done()) {
      throw new IOException("automatic dispatch could not be switched off: " + off.text());
    }
    for (int i = 0; i < PHOTOS; i++) {
      photos.add(upload(i));
    }
  }

  /** Points around the middles of the communities that lie in the city, asked of the server itself. */
  private void findPlaces() {
    Random random = new Random(11);
    // A metropolis around the city has communities too, where nobody works.
    Set<String> worked = new HashSet<>();
    acceptor.get("/api/areas?level=UNIT_GRID").json().forEach(grid -> worked.add(grid.path("code").asString().substring(0, 12)));
    List<Point> middles = new ArrayList<>();
    for (JsonNode area : acceptor.get("/api/areas?level=COMMUNITY").json()) {
      if (worked.contains(area.path("code").asString())) middles.add(new Point(area.path("center").get(0).asDouble(), area.path("center").get(1).asDouble()));
    }
    while (places.size() < PLACES) {
      Point middle = middles.get(random.nextInt(middles.size()));
      Point near = new Point(round(middle.lon() + (random.nextDouble() - 0.5) * 0.012), round(middle.lat() + (random.nextDouble() - 0.5) * 0.008));
      if (acceptor.get("/api/places/locate?lon=" + near.lon() + "&lat=" + near.lat()).json().path("spot").path("unitGrid").isObject()) {
        places.add(near);
      }
    }
  }

  /** A point of the city, within a metre or two of one of the places. */
  Point point(Random random) {
    Point place = places.get(random.nextInt(places.size()));
    return new Point(round(place.lon() + (random.nextDouble() - 0.5) * 0.00003), round(place.lat() + (random.nextDouble() - 0.5) * 0.00003));
  }

  private static double round(double degrees) {
    return Math.round(degrees * 1e7) / 1e7;
  }

  private String upload(int seed) throws IOException {
    BufferedImage image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    var g = image.createGraphics();
    for (int i = 0; i < 60; i++) {
      g.setColor(new Color(random.nextInt(1 << 24)));
      g.fillOval(random.nextInt(640), random.nextInt(480), random.nextInt(200), random.nextInt(200));
    }
    g.dispose();
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", jpeg);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String boundary = "citywide-load";
    body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(jpeg.toByteArray());
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    Wire.Answer answer = collector.send("POST", "/api/media", "multipart/form-data; boundary=" + boundary, body.toByteArray());
    if (!answer.done()) {
      throw new IOException("a photo was refused: " + answer.text());
    }
    return answer.json().path("sha256").asString();
  }
}
