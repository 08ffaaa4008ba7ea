package io.citywide.cases.internal;

import static io.citywide.cases.CaseStage.*;
import static io.citywide.cases.internal.Guard.*;
import static io.citywide.identity.Role.*;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The life cycle of a case as one table (decision 0005): for each action the stages it starts from, the roles that take
 * it, where it leads, what must be true, and the fields it takes. Nothing else in the code decides about any of these.
 */
public final class LifeCycle {

  /** Where an action leads. */
  public sealed interface Target {

    /** It leaves the stage as it is. */
    record Stays() implements Target {}

    /** Always to one stage. */
    record Goes(CaseStage stage) implements Target {}

    /** As its field {@code result} says. */
    record ByResult(Map<String, CaseStage> stages) implements Target {}

    /** As the stage it comes from says. */
    record ByStage(Map<CaseStage, CaseStage> stages) implements Target {}

    /** To the stage when {@code approve} is true, else it stays. */
    record IfApproved(CaseStage stage) implements Target {}
  }

  /**
   * A field of an action's form.
   *
   * @param name as in the body of the step
   * @param type text, kind, unit, units, person, minutes, choice, yesno, media, position, urgency, signals, case
   * @param options of a choice
   */
  public record Field(String name, String type, boolean required, List<String> options) {

    Field requiredNow() {
      return new Field(name, type, true, options);
    }
  }

  /**
   * One row of the table.
   *
   * @param from empty: the action makes a case, or is taken by intake alone
   * @param automatic whether the server itself may take it
   */
  public record Rule(CaseAction action, Set<CaseStage> from, Set<Role> roles, boolean automatic, Target to, List<Guard> guards, List<Field> fields) {

    /** Whether this viewer's role takes the step at all. */
    public boolean takenBy(Viewer viewer) {
      return switch (viewer.kind()) {
        case SYSTEM -> automatic;
        case PERSON, MACHINE -> viewer.role() != null && roles.contains(viewer.role());
        case PUBLIC -> false;
      };
    }

    /** The stage after the step. */
    CaseStage target(CaseStage stage, String result, Boolean approve) {
      return switch (to) {
        case Target.Stays() -> stage;
        case Target.Goes(CaseStage goal) -> goal;
        case Target.ByResult(var stages) -> stages.get(result);
        case Target.ByStage(var stages) -> stages.get(stage);
        case Target.IfApproved(CaseStage goal) -> Boolean.TRUE.equals(approve) ? goal : stage;
      };
    }
  }

  private static final Set<CaseStage> OPEN_STAGES = stages(REPORTED, ACCEPTED, VERIFYING, VERIFIED, FILED, DISPATCHED, RECEIVED, DISPOSED, CHECKED);
  private static final Set<CaseStage> BEFORE_DISPATCH = stages(REPORTED, ACCEPTED, VERIFYING, VERIFIED, FILED);
  private static final Set<CaseStage> AT_THE_UNIT = stages(DISPATCHED, RECEIVED);
  private static final Set<CaseStage> FORCIBLE = stages(FILED, DISPATCHED, RECEIVED, DISPOSED, CHECKED);
  private static final Set<Role> CENTRE = roles(ACCEPTOR, SHIFT_LEADER, DISPATCHER);
  private static final Set<Role> BUSINESS = roles(COLLECTOR, ACCEPTOR, SHIFT_LEADER, DISPATCHER, HANDLER, VERIFIER, EVALUATOR, LEADER);

  private static final Field OPINION = new Field("opinion", "text", false, List.of());
  private static final Field REASON = new Field("reason", "text", true, List.of());
  private static final Field MEDIA = new Field("media", "media", false, List.of());
  private static final Field APPROVE = new Field("approve", "yesno", true, List.of());

  private static final Map<CaseAction, Rule> TABLE = new EnumMap<>(CaseAction.class);

  static {
    for (CaseAction action : CaseAction.values()) {
      TABLE.put(action, row(action));
    }
  }

  private LifeCycle() {}

  /** The row of an action. */
  public static Rule rule(CaseAction action) {
    return TABLE.get(action);
  }

  /** Actions that this viewer's role takes from that stage, whatever the guards say. */
  public static List<CaseAction> allowed(CaseStage stage, Viewer viewer) {
    List<CaseAction> actions = new ArrayList<>();
    for (Rule rule : TABLE.values()) {
      if (rule.from().contains(stage) && rule.takenBy(viewer)) {
        actions.add(rule.action());
      }
    }
    return actions;
  }

