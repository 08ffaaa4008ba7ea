package io.citywide.sensing.internal.camera;

import io.citywide.identity.AccessLog;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.Catalogue;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.CapMessage;
import io.citywide.sensing.internal.warning.WarningProblem;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What an alarm of a class means, and which units let pictures pass their checks. */
@Service
public class ClassDesk {

  /** A class as somebody wants it. */
  public record Draft(String code, String nameZh, String nameEn, String category, String kindId, WarningGrade grade, Double minConfidence, Boolean opensCase, String gb28181,
      Integer version) {}

  /** @param unitName as it is called now */
  public record Consent(long unitId, String unitName, String classCode, String reason, String givenBy, Instant givenAt) {}

  private final CameraClassStore store;
  private final Catalogue catalogue;
  private final Units units;
  private final AccessLog access;
  private final Clock clock;

  ClassDesk(CameraClassStore store, Catalogue catalogue, Units units, AccessLog access, Clock clock) {
    this.store = store;
    this.catalogue = catalogue;
    this.units = units;
    this.access = access;
    this.clock = clock;
  }

  @Transactional(readOnly = true)
  public List<CameraClass> list() {
    return store.list();
  }

  /**
   * A new class, or a changed one: where {@code version} is given.
   *
   * @throws ProblemException {@link WarningProblem#INVALID}, {@link WarningProblem#UNKNOWN_CLASS}, {@link WarningProblem#CLASS_CHANGED}
   */
  @Transactional
  public CameraClass put(Draft d) {
    CameraClass wanted = read(d);
    CameraClass made;
    try {
      if (d.version() == null) {
        made = store.insert(wanted);
      } else {
        CameraClass before = store.find(wanted.code()).orElseThrow(() -> unknownClass(wanted.code()));
        made = store.change(wanted).orElseThrow(() -> new ProblemException(WarningProblem.CLASS_CHANGED,
            "class " + wanted.code() + " has version " + before.version() + " by now; read it again", Map.of("version", before.version())).zh("识别类别已被他人修改，请刷新后重试"));
      }
    } catch (DuplicateKeyException e) {
      throw invalid("code", d.code(), "there is such a class already, or another one has this code of GB/T 28181", "已有此识别类别，或国标报警类型已被其他类别使用");
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("nameZh", made.nameZh());
    details.put("kindId", made.kindId());
    details.put("grade", made.grade());
    details.put("minConfidence", made.minConfidence());
    details.put("opensCase", made.opensCase());
    details.put("gb28181", made.gb28181());
    details.put("version", made.version());
    access.record("camera.class-put", "camera-class:" + made.code(), "done", details);
    return made;
  }

  private CameraClass read(Draft d) {
    if (d.code() == null || !d.code().matches("[a-z0-9][a-z0-9-]{0,39}")) {
      throw invalid("code", d.code(), "code has 1 to 40 of a-z, 0-9 and -, was '" + d.code() + "'", "代码须为 1 至 40 位小写字母、数字或横线");
    }
    name("nameZh", d.nameZh());
    name("nameEn", d.nameEn());
    if (d.category() == null || !CapMessage.CATEGORIES.contains(d.category())) {
      throw invalid("category", d.category(), "category is one of " + CapMessage.CATEGORIES.stream().sorted().toList() + ", was '" + d.category() + "'", "类型须为 CAP 1.2 的类别之一");
    }
    if (d.kindId() != null && catalogue.findKind(d.kindId()).isEmpty()) {
      throw invalid("kindId", d.kindId(), "the catalogue has no kind '" + d.kindId() + "'", "类别目录中没有“" + d.kindId() + "”");
    }
    if (d.grade() == null) {
      throw invalid("grade", null, "grade is missing", "请选择等级");
    }
    if (d.minConfidence() == null || !(d.minConfidence() >= 0 && d.minConfidence() <= 1)) {
      throw invalid("minConfidence", d.minConfidence(), "minConfidence is 0 to 1, was " + d.minConfidence(), "最低置信度须为 0 至 1");
    }
    if (d.gb28181() != null && !d.gb28181().matches("[1-7](/[0-9]{1,3})?")) {
      throw invalid("gb28181", d.gb28181(), "gb28181 is AlarmMethod or AlarmMethod/AlarmType, was '" + d.gb28181() + "'", "国标报警类型须为 AlarmMethod 或 AlarmMethod/AlarmType");
    }
    return new CameraClass(d.code(), d.nameZh().strip(), d.nameEn().strip(), d.category(), d.kindId(), d.grade(), d.minConfidence(), Boolean.TRUE.equals(d.opensCase()), d.gb28181(),
        d.version() == null ? 1 : d.version());
  }

  private static void name(String field, String value) {
    if (value == null || value.isBlank() || value.length() > 60 || value.indexOf('\0') >= 0) {
      throw invalid(field, value == null ? null : value.length(), field + " has 1 to 60 characters", "名称须为 1 至 60 字");
    }
  }

  @Transactional(readOnly = true)
  public List<Consent> listConsents() {
    List<CameraClassStore.Consent> all = store.listConsents();
    Map<Long, String> names = units.names(all.stream().map(CameraClassStore.Consent::unitId).distinct().toList());
    return all.stream().map(c -> new Consent(c.unitId(), names.get(c.unitId()), c.classCode(), c.reason(), c.givenBy(), c.givenAt())).toList();
  }

  /**
   * A unit lets later pictures of a class pass the check of its cases; said by who answers for the unit's area.
   *
   * @throws ProblemException {@link WarningProblem#UNKNOWN_CLASS}, {@link WarningProblem#INVALID}, {@link WarningProblem#OUTSIDE_SCOPE}
   */
  @Transactional
  public void give(long unitId, String classCode, String reason) {
    UnitRef unit = unit(unitId);
    if (store.find(classCode).isEmpty()) {
      throw unknownClass(classCode);
    }
    if (reason == null || reason.isBlank() || reason.length() > 500 || reason.indexOf('\0') >= 0) {
      throw invalid("reason", reason == null ? null : reason.length(), "reason has 1 to 500 characters", "请填写理由，最多 500 字");
    }
    store.give(new CameraClassStore.Consent(unit.id(), classCode, reason.strip(), Viewer.current().displayName(), clock.instant()));
    access.record("camera.consent-given", "unit:" + unitId, "done", Map.of("class", classCode, "reason", reason.strip()));
  }

  /** @throws ProblemException as {@link #give} */
  @Transactional
  public void withdraw(long unitId, String classCode) {
    unit(unitId);
    if (!store.withdraw(unitId, classCode)) {
      throw unknownClass(classCode);
    }
    access.record("camera.consent-withdrawn", "unit:" + unitId, "done", Map.of("class", classCode));
  }

  private UnitRef unit(long unitId) {
    UnitRef unit = units.findUnit(unitId).filter(UnitRef::active).orElseThrow(() -> invalid("unitId", unitId, "there is no active unit " + unitId, "没有此在用单位"));
    if (!Viewer.current().area().covers(unit.areaCode())) {
      throw new ProblemException(WarningProblem.OUTSIDE_SCOPE, "the unit " + unitId + " works in " + unit.areaCode() + ", beyond your own area", Map.of("field", "unitId", "value", unitId))
          .zh("该单位不在您的管理范围内");
    }
    return unit;
  }

  private static ProblemException unknownClass(String code) {
    return new ProblemException(WarningProblem.UNKNOWN_CLASS, "there is no such class, or no consent to it: '" + code + "'", Map.of("field", "class", "value", code)).zh("没有此识别类别，或没有对应的授权");
  }

  private static ProblemException invalid(String field, Object value, String en, String zh) {
    return new ProblemException(WarningProblem.INVALID, en, value == null ? Map.of("field", field) : Map.of("field", field, "value", value)).zh(zh);
  }
}
