package io.citywide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/settings.md is made from the settings records; it fails here when it is stale. Write it anew with {@code -Dwrite.docs=true}. */
class SettingsDocTest {

  private static final Path DOC = Path.of("../docs/settings.md");
  private static final Pattern RECORD =
      Pattern.compile("/\\*\\*(.*?)\\*/\\s*@Validated\\s*@ConfigurationProperties\\(\"([^\"]+)\"\\)\\s*public record \\w+\\((.*?)\\)\\s*\\{", Pattern.DOTALL);
  private static final Pattern COMPONENT =
      Pattern.compile("@DefaultValue\\(\"([^\"]*)\"\\)((?:\\s*@\\w+(?:\\([^)]*\\))?)*)\\s*([\\w.<>]+)\\s+(\\w+)");

  @Test
  void theSettingsPageSaysWhatTheCodeSays() throws IOException {
    String page = page();
    if (Boolean.getBoolean("write.docs")) {
      Files.writeString(DOC, page);
    }
    assertThat(DOC).as("run the tests once with -Dwrite.docs=true").hasContent(page);
  }

  private static String page() throws IOException {
    TreeMap<String, String> sections = new TreeMap<>();
    try (var files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith("Settings.java")).toList()) {
        Matcher record = RECORD.matcher(Files.readString(file));
        if (record.find()) {
          sections.put(record.group(2), section(record.group(1), record.group(2), record.group(3)));
        }
      }
    }
    return """
        # Settings

        Made from the settings records by `SettingsDocTest`; do not edit. Every setting can stand in the
        settings file (`<data>/citywide.yaml` or `--settings FILE`) or in the environment: the name in
        capitals, dots as underscores, dashes left out (`CITYWIDE_DATABASE_POOLSIZE`). A bad value or an
        unknown name stops the start and is named.

        """
        + String.join("\n", sections.values());
  }

  private static String section(String javadoc, String prefix, String components) {
    String text = javadoc.replaceAll("\\n\\s*\\* ?", "\n").strip();
    String intro = text.replaceAll("(?s)\\n@param.*", "").strip();
    StringBuilder out = new StringBuilder("## `" + prefix + "`\n\n" + plain(intro) + "\n\n| setting | default | bounds | meaning |\n|---|---|---|---|\n");
    Matcher component = COMPONENT.matcher(components);
    int found = 0;
    while (component.find()) {
      found++;
      String name = component.group(4);
      Matcher meaning = Pattern.compile("@param " + name + " (.*?)(?=\\n@param|\\z)", Pattern.DOTALL).matcher(text);
      assertThat(meaning.find()).as("%s.%s has a @param sentence", prefix, name).isTrue();
      out.append("| `").append(prefix).append('.').append(name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase()).append("` | ")
          .append(component.group(1).isEmpty() ? "" : "`" + component.group(1) + "`").append(" | ")
          .append(bounds(component.group(2))).append(" | ").append(plain(meaning.group(1))).append(" |\n");
    }
    assertThat(found).as("settings read from " + prefix).isEqualTo(components.split("@DefaultValue", -1).length - 1);
    return out.toString();
  }

  private static String bounds(String annotations) {
    Matcher min = Pattern.compile("@(?:Decimal)?Min\\(\"?([^)\"]+)\"?\\)").matcher(annotations);
    Matcher max = Pattern.compile("@(?:Decimal)?Max\\(\"?([^)\"]+)\"?\\)").matcher(annotations);
    boolean low = min.find();
    boolean high = max.find();
    return low && high ? min.group(1) + "–" + max.group(1) : low ? "≥ " + min.group(1) : high ? "≤ " + max.group(1) : "";
  }

  private static String plain(String javadoc) {
    return javadoc.replaceAll("\\{@code ([^}]*)\\}", "`$1`").replaceAll("\\s+", " ").strip();
  }
}
