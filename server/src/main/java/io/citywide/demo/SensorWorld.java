package io.citywide.demo;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * What the devices of the demo would measure at a moment: by hour, weekday and season, with the weather of the day, and noise
 * that is each device's own. A function of place and time alone, so that the past can be told as the present would have been.
 */
final class SensorWorld {

  /** What a device is, and how often it speaks. */
  enum Sort {
    SMOKE("smoke", 600), CAMERA("camera", 600), LIFT("lift", 120), POWER("power", 900), GAS("gas", 900), LEVEL("water-level", 300), AIR("air", 300), NOISE("noise", 300),
    WEATHER("weather", 300), STATION("people-flow", 60), PARK("people-flow", 60), BIN("bin", 3_600), LAMP("light", 3_600), COVER("manhole", 3_600);

    private final String type;
    private final int seconds;

    Sort(String type, int seconds) {
      this.type = type;
      this.seconds = seconds;
    }

    String type() {
      return type;
    }

    /** Feed by which it comes. */
    String source() {
      return "demo-" + type;
    }

    /** Between two messages. */
    int seconds() {
      return seconds;
    }
  }

  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final double TURN = 2 * Math.PI;
  /** Where water gathers in heavy rain: at a few drains of the 180. */
  private static final double POOR_DRAIN = 0.97;

  private SensorWorld() {}

  /** What a device says at a moment: a value for each name, with two decimals, as such devices send. */
  record Reading(Instant at, String[] names, double[] values) {

    /** A line for {@code POST /api/observations}; by MQTT {@code device} may be there too. */
    String line(String code) {
      StringBuilder out = new StringBuilder(160).append("{\"device\":\"").append(code).append("\",\"time\":").append(at.toEpochMilli()).append(",\"values\":");
      for (int i = 0; i < values.length; i++) {
        out.append(i == 0 ? "{\"" : ",\"").append(names[i]).append("\":");
        if (values[i] == Math.rint(values[i])) {
          out.append((long) values[i]);
        } else {
          out.append(values[i]);
        }
      }
      return out.append("}}").toString();
    }
  }

  /**
   * What a device measures.
   *
   * @param index of the device, steady
   * @param incident 0 for an ordinary moment to 1 for the height of something wrong
   */
  static Reading measure(Sort sort, int index, Instant at, double incident) {
    ZonedDateTime local = at.atZone(ZONE);
    double hour = local.getHour() + local.getMinute() / 60.0;
    long day = local.toLocalDate().toEpochDay();
    boolean free = local.getDayOfWeek().getValue() > 5;
    double rain = rain(day, hour);
    double warm = temperature(local, hour) - (rain > 0 ? 3 : 0);
    double z = noise(index, at.getEpochSecond() / 60);
    double own = noise(index, -1);
    return switch (sort) {
      case SMOKE -> values(at, "smoke", Math.max(0, 0.2 + 0.1 * z + incident * 28), "temperature", warm + 2 + own + incident * 45, "battery", battery(index, day));
      case CAMERA -> values(at, "frameRate", incident > 0 ? 4 + z : 25 + 0.3 * z, "loss", Math.max(0, incident * 60 + 0.4 + 0.3 * z));
      case LIFT -> {
        boolean busy = noise(index, at.getEpochSecond() / 120) > 0.6 - rush(hour, free);
        double floor = incident > 0 ? 7 : 1 + Math.floor(Math.abs(noise(index, at.getEpochSecond() / 240)) * 8);
        yield values(at, "floor", floor, "speed", busy && incident == 0 ? 1.7 + 0.1 * z : 0, "vibration", Math.max(0, 0.08 + 0.03 * z + (incident > 0 ? 0.6 : 0)),
            "doorOpen", busy || incident > 0 ? 0 : 1, "trapped", incident > 0.5 ? 1 : 0);
      }
      case POWER -> values(at, "current", Math.max(0, 18 + 14 * evening(hour) + 2 * z + incident * 60), "voltage", 228 + 3 * z - incident * 9, "leakage", Math.max(0, 28 + 6 * z + incident * 480),
          "temperature", warm + 12 + 6 * evening(hour) + incident * 45);
      case GAS -> values(at, "methane", Math.max(0, 0.4 + 0.3 * z + incident * 24), "battery", battery(index, day));
      case LEVEL -> values(at, "level", Math.max(0, 0.12 + 0.04 * own + 0.01 * z + rain * (own > POOR_DRAIN ? 0.024 : 0.003) + incident * 0.6), "battery", battery(index, day));
      case AIR -> {
        double dirty = Math.max(6, 34 + 18 * Math.cos(TURN * (local.getDayOfYear() - 15) / 365.25) + 14 * rush(hour, free) + 9 * noise(7, day) + 4 * z - 8 * Math.min(2, rain) + incident * 120);
        yield values(at, "pm25", dirty, "pm10", dirty * 1.6 + 4 * Math.abs(z) + incident * 200, "o3", Math.max(4, 40 + 55 * sun(hour) + 5 * z), "no2", Math.max(3, 18 + 24 * rush(hour, free) + 3 * z),
            "so2", Math.max(1, 6 + z), "co", Math.max(0.1, 0.5 + 0.3 * rush(hour, free) + 0.05 * z));
      }
      case NOISE -> values(at, "laeq", 46 + 15 * day(hour) + 4 * rush(hour, free) + 2.5 * own + 1.5 * z + (rain > 0 ? 3 : 0) + incident * 28);
      case WEATHER -> values(at, "temperature", warm + 0.3 * z, "humidity", Math.clamp(62 - 18 * sun(hour) + (rain > 0 ? 25 : 0) + 2 * z, 5, 100), "pressure", 1013 + 6 * noise(3, day) + 0.3 * z,
          "windSpeed", Math.max(0, 2.2 + 1.4 * sun(hour) + z + incident * 16), "windDirection", (200 + 60 * noise(5, day) + 12 * z + 360) % 360, "rain", rain / 12);
      case STATION, PARK -> {
        double people = sort == Sort.STATION ? 60 + 900 * rush(hour, false) + 250 * day(hour) : 8 + (free ? 420 : 150) * sun(hour) * (rain > 0 ? 0.2 : 1) + 90 * evening(hour);
        double present = Math.max(0, Math.round(people * (1 + 0.08 * z) / 4 * (1 + incident * 3)));
        yield values(at, "present", present, "entering", Math.max(0, Math.round(present / 9 * (1 + 0.1 * z))), "leaving", Math.max(0, Math.round(present / 9 * (1 - 0.1 * z))));
      }
      case BIN -> values(at, "fill", Math.min(100, 8 + 80 * ((hour + 24 - 5 + 2 * own) % 24) / 24 + 3 * z + incident * 40), "battery", battery(index, day));
      case LAMP -> {
        boolean lit = hour < 6.2 || hour > 17.8;
        yield values(at, "power", lit && incident == 0 ? 92 + 2 * z : 0, "brightness", lit ? hour > 23 || hour < 5 ? 60 : 100 : 0);
      }
      case COVER -> values(at, "tilt", Math.max(0, 0.8 + 0.3 * own + 0.1 * z + incident * 38), "water", Math.max(0, 22 + 6 * own + 9 * rain + z), "battery", battery(index, day));
    };
  }

