package io.citywide.sensing.internal.sta;

import io.citywide.sensing.internal.sta.Rows.Cell;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** What Datastreams and MultiDatastreams made over SensorThings say of their Observations, and what they give to them. */
@Component
class Streams {

  private final JdbcClient jdbc;

  Streams(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  private static boolean multi(long stream) {
    return stream >= EntitySet.FIRST_MULTI;
  }

  private static String table(long stream) {
    return Rows.table(multi(stream) ? EntitySet.MULTI_DATASTREAMS : EntitySet.DATASTREAMS);
  }

  /** A stream has got an Observation: its times and its area reach over it. */
  void extend(long stream, Map<String, Cell> observation) {
    jdbc.sql("""
        UPDATE %s SET phenomenon_start = least(phenomenon_start, :from::timestamptz), phenomenon_end = greatest(phenomenon_end, :to::timestamptz),
            result_start = least(result_start, :result::timestamptz), result_end = greatest(result_end, :result::timestamptz)
        WHERE id = :id
        """.formatted(table(stream))).param("from", observation.get("phenomenon_start").value())
        .param("to", observation.get("phenomenon_end").value() == null ? observation.get("phenomenon_start").value() : observation.get("phenomenon_end").value())
        .param("result", observation.get("result_time").value()).param("id", stream).update();
    if (multi(stream)) {
      jdbc.sql("""
          UPDATE sensing_sta_multi_datastream m
          SET west = least(m.west, b.west), south = least(m.south, b.south), east = greatest(m.east, b.east), north = greatest(m.north, b.north)
          FROM (SELECT west, south, east, north FROM sensing_sta_feature WHERE id = :feature UNION ALL SELECT lon, lat, lon, lat FROM sensing_device WHERE id = :device) b
          WHERE m.id = :id
          """).param("feature", observation.get("own_feature_id").value(), Types.BIGINT).param("device", observation.get("device_id").value(), Types.BIGINT).param("id", stream).update();
    }
  }

  /** Datastreams and MultiDatastreams of the observations whose {@code column} is {@code id}. */
  Set<Long> of(String column, long id) {
    return Set.copyOf(jdbc.sql("SELECT DISTINCT coalesce(datastream_id, multi_datastream_id) FROM sensing_sta_observation WHERE " + column + " = :id").param("id", id).query(Long.class).list());
  }

  /** Sums a stream up anew. */
  void summarise(long stream) {
    jdbc.sql("""
        UPDATE %s SET (phenomenon_start, phenomenon_end, result_start, result_end) = (
          SELECT min(phenomenon_start), max(coalesce(phenomenon_end, phenomenon_start)), min(result_time), max(result_time) FROM sensing_sta_observation WHERE %s = :id)
        WHERE id = :id""".formatted(table(stream), multi(stream) ? "multi_datastream_id" : "datastream_id")).param("id", stream).update();
    if (multi(stream)) {
      jdbc.sql("""
          UPDATE sensing_sta_multi_datastream SET (west, south, east, north) = (SELECT min(b.west), min(b.south), max(b.east), max(b.north) FROM (
            SELECT west, south, east, north FROM sensing_sta_feature WHERE id IN (SELECT own_feature_id FROM sensing_sta_observation WHERE multi_datastream_id = :id)
            UNION ALL
            SELECT lon, lat, lon, lat FROM sensing_device WHERE id IN (SELECT device_id FROM sensing_sta_observation WHERE multi_datastream_id = :id)) b)
          WHERE id = :id""").param("id", stream).update();
    }
  }

  // ---- values of a MultiDatastream -----------------------------------------------------------------

  /** Gives a MultiDatastream its ObservedProperties, in their order. */
  void observe(long multi, List<Long> properties, String at) {
    if (Set.copyOf(properties).size() < properties.size()) {
      throw Body.invalid(at + "ObservedProperties", "names one twice; each value of a result has an ObservedProperty of its own", "重复：每个值应有各自的观测属性");
    }
    jdbc.sql("DELETE FROM sensing_sta_multi_property WHERE multi_datastream_id = :id").param("id", multi).update();
    jdbc.sql("""
        INSERT INTO sensing_sta_multi_property (multi_datastream_id, property_id, place)
        SELECT :id, p.id, p.place - 1 FROM unnest(:properties::bigint[]) WITH ORDINALITY AS p (id, place)""").param("id", multi).param("properties", properties.toArray(Long[]::new)).update();
  }

  private record Values(int types, int units, int properties, Integer observed) {}

  /** Refuses a MultiDatastream that has not as many types, units and ObservedProperties as values are in its results (18-088, req/multi-datastream/constraints). */
  void checkValues(long multi, String at) {
    Values v = jdbc.sql("""
            SELECT jsonb_array_length(data_types), jsonb_array_length(units), (SELECT count(*) FROM sensing_sta_multi_property WHERE multi_datastream_id = m.id),
                (SELECT jsonb_array_length(result) FROM sensing_sta_observation WHERE multi_datastream_id = m.id LIMIT 1)
            FROM sensing_sta_multi_datastream m WHERE id = :id""")
        .param("id", multi).query((row, n) -> new Values(row.getInt(1), row.getInt(2), row.getInt(3), row.getObject(4, Integer.class))).single();
    if (v.types() == 0 || v.types() != v.units() || v.types() != v.properties()) {
      throw Body.invalid(at + "multiObservationDataTypes", "are as many as unitOfMeasurements and ObservedProperties, one or more; they were " + v.types() + ", " + v.units() + " and "
          + v.properties(), "与 unitOfMeasurements、ObservedProperties 的个数须相同且不为零");
    }
    if (v.observed() != null && v.observed() != v.types()) {
      throw Body.invalid(at + "multiObservationDataTypes", "are as many as the results of its Observations have values, " + v.observed(), "须与已有观测结果的个数 " + v.observed() + " 相同");
    }
  }

  /** Refuses a result that has not as many values as its MultiDatastream says. */
  void checkResult(long multi, JsonNode result, String at) {
    int values = jdbc.sql("SELECT jsonb_array_length(data_types) FROM sensing_sta_multi_datastream WHERE id = :id FOR NO KEY UPDATE").param("id", multi).query(Integer.class).single();
    if (!result.isArray() || result.size() != values) {
      throw Body.invalid(at + "result", "is a list of " + values + " values, one for each ObservedProperty of the MultiDatastream", "应为含 " + values + " 个值的数组，与 MultiDatastream 的观测属性一一对应");
    }
  }

  // ---- places --------------------------------------------------------------------------------------

  private record Ground(Long locationId, Long featureId, Long deviceId) {}

  /** The place of the Thing (18-088 §8.2.8): of a device its own, else a feature made once of its Location. */
  long feature(long stream, String at) {
    Ground ground = jdbc.sql("""
            SELECT l.id, l.feature_id, s.device_id
            FROM %s s LEFT JOIN sensing_sta_thing_location tl ON tl.thing_id = s.own_thing_id LEFT JOIN sensing_sta_location l ON l.id = tl.location_id
            WHERE s.id = :stream ORDER BY l.west IS NULL, l.id LIMIT 1""".formatted(table(stream)))
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
