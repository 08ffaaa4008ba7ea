package io.citywide.identity.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Approves and refuses the keys that wait for it, each act logged. Nobody decides about a key that they made. */
@Component
public class KeyApprovalDesk {

  private static final int LONGEST_REASON = 200;

  private final ApiKeys keys;
  private final ApiKeyDesk desk;
  private final AccessLog log;

  KeyApprovalDesk(ApiKeys keys, ApiKeyDesk desk, AccessLog log) {
    this.keys = keys;
    this.desk = desk;
    this.log = log;
  }

  /** Keys of the viewer's area that wait for somebody with the viewer's permissions, newest first. */
  @Transactional(readOnly = true)
  public List<ApiKeyDesk.Key> listWaiting() {
    return desk.listWaiting().stream().filter(key -> beyond(key).isEmpty()).toList();
  }

  /**
   * Lets a key work.
   *
   * @throws ProblemException {@code identity.unknown-key}, {@code identity.key-settled}, {@code identity.own-key}, {@code identity.forbidden}
   */
  @Transactional
  public ApiKeyDesk.Key approve(long id) {
    ApiKeyDesk.Key key = decidable(id);
    if (!keys.decide(id, null)) {
      throw settled(id);
    }
    log.record("api-key.approved", "api-key:" + id, "done", Map.of("name", key.name(), "permissions", names(key.approval().of())));
    return desk.get(id);
  }

  /**
   * Ends a key before it worked.
   *
   * @param reason 1 to 200 characters
   * @throws ProblemException as {@link #approve}, and {@code identity.invalid-key}
   */
  @Transactional
  public ApiKeyDesk.Key refuse(long id, String reason) {
    ApiKeyDesk.Key key = decidable(id);
    String why = reason == null ? "" : reason.strip();
    if (why.isEmpty() || why.length() > LONGEST_REASON || why.chars().anyMatch(Character::isISOControl)) {
      throw ApiKeyDesk.invalid("reason", why, "reason must have 1 to " + LONGEST_REASON + " characters").zh("请填写不批准的理由（1 至 " + LONGEST_REASON + " 个字）");
    }
    if (!keys.decide(id, why)) {
      throw settled(id);
    }
    log.record("api-key.refused", "api-key:" + id, "done", Map.of("name", key.name(), "permissions", names(key.approval().of()), "reason", why));
    return desk.get(id);
  }

  private ApiKeyDesk.Key decidable(long id) {
    ApiKeyDesk.Key key = desk.get(id);
    if (key.approval().state() != KeyApproval.State.WAITING) {
      throw settled(id);
    }
    if (Objects.equals(key.madeById(), Viewer.current().personId())) {
      throw new ProblemException(IdentityProblem.OWN_KEY, "you made API key " + id + "; another person approves or refuses it")
          .zh("此密钥由您新建，须由他人审批");
    }
    Set<Permission> beyond = beyond(key);
    if (!beyond.isEmpty()) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "who approves a key holds what it asks for; you do not hold " + beyond,
          Map.of("permissions", beyond))
          .zh("审批人须持有所申请的权限，您没有其中的部分权限");
    }
    return key;
  }

  private static Set<Permission> beyond(ApiKeyDesk.Key key) {
    return key.approval().of().stream().filter(p -> !Viewer.current().may(p)).collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> names(Set<Permission> permissions) {
    return permissions.stream().map(Enum::name).toList();
  }

  private static ProblemException settled(long id) {
    return new ProblemException(IdentityProblem.KEY_SETTLED, "API key " + id + " does not wait for approval: it needs none, was decided about, revoked or has expired")
        .zh("此密钥不在待批准状态：无需批准、已审批、已吊销或已到期");
  }
}
