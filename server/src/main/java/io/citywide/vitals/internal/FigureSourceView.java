package io.citywide.vitals.internal;

import io.citywide.vitals.internal.FigureSource.Figure;

/** A figure as it is offered to who writes a formula. */
public record FigureSourceView(String name, String nameZh, String nameEn, String nature) {

  public static FigureSourceView of(Figure f) {
    return new FigureSourceView(f.name(), f.nameZh(), f.nameEn(), f.nature().name());
  }
}
