package io.citywide.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that need no server load no framework, so that they answer at once. */
class CommandStartTest {

  @ParameterizedTest
  @ValueSource(strings = {"--help", "serve --help", "demo --help", "import --help", "grid encode 118.1 32.1"})
  void loadsNoFramework(String arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xlog:class+load", "-XX:TieredStopAtLevel=1",
        "-cp", System.getProperty("java.class.path"), "io.citywide.cli.Citywide"));
    command.addAll(List.of(arguments.split(" ")));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = process.inputReader().readAllLines();

    assertThat(process.waitFor()).as(String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()))).isIn(0, 2);
    assertThat(lines).anyMatch(line -> line.contains("picocli.CommandLine"));
    assertThat(lines).as("classes of the framework").noneMatch(line -> line.contains(" org.springframework."));
  }
}
