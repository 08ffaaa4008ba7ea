package io.citywide.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that were refused are opened in a spreadsheet, to see why; what a citizen wrote must not run there. */
class FormulaInRejectsAttackTest {

  @Test
  void whatBeginsLikeAFormulaIsQuoted() {
    for (String attack : List.of("=cmd|'/c calc'!A1", "+1+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=HYPERLINK(\"http://x\")", "＝1+1")) {
      assertThat(RejectFile.plain(attack)).isEqualTo("'" + attack);
    }
  }

  @Test
  void numbersAndWordsStayAsTheyWere() {
    for (String text : List.of("-71.0589", "+8613800000000", "12", "", "路灯不亮", "a=b")) {
      assertThat(RejectFile.plain(text)).isEqualTo(text);
    }
    assertThat(RejectFile.plain(null)).isNull();
  }
}
