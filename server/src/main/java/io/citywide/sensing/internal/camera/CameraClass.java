package io.citywide.sensing.internal.camera;

import io.citywide.sensing.WarningGrade;

/**
 * A class of what cameras see, and what an alarm of it means.
 *
 * @param category of CAP 1.2
 * @param kindId kind of the catalogue of its case; {@code null}: to be recognised
 * @param minConfidence an alarm that is less sure, 0..1, is kept and judged no further
 * @param gb28181 {@code AlarmMethod} or {@code AlarmMethod/AlarmType}; {@code null}: none
 */
public record CameraClass(String code, String nameZh, String nameEn, String category, String kindId, WarningGrade grade, double minConfidence, boolean opensCase, String gb28181,
    int version) {}
