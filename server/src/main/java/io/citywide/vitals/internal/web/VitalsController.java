package io.citywide.vitals.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.platform.ProblemException;
import io.citywide.vitals.VitalsProblem;
import io.citywide.vitals.internal.AreasInSight;
import io.citywide.vitals.internal.BehindReader;
import io.citywide.vitals.internal.BehindReader.Behind;
import io.citywide.vitals.internal.ContributionReader;
import io.citywide.vitals.internal.ContributionReader.Contributions;
import io.citywide.vitals.internal.FigureSourceView;
import io.citywide.vitals.internal.IndicatorDesk;
import io.citywide.vitals.internal.IndicatorDesk.Checked;
import io.citywide.vitals.internal.IndicatorForm;
import io.citywide.vitals.internal.IndicatorReader;
import io.citywide.vitals.internal.IndicatorReader.Detail;
import io.citywide.vitals.internal.IndicatorReader.Row;
import io.citywide.vitals.internal.OverviewReader;
import io.citywide.vitals.internal.OverviewReader.Overview;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Vital signs of an area; without {@code area} that of the viewer's own. Periods are told by an instant in them. */
@RestController
@RequestMapping("/api/vitals")
class VitalsController {

  /** @param value {@code null}: takes back what was entered */
  record ValueBody(String area, String at, Double value, Double base, String note) {}

  private final OverviewReader overviews;
  private final IndicatorReader indicators;
  private final ContributionReader contributions;
  private final BehindReader behind;
  private final IndicatorDesk desk;
  private final AreasInSight sight;

  VitalsController(OverviewReader overviews, IndicatorReader indicators, ContributionReader contributions, BehindReader behind, IndicatorDesk desk, AreasInSight sight) {
    this.overviews = overviews;
    this.indicators = indicators;
    this.contributions = contributions;
    this.behind = behind;
    this.desk = desk;
    this.sight = sight;
  }

  @Requires(Permission.VITALS_READ)
  @GetMapping
  Overview overview(@RequestParam(required = false) String area) {
    return overviews.overview(area);
  }

  @Requires(Permission.VITALS_READ)
  @GetMapping("/indicators")
  List<Row> indicators(@RequestParam(required = false) String area) {
    return indicators.rows(area);
  }

  @Requires(Permission.VITALS_READ)
  @GetMapping("/indicators/{code}")
  Detail indicator(@PathVariable String code, @RequestParam(required = false) String area) {
    return indicators.detail(code, area);
  }

  /** The areas below in the period of {@code from} and in that of {@code before}, with what each contributed to the change. */
  @Requires(Permission.VITALS_READ)
  @GetMapping("/indicators/{code}/areas")
  Contributions areas(@PathVariable String code, @RequestParam(required = false) String area, @RequestParam(required = false) String from, @RequestParam(required = false) String before) {
    return contributions.contributions(code, area, moment("from", from), moment("before", before));
  }

  @Requires(Permission.VITALS_READ)
  @GetMapping("/indicators/{code}/behind")
  Behind behind(@PathVariable String code, @RequestParam(required = false) String area, @RequestParam(required = false) String from) {
    return behind.behind(code, area, moment("from", from));
  }

  @Requires(Permission.VITALS_EDIT)
  @GetMapping("/figures")
  List<FigureSourceView> figures() {
    return desk.listFigures().stream().map(FigureSourceView::of).toList();
  }

  @Requires(value = Permission.VITALS_EDIT, wholeCity = true)
  @PostMapping("/indicators")
  @ResponseStatus(HttpStatus.CREATED)
  Detail create(@RequestBody IndicatorForm form) {
    desk.create(form.indicator(null));
    return indicators.detail(form.code(), null);
  }

  @Requires(value = Permission.VITALS_EDIT, wholeCity = true)
  @PutMapping("/indicators/{code}")
  Detail change(@PathVariable String code, @RequestBody IndicatorForm form) {
    if (form.version() == null) {
      throw new ProblemException(VitalsProblem.INVALID_INDICATOR, "version is missing: say which version of the indicator you change", Map.of("field", "version")).zh("缺少版本号");
    }
    desk.change(code, form.version(), form::indicator);
    return indicators.detail(code, null);
  }

  /** Tries a formula, keeps nothing. */
  @Requires(Permission.VITALS_EDIT)
  @PostMapping("/check")
  Checked check(@RequestBody IndicatorForm form, @RequestParam(required = false) String area) {
    return desk.check(form.indicator(null), sight.getCode(area));
  }

  @Requires(Permission.VITALS_ENTER)
  @PutMapping("/indicators/{code}/values")
  Behind enter(@PathVariable String code, @RequestBody ValueBody body) {
    Instant at = moment("at", body.at());
    if (body.area() == null || at == null) {
      throw new ProblemException(VitalsProblem.INVALID_VALUE, (body.area() == null ? "area" : "at") + " is missing: say for which area and period the value is",
          Map.of("field", body.area() == null ? "area" : "at")).zh("请选择区域和时期");
    }
    desk.enter(code, body.area(), at, body.value(), body.base(), body.note() == null ? "" : body.note());
    return behind.behind(code, body.area(), at);
  }

  private static Instant moment(String field, String text) {
    try {
      return text == null || text.isBlank() ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new ProblemException(VitalsProblem.INVALID_VALUE, field + " is an instant such as 2026-11-21T16:00:00Z, was '" + text + "'", Map.of("field", field)).zh("时间格式有误");
    }
  }
}
