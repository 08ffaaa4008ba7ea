package io.citywide.ledger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The ledger of what was done.
 *
 * @param suite hash and signature: ED25519_SHA256 or SM2_SM3; chosen before the first start, for life
 * @param sealEvery how often new entries are put into the tree and its head is signed, while there are any
 * @param unsealedAtMost how long an entry may wait for a signed head before readiness says degraded
 * @param keepHeadEvery how often a signed head is added to {@code ledger-heads.log} in the data folder, while there are new ones
 */
@Validated
@ConfigurationProperties("citywide.ledger")
public record LedgerSettings(
    @DefaultValue("ED25519_SHA256") Suite suite,
    @DefaultValue("500ms") Duration sealEvery,
    @DefaultValue("5m") Duration unsealedAtMost,
    @DefaultValue("1m") Duration keepHeadEvery) {

  public LedgerSettings {
    if (sealEvery.toMillis() < 50 || sealEvery.toMillis() > 60_000) {
      throw new IllegalArgumentException("citywide.ledger.seal-every must be 50ms..1m, was " + sealEvery);
    }
    if (unsealedAtMost.toSeconds() < 10 || unsealedAtMost.toDays() > 1) {
      throw new IllegalArgumentException("citywide.ledger.unsealed-at-most must be 10s..1d, was " + unsealedAtMost);
    }
  }
}
