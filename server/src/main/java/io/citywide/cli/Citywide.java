package io.citywide.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/**
 * The root of the command line. Commands that need no server start none. The script adds {@code test}
 * and {@code bench}, which need the source tree.
 */
@Command(
    name = "citywide",
    description = "One net to manage the whole city.",
    mixinStandardHelpOptions = true,
    version = "Citywide 0.1.0",
    subcommands = {HelpCommand.class, DemoCommand.class, ServeCommand.class, ImportCommand.class, BackupCommand.Make.class, BackupCommand.Restore.class, KeysCommand.class, GridCommand.class, LedgerCommand.class})
public final class Citywide implements Runnable {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs a command; unless it goes on as a server, exits with its code: 0 done, 1 fault, 2 bad input. */
  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    if (code != ServeCommand.RUNNING) {
      System.exit(code);
    }
  }

  /** The command line, with bad usage answered in one line and exit code 2. */
  static CommandLine commandLine() {
    return new CommandLine(new Citywide())
        .setParameterExceptionHandler(
            (e, args) -> {
              String command = e.getCommandLine().getCommandSpec().qualifiedName();
              e.getCommandLine().getErr().println(
                  "error: " + e.getMessage().lines().findFirst().orElse("bad usage") + " (see " + command + " --help)");
              return CommandLine.ExitCode.USAGE;
            });
  }

  /** Shows what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
