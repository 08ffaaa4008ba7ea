package io.citywide.sensing.internal.warning;

import io.citywide.identity.AccessLog;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.Route.Target;
import io.citywide.sensing.internal.warning.Route.Way;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Reads and changes the routes of warnings within the viewer's area. */
@Service
public class RouteDesk {

  private static final Pattern WATCH = Pattern.compile("\\*|(rule|type|camera):[A-Za-z0-9][A-Za-z0-9._-]{0,59}|category:(" + String.join("|", CapMessage.CATEGORIES) + ")|" + Route.HOT_SPOTS);
  private static final Pattern EMAIL = Pattern.compile("[^@\\s<>,;\"]{1,64}@[A-Za-z0-9.-]{1,190}");
  private static final int LONGEST_WAIT = 10_080;

  /**
   * A route as somebody wants it.
   *
   * @param areaCode {@code null}: the viewer's own area; {@code *}: everywhere
   * @param acknowledgeMinutes 1..10080; {@code null}: as the settings have it
   */
  public record Draft(String watch, String areaCode, AreaLevel level, WarningGrade gradeFrom, Target target, Long unitId, Role dutyRole, Way way, String address,
      Integer acknowledgeMinutes, Integer version) {}

  /** @param secret of the webhook, told this once; {@code null} for the other ways and later */
  public record Made(Route route, String secret) {}

  private final RouteStore store;
  private final Units units;
  private final Places places;
  private final AccessLog access;
  private final WebhookKeys keys;
  private final WarningSettings settings;
  private final boolean mail;
  private final Clock clock;

  RouteDesk(RouteStore store, Units units, Places places, AccessLog access, WebhookKeys keys, WarningSettings settings, @Value("${spring.mail.host:}") String mailHost, Clock clock) {
    this.store = store;
    this.units = units;
    this.places = places;
    this.access = access;
    this.keys = keys;
    this.settings = settings;
    this.mail = !mailHost.isBlank();
    this.clock = clock;
  }

  /** Those that hold somewhere in the viewer's area. */
  @Transactional(readOnly = true)
  public List<Route> list() {
    return store.listAll();
  }

  /** @throws ProblemException {@link WarningProblem#INVALID}, {@link WarningProblem#OUTSIDE_SCOPE}, {@link WarningProblem#ROUTE_TAKEN} */
  @Transactional
  public Made create(Draft draft) {
    Route route = read(draft, 0, 1);
    try {
      Route made = store.insert(route);
      record("warning.route-added", made);
      return new Made(made, made.way() == Way.WEBHOOK ? keys.secret(made) : null);
    } catch (DuplicateKeyException e) {
      throw taken();
    }
  }

  /** @throws ProblemException as {@link #create}, and {@link WarningProblem#UNKNOWN_ROUTE}, {@link WarningProblem#ROUTE_CHANGED} */
  @Transactional
  public Made change(long id, Draft draft) {
    Route before = get(id);
    if (draft.version() == null) {
      throw invalid("version", null, "say which version of the route you change", "请注明所改路由的版本");
    }
    inScope(before.areaCode());
    try {
      Route made = store.change(read(draft, id, draft.version())).orElseThrow(() -> new ProblemException(WarningProblem.ROUTE_CHANGED,
          "route " + id + " has version " + before.version() + " by now, your change was made on " + draft.version() + "; read it again", Map.of("version", before.version()))
          .zh("路由已被他人修改，请刷新后重试"));
      record("warning.route-changed", made);
      return new Made(made, made.way() == Way.WEBHOOK && before.way() != Way.WEBHOOK ? keys.secret(made) : null);
    } catch (DuplicateKeyException e) {
      throw taken();
    }
  }

  /** @throws ProblemException {@link WarningProblem#UNKNOWN_ROUTE}, {@link WarningProblem#OUTSIDE_SCOPE}, {@link WarningProblem#INVALID} where it calls no webhook */
  @Transactional
  public Made renewSecret(long id) {
    Route before = get(id);
    inScope(before.areaCode());
    if (before.way() != Way.WEBHOOK) {
      throw invalid("way", before.way(), "only a webhook has a secret", "只有网络回调才有密钥");
    }
    Route made = store.renewSecret(id);
    record("warning.route-secret", made);
    return new Made(made, keys.secret(made));
  }

  /** @throws ProblemException {@link WarningProblem#UNKNOWN_ROUTE}, {@link WarningProblem#OUTSIDE_SCOPE} */
  @Transactional
  public void delete(long id) {
    Route route = get(id);
    inScope(route.areaCode());
    store.delete(id);
    record("warning.route-removed", route);
  }

  private Route get(long id) {
    return store.find(id).orElseThrow(() -> new ProblemException(WarningProblem.UNKNOWN_ROUTE, "there is no route " + id + " in your area", Map.of("value", id))
        .zh("没有此路由，或不在您的区域内"));
  }

