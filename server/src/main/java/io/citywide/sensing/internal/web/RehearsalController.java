package io.citywide.sensing.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.watching.RehearsalDesk;
import io.citywide.sensing.internal.watching.RehearsalDesk.Progress;
import io.citywide.sensing.internal.watching.RehearsalDesk.Real;
import io.citywide.sensing.internal.watching.RehearsalDesk.Report;
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
import java.time.Instant;
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

  record RehearseBody(@NotNull @Size(max = 100_000) String document, @NotNull Instant from, @NotNull Instant to) {}

  record StepView(Decision.Kind kind, Grade from, Grade to, Instant at, String reasonZh, String reasonEn, Map<String, Double> values) {

    static StepView of(Decision d) {
      return new StepView(d.kind(), d.from(), d.to(), Instant.ofEpochMilli(d.at()), d.reason().zh(), d.reason().en(), d.values());
    }
  }

  /** @param ended {@code null}: it would be live at the end */
  record EpisodeView(String subject, String subjectName, long number, Grade peak, Instant raised, Instant ended, List<StepView> steps) {

    static EpisodeView of(Episode e, Map<String, String> names) {
      return new EpisodeView(e.subject(), names.get(e.subject()), e.number(), e.peak(), Instant.ofEpochMilli(e.raised()), e.ended() == 0 ? null : Instant.ofEpochMilli(e.ended()),
          e.decisions().stream().map(StepView::of).toList());
    }
  }

  record OutcomeView(long devices, long values, long tookMillis, long warnings, Map<String, Long> byPeak, long heldBack, List<EpisodeView> episodes, Map<String, Long> fates,
      List<Real> real, long realCount) {

    static OutcomeView of(Report r) {
      Map<String, Long> byPeak = new TreeMap<>();
      r.outcome().byPeak().forEach((grade, n) -> byPeak.put(grade.name(), n));
      Map<String, Long> fates = new TreeMap<>();
      r.outcome().fates().forEach((fate, n) -> fates.put(fate.name(), n));
      return new OutcomeView(r.devices(), r.values(), r.tookMillis(), r.outcome().warnings(), byPeak, r.outcome().heldBack(),
          r.outcome().episodes().stream().map(e -> EpisodeView.of(e, r.names())).toList(), fates, r.real(), r.realCount());
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
    try (RehearsalDesk.Ready ready = desk.ready(body.document(), body.from(), body.to())) {
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
