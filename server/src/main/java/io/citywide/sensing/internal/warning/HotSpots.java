package io.citywide.sensing.internal.warning;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.place.Places;
import io.citywide.platform.ServerSettings;
import io.citywide.platform.Words;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** The places with the most alarms in a month, for the street and the fire service. {@link HotSpotReports} sends them. */
@Service
public class HotSpots {

  /**
   * A place: a group of devices, a building, or a device that stands alone.
   *
   * @param place {@code group:…}, {@code building:…} or {@code subject:…}
   * @param alarms messages, of cameras each that joined
   * @param warnings by the highest grade they had
   * @param falseAlarms that a person found to be false
   * @param cases that a warning wanted
   * @param acknowledgedMinutes on average; {@code null}: none was acknowledged
   */
  public record HotSpot(int rank, String place, String nameZh, String nameEn, String areaCode, String areaName, Double lon, Double lat, long alarms, long warnings, long red, long orange,
      long yellow, long blue, long falseAlarms, long cases, Double acknowledgedMinutes, List<String> rulesZh, List<String> rulesEn, Instant last) {}

  /** Which report: that of this month and this area. */
  public record Edition(YearMonth month, String areaCode) {

    /** Of a row of sensing_delivery; {@code null} where that is of a warning. */
    static Edition read(ResultSet rs) throws SQLException {
      return rs.getString("report_month") == null ? null : new Edition(YearMonth.parse(rs.getString("report_month")), rs.getString("report_area"));
    }

    /** Its page of the console. */
    public String path() {
      return "/warnings/hotspots?month=" + month + "&area=" + areaCode;
    }
  }

  /** @param total alarms of all places, also of those beyond the list */
  public record Report(YearMonth month, String areaCode, String areaName, Instant from, Instant to, long total, long totalWarnings, List<HotSpot> spots) {}

  /** Media type of the workbook. */
  public static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

  private static final Words TITLE = new Words("Hot spots", "报警热点");
  private static final List<Words> HEADER = List.of(new Words("Rank", "排名"), new Words("Place", "点位"), new Words("Area", "区域"), new Words("Alarms", "报警次数"),
      new Words("Warnings", "预警条数"), new Words("Red", "红"), new Words("Orange", "橙"), new Words("Yellow", "黄"), new Words("Blue", "蓝"), new Words("False alarms", "误报"),
      new Words("Cases", "转案件"), new Words("Acknowledged after (min)", "平均签收(分钟)"), new Words("Rules", "规则"), new Words("Last", "最近一次"), new Words("Longitude", "经度"),
      new Words("Latitude", "纬度"));

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Telling telling;
  private final Places places;
  private final AccessLog access;
  private final ServerSettings server;

