package io.citywide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Figures in a document stand between {@code <!-- figures NAME -->} and {@code <!-- /figures -->}, in table
 * cells of the form {@code `key` | value}; each is compared with bench/results/NAME.json, and written anew
 * with {@code -Dwrite.docs=true}. Where a bench was never run, its figures are {@value #NEVER}.
 */
class FigureTablesTest {

  private static final Pattern BLOCK = Pattern.compile("<!-- figures (\\w+) -->(.*?)<!-- /figures -->", Pattern.DOTALL);
  private static final String NEVER = "–";
  private static final Pattern CELL = Pattern.compile("`(\\w+)` \\| ([^|\\n]*?) \\|");

  @Test
  void everyFigureInADocumentIsTheOneThatWasMeasured() throws IOException {
    for (Path document : List.of(Path.of("../README.md"), Path.of("../README.zh-CN.md"), Path.of("../docs/matching.md"))) {
      String is = Files.readString(document);
      String should = BLOCK.matcher(is).replaceAll(block -> Matcher.quoteReplacement(block(block.group(1), block.group())));
      if (Boolean.getBoolean("write.docs")) {
        Files.writeString(document, should);
      }
      assertThat(document).as("run the tests once with -Dwrite.docs=true").hasContent(should);
    }
  }

  private static String block(String name, String text) {
    Path file = Path.of("../bench/results", name + ".json");
    if (!Files.exists(file)) {
      return CELL.matcher(text).replaceAll(cell -> "`" + cell.group(1) + "` | " + NEVER + " |");
    }
    JsonNode figures;
    try {
      figures = JsonMapper.shared().readTree(Files.readString(file)).path("figures");
    } catch (IOException e) {
      throw new IllegalStateException("a document shows figures of " + file + ", which cannot be read", e);
    }
    return CELL.matcher(text).replaceAll(cell -> {
      JsonNode figure = figures.path(cell.group(1));
      assertThat(figure.isNumber()).as("%s has the figure %s", file, cell.group(1)).isTrue();
      return Matcher.quoteReplacement("`" + cell.group(1) + "` | " + number(figure.decimalValue()) + " |");
    });
  }

  private static String number(BigDecimal value) {
    return value.round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
