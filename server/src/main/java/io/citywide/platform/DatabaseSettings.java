package io.citywide.platform;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where the rows live.
 *
 * @param url JDBC address of an external PostgreSQL 15 or later; empty: the embedded one in the data folder
 * @param ownerUser role that owns the schema and runs migrations; only with {@code url}
 * @param ownerPassword its password
 * @param appUser role the server works as; it must not be able to bypass row-level security; only with {@code url}
 * @param appPassword its password; empty: one is made and kept in the data folder
 * @param poolSize connections the server keeps, 2..200
 * @param answerWithin longest that a statement may take, 5 s to 10 min; then it is given up with an honest refusal
 */
@Validated
@ConfigurationProperties("citywide.database")
public record DatabaseSettings(
    @DefaultValue("") String url,
    @DefaultValue("") String ownerUser,
    @DefaultValue("") String ownerPassword,
    @DefaultValue("citywide_app") String appUser,
    @DefaultValue("") String appPassword,
    @DefaultValue("16") @Min(2) @Max(200) int poolSize,
    @DefaultValue("30s") Duration answerWithin) {

  public DatabaseSettings {
    if (answerWithin.compareTo(Duration.ofSeconds(5)) < 0 || answerWithin.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException("citywide.database.answer-within must be 5s..10m, was " + answerWithin);
    }
  }

  public boolean embedded() {
    return url.isBlank();
  }
}
