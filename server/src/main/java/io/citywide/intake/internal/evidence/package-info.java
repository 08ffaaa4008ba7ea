/** Photos as evidence: judged and made anew by content, stored under their hash, seen through what holds them. */
package io.citywide.intake.internal.evidence;
