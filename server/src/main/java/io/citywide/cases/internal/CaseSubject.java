package io.citywide.cases.internal;

import io.citywide.cases.CaseView;
import io.citywide.cases.StepRecord;
import io.citywide.ledger.Canonical;
import io.citywide.ledger.spi.LedgerSubject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the ledger proves of a case: each step, and after it all that the case says of itself. Left out is only what
 * another column decides ({@code open}, {@code desk}, {@code due_at}) and {@code overdue_marked_at}, the memory of the
 * watch over deadlines, which no step writes.
 */
public final class CaseSubject implements LedgerSubject {

  static final String SUBJECT = "case";
  private static final TypeReference<Map<String, Object>> DETAILS = new TypeReference<>() {};
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static String canonical(StepRecord s) {
    Map<String, Object> row = new HashMap<>(32);
    row.put("caseId", s.caseId());
    row.put("seq", s.seq());
    row.put("action", s.action());
    row.put("fromStage", s.fromStage());
    row.put("toStage", s.toStage());
    row.put("at", s.at());
    row.put("personId", s.personId());
    row.put("personName", s.personName());
    row.put("positionId", s.positionId());
    row.put("role", s.role());
    row.put("unitId", s.unitId());
    row.put("unitName", s.unitName());
    row.put("elapsedWorkingMinutes", s.elapsedWorkingMinutes());
    row.put("late", s.late());
    row.put("dueAt", s.dueAt());
    row.put("opinion", s.opinion());
    row.put("media", s.media());
    row.put("details", s.details());
    return Canonical.of(row);
  }

  static String canonical(CaseView c) {
    Map<String, Object> row = new HashMap<>(128);
    row.put("id", c.id());
    row.put("caseNo", c.caseNo());
    row.put("stage", c.stage());
    row.put("stageSince", c.stageSince());
    row.put("kindId", c.kindId());
    row.put("title", c.title());
    row.put("description", c.description());
    row.put("lon", c.lon());
    row.put("lat", c.lat());
    row.put("gridKey", c.gridKey());
    row.put("areaCode", c.areaCode());
    row.put("address", c.address());
    row.put("componentIdent", c.componentIdent());
    row.put("urgency", c.urgency());
    row.put("sourceChannel", c.sourceChannel());
    row.put("signalCount", c.signalCount());
    row.put("thumbnail", c.thumbnail());
    row.put("reporterPersonId", c.reporterPersonId());
    row.put("reporterRole", c.reporterRole());
    row.put("leadUnitId", c.leadUnitId());
    row.put("assistUnitIds", c.assistUnitIds());
    row.put("assigneeId", c.assigneeId());
    row.put("version", c.version());
    row.put("steps", c.steps());
    row.put("suspendedAt", c.suspendedAt());
    row.put("reportedAt", c.reportedAt());
    row.put("lastSignalAt", c.lastSignalAt());
    row.put("acceptedAt", c.acceptedAt());
    row.put("filedAt", c.filedAt());
    row.put("dispatchedAt", c.dispatchedAt());
    row.put("receivedAt", c.receivedAt());
    row.put("disposedAt", c.disposedAt());
    row.put("checkedAt", c.checkedAt());
    row.put("closedAt", c.closedAt());
    row.put("evaluatedAt", c.evaluatedAt());
    row.put("filingDueAt", c.filingDueAt());
    row.put("dispatchDueAt", c.dispatchDueAt());
    row.put("disposalStartedAt", c.disposalStartedAt());
    row.put("disposalDueAt", c.disposalDueAt());
    row.put("disposalOriginalDueAt", c.disposalOriginalDueAt());
    row.put("checkDueAt", c.checkDueAt());
    row.put("disposalLimitValue", c.disposalLimitValue());
    row.put("disposalLimitUnit", c.disposalLimitUnit());
    row.put("disposalExtraMinutes", c.disposalExtraMinutes());
    row.put("filingLate", c.filingLate());
    row.put("dispatchLate", c.dispatchLate());
    row.put("disposalLate", c.disposalLate());
    row.put("checkLate", c.checkLate());
    row.put("verificationResult", c.verificationResult());
    row.put("checkResult", c.checkResult());
    row.put("reworkCount", c.reworkCount());
    row.put("returnCount", c.returnCount());
    row.put("extensionCount", c.extensionCount());
    row.put("suspensionCount", c.suspensionCount());
    row.put("urgeCount", c.urgeCount());
    row.put("reopenCount", c.reopenCount());
    row.put("pendingRequests", c.pendingRequests());
    row.put("supervised", c.supervised());
    row.put("forced", c.forced());
    row.put("mergedInto", c.mergedInto());
    row.put("importedSource", c.importedSource());
    row.put("importedRef", c.importedRef());
    row.put("citizenRating", c.citizenRating());
    return Canonical.of(row);
  }

  /** Details as they come back from the database: what goes in as a float or an enum comes out as a number or a text. */
  static Map<String, Object> details(String json) {
    return JSON.readValue(json, DETAILS);
  }

  @Override
  public String subject() {
    return SUBJECT;
  }

  @Override
  public String words(long id, int seq) {
    return seq == 0 ? "case " + id : "step " + seq + " of case " + id;
  }

  @Override
  public String rows() {
    return "SELECT * FROM case_step ORDER BY case_id, seq";
  }

  @Override
  public Row row(ResultSet rs) throws SQLException {
    StepRecord step = CaseStore.step(rs, JSON);
    return new Row(step.caseId(), step.seq(), canonical(step));
  }

  @Override
  public String states() {
    return "SELECT * FROM case_file ORDER BY id";
  }

  @Override
  public Row state(ResultSet rs) throws SQLException {
    CaseView file = CaseStore.view(rs, 0);
    return new Row(file.id(), file.steps(), canonical(file));
  }
}
