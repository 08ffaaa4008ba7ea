package io.citywide.sensing.internal.web;

import io.citywide.identity.Open;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.platform.Slice;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.CapDesk;
import io.citywide.sensing.internal.warning.CapMessage;
import io.citywide.sensing.internal.warning.HotSpots;
import io.citywide.sensing.internal.warning.Origin;
import io.citywide.sensing.internal.warning.Situations;
import io.citywide.sensing.internal.warning.Warning;
import io.citywide.sensing.internal.warning.Warning.Verdict;
import io.citywide.sensing.internal.warning.WarningDesk;
import io.citywide.sensing.internal.warning.WarningDesk.Query;
import io.citywide.sensing.internal.web.WarningViews.FullView;
import io.citywide.sensing.internal.web.WarningViews.LetterView;
import io.citywide.sensing.internal.web.WarningViews.View;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** Graded warnings: what is live, what happened, what people do with it, and the messages after GB/T 35965 and CAP 1.2. */
@RestController
class WarningController {

  private static final MediaType CAP_XML = new MediaType("application", "cap+xml", StandardCharsets.UTF_8);
  private static final MediaType ATOM = new MediaType("application", "atom+xml", StandardCharsets.UTF_8);

  private static final MediaType XLSX = MediaType.parseMediaType(HotSpots.XLSX);

  /** @param id of its oldest warning */
  record SituationView(long id, WarningGrade grade, Instant since, String whyZh, String whyEn, Double lon, Double lat, String areaCode, int rules, List<View> warnings) {}

  record Acknowledging(String note) {}

  /** @param verdict what it was: {@code REAL}, {@code FALSE} or {@code MAINTENANCE} */
  record Ending(Verdict verdict, String reason) {}

  record Noting(String text) {}

  record Opening(boolean open, String reason) {}

  private final WarningDesk desk;
  private final WarningViews views;
  private final CapDesk cap;
  private final Situations situations;
  private final HotSpots hotSpots;

  WarningController(WarningDesk desk, WarningViews views, CapDesk cap, Situations situations, HotSpots hotSpots) {
    this.desk = desk;
    this.views = views;
    this.cap = cap;
    this.situations = situations;
    this.hotSpots = hotSpots;
  }

  /** With {@code live=true} the worst first, else the latest first. */
  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warnings")
  Slice<View> list(@RequestParam(required = false) Boolean live, @RequestParam(required = false) WarningGrade grade, @RequestParam(required = false) String areaCode,
      @RequestParam(required = false) String rule, @RequestParam(required = false) Origin origin, @RequestParam(required = false) Boolean acknowledged,
      @RequestParam(required = false) String subject, @RequestParam(required = false) Instant from, @RequestParam(required = false) Instant to,
      @RequestParam(required = false) String after, @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit) {
    Slice<Warning> page = desk.list(new Query(live, grade, areaCode, rule, origin, acknowledged, subject, from, to), after, limit);
    return new Slice<>(views.list(page.items()), page.next());
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warnings/tally")
  WarningDesk.Tally tally(@RequestParam(required = false) String areaCode) {
    return desk.tally(areaCode);
  }

  /** What the caller and the caller's unit were told: warnings and reports of hot spots, or with {@code reports=true} these alone. */
  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warnings/inbox")
  List<LetterView> inbox(@RequestParam(defaultValue = "false") boolean reports, @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit) {
    return views.letters(desk.inbox(reports, limit));
  }

  /** What several rules say at once of one place. */
  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warnings/situations")
  List<SituationView> situations(@RequestParam(required = false) String areaCode) {
    return situations.list(areaCode).stream().map(s -> new SituationView(s.id(), s.grade(), s.since(), s.why().zh(), s.why().en(), s.lon(), s.lat(), s.areaCode(), s.rules(),
        views.list(s.warnings()))).toList();
  }

  /** The places with the most alarms of a month. */
  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warnings/hotspots")
  HotSpots.Report hotSpots(@RequestParam YearMonth month, @RequestParam(required = false) String areaCode, @RequestParam(defaultValue = "50") @Min(1) @Max(500) int limit) {
    return hotSpots.report(month, areaCode, limit);
  }

  /** In the language of {@code lang}, {@code zh} or {@code en}, which a link can say; else in that which the request accepts. */
  @Requires({Permission.MAP_EXPORT, Permission.EVALUATION_EXPORT})
  @GetMapping("/api/warnings/hotspots.xlsx")
  ResponseEntity<byte[]> hotSpotSheet(@RequestParam YearMonth month, @RequestParam(required = false) String areaCode, @RequestParam(defaultValue = "200") @Min(1) @Max(500) int limit,
      @RequestParam(required = false) String lang, Locale accepted) {
    byte[] sheet = hotSpots.sheet(month, areaCode, limit, lang == null ? accepted : Locale.forLanguageTag(lang));
    return ResponseEntity.ok().contentType(XLSX)
        .header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename("hotspots-" + month + ".xlsx").build().toString()).body(sheet);
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warnings/{id}")
  FullView get(@PathVariable long id) {
    return views.full(desk.get(id));
  }

  @Requires(Permission.WARNING_WORK)
  @PostMapping("/api/warnings/{id}/acknowledge")
  View acknowledge(@PathVariable long id, @RequestBody(required = false) Acknowledging body) {
    return views.one(desk.acknowledge(id, body == null ? null : body.note()));
  }

  @Requires(Permission.WARNING_WORK)
  @PostMapping("/api/warnings/{id}/end")
  View end(@PathVariable long id, @RequestBody Ending body) {
    return views.one(desk.end(id, body.verdict(), body.reason()));
  }

  @Requires(Permission.WARNING_WORK)
  @PostMapping("/api/warnings/{id}/notes")
  View note(@PathVariable long id, @RequestBody Noting body) {
    return views.one(desk.note(id, body.text()));
  }

  /** Into the public feed, or out of it: said by who leads a shift. */
  @Requires(Permission.RULE_EDIT)
  @PostMapping("/api/warnings/{id}/public")
  View open(@PathVariable long id, @RequestBody Opening body) {
    return views.one(desk.open(id, body.open(), body.reason()));
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warnings/{id}/cap.xml")
  ResponseEntity<String> capXml(@PathVariable long id, @RequestParam(required = false) Integer seq) {
    return ResponseEntity.ok().contentType(CAP_XML).body(CapDesk.xml(cap.message(id, seq)));
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warnings/{id}/cap.json")
  CapMessage capJson(@PathVariable long id, @RequestParam(required = false) Integer seq) {
    return cap.message(id, seq);
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/warnings/feed.atom")
  ResponseEntity<String> feed() {
    return ResponseEntity.ok().contentType(ATOM).body(cap.feed(base()));
  }

  @Open("the public feed of warnings that were made public")
  @GetMapping("/api/public/warnings/feed.atom")
  ResponseEntity<String> publicFeed() {
    return ResponseEntity.ok().contentType(ATOM).body(cap.publicFeed(base()));
  }

  @Open("a warning that was made public")
  @GetMapping("/api/public/warnings/{id}/cap.xml")
  ResponseEntity<String> publicXml(@PathVariable long id, @RequestParam(required = false) Integer seq) {
    return ResponseEntity.ok().contentType(CAP_XML).body(CapDesk.xml(cap.publicMessage(id, seq)));
  }

  private static String base() {
    return ServletUriComponentsBuilder.fromCurrentContextPath().build().toUriString();
  }
}
