package io.citywide.platform;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What must stay free on the disk of the data folder.
 *
 * @param leastFree with less than this nothing new is taken, so that the database keeps what it needs to go on answering; 0B: never refuse
 */
@Validated
@ConfigurationProperties("citywide.space")
public record SpaceSettings(@DefaultValue("256MB") DataSize leastFree) {

  public SpaceSettings {
    if (leastFree.isNegative()) {
      throw new IllegalArgumentException("citywide.space.least-free must be 0B or more, was " + leastFree);
    }
  }
}