  private Route read(Draft d, long id, int version) {
    String own = Viewer.current().areaCode() == null ? "" : Viewer.current().areaCode();
    String area = d.areaCode() == null ? own : d.areaCode().equals("*") ? "" : d.areaCode();
    if (d.watch() == null || !WATCH.matcher(d.watch()).matches()) {
      throw invalid("watch", d.watch(), "watch is *, rule:CODE, type:CODE, camera:CLASS, category:CATEGORY of CAP 1.2 or " + Route.HOT_SPOTS + ", was '" + d.watch() + "'",
          "适用范围须为 *、rule:规则、type:设备类型、camera:识别类别、category:预警类别 或 " + Route.HOT_SPOTS);
    }
    if (!area.isEmpty() && places.findArea(area).isEmpty()) {
      throw invalid("areaCode", area, "there is no area '" + area + "' in force", "没有现行的区域“" + area + "”");
    }
    inScope(area);
    need("level", d.level(), "级别");
    need("gradeFrom", d.gradeFrom(), "起始等级");
    need("target", d.target(), "通知对象");
    need("way", d.way(), "通知方式");
    if (d.level() == AreaLevel.UNIT_GRID) {
      throw invalid("level", d.level(), "level is COMMUNITY, STREET, DISTRICT or CITY", "级别须为社区、街道、区县或城市");
    }
    if ((d.target() == Target.UNIT) != (d.unitId() != null)) {
      throw invalid("unitId", d.unitId(), "unitId comes with the target UNIT, and only with it", "通知单位时须选择单位");
    }
    if (d.watch().equals(Route.HOT_SPOTS)) {
      if (d.target() != Target.UNIT) {
        throw invalid("target", d.target(), "a report goes to a unit: target is UNIT, was " + d.target(), "热点报告只发给指定单位");
      }
      if (!area.isEmpty() && AreaCode.levelOf(area).compareTo(d.level()) > 0) {
        throw invalid("level", d.level(), "there is no " + d.level() + " within the area '" + area + "'", "区域“" + area + "”内没有" + d.level().nameZh() + "一级");
      }
    }
    if (d.unitId() != null && units.findUnit(d.unitId()).filter(UnitRef::active).isEmpty()) {
      throw invalid("unitId", d.unitId(), "there is no active unit " + d.unitId(), "没有此在用单位");
    }
    if (d.dutyRole() != null && d.target() != Target.DUTY) {
      throw invalid("dutyRole", d.dutyRole(), "dutyRole comes with the target DUTY alone", "只有通知在岗人员时才能指定角色");
    }
    if (d.acknowledgeMinutes() != null && (d.acknowledgeMinutes() < 1 || d.acknowledgeMinutes() > LONGEST_WAIT)) {
      throw invalid("acknowledgeMinutes", d.acknowledgeMinutes(), "acknowledgeMinutes is 1 to " + LONGEST_WAIT + ", was " + d.acknowledgeMinutes(), "签收时限为 1 至 " + LONGEST_WAIT + " 分钟");
    }
    String address = address(d);
    return new Route(id, d.watch(), area, d.level(), d.gradeFrom(), d.target(), d.unitId(), d.dutyRole(), d.way(), address,
        d.acknowledgeMinutes() == null ? null : Duration.ofMinutes(d.acknowledgeMinutes()), 1, version, Viewer.current().displayName(), clock.instant());
  }

  private String address(Draft d) {
    String address = d.address() == null ? "" : d.address().strip();
    return switch (d.way()) {
      case INBOX -> {
        if (!address.isEmpty()) {
          throw invalid("address", address, "an inbox has no address", "站内通知不填地址");
        }
        yield "";
      }
      case EMAIL -> {
        if (!mail) {
          throw invalid("way", "EMAIL", "this server sends no e-mail: spring.mail.host is not set", "本系统未配置邮件服务器（spring.mail.host）");
        }
        if (!EMAIL.matcher(address).matches()) {
          throw invalid("address", address, "'" + address + "' is no e-mail address", "电子邮箱格式有误");
        }
        yield address;
      }
      case WEBHOOK -> CallAddress.read(CallAddress.Use.WEBHOOK, address, settings.webhookHosts()).toString();
      case PUSH -> throw invalid("way", "PUSH", "a push goes along with the inbox, to who turned it on; no route sets it", "浏览器推送随站内通知发出，由本人开启，不在路由中设置");
    };
  }

  private static void need(String field, Object value, String zh) {
    if (value == null) {
      throw invalid(field, null, field + " is missing", "请选择" + zh);
    }
  }

  private static ProblemException invalid(String field, Object value, String en, String zh) {
    Map<String, Object> extras = new LinkedHashMap<>(Map.of("field", field));
    if (value != null) {
      extras.put("value", value.toString());
    }
    return new ProblemException(WarningProblem.INVALID, en, extras).zh(zh);
  }

  private static void inScope(String areaCode) {
    boolean within = areaCode.isEmpty() ? Viewer.current().area().low().isEmpty() : Viewer.current().area().covers(areaCode.length() == 6 ? AreaCode.prefix(areaCode) : areaCode);
    if (!within) {
      throw new ProblemException(WarningProblem.OUTSIDE_SCOPE, (areaCode.isEmpty() ? "every area" : "area " + areaCode) + " is beyond your own area " + Viewer.current().areaCode()
          + ", whose routes alone you may change", Map.of("field", "areaCode", "value", areaCode))
          .zh((areaCode.isEmpty() ? "全部区域" : "区域 " + areaCode) + "超出您的管理范围，您只能修改本区域的路由");
    }
  }

  private static ProblemException taken() {
    return new ProblemException(WarningProblem.ROUTE_TAKEN, "there is a route already that tells the same at this level; change that one").zh("此级别已有相同对象和方式的路由，请修改该路由");
  }

  private void record(String act, Route route) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("watch", route.watch());
    details.put("areaCode", route.areaCode());
    details.put("level", route.level());
    details.put("gradeFrom", route.gradeFrom());
    details.put("target", route.target());
    details.put("unitId", route.unitId());
    details.put("way", route.way());
    details.put("address", route.address());
    details.put("version", route.version());
    access.record(act, "warning-route:" + route.id(), "done", details);
  }
}
