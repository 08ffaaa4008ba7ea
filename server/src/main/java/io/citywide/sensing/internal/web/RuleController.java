package io.citywide.sensing.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.watching.RuleDesk;
import io.citywide.sensing.internal.watching.RuleVersion;
import io.citywide.sensing.internal.watching.RuleVersion.Manner;
import io.citywide.sensing.internal.watching.SourceDesk;
import io.citywide.watch.Flaw;
import io.citywide.watch.Rule;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Watch rules: their versions, and what becomes of their warnings. */
@RestController
@RequestMapping("/api")
class RuleController {

  private static final int LONGEST_DOCUMENT = 100_000;

  /** @param areaLow what the codes of its area begin with; empty: everywhere */
  record VersionView(String rule, int version, RuleVersion.State state, int edit, String document, String nameZh, String nameEn, String typeCode, String areaLow,
      String category, WarningGrade caseFrom, String caseKind, String note, String savedBy, Instant savedAt, String publishedBy, Instant publishedAt, Instant endedAt) {

    static VersionView of(RuleVersion v) {
      return v == null ? null : new VersionView(v.rule(), v.version(), v.state(), v.edit(), v.document(), v.name().zh(), v.name().en(), v.typeCode(), v.areaLow(),
          v.manner().category(), v.manner().caseFrom(), v.manner().caseKind(), v.manner().note(), v.savedName(), v.savedAt(), v.publishedName(), v.publishedAt(), v.endedAt());
    }
  }

  /** @param live how many warnings of it are live within the scope */
  record RuleView(String rule, VersionView newest, VersionView published, long live) {}

  record FlawView(String code, String where, String zh, String en, String mendZh, String mendEn) {

    static FlawView of(Flaw f) {
      return new FlawView(f.code(), f.where(), f.what().zh(), f.what().en(), f.mend().zh(), f.mend().en());
    }
  }

  record DocumentBody(@NotNull @Size(max = LONGEST_DOCUMENT) String document) {}

  /** @param read the rule as it was understood; {@code null} where it has flaws */
  record CheckedView(Rule read, List<FlawView> flaws) {}

  /** @param edit of the draft that was changed; {@code null}: there was none */
  record DraftBody(@NotNull @Size(max = LONGEST_DOCUMENT) String document, String category, WarningGrade caseFrom, String caseKind, String note, Integer edit) {

    Manner manner() {
      return new Manner(category == null ? "Other" : category, caseFrom, caseKind == null || caseKind.isBlank() ? null : caseKind, note == null ? "" : note.strip());
    }
  }

  record EditBody(@NotNull Integer edit) {}

  record VersionBody(@NotNull Integer version) {}

  /** @param silentAfterSeconds {@code null}: the usual time */
  record SourceBody(Long silentAfterSeconds) {}

  private final RuleDesk desk;
  private final SourceDesk sources;

  RuleController(RuleDesk desk, SourceDesk sources) {
    this.desk = desk;
    this.sources = sources;
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/watch-rules")
  List<RuleView> list() {
    Map<String, Long> live = desk.countLive();
    return desk.list().stream().map(h -> new RuleView(h.newest().rule(), VersionView.of(h.newest()), VersionView.of(h.published()), live.getOrDefault(h.newest().rule(), 0L)))
        .toList();
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/watch-rules/{rule}")
  List<VersionView> versions(@PathVariable String rule) {
    return desk.versions(rule).stream().map(VersionView::of).toList();
  }

  /** All flaws at once; none: it can be published. Who keeps the devices reads rules too, to see what a change of theirs would break. */
  @Requires({Permission.RULE_EDIT, Permission.DEVICE_EDIT})
  @PostMapping("/watch-rules/check")
  CheckedView check(@Valid @RequestBody DocumentBody body) {
    RuleDesk.Checked checked = desk.check(body.document());
    return new CheckedView(checked.rule(), checked.flaws().stream().map(FlawView::of).toList());
  }

  @Requires(Permission.RULE_EDIT)
  @PutMapping("/watch-rules/draft")
  VersionView save(@Valid @RequestBody DraftBody body) {
    return VersionView.of(desk.save(body.document(), body.manner(), body.edit()));
  }

  @Requires(Permission.RULE_EDIT)
  @DeleteMapping("/watch-rules/{rule}/draft")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void discard(@PathVariable String rule, @RequestParam int edit) {
    desk.discard(rule, edit);
  }

  @Requires(Permission.RULE_EDIT)
  @PostMapping("/watch-rules/{rule}/publish")
  VersionView publish(@PathVariable String rule, @Valid @RequestBody EditBody body) {
    return VersionView.of(desk.publish(rule, body.edit()));
  }

  @Requires(Permission.RULE_EDIT)
  @PostMapping("/watch-rules/{rule}/withdraw")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void withdraw(@PathVariable String rule, @Valid @RequestBody VersionBody body) {
    desk.withdraw(rule, body.version());
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/watch-sources")
  List<SourceDesk.SourceTime> sources() {
    return sources.list();
  }

  @Requires(value = Permission.RULE_EDIT, wholeCity = true)
  @PutMapping("/watch-sources/{source}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void source(@PathVariable String source, @RequestBody SourceBody body) {
    sources.set(source, body.silentAfterSeconds());
  }
}
