package io.citywide;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** The layout of ARCHITECTURE.md, kept by machine. */
class ModuleTest {

  private final ApplicationModules modules = ApplicationModules.of(CitywideApplication.class);

  @Test
  void modulesUseOnlyWhatTheyDeclareAndNeverInCircles() {
    modules.verify();
  }

  @Test
  void everyModuleHasAFrontPageThatSaysWhatItMayUse() throws Exception {
    for (var module : modules) {
      if (PlainJars.NAMES.contains(module.getBasePackage().getName())) {
        continue; // a jar of its own without Spring, not even its annotations
      }
      Path page = Path.of("src/main/java", module.getBasePackage().getName().replace('.', '/'), "package-info.java");
      assertThat(page).as("front page of module %s", module.getDisplayName()).exists();
      assertThat(Files.readString(page)).as(page.toString()).contains("@ApplicationModule").contains("allowedDependencies").contains("/**");
    }
  }

  @Test
  void noPackageIsADrawerForEverything() throws Exception {
    List<String> drawers = List.of("util", "utils", "common", "impl", "dto", "manager", "helper");
    try (var files = Files.walk(Path.of("src/main/java"))) {
      assertThat(files.filter(Files::isDirectory).map(p -> p.getFileName().toString()).filter(drawers::contains)).isEmpty();
    }
  }
}