  private static Rule row(CaseAction action) {
    return switch (action) {
      // Made by intake; nobody takes them as a step.
      case OPEN -> new Rule(action, stages(), roles(), true, goes(REPORTED), List.of(), List.of());
      case IMPORT -> new Rule(action, stages(), roles(), true, stays(), List.of(), List.of());
      case JOIN_SIGNAL -> new Rule(action, OPEN_STAGES, roles(), true, stays(), List.of(), List.of());

      // Case establishment (GB/T 30428.8, 立案): the supervision centre.
      case ACCEPT -> new Rule(action, stages(REPORTED), roles(ACCEPTOR, SHIFT_LEADER), false, goes(ACCEPTED), List.of(),
          List.of(field("kindId", "kind"), field("urgency", "urgency"), OPINION));
      case DECLINE -> new Rule(action, stages(REPORTED, ACCEPTED, VERIFIED), roles(ACCEPTOR, SHIFT_LEADER), false, goes(NOT_ACCEPTED),
          List.of(), List.of(REASON));
      case REQUEST_VERIFICATION -> new Rule(action, stages(ACCEPTED, VERIFIED), roles(ACCEPTOR, SHIFT_LEADER), false, goes(VERIFYING), List.of(),
          List.of(field("assigneeId", "person"), OPINION));
      case VERIFY -> new Rule(action, stages(VERIFYING), roles(COLLECTOR, VERIFIER), false,
          new Target.ByResult(Map.of("EXISTS", VERIFIED, "NOT_EXISTS", VERIFIED, "UNABLE", ACCEPTED)), List.of(),
          List.of(choice("result", "EXISTS", "NOT_EXISTS", "UNABLE"), MEDIA, OPINION));
      case FILE -> new Rule(action, stages(ACCEPTED, VERIFIED), roles(ACCEPTOR, SHIFT_LEADER), false, goes(FILED),
          List.of(HAS_KIND, HAS_AREA, HAS_POSITION, HAS_PHOTO, NOT_FOUND_ABSENT),
          List.of(field("kindId", "kind"), field("urgency", "urgency"), MEDIA, OPINION));
      case CLASSIFY -> new Rule(action, BEFORE_DISPATCH, CENTRE, false, stays(), List.of(), List.of(required("kindId", "kind"), OPINION));
      case RELOCATE -> new Rule(action, BEFORE_DISPATCH, roles(ACCEPTOR, SHIFT_LEADER, DISPATCHER, COLLECTOR, VERIFIER), false, stays(), List.of(),
          List.of(required("lon", "position"), required("lat", "position"), field("address", "text"), OPINION));

      // Dispatch: the command centre.
      case DISPATCH -> new Rule(action, stages(FILED), roles(DISPATCHER), true, goes(DISPATCHED), List.of(),
          List.of(required("leadUnitId", "unit"), field("assistUnitIds", "units"), field("assigneeId", "person"), OPINION));

      // Disposal: the responsible unit.
      case RECEIVE -> new Rule(action, stages(DISPATCHED), roles(HANDLER), false, goes(RECEIVED), List.of(LEADS), List.of(OPINION));
      case RETURN -> new Rule(action, AT_THE_UNIT, roles(HANDLER, DISPATCHER), false, goes(FILED), List.of(LEADS, NOT_SUSPENDED), List.of(REASON, MEDIA));
      case ASSIGN -> new Rule(action, AT_THE_UNIT, roles(HANDLER), false, stays(), List.of(LEADS), List.of(required("assigneeId", "person"), OPINION));
      case DISPOSE -> new Rule(action, AT_THE_UNIT, roles(HANDLER), false, goes(DISPOSED), List.of(LEADS, NOT_SUSPENDED),
          List.of(required("opinion", "text"), MEDIA));
      case REQUEST_EXTENSION -> new Rule(action, AT_THE_UNIT, roles(HANDLER), false, stays(),
          List.of(LEADS, NOT_SUSPENDED, HAS_LIMIT, EXTENSIONS_LEFT, NO_EXTENSION_PENDING), List.of(required("minutes", "minutes"), REASON, MEDIA));
      case DECIDE_EXTENSION -> new Rule(action, AT_THE_UNIT, roles(DISPATCHER, SHIFT_LEADER), false, stays(),
          List.of(EXTENSION_PENDING, NOT_SUSPENDED, NOT_WHO_ASKED_EXTENSION), List.of(APPROVE, OPINION));
      case SUSPEND -> new Rule(action, AT_THE_UNIT, roles(HANDLER), false, stays(), List.of(LEADS, NOT_SUSPENDED, NO_SUSPENSION_PENDING),
          List.of(REASON, MEDIA));
      case DECIDE_SUSPENSION -> new Rule(action, AT_THE_UNIT, roles(SHIFT_LEADER, LEADER), false, stays(),
          List.of(SUSPENSION_PENDING, NOT_SUSPENDED, NOT_WHO_ASKED_SUSPENSION), List.of(APPROVE, OPINION));
      case RESUME -> new Rule(action, AT_THE_UNIT, roles(HANDLER, DISPATCHER, SHIFT_LEADER), false, stays(), List.of(SUSPENDED, LEADS), List.of(OPINION));

      // Check and closing: the supervision centre again, on its own axis.
      // The server passes it where a later picture of a camera shows nothing and the unit allows it (SceneProof).
      case CHECK -> new Rule(action, stages(DISPOSED), roles(COLLECTOR, VERIFIER), true,
          new Target.ByResult(Map.of("PASS", CHECKED, "FAIL", DISPATCHED, "UNABLE", DISPOSED)), List.of(NOT_THE_HANDLER),
          List.of(choice("result", "PASS", "FAIL", "UNABLE"), MEDIA, OPINION));
      case CLOSE -> new Rule(action, stages(CHECKED), roles(ACCEPTOR, SHIFT_LEADER), false, goes(CLOSED), List.of(PASSED_CHECK, NOT_THE_DISPATCHER),
          List.of(OPINION));
      case REQUEST_FORCED_CLOSURE -> new Rule(action, FORCIBLE, CENTRE, false, stays(), List.of(NO_FORCED_CLOSURE_PENDING), List.of(REASON, MEDIA));
      case DECIDE_FORCED_CLOSURE -> new Rule(action, FORCIBLE, roles(LEADER), false, new Target.IfApproved(CLOSED),
          List.of(FORCED_CLOSURE_PENDING, NOT_WHO_ASKED_FORCED_CLOSURE, NOT_THE_DISPATCHER), List.of(APPROVE, OPINION));
      case EVALUATE -> new Rule(action, stages(CLOSED), roles(EVALUATOR), false, goes(EVALUATED), List.of(),
          List.of(choice("result", "1", "2", "3", "4", "5"), OPINION));
      // Of a checked case only the check is undone, and only where a picture passed it: it waits for a person then.
      case REOPEN -> new Rule(action, stages(CHECKED, CLOSED, EVALUATED, NOT_ACCEPTED, CaseStage.VOID), roles(SHIFT_LEADER), false,
          new Target.ByStage(Map.of(CHECKED, DISPOSED, CLOSED, FILED, EVALUATED, FILED, NOT_ACCEPTED, ACCEPTED, CaseStage.VOID, ACCEPTED)),
          List.of(PASSED_BY_PICTURE, WITHIN_REOPEN_TIME),
          List.of(REASON));

      // Acts beside the way.
      case VOID -> new Rule(action, stages(REPORTED, ACCEPTED, VERIFYING, VERIFIED, FILED, DISPATCHED, RECEIVED), roles(SHIFT_LEADER), false,
          goes(CaseStage.VOID), List.of(), List.of(REASON));
      case SUPERVISE -> new Rule(action, OPEN_STAGES, roles(SHIFT_LEADER, LEADER), false, stays(), List.of(), List.of(required("opinion", "text")));
      case URGE -> new Rule(action, OPEN_STAGES, roles(ACCEPTOR, SHIFT_LEADER, DISPATCHER, LEADER), false, stays(), List.of(), List.of(OPINION));
      case SPLIT -> new Rule(action, OPEN_STAGES, CENTRE, false, stays(), List.of(SEVERAL_SIGNALS), List.of(required("signalIds", "signals"), OPINION));
      case MERGE -> new Rule(action, OPEN_STAGES, CENTRE, false, stays(), List.of(), List.of(required("otherId", "case"), OPINION));
      case NOTE -> new Rule(action, EnumSet.allOf(CaseStage.class), BUSINESS, true, stays(), List.of(), List.of(required("opinion", "text"), MEDIA));
    };
  }

  private static Target goes(CaseStage stage) {
    return new Target.Goes(stage);
  }

  private static Target stays() {
    return new Target.Stays();
  }

  private static Field field(String name, String type) {
    return new Field(name, type, false, type.equals("urgency") ? List.of("NORMAL", "URGENT") : List.of());
  }

  private static Field required(String name, String type) {
    return new Field(name, type, true, List.of());
  }

  private static Field choice(String name, String... options) {
    return new Field(name, "choice", true, List.of(options));
  }

  private static Set<CaseStage> stages(CaseStage... stages) {
    return Set.of(stages);
  }

  private static Set<Role> roles(Role... roles) {
    return Set.of(roles);
  }
}
