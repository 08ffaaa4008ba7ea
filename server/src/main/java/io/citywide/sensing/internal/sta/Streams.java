package io.citywide.sensing.internal.sta;

import io.citywide.sensing.internal.sta.Rows.Cell;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What Datastreams made over SensorThings say of their Observations, and what they give to them. */
@Component
class Streams {

  private final JdbcClient jdbc;

  Streams(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** A Datastream has got an Observation: its times reach over it. */
  void extend(long stream, Map<String, Cell> observation) {
    jdbc.sql("""
        UPDATE sensing_sta_datastream SET phenomenon_start = least(phenomenon_start, :from::timestamptz), phenomenon_end = greatest(phenomenon_end, :to::timestamptz),
            result_start = least(result_start, :result::timestamptz), result_end = greatest(result_end, :result::timestamptz)
        WHERE id = :id
        """).param("from", observation.get("phenomenon_start").value())
        .param("to", observation.get("phenomenon_end").value() == null ? observation.get("phenomenon_start").value() : observation.get("phenomenon_end").value())
        .param("result", observation.get("result_time").value()).param("id", stream).update();
  }

  /** Datastreams of the observations whose {@code column} is {@code id}. */
  Set<Long> of(String column, long id) {
    return Set.copyOf(jdbc.sql("SELECT DISTINCT datastream_id FROM sensing_sta_observation WHERE " + column + " = :id").param("id", id).query(Long.class).list());
  }

  /** Sums a Datastream up anew. */
  void summarise(long stream) {
    jdbc.sql("""
        UPDATE sensing_sta_datastream SET (phenomenon_start, phenomenon_end, result_start, result_end) = (
          SELECT min(phenomenon_start), max(coalesce(phenomenon_end, phenomenon_start)), min(result_time), max(result_time) FROM sensing_sta_observation WHERE datastream_id = :id)
        WHERE id = :id""").param("id", stream).update();
  }

  private record Ground(Long locationId, Long featureId, Long deviceId) {}

  /** The place of the Thing (18-088 §8.2.8): of a device its own, else a feature made once of its Location. */
  long feature(long stream, String at) {
    Ground ground = jdbc.sql("""
            SELECT l.id, l.feature_id, s.device_id
            FROM sensing_sta_datastream s LEFT JOIN sensing_sta_thing_location tl ON tl.thing_id = s.own_thing_id LEFT JOIN sensing_sta_location l ON l.id = tl.location_id
            WHERE s.id = :stream ORDER BY l.west IS NULL, l.id LIMIT 1""")
        .param("stream", stream).query((row, n) -> new Ground(row.getObject(1, Long.class), row.getObject(2, Long.class), row.getObject(3, Long.class))).single();
    if (ground.deviceId() != null) {
      return ground.deviceId();
    }
    if (ground.locationId() == null) {
      throw Body.invalid(at + "FeatureOfInterest", "is missing, and the Thing has no Location to take it from; name one, or give the Thing a Location first",
          "缺少观测对象，且 Thing 没有位置可用；请指定 FeatureOfInterest 或先为 Thing 设置位置");
    }
    if (ground.featureId() != null) {
      return ground.featureId();
    }
    // Of two observations at once one makes it, the other waits here and takes the same.
    Long made = jdbc.sql("SELECT feature_id FROM sensing_sta_location WHERE id = :id FOR UPDATE").param("id", ground.locationId()).query((row, n) -> Optional.ofNullable(row.getObject(1, Long.class)))
        .single().orElse(null);
    if (made != null) {
      return made;
    }
    return jdbc.sql("""
            WITH feature AS (
              INSERT INTO sensing_sta_feature (name, description, encoding_type, feature, properties, west, south, east, north, area_code, owner_unit_id)
              SELECT name, description, encoding_type, location, properties, west, south, east, north, area_code, owner_unit_id FROM sensing_sta_location WHERE id = :id
              RETURNING id)
            UPDATE sensing_sta_location SET feature_id = (SELECT id FROM feature) WHERE id = :id RETURNING feature_id""")
        .param("id", ground.locationId()).query(Long.class).single();
  }
}
