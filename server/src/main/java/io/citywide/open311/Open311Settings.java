package io.citywide.open311;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The Open311 endpoint.
 *
 * @param jurisdiction the jurisdiction_id this server answers for; a request that names another is refused
 * @param contact whom to ask about the endpoint and for API keys; shown by discovery
 * @param publicReading whether requests may be read without signing in; never shows who reported
 */
@Validated
@ConfigurationProperties("citywide.open311")
public record Open311Settings(
    @DefaultValue("city") String jurisdiction,
    @DefaultValue("Ask the operator of this installation") String contact,
    @DefaultValue("true") boolean publicReading) {}
