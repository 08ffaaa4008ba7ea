package io.citywide.place.internal;

/**
 * A reason to believe that positions come in another coordinate system than the file says.
 *
 * @param declared system the file says
 * @param likely system that fits better
 * @param against what the positions were compared with: {@code roads} or {@code register} (the same components as they are known)
 * @param sample positions compared, of the whole file
 * @param medianMetersDeclared half of them are no farther from it, read as declared
 * @param medianMetersLikely the same, read in the likely system
 * @param detail in words, with what to do
 */
public record SystemDoubt(String declared, String likely, String against, int sample, double medianMetersDeclared, double medianMetersLikely, String detail) {}
