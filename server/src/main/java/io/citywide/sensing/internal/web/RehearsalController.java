package io.citywide.sensing.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.watching.RehearsalDesk;
import io.citywide.sensing.internal.watching.RehearsalDesk.Beside;
import io.citywide.sensing.internal.watching.RehearsalDesk.Compared;
import io.citywide.sensing.internal.watching.RehearsalDesk.Progress;
import io.citywide.sensing.internal.watching.RehearsalDesk.Real;
import io.citywide.sensing.internal.watching.RehearsalDesk.Report;
import io.citywide.sensing.spi.ReportedCases.Around;
import io.citywide.sensing.spi.ReportedCases.OfKind;
import io.citywide.sensing.spi.ReportedCases.Reported;
import io.citywide.watch.Decision;
import io.citywide.watch.Grade;
import io.citywide.watch.Rehearsal.Episode;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What a draft would have done. */
@RestController
@RequestMapping("/api/watch-rules/rehearse")
class RehearsalController {

  private static final int NEAR_METERS = 200;
  private static final int NEAR_HOURS = 24;

  /**
   * @param nearMeters how far a case may be from a device to count as near, 1 to 2000; {@code null}: 200
   * @param nearHours how long before an episode and after it, 0 to 168; {@code null}: 24
   * @param caseKind kind of the catalogue that the rule is to catch; {@code null}: not said
   */
  record RehearseBody(@NotNull @Size(max = 100_000) String document, @NotNull Instant from, @NotNull Instant to, Integer nearMeters, Integer nearHours, String caseKind) {

    Beside beside() {
      return new Beside(nearMeters == null ? NEAR_METERS : nearMeters, Duration.ofHours(nearHours == null ? NEAR_HOURS : nearHours), caseKind == null || caseKind.isBlank() ? null : caseKind);
    }
  }

  record StepView(Decision.Kind kind, Grade from, Grade to, Instant at, String reasonZh, String reasonEn, Map<String, Double> values) {

    static StepView of(Decision d) {
      return new StepView(d.kind(), d.from(), d.to(), Instant.ofEpochMilli(d.at()), d.reason().zh(), d.reason().en(), d.values());
    }
  }

  /**
   * @param ended {@code null}: it would be live at the end
   * @param cases reported around it, the closest first, some of {@code caseCount}
   */
  record EpisodeView(String subject, String subjectName, long number, Grade peak, Instant raised, Instant ended, List<StepView> steps, long caseCount, List<Reported> cases) {

    static EpisodeView of(Episode e, Map<String, String> names, Around around) {
      return new EpisodeView(e.subject(), names.get(e.subject()), e.number(), e.peak(), Instant.ofEpochMilli(e.raised()), e.ended() == 0 ? null : Instant.ofEpochMilli(e.ended()),
          e.decisions().stream().map(StepView::of).toList(), around.count(), around.first());
    }
  }

  /** @param ofKind {@code null}: no kind was said */
  record ComparedView(int nearMeters, long nearHours, String caseKind, long episodes, long with, long without, OfKind ofKind) {

    static ComparedView of(Compared c) {
      return c == null ? null : new ComparedView(c.beside().meters(), c.beside().within().toHours(), c.beside().kindId(), c.episodes(), c.with(), c.without(), c.ofKind());
    }
  }

  record OutcomeView(long devices, long values, long tookMillis, long warnings, Map<String, Long> byPeak, long heldBack, List<EpisodeView> episodes, Map<String, Long> fates,
      List<Real> real, long realCount, ComparedView compared) {

    static OutcomeView of(Report r) {
      Map<String, Long> byPeak = new TreeMap<>();
      r.outcome().byPeak().forEach((grade, n) -> byPeak.put(grade.name(), n));
      Map<String, Long> fates = new TreeMap<>();
      r.outcome().fates().forEach((fate, n) -> fates.put(fate.name(), n));
      List<EpisodeView> episodes = new ArrayList<>();
      for (Episode e : r.outcome().episodes()) {
        episodes.add(EpisodeView.of(e, r.names(), r.compared() == null ? Around.NOTHING : r.compared().around().get(episodes.size())));
      }
      return new OutcomeView(r.devices(), r.values(), r.tookMillis(), r.outcome().warnings(), byPeak, r.outcome().heldBack(),
          episodes, fates, r.real(), r.realCount(), ComparedView.of(r.compared()));
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final RehearsalDesk desk;

  RehearsalController(RehearsalDesk desk) {
    this.desk = desk;
  }

  /**
   * Answers as NDJSON: now and then {@code {"progress": …}}, at last {@code {"outcome": …}}, or {@code {"problem": …}} where it was ended for its
   * size. Whoever closes the connection ends it.
   */
  @Requires(Permission.RULE_EDIT)
  @PostMapping
  void rehearse(@Valid @RequestBody RehearseBody body, HttpServletResponse response) throws IOException {
    try (RehearsalDesk.Ready ready = desk.ready(body.document(), body.from(), body.to(), body.beside())) {
      response.setContentType("application/x-ndjson");
      response.setCharacterEncoding("UTF-8");
      response.setHeader("Cache-Control", "no-store");
      response.setHeader("X-Accel-Buffering", "no");
      OutputStream out = response.getOutputStream();
      try {
        Report report = ready.run(progress -> line(out, Map.of("progress", progress)));
        line(out, Map.of("progress", new Progress(1, 1, report.values())));
        line(out, Map.of("outcome", OutcomeView.of(report)));
      } catch (ProblemException e) {
        line(out, Map.of("problem", Map.of("code", e.problem().code(), "status", e.problem().status(), "title", e.problem().title(), "detail", e.words().said())));
      } catch (UncheckedIOException e) {
        // Whoever asked has gone: nobody waits for the answer.
        return;
      }
    }
  }

  private static void line(OutputStream out, Object value) {
    try {
      out.write((JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
