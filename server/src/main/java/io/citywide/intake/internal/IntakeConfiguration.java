package io.citywide.intake.internal;

import io.citywide.intake.internal.matching.PlainLikeness;
import io.citywide.intake.spi.Likeness;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class IntakeConfiguration {

  @Bean
  Likeness plainLikeness() {
    return new PlainLikeness();
  }
}
