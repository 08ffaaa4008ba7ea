package io.citywide.platform;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How personal data are kept.
 *
 * @param suite algorithms of what is sealed from now on: {@code aes-256-gcm} (with HMAC-SHA-256) or {@code sm4-gcm} (with HMAC-SM3, GB/T 32907 and 32905); both can be opened whatever is chosen
 */
@Validated
@ConfigurationProperties("citywide.personal-data")
public record PersonalDataSettings(@DefaultValue("aes-256-gcm") PersonalSeal.Suite suite) {}
