package io.citywide.intake.internal.web;

import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.SignalDraft;
import io.citywide.platform.ProblemException;
import java.util.List;
import java.util.Map;

/**
 * Holds a report to where its caller may report from: a machine to the channels and source systems of its key, a
 * person to the channels of the role. Otherwise one hotline could report in the name of another, or take the number
 * that another's report is going to have.
 */
final class Origin {

  private static final String CONSOLE = "CONSOLE";

  private Origin() {}

  /**
   * The draft with channel and source system filled in.
   *
   * @param usual channel of a caller who may use any
   * @throws ProblemException {@link IntakeProblem#FOREIGN_ORIGIN}
   */
  static SignalDraft bind(SignalDraft draft, Viewer by, String usual) {
    List<String> channels = by.machine() == null ? channels(by.role()) : by.machine().channels();
    List<String> sources = by.machine() == null ? List.of(by.displayName()) : by.machine().sources();
    SignalDraft.Builder bound = draft.toBuilder();
    bound.channel(one("channel", draft.channel(), channels, usual, by));
    if (draft.sourceRef() != null || draft.sourceSystem() != null) {
      bound.source(one("sourceSystem", draft.sourceSystem(), sources, by.displayName(), by), draft.sourceRef());
    }
    return bound.build();
  }

  /** Acceptors also write down what they hear on the telephone. */
  private static List<String> channels(Role role) {
    return switch (role) {
      case ACCEPTOR, SHIFT_LEADER -> List.of(CONSOLE, "HOTLINE");
      case COLLECTOR, VERIFIER -> List.of(CONSOLE, "COLLECTOR");
      case DISPATCHER, HANDLER, EVALUATOR, LEADER, SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN -> List.of(CONSOLE);
      case null -> List.of(CONSOLE);
    };
  }

  private static String one(String field, String given, List<String> allowed, String usual, Viewer by) {
    boolean any = allowed.contains(Viewer.Machine.ANY);
    if (given == null) {
      return any ? usual : allowed.getFirst();
    }
    if (!any && !allowed.contains(given)) {
      throw new ProblemException(IntakeProblem.FOREIGN_ORIGIN, field + " '" + given + "' is not of " + by.displayName() + ", who reports as " + String.join(", ", allowed)
          + (by.machine() == null ? "" : "; a security administrator makes a key for another one"), Map.of("field", field, "value", given, "allowed", allowed))
          .zh((field.equals("channel") ? "渠道“" : "来源系统“") + given + "”不属于" + by.displayName() + "，可用：" + String.join("、", allowed));
    }
    return given;
  }
}
