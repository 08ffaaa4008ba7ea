package io.citywide.intake.internal;

import io.citywide.intake.Decision;
import io.citywide.intake.spi.Recogniser;
import io.citywide.intake.spi.Recogniser.Guess;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Third step: what is it? As given, else what the component is, else what the text says where it says it clearly;
 * otherwise the kind stays open and a person decides.
 */
@Component
class RecogniseStep {

  /** A guess below this is none: one word of two Chinese characters that speaks for nothing else is enough. */
  static final double CLEAR = 0.3;

  /** And it must be this much better than the next, or than the next of another family. */
  static final double MARGIN = 1.15;

  private final Recogniser recogniser;
  private final Catalogue catalogue;

  RecogniseStep(Recogniser recogniser, Catalogue catalogue) {
    this.recogniser = recogniser;
    this.catalogue = catalogue;
  }

  void apply(Draft draft) {
    if (draft.kind != null) {
      decide(draft, "GIVEN", "recognise.given", "类别已给定：" + draft.kind.nameZh(), Map.of("kindId", draft.kind.id()));
      return;
    }
    if (draft.component != null) {
      var kind = catalogue.findKind(draft.component.kindId());
      if (kind.isPresent()) {
        draft.kind = kind.get();
        decide(draft, "COMPONENT", "recognise.component", "按部件类别：" + draft.kind.nameZh(), Map.of("kindId", draft.kind.id(), "componentIdent", draft.component.ident()));
        return;
      }
    }
    byText(draft);
  }

  private void byText(Draft draft) {
    List<Guess> guesses = recogniser.recognise(draft.given.title(), draft.given.description());
    List<Map<String, Object>> listed = guesses.stream().limit(3)
        .map(g -> Map.<String, Object>of("kindId", g.kindId(), "score", Math.round(g.score() * 100) / 100.0, "because", g.because())).toList();
    if (guesses.isEmpty()) {
      decide(draft, "NONE", "recognise.none", "文字中没有类别线索，待人工定类", Map.of("guesses", listed));
      return;
    }
    Guess first = guesses.getFirst();
    Kind kind = catalogue.findKind(first.kindId()).orElseThrow();
    Guess next = guesses.stream().skip(1).filter(g -> !sameThing(kind, g)).findFirst().orElse(null);
    String words = "“" + String.join("”“", first.because()) + "”";
    if (first.score() < CLEAR) {
      decide(draft, "NONE", "recognise.weak", "线索" + words + "太弱（可能是" + kind.nameZh() + "），待人工定类", Map.of("guesses", listed));
    } else if (next != null && first.score() < next.score() * MARGIN) {
      String other = catalogue.findKind(next.kindId()).map(Kind::nameZh).orElse(next.kindId());
      decide(draft, "NONE", "recognise.ambiguous", "可能是" + kind.nameZh() + "或" + other + "，分不清，待人工定类", Map.of("guesses", listed));
    } else {
      draft.kind = kind;
      decide(draft, "TEXT", "recognise.text", "文字提到" + words + "，归为" + kind.nameZh(), Map.of("kindId", kind.id(), "guesses", listed));
    }
  }

  /** A component and the matter about it are one thing under two numbers. */
  private static boolean sameThing(Kind kind, Guess guess) {
    return guess.kindId().equals(kind.componentKindId());
  }

  private static void decide(Draft draft, String outcome, String code, String why, Map<String, Object> facts) {
    draft.decide(new Decision("recognise", outcome, code, why, facts, draft.receivedAt));
  }
}
