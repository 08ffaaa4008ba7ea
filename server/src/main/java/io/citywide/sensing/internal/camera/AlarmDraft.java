package io.citywide.sensing.internal.camera;

import java.time.Instant;
import java.util.List;

/**
 * An alarm as a channel understood it, before anything was checked.
 *
 * @param camera code of the device
 * @param classCode what was seen
 * @param at when; {@code null}: now
 * @param clear the picture shows nothing of the class
 * @param confidence 0..1; {@code null}: the algorithm does not say
 * @param box left, top, width, height as parts of the picture, 0..1; empty: none
 * @param picture bytes of an image; {@code null}: none
 */
public record AlarmDraft(String camera, String classCode, Instant at, boolean clear, Double confidence, List<Double> box, byte[] picture, String description) {}