  HotSpots(JdbcClient jdbc, TransactionTemplate transaction, Telling telling, Places places, AccessLog access, ServerSettings server) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.telling = telling;
    this.places = places;
    this.access = access;
    this.server = server;
  }

  /**
   * Of what the viewer sees. Whom it was sent to reads all of it: also a viewer bound to units, who sees few of its warnings.
   *
   * @param areaCode {@code null}: the whole scope
   * @param limit 1..500
   */
  public Report report(YearMonth month, String areaCode, int limit) {
    Viewer viewer = Viewer.current();
    boolean whole = areaCode != null && !viewer.units().isEmpty() && transaction.execute(status -> sent(new Edition(month, areaCode)));
    return Viewer.callAs(whole ? Viewer.system("hot spots") : viewer, () -> transaction.execute(status -> read(month, areaCode, limit)));
  }

  private boolean sent(Edition edition) {
    return jdbc.sql("SELECT EXISTS (SELECT 1 FROM sensing_delivery WHERE report_month = :month AND report_area = :area AND unit_id = ANY (:units))")
        .param("month", edition.month().toString()).param("area", edition.areaCode()).param("units", WarningDesk.units(Viewer.current()).toArray(Long[]::new)).query(Boolean.class).single();
  }

  /** Where the warnings of a month were: codes of every level. Joins the transaction under way. */
  List<String> listAreas(YearMonth month) {
    return jdbc.sql("SELECT DISTINCT area_code FROM sensing_warning WHERE since >= :from AND since < :to ORDER BY area_code").param("from", WarningStore.utc(begin(month)))
        .param("to", WarningStore.utc(begin(month.plusMonths(1)))).query(String.class).list();
  }

  private Instant begin(YearMonth month) {
    return month.atDay(1).atStartOfDay(server.zone()).toInstant();
  }

  /** The report as a workbook in one language; who took it is on record. */
  public byte[] sheet(YearMonth month, String areaCode, int limit, Locale language) {
    Report report = report(month, areaCode, limit);
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("month", month.toString());
    details.put("areaCode", areaCode);
    details.put("rows", report.spots().size());
    transaction.executeWithoutResult(status -> access.record("warnings.exported", "hotspots:" + month, "done", details));
    return write(report, language);
  }

  private Report read(YearMonth month, String areaCode, int limit) {
    AreaScope area = areaCode == null ? AreaScope.ALL : AreaScope.of(areaCode);
    Instant from = begin(month);
    Instant to = begin(month.plusMonths(1));
    long[] total = new long[2];
    List<HotSpot> spots = jdbc.sql("""
            WITH placed AS (
              SELECT CASE WHEN group_code <> '' THEN 'group:' || group_code WHEN building_ident IS NOT NULL THEN 'building:' || building_ident ELSE 'subject:' || subject END AS place, *
              FROM sensing_warning WHERE since >= :from AND since < :to AND area_code >= :lo AND area_code < :hi)
            SELECT place, max(subject_zh) AS name_zh, max(subject_en) AS name_en, mode() WITHIN GROUP (ORDER BY area_code) AS area_code, avg(lon) AS lon, avg(lat) AS lat,
              sum(alarms) AS alarms, count(*) AS warnings, count(*) FILTER (WHERE worst = 4) AS red, count(*) FILTER (WHERE worst = 3) AS orange,
              count(*) FILTER (WHERE worst = 2) AS yellow, count(*) FILTER (WHERE worst = 1) AS blue, count(*) FILTER (WHERE verdict = 'FALSE') AS false_alarms,
              count(*) FILTER (WHERE wants_case) AS cases, avg(extract(epoch FROM acknowledged_at - since) / 60) AS minutes, max(since) AS last,
              array_agg(DISTINCT name_zh) AS rules_zh, array_agg(DISTINCT name_en) AS rules_en,
              sum(sum(alarms)) OVER () AS total, sum(count(*)) OVER () AS total_warnings
            FROM placed GROUP BY place ORDER BY alarms DESC, warnings DESC, place LIMIT :limit""")
        .param("from", WarningStore.utc(from)).param("to", WarningStore.utc(to)).param("lo", area.low()).param("hi", area.high()).param("limit", limit)
        .query((rs, i) -> {
          total[0] = rs.getLong("total");
          total[1] = rs.getLong("total_warnings");
          Double minutes = rs.getObject("minutes") == null ? null : Math.rint(rs.getDouble("minutes") * 10) / 10;
          return new HotSpot(i + 1, rs.getString("place"), rs.getString("name_zh"), rs.getString("name_en"), rs.getString("area_code"), places.describe(rs.getString("area_code")),
              rs.getObject("lon", Double.class), rs.getObject("lat", Double.class), rs.getLong("alarms"), rs.getLong("warnings"), rs.getLong("red"), rs.getLong("orange"),
              rs.getLong("yellow"), rs.getLong("blue"), rs.getLong("false_alarms"), rs.getLong("cases"), minutes, strings(rs.getArray("rules_zh")), strings(rs.getArray("rules_en")),
              WarningStore.instant(rs, "last"));
        }).list();
    return new Report(month, areaCode, areaCode == null ? null : places.describe(areaCode), from, to, total[0], total[1], spots);
  }

  private static List<String> strings(java.sql.Array array) throws SQLException {
    return Arrays.asList((String[]) array.getArray());
  }

  /** A workbook with a sheet for each language. */
  byte[] write(Report report, Locale... languages) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Workbook book = new Workbook(bytes, "Citywide", "1.0")) {
      for (Locale language : languages) {
        write(report, book.newWorksheet(TITLE.in(language)), language);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(Report report, Worksheet sheet, Locale language) {
    Words area = report.areaCode() == null ? new Words("all in sight", "全部可见区域") : telling.area(report.areaCode());
    sheet.value(0, 0, plain(new Words("Hot spots of " + report.month() + "; area: " + area.en() + "; alarms: " + report.total() + ", warnings: " + report.totalWarnings(),
        report.month() + " 报警热点；区域 " + area.zh() + "；报警 " + report.total() + " 次，预警 " + report.totalWarnings() + " 条").in(language)));
    for (int i = 0; i < HEADER.size(); i++) {
      sheet.value(2, i, HEADER.get(i).in(language));
      sheet.style(2, i).bold().set();
    }
    sheet.width(0, 8);
    sheet.width(1, 28);
    sheet.width(2, 28);
    sheet.width(12, 28);
    sheet.freezePane(2, 3);
    int line = 3;
    for (HotSpot s : report.spots()) {
      sheet.value(line, 0, s.rank());
      sheet.value(line, 1, plain(new Words(s.nameEn(), s.nameZh()).in(language)));
      sheet.value(line, 2, plain(telling.area(s.areaCode()).in(language)));
      long[] numbers = {s.alarms(), s.warnings(), s.red(), s.orange(), s.yellow(), s.blue(), s.falseAlarms(), s.cases()};
      for (int i = 0; i < numbers.length; i++) {
        sheet.value(line, 3 + i, numbers[i]);
      }
      if (s.acknowledgedMinutes() != null) {
        sheet.value(line, 11, s.acknowledgedMinutes());
      }
      sheet.value(line, 12, plain(new Words(String.join(", ", s.rulesEn()), String.join("、", s.rulesZh())).in(language)));
      sheet.value(line, 13, telling.time(s.last()));
      if (s.lon() != null) {
        sheet.value(line, 14, Math.rint(s.lon() * 1e6) / 1e6);
        sheet.value(line, 15, Math.rint(s.lat() * 1e6) / 1e6);
      }
      line++;
    }
  }

  /** A sheet saved as CSV forgets that a cell is no formula: what could begin one is quoted (OWASP, CSV injection). */
  private static String plain(String text) {
    return text != null && text.length() > 1 && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }
}
