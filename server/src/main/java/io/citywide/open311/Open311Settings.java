package io.citywide.open311;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The Open311 endpoint.
 *
 * @param jurisdiction the jurisdiction_id this server answers for; a request that names another is refused
 * @param contact whom to ask about the endpoint and for API keys; shown by discovery
 * @param publicReading whether requests may be read without signing in; never shows who reported
 * @param anonymousReads reads from one address within ten minutes without signing in or an API key, 1..1000000
 */
@Validated
@ConfigurationProperties("citywide.open311")
public record Open311Settings(
    @DefaultValue("city") String jurisdiction,
    @DefaultValue("Ask the operator of this installation") String contact,
    @DefaultValue("true") boolean publicReading,
    @DefaultValue("600") @Min(1) @Max(1_000_000) int anonymousReads) {}
