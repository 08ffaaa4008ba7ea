package io.citywide.sensing.internal.sta;

import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Where Things are, and where they were. */
@Component
class Moves {

  private final JdbcClient jdbc;
  private final Changes changes;

  Moves(JdbcClient jdbc, Changes changes) {
    this.jdbc = jdbc;
    this.changes = changes;
  }

  /** Area of a Location, which is that of the Things there. */
  String area(long id) {
    return jdbc.sql("SELECT area_code FROM sensing_sta_location WHERE id = :id").param("id", id).query(String.class).single();
  }

  /** Moves a Thing; the move itself is kept (18-088 §8.2.3). */
  void locate(long thing, Instant time, List<Long> locations) {
    jdbc.sql("DELETE FROM sensing_sta_thing_location WHERE thing_id = :thing AND NOT location_id = ANY (:locations)").param("thing", thing)
        .param("locations", locations.toArray(Long[]::new)).update();
    jdbc.sql("INSERT INTO sensing_sta_thing_location (thing_id, location_id) SELECT :thing, unnest(:locations::bigint[]) ON CONFLICT DO NOTHING").param("thing", thing)
        .param("locations", locations.toArray(Long[]::new)).update();
    jdbc.sql("UPDATE sensing_sta_thing SET area_code = :area WHERE id = :thing").param("area", area(locations.getFirst())).param("thing", thing).update();
    remember(thing, time, locations);
  }

  void nowhere(long thing) {
    jdbc.sql("DELETE FROM sensing_sta_thing_location WHERE thing_id = :thing").param("thing", thing).update();
  }

  /** Where a Thing was at a time. One that is newer than all before says where it is now. */
  long record(long thing, Instant time, List<Long> locations) {
    boolean newest = jdbc.sql("SELECT NOT EXISTS (SELECT FROM sensing_sta_history WHERE thing_id = :thing AND time >= :time)").param("thing", thing)
        .param("time", Rows.utc(time)).query(Boolean.class).single();
    long id = remember(thing, time, locations);
    if (newest) {
      jdbc.sql("DELETE FROM sensing_sta_thing_location WHERE thing_id = :thing").param("thing", thing).update();
      jdbc.sql("INSERT INTO sensing_sta_thing_location (thing_id, location_id) SELECT :thing, unnest(:locations::bigint[])").param("thing", thing)
          .param("locations", locations.toArray(Long[]::new)).update();
      jdbc.sql("UPDATE sensing_sta_thing SET area_code = :area WHERE id = :thing").param("area", area(locations.getFirst())).param("thing", thing).update();
    }
    return id;
  }

  private long remember(long thing, Instant time, List<Long> locations) {
    long id = jdbc.sql("INSERT INTO sensing_sta_history (thing_id, time) VALUES (:thing, :time) RETURNING id").param("thing", thing).param("time", Rows.utc(time)).query(Long.class).single();
    jdbc.sql("INSERT INTO sensing_sta_history_location (history_id, location_id) SELECT :id, unnest(:locations::bigint[])").param("id", id)
        .param("locations", locations.toArray(Long[]::new)).update();
    changes.note(EntitySet.HISTORICAL_LOCATIONS, id);
    return id;
  }
}
