package io.citywide.watch;

import io.citywide.watch.Engine.Running;
import io.citywide.watch.Engine.Station;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What an engine knows, as bytes: a mark of the form, the clock, sources, things with their series, numbers of warnings that are over, rules with
 * their watches, and a checksum of all that. The same knowledge gives the same bytes.
 */
final class EngineState {
  private static final int MAGIC = 0x43574534;
  /** Of states without since when somebody has listened to what may be missing. */
  private static final int MAGIC_BEFORE = 0x43574533;

  private EngineState() {}

  /** @param size in bytes, as far as it can be told before */
  static byte[] write(Engine engine, int size) {
    Whole bytes = new Whole(size);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeLong(engine.clock);
      out.writeLong(engine.base);
      out.writeInt(engine.sources.size());
      for (Map.Entry<String, Lifeline> source : engine.sources.entrySet()) {
        out.writeUTF(source.getKey());
        source.getValue().write(out);
      }
      writeStations(out, engine);
      out.writeInt(engine.numbers.size());
      for (Map.Entry<String, Map<String, Long>> rule : engine.numbers.entrySet()) {
        out.writeUTF(rule.getKey());
        out.writeInt(rule.getValue().size());
        for (Map.Entry<String, Long> last : rule.getValue().entrySet()) {
          out.writeUTF(last.getKey());
          out.writeLong(last.getValue());
        }
      }
      out.writeInt(engine.running.size());
      for (Running rule : engine.running.values()) writeRule(out, rule);
      out.writeLong(bytes.sum());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Bytes that tell their own checksum without being copied. */
  private static final class Whole extends ByteArrayOutputStream {
    Whole(int size) {
      super(size);
    }

    long sum() {
      return EngineState.sum(buf, count);
    }
  }

  private static long sum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return sum.getValue();
  }

  /** The names of properties stand once for each type; a series then names its place among them. */
  private static void writeStations(DataOutputStream out, Engine engine) throws IOException {
    Map<String, Integer> types = new LinkedHashMap<>();
    for (Station station : engine.stations.values()) types.putIfAbsent(station.type().id(), types.size());
    out.writeInt(types.size());
    for (String id : types.keySet()) {
      List<ThingModel.Property> properties = engine.model.findType(id).orElseThrow().properties();
      out.writeUTF(id);
      out.writeShort(properties.size());
      for (ThingModel.Property property : properties) out.writeUTF(property.name());
    }
    out.writeInt(engine.stations.size());
    for (Station station : engine.stations.values()) {
      Thing thing = station.thing();
      out.writeInt(types.get(thing.type()));
      for (String part : List.of(thing.id(), thing.group(), thing.area(), thing.source())) out.writeUTF(part);
      station.life().write(out);
      for (int place = 0; place < station.series().length; place++) {
        if (station.series()[place] == null) continue;
        out.writeShort(place);
        station.series()[place].write(out);
      }
      out.writeShort(-1);
    }
  }

  private static void writeRule(DataOutputStream out, Running rule) throws IOException {
    byte[] text = rule.plan().rule.text().getBytes(StandardCharsets.UTF_8);
    out.writeInt(text.length);
    out.write(text);
    out.writeInt(rule.plan().rule.version());
    out.writeInt(rule.nearby().size());
    for (Map.Entry<String, Stream> nearby : rule.nearby().entrySet()) {
      out.writeUTF(nearby.getKey());
      nearby.getValue().write(out);
    }
    out.writeInt(rule.watches().size());
    for (Watch watch : rule.watches().values()) {
      for (String part : watch.texts()) out.writeUTF(part);
      watch.write(out);
    }
  }

  /**
   * Makes an engine that knows nothing go on from what {@link #write} gave.
   *
   * @throws IllegalArgumentException where the bytes are not of an engine, or its model has lost a type or a property that a rule or a thing needs
   */
  static void read(Engine engine, byte[] bytes) {
    int length = bytes.length - Long.BYTES;
    if (length < 0 || ByteBuffer.wrap(bytes).getLong(length) != sum(bytes, length)) {
      throw new IllegalArgumentException("the state of the engine is damaged: its checksum is wrong");
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length))) {
      int magic = in.readInt();
      if (magic != MAGIC && magic != MAGIC_BEFORE) throw new IllegalArgumentException("these bytes are not the state of an engine");
      engine.clock = in.readLong();
      engine.base = in.readLong();
      for (int n = in.readInt(); n > 0; n--) {
        String id = in.readUTF();
        long silentAfter = in.readLong();
        Lifeline line = new Lifeline(id, "source", "数据源", silentAfter, 0, null, engine.sink);
        line.read(in, silentAfter);
        engine.sources.put(id, line);
        engine.queue(line);
      }
      readStations(in, engine);
      for (int n = in.readInt(); n > 0; n--) {
        String rule = in.readUTF();
        for (int m = in.readInt(); m > 0; m--) engine.keepNumber(rule, in.readUTF(), in.readLong());
      }
      RuleReader reader = new RuleReader(engine.model);
      for (int n = in.readInt(); n > 0; n--) readRule(in, engine, reader, magic == MAGIC);
    } catch (IOException e) {
      throw new IllegalArgumentException("the state of the engine is damaged: " + e.getMessage(), e);
    }
  }

  private static void readStations(DataInputStream in, Engine engine) throws IOException {
    String[] types = new String[in.readInt()];
    String[][] names = new String[types.length][];
    for (int t = 0; t < types.length; t++) {
      types[t] = in.readUTF();
      names[t] = new String[in.readUnsignedShort()];
      for (int i = 0; i < names[t].length; i++) names[t][i] = in.readUTF();
    }
    for (int n = in.readInt(); n > 0; n--) {
      int t = in.readInt();
      readStation(in, engine, types[t], names[t]);
    }
  }

  /** @param names of the properties that its type had when it was written */
  private static void readStation(DataInputStream in, Engine engine, String type, String[] names) throws IOException {
    Station station = engine.station(new Thing(in.readUTF(), type, in.readUTF(), in.readUTF(), in.readUTF()), 0);
    // The time it may be silent is the model's of today.
    station.life().read(in, in.readLong());
    engine.queue(station.life());
    for (int place = in.readShort(); place >= 0; place = in.readShort()) {
      String name = names[place];
      Series series = engine.series(station, name);
      if (series == null) throw new IllegalArgumentException("thing " + station.thing().id() + " has values of " + name + ", which the model has lost");
      series.read(in);
    }
  }

  /** @param listened whether watches say since when somebody has listened */
  private static void readRule(DataInputStream in, Engine engine, RuleReader reader, boolean listened) throws IOException {
    byte[] text = in.readNBytes(in.readInt());
    Rule rule = reader.read(new String(text, StandardCharsets.UTF_8)).orThrow().withVersion(in.readInt());
    Running now = new Running(Plan.of(rule), new LinkedHashMap<>(), new LinkedHashMap<>());
    engine.running.put(rule.id(), now);
    for (int n = in.readInt(); n > 0; n--) {
      String key = in.readUTF();
      engine.stream(now.plan(), Integer.parseInt(key.substring(0, key.indexOf('/'))), 0, now.nearby(), key).read(in);
    }
    for (int n = in.readInt(); n > 0; n--) {
      Watch watch = engine.create(now, new Thing(in.readUTF(), rule.type(), in.readUTF(), in.readUTF(), ""), 0);
      watch.read(in, listened);
      engine.queue(watch);
    }
  }
}
