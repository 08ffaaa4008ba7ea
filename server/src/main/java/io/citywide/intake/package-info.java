/**
 * Signals of every channel on their way to a case: accept → locate → recognise → match (GB/T 30428.6,
 * information collection and case establishment). A channel turns its own wire form into a {@link
 * io.citywide.intake.SignalDraft}; from there on there is one pipeline, each step of which says what it
 * decided and why. Also the photos that come with signals and steps. Owns the tables {@code intake_*}.
 */
@ApplicationModule(allowedDependencies = {"grid", "platform", "identity", "place", "sensing", "sensing::spi"})
package io.citywide.intake;

import org.springframework.modulith.ApplicationModule;
