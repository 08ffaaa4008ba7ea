package io.citywide.intake.internal;

import io.citywide.intake.internal.matching.MatchProfile;
import io.citywide.intake.internal.matching.MatchProfiles;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** The table intake_match_profile, which begins with the defaults; what was changed there stays. */
@Component
class MatchProfileStore {

  private final MatchProfiles profiles;

  MatchProfileStore(JdbcClient jdbc, TransactionTemplate transaction) {
    this.profiles = new MatchProfiles(transaction.execute(status -> {
      MatchProfiles.defaults().forEach(profile -> seed(jdbc, profile));
      return load(jdbc);
    }));
  }

  MatchProfiles profiles() {
    return profiles;
  }

  private static void seed(JdbcClient jdbc, MatchProfile p) {
    jdbc.sql(
            """
            INSERT INTO intake_match_profile (kind_prefix, kind_group, radius_meters, window_hours, base, distance_scale_meters,
              distance_weight, time_scale_hours, time_weight, other_kind_penalty, text_weight, address_bonus, reporter_bonus)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """)
        .params(p.kindPrefix(), p.group(), p.radiusMeters(), p.windowHours(), p.base(), p.distanceScaleMeters(), p.distanceWeight(),
            p.timeScaleHours(), p.timeWeight(), p.otherKindPenalty(), p.textWeight(), p.addressBonus(), p.reporterBonus())
        .update();
  }

  private static List<MatchProfile> load(JdbcClient jdbc) {
    return jdbc.sql(
            """
            SELECT kind_prefix, kind_group, radius_meters, window_hours, base, distance_scale_meters, distance_weight,
              time_scale_hours, time_weight, other_kind_penalty, text_weight, address_bonus, reporter_bonus
            FROM intake_match_profile
            """)
        .query((row, i) -> new MatchProfile(row.getString(1), row.getString(2), row.getDouble(3), row.getDouble(4), row.getDouble(5),
            row.getDouble(6), row.getDouble(7), row.getDouble(8), row.getDouble(9), row.getDouble(10), row.getDouble(11),
            row.getDouble(12), row.getDouble(13)))
        .list();
  }
}
