package io.citywide.cases.internal.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.cases.Evaluation.Subject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The definitions in docs/evaluation.md are made from the code; it fails here when they are stale. Write them anew with {@code -Dwrite.docs=true}. */
class EvaluationDocTest {

  private static final Path DOC = Path.of("../docs/evaluation.md");
  private static final String BEGIN = "<!-- definitions: begin -->\n";
  private static final String END = "<!-- definitions: end -->";

  @Test
  void thePageDefinesEveryCounterAndRatioAsTheCodeDoes() throws Exception {
    String page = Files.readString(DOC);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    if (Boolean.getBoolean("write.docs")) {
      Files.writeString(DOC, page.substring(0, begin) + definitions() + page.substring(end));
      page = Files.readString(DOC);
      end = page.indexOf(END);
    }
    assertThat(page.substring(begin, end)).as("run the tests once with -Dwrite.docs=true").isEqualTo(definitions());
  }

  private static String definitions() {
    var out = new StringBuilder("\n## Counters\n");
    for (Counter counter : Counter.values()) {
      out.append("\n### `").append(counter.code()).append("` ").append(counter.nameZh()).append("\n\n")
          .append(counter.definitionEn()).append('\n').append(counter.definitionZh()).append("\n\n```sql\n")
          .append(counter.condition(Subject.AREA)).append('\n');
      if (counter.countsFor(Subject.POSITION)) {
        out.append("-- of a position\n").append(counter.condition(Subject.POSITION)).append('\n');
      }
      out.append("```\n");
    }
    out.append("\n## Ratios\n\n| ratio | 名称 | numerator | denominator | better | of positions |\n|---|---|---|---|---|---|\n");
    for (RatioDefinition ratio : RatioDefinition.values()) {
      out.append("| `").append(ratio.code()).append("` | ").append(ratio.nameZh()).append(" | `").append(ratio.numerator().code()).append("` | `")
          .append(ratio.denominator().code()).append("` | ").append(ratio.lowerIsBetter() ? "low" : "high").append(" | ")
          .append(ratio.countsFor(Subject.POSITION) ? "yes" : "no").append(" |\n");
    }
    return out.append('\n').toString();
  }
}
