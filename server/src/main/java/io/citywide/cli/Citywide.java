package io.citywide.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code citywide} command. Commands that need no server start none. */
@Command(name = "citywide", description = "City operations platform.", subcommands = GridCommand.class)
public final class Citywide implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @CommandLine.Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
  private boolean help;

  /** Shows what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The command line, with bad usage answered in one line and exit code 2. */
  static CommandLine commandLine() {
    return new CommandLine(new Citywide()).setParameterExceptionHandler((e, args) -> {
      e.getCommandLine().getErr().println("error: " + e.getMessage().lines().findFirst().orElse("bad usage")
          + " (see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help)");
      return CommandLine.ExitCode.USAGE;
    });
  }

  /** Runs a command and exits with its code: 0 done, 1 fault, 2 bad input. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }
}
