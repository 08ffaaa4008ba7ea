package io.citywide.identity;

import io.citywide.platform.ProblemException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is looking, in which position. Bound to the thread of work for its length; every transaction
 * tells it to PostgreSQL, whose row-level security decides what is seen.
 *
 * @param personId {@code null} unless {@code kind} is PERSON
 * @param positionId {@code null} for a machine or a person without a position
 * @param role {@code null} for a person without a position and for most machines
 * @param unitId unit of the position, may be {@code null}
 * @param areaCode root of the area subtree; {@code null}: no area at all
 * @param units units to whose cases the viewer is bound; empty: not bound to units
 * @param machine {@code null} unless {@code kind} is MACHINE
 * @param session which of the person's sessions this is: the same for all requests of one, and nothing that could open it; {@code null}: none
 */
public record Viewer(
    Kind kind,
    Long personId,
    Long positionId,
    String displayName,
    Role role,
    Long unitId,
    String areaCode,
    Set<Long> units,
    Set<Permission> permissions,
    Machine machine,
    String session) {

  /**
   * The API key that a machine came with.
   *
   * @param keyId names are not unique, ids are
   * @param channels by which its reports may come; {@link #ANY} among them: every channel
   * @param sources systems whose numbers it may bring, the usual one first; {@link #ANY} among them: every system
   */
  public record Machine(long keyId, List<String> channels, List<String> sources) {

    /** Stands for every channel or every system: the key of who owns the data folder, and keys from before keys were bound. */
    public static final String ANY = "*";

    public Machine {
      channels = List.copyOf(channels);
      sources = List.copyOf(sources);
    }
  }

  /** What stands behind a request. */
  public enum Kind {
    PERSON,
    MACHINE,
    SYSTEM,
    PUBLIC
  }

  private static final ScopedValue<Viewer> CURRENT = ScopedValue.newInstance();

  /** A citizen or anybody who has not signed in: sees no row by scope. */
  public static final Viewer PUBLIC =
      new Viewer(Kind.PUBLIC, null, null, "public", null, null, null, Set.of(), Set.of());

  /** Whoever came without an API key and without a session. */
  public Viewer(Kind kind, Long personId, Long positionId, String displayName, Role role, Long unitId, String areaCode, Set<Long> units,
      Set<Permission> permissions) {
    this(kind, personId, positionId, displayName, role, unitId, areaCode, units, permissions, null, null);
  }

  public Viewer {
    units = Set.copyOf(units);
    permissions = Set.copyOf(permissions);
  }

  /** The server itself, acting for {@code purpose} (shown in the history of a case). */
  public static Viewer system(String purpose) {
    return new Viewer(Kind.SYSTEM, null, null, purpose, null, null, null, Set.of(), EnumSet.allOf(Permission.class));
  }

  /** The viewer of the work under way, {@link #PUBLIC} where none was bound. */
  public static Viewer current() {
    return CURRENT.orElse(PUBLIC);
  }

  /** Whether a viewer was bound at all. */
  public static Optional<Viewer> bound() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** Runs {@code work} as {@code viewer}. A transaction already under way keeps the scope it began with. */
  public static <T, X extends Throwable> T callAs(Viewer viewer, ScopedValue.CallableOp<T, X> work) throws X {
    return ScopedValue.where(CURRENT, viewer).call(work);
  }

  /** Runs {@code work} as {@code viewer}. */
  public static void runAs(Viewer viewer, Runnable work) {
    ScopedValue.where(CURRENT, viewer).run(work);
  }

  public boolean may(Permission permission) {
    return permissions.contains(permission);
  }

  /**
   * @throws ProblemException {@code identity.forbidden} where the viewer lacks {@code permission}
   */
  public void require(Permission permission) {
    if (!may(permission)) {
      throw new ProblemException(
          kind == Kind.PUBLIC ? IdentityProblem.SIGN_IN : IdentityProblem.FORBIDDEN,
          kind == Kind.PUBLIC
              ? "sign in first"
              : displayName + (role == null ? "" : " as " + role) + " lacks the permission " + permission,
          Map.of("permission", permission.name()))
          .zh(kind == Kind.PUBLIC ? "请先登录" : displayName + (role == null ? "" : "（" + role.nameZh() + "）") + "没有执行此操作的权限");
    }
  }

  public AreaScope area() {
    if (kind == Kind.SYSTEM) {
      return AreaScope.ALL;
    }
    return areaCode == null ? AreaScope.NONE : AreaScope.of(areaCode);
  }

  /** Something equal for the same person or machine; {@code system} or {@code public} for the others. */
  public String caller() {
    return switch (kind) {
      case PERSON -> "person:" + personId;
      case MACHINE -> "key:" + machine.keyId();
      case SYSTEM -> "system";
      case PUBLIC -> "public";
    };
  }

  /** Whether a row of {@code code}, led or assisted by {@code rowUnits}, lies within this viewer's scope. */
  public boolean sees(String code, Set<Long> rowUnits) {
    return area().covers(code) && (units.isEmpty() || rowUnits.stream().anyMatch(units::contains));
  }
}
