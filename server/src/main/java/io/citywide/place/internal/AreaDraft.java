package io.citywide.place.internal;

import java.time.LocalDate;
import java.util.List;
import org.locationtech.jts.geom.Geometry;

/** An area as an import brings it, or as the table holds it. {@code feature}: index in the file, -1 from the table. */
record AreaDraft(int feature, String code, String name, String nameEn, List<String> aliases, double[] center, String tier,
    Geometry boundary, LocalDate validFrom, LocalDate validTo) {}
