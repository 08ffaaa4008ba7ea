package io.citywide;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.identity.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/glossary.md has every stage, role and action, under the names the code gives them. */
class GlossaryTest {

  @Test
  void everyStageRoleAndActionIsInTheGlossaryByItsNames() throws Exception {
    List<String> lines = Files.readAllLines(Path.of("../docs/glossary.md"));
    List<String> missing = new ArrayList<>();
    for (CaseStage stage : CaseStage.values()) {
      want(lines, missing, stage.nameZh(), stage.nameEn(), "`CaseStage." + stage + "`");
    }
    for (Role role : Role.values()) {
      want(lines, missing, role.nameZh(), role.nameEn(), "`Role." + role + "`");
    }
    for (CaseAction action : CaseAction.values()) {
      want(lines, missing, action.nameZh(), action.nameEn(), "`CaseAction." + action + "`");
    }
    assertThat(missing).as("not in docs/glossary.md as `中文 · English · code name · clause`").isEmpty();
  }

  private static void want(List<String> lines, List<String> missing, String zh, String en, String code) {
    String start = "- " + zh + " · " + en + " · " + code + " · ";
    if (lines.stream().noneMatch(line -> line.startsWith(start) && line.length() > start.length())) {
      missing.add(start);
    }
  }

  @Test
  void everyLineOfAListHasFourParts() throws Exception {
    assertThat(Files.readAllLines(Path.of("../docs/glossary.md")).stream().filter(l -> l.startsWith("- "))).isNotEmpty()
        .allSatisfy(line -> assertThat(line.split(" · ").length).as(line).isGreaterThanOrEqualTo(4));
  }
}
