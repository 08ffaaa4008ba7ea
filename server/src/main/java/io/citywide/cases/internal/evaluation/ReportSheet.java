package io.citywide.cases.internal.evaluation;

import io.citywide.cases.Evaluation.Ratio;
import io.citywide.cases.Evaluation.Report;
import io.citywide.cases.Evaluation.Row;
import io.citywide.cases.internal.evaluation.Definitions.CounterDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** A report as a workbook: the numbers on the first sheet, what they mean on the second. */
public final class ReportSheet {

  private ReportSheet() {}

  public static byte[] write(Report report, ZoneId zone) {
    var bytes = new ByteArrayOutputStream();
    try (Workbook book = new Workbook(bytes, "Citywide", "1.0")) {
      numbers(book.newWorksheet("考核"), report, zone);
      definitions(book.newWorksheet("口径"), report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void numbers(Worksheet sheet, Report report, ZoneId zone) {
    var minutes = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(zone);
    text(sheet, 0, 0, "对象 " + report.subject() + "；区域 " + (report.areaCode().isEmpty() ? "*" : report.areaCode()) + "；自 "
        + minutes.format(report.from()) + " 至 " + minutes.format(report.to()) + "（不含）；统计于 " + minutes.format(report.asOf()) + "；时区 " + zone);
    List<CounterDefinition> counters = Definitions.counters().stream()
        .filter(c -> Counter.find(c.code()).orElseThrow().countsFor(report.subject())).toList();
    List<RatioDefinition> ratios = java.util.Arrays.stream(RatioDefinition.values()).filter(r -> r.countsFor(report.subject())).toList();
    List<String> header = new ArrayList<>(List.of("编号", "名称"));
    counters.forEach(c -> header.add(c.nameZh()));
    ratios.forEach(r -> header.addAll(List.of(r.nameZh() + "(%)", r.nameZh() + "分子", r.nameZh() + "分母")));
    header.addAll(List.of("得分", "等级"));
    for (int i = 0; i < header.size(); i++) {
      text(sheet, 2, i, header.get(i));
      sheet.style(2, i).bold().wrapText(true).set();
    }
    sheet.width(1, 24);
    sheet.freezePane(2, 3);
    int line = 3;
    for (Row row : report.rows()) {
      row(sheet, line++, row, row.key(), row.name(), counters, ratios);
    }
    if (report.total() != null) {
      row(sheet, line, report.total(), "", "合计", counters, ratios);
    }
  }

  private static void row(Worksheet sheet, int line, Row row, String key, String name, List<CounterDefinition> counters, List<RatioDefinition> ratios) {
    int column = 0;
    text(sheet, line, column++, key);
    text(sheet, line, column++, name);
    for (CounterDefinition counter : counters) {
      sheet.value(line, column++, row.counts().get(counter.code()));
    }
    for (RatioDefinition definition : ratios) {
      Ratio ratio = row.ratios().get(definition.code());
      if (ratio.percent() != null) {
        sheet.value(line, column, ratio.percent());
        sheet.style(line, column).format("0.00").set();
      }
      sheet.value(line, column + 1, ratio.numerator());
      sheet.value(line, column + 2, ratio.denominator());
      column += 3;
    }
    if (row.score() != null) {
      sheet.value(line, column, row.score());
      text(sheet, line, column + 1, row.grade());
    }
  }

  private static void definitions(Worksheet sheet, Report report) {
    String[] header = {"代码", "名称", "口径", "Definition", "SQL"};
    for (int i = 0; i < header.length; i++) {
      text(sheet, 0, i, header[i]);
      sheet.style(0, i).bold().set();
    }
    int line = 1;
    for (CounterDefinition c : Definitions.counters()) {
      Counter counter = Counter.find(c.code()).orElseThrow();
      if (counter.countsFor(report.subject())) {
        text(sheet, line, 0, c.code());
        text(sheet, line, 1, c.nameZh());
        text(sheet, line, 2, c.definitionZh());
        text(sheet, line, 3, c.definitionEn());
        text(sheet, line++, 4, counter.condition(report.subject()));
      }
    }
    for (RatioDefinition r : RatioDefinition.values()) {
      text(sheet, line, 0, r.code());
      text(sheet, line, 1, r.nameZh());
      text(sheet, line, 2, r.numerator().nameZh() + " ÷ " + r.denominator().nameZh()
          + "，百分数保留两位小数四舍五入，分母为零时不计" + (r.lowerIsBetter() ? "；越低越好" : ""));
      text(sheet, line++, 3, r.numerator().code() + " / " + r.denominator().code());
    }
  }

  private static void text(Worksheet sheet, int line, int column, String text) {
    sheet.value(line, column, plain(text));
  }

  /**
   * A cell is never a formula here, but a sheet saved as CSV forgets that: what could begin one is quoted
   * (OWASP, CSV injection).
   */
  static String plain(String text) {
    return text != null && !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 && text.length() > 1 ? "'" + text : text;
  }
}
