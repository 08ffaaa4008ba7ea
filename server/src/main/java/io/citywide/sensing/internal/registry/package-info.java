/**
 * The register of devices: {@code DeviceDirectory} in memory for whoever takes observations, {@code Registrar} and
 * {@code TypeDesk} that change it, {@code Presence} that knows who speaks, {@code CommandDesk} that tells devices what to do.
 */
package io.citywide.sensing.internal.registry;
