/** Whether a report is about a problem that is known already. Plain Java without framework or database. */
package io.citywide.intake.internal.matching;
