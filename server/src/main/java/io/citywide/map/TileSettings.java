package io.citywide.map;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much the drawing of tiles may take from everything else. A browser that pans asks for many tiles that it no longer
 * wants a moment later; it hangs up, and their drawing ends.
 *
 * @param atOnce tiles drawn at the same time, 1..256; the others wait
 * @param longest how long a tile may wait for its turn, and how long it may be drawn; after that the answer is 503
 */
@Validated
@ConfigurationProperties("citywide.tiles")
public record TileSettings(@DefaultValue("8") @Min(1) @Max(256) int atOnce, @DefaultValue("5s") @NotNull Duration longest) {

  public TileSettings {
    if (longest.toMillis() < 1) {
      throw new IllegalArgumentException("citywide.tiles.longest must be at least a millisecond, was " + longest);
    }
  }
}