  private static Reading values(Instant at, Object... namesAndValues) {
    String[] names = new String[namesAndValues.length / 2];
    double[] values = new double[names.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = (String) namesAndValues[2 * i];
      values[i] = Math.rint(((Number) namesAndValues[2 * i + 1]).doubleValue() * 100) / 100;
    }
    return new Reading(at, names, values);
  }

  private static double temperature(ZonedDateTime local, double hour) {
    return 16.5 - 12.5 * Math.cos(TURN * (local.getDayOfYear() - 20) / 365.25) + 4 * Math.sin(TURN * (hour - 9) / 24) + 2.5 * noise(11, local.toLocalDate().toEpochDay());
  }

  /** Millimetres an hour; it rains on one day of four, for some hours. */
  private static double rain(long day, double hour) {
    double luck = noise(13, day);
    double begin = 12 + 9 * noise(17, day);
    double far = Math.abs(hour - begin);
    return luck > 0.5 && far < 3 ? (luck - 0.4) * 30 * (1 - far / 3) : 0;
  }

  private static double sun(double hour) {
    return Math.max(0, Math.sin(Math.PI * (hour - 6) / 12.5));
  }

  private static double day(double hour) {
    return hour > 6 && hour < 22 ? Math.min(1, Math.min(hour - 6, 22 - hour)) : 0;
  }

  private static double evening(double hour) {
    return Math.exp(-Math.pow(hour - 20, 2) / 5);
  }

  private static double rush(double hour, boolean free) {
    return (Math.exp(-Math.pow(hour - 8, 2) / 1.6) + Math.exp(-Math.pow(hour - 18, 2) / 2.4)) * (free ? 0.4 : 1);
  }

  /** Percent; each device has its own day on which it got a new one. */
  private static double battery(int index, long day) {
    return 100 - (day + index * 37L) % 700 / 10.0;
  }

  /** Between -1 and 1, the same for the same numbers. */
  private static double noise(long a, long b) {
    long x = a * 0x9E3779B97F4A7C15L + b * 0xC2B2AE3D27D4EB4FL;
    x = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
    x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
    return ((x ^ x >>> 31) >> 11) / (double) (1L << 52);
  }
}
