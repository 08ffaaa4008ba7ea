package io.citywide.identity.internal;

import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether a key may be used: whoever makes keys cannot give a machine, and by it themselves, the work of another administrator
 * (GB/T 22239-2019 §8.1.5), so somebody who holds those permissions has to approve it.
 *
 * @param of permissions to be approved; empty: none
 * @param by roles that may approve them
 * @param decidedBy name of who approved or refused, {@code null}: nobody yet
 * @param refusal why it was refused, {@code null}: it was not
 */
public record KeyApproval(State state, Set<Permission> of, List<Role> by, String decidedBy, Instant decidedAt, String refusal) {

  /** Where the approval of a key stands. */
  public enum State { NOT_NEEDED, WAITING, APPROVED, REFUSED }

  /** What administrators hold and those who make keys do not. */
  private static final Set<Permission> OTHERS = others();

  private static Set<Permission> others() {
    Set<Permission> others = EnumSet.noneOf(Permission.class);
    for (Role role : Role.values()) {
      if (role.administrator()) {
        others.addAll(role.permissions());
      }
    }
    Arrays.stream(Role.values()).filter(r -> r.permissions().contains(Permission.API_KEY_EDIT)).forEach(r -> others.removeAll(r.permissions()));
    return Collections.unmodifiableSet(others);
  }

  /** Those of a new key's permissions that are to be approved. */
  static Set<Permission> awaited(Set<Permission> permissions) {
    return permissions.stream().filter(OTHERS::contains).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Roles that hold all of them and may approve. */
  static List<Role> approvers(Set<Permission> awaited) {
    return Arrays.stream(Role.values()).filter(r -> r.permissions().contains(Permission.API_KEY_APPROVE) && r.permissions().containsAll(awaited)).toList();
  }

  /** Of a row with the columns awaits, decided_at, decider and refusal. */
  static KeyApproval read(ResultSet row) throws SQLException {
    Set<Permission> of = ApiKeys.permissions(row, "awaits");
    Instant decidedAt = ApiKeys.instant(row, "decided_at");
    String refusal = row.getString("refusal");
    State state = of.isEmpty() ? State.NOT_NEEDED : decidedAt == null ? State.WAITING : refusal == null ? State.APPROVED : State.REFUSED;
    return new KeyApproval(state, of, of.isEmpty() ? List.of() : approvers(of), row.getString("decider"), decidedAt, refusal);
  }
}
