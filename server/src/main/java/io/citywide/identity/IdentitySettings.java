package io.citywide.identity;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Log-in and sessions. The defaults follow what is usual for GB/T 22239 level 3; the standard gives no numbers.
 *
 * @param maxFailures failed log-ins in a row, within {@code failureWindow}, that lock an account, 3..20
 * @param failureWindow failures further apart than this do not add up
 * @param lockDuration how long a locked account stays locked
 * @param addressFailures failed log-ins from one address within {@code failureWindow}, whatever the names, after which it must wait, 10..100000
 * @param sessionIdle a session without a request for this long is over
 * @param sessionAbsolute a session is over after this long in any case
 * @param minPasswordLength characters, 8..128
 * @param passwordsRemembered how many passwords before the present one may not be used again, 0..20
 * @param passwordMaxAge a password older than this must be changed before anything else is done; 0: never
 * @param secureCookie send the session cookie over HTTPS only; switch on behind a TLS proxy
 */
@Validated
@ConfigurationProperties("citywide.identity")
public record IdentitySettings(
    @DefaultValue("5") @Min(3) @Max(20) int maxFailures,
    @DefaultValue("15m") Duration failureWindow,
    @DefaultValue("30m") Duration lockDuration,
    @DefaultValue("60") @Min(10) @Max(100_000) int addressFailures,
    @DefaultValue("30m") Duration sessionIdle,
    @DefaultValue("12h") Duration sessionAbsolute,
    @DefaultValue("10") @Min(8) @Max(128) int minPasswordLength,
    @DefaultValue("5") @Min(0) @Max(20) int passwordsRemembered,
    @DefaultValue("90d") Duration passwordMaxAge,
    @DefaultValue("false") boolean secureCookie) {}
