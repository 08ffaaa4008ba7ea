package io.citywide.bench.sensing;

import io.citywide.platform.DataFolderDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Devices of the benchmark, {@code b-0} and on, each with ten properties {@code p0} to {@code p9}: put into the register by SQL, since
 * registering is not what is measured. Their values are made by arithmetic, so that what is read can be checked without keeping it.
 */
final class Fleet {

  static final int PROPERTIES = 10;
  static final String SECRET = "bench-secret-of-a-device-000000";

  private final int devices;
  final long begin;

  /** @param begin time of the first round of values, milliseconds since 1970 UTC */
  Fleet(int devices, long begin) {
    this.devices = devices;
    this.begin = begin;
  }

  int devices() {
    return devices;
  }

  int series() {
    return devices * PROPERTIES;
  }

  void register(Path data) throws IOException, SQLException {
    try (DataFolderDatabase database = DataFolderDatabase.open(data); Connection connection = database.connect(); Statement statement = connection.createStatement()) {
      // At once, so that no device is known before its series.
      connection.setAutoCommit(false);
      StringBuilder properties = new StringBuilder();
      for (int p = 0; p < PROPERTIES; p++) {
        properties.append(p == 0 ? "" : ",").append("{\"name\":\"p%d\",\"nameZh\":\"属性%d\",\"nameEn\":\"Property %d\",\"unit\":\"1\",\"low\":-1000,\"high\":1000,\"intervalSeconds\":60}".formatted(p, p, p));
      }
      statement.execute("INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention) VALUES ('bench', '测试', 'Benchmark', '[" + properties
          + "]', '1 day', '36500 days') ON CONFLICT DO NOTHING");
      statement.execute("""
          INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code, secret_hash)
          SELECT 'b-' || i, 'bench', 'b-' || i, 118.7, 32.0, 9, (SELECT min(code) FROM place_area),
                 translate(rtrim(encode(sha256('%s'), 'base64'), '='), '+/', '-_')
          FROM generate_series(0, %d) i
          """.formatted(SECRET, devices - 1));
      statement.execute("""
          INSERT INTO sensing_series (device_id, property)
          SELECT id, 'p' || p FROM sensing_device, generate_series(0, %d) p WHERE type_code = 'bench' ORDER BY id, p
          """.formatted(PROPERTIES - 1));
      connection.commit();
      connection.setAutoCommit(true);
      statement.execute("ANALYZE sensing_device");
    }
  }

  /** Tenths: a value of one decimal, that drifts. */
  static int tenths(int device, int property, int round) {
    return (device * 31 + property * 977) % 700 + (device + property + round * 3) % 50 - 200;
  }

  static double value(int device, int property, int round) {
    return tenths(device, property, round) / 10.0;
  }

  long time(int round) {
    return begin + round * 1000L;
  }

  /** Lines of devices {@code from} (inclusive) to {@code to} of one round. */
  byte[] lines(int from, int to, int round) {
    StringBuilder lines = new StringBuilder((to - from) * 190);
    for (int device = from; device < to; device++) {
      lines.append("{\"device\":\"b-").append(device).append("\",\"time\":").append(time(round)).append(",\"values\":{");
      for (int p = 0; p < PROPERTIES; p++) {
        int tenths = tenths(device, p, round);
        lines.append(p == 0 ? "\"p" : ",\"p").append(p).append("\":").append(tenths < 0 ? "-" : "").append(Math.abs(tenths) / 10).append('.').append(Math.abs(tenths) % 10);
      }
      lines.append("}}\n");
    }
    return lines.toString().getBytes(StandardCharsets.US_ASCII);
  }
}
