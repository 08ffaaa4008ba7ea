package io.citywide.cli;

import io.citywide.platform.Backup;
import io.citywide.platform.BackupRefused;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Everything of a data folder in one file, while the server runs or not; and back again. */
final class BackupCommand {
  private BackupCommand() {}

  private static final double MEGABYTE = 1e6;

  /** {@code backup FILE}. */
  @Command(name = "backup", mixinStandardHelpOptions = true,
      description = "Writes the database, the photos and the keys of a data folder into one file, while the server runs or not; see docs/backup.md.")
  static final class Make implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "File to be made (a tar archive of mode 0600).")
    Path file;

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "data", description = "Data folder (default: ${DEFAULT-VALUE}).")
    Path data;

    @Option(names = "--keys", paramLabel = "DIR", description = "Folder of the keys where citywide.keys is set (default: DIR/keys of the data folder).")
    Path keys;

    @Option(names = "--without-keys", description = "Leave the keys out; keep them elsewhere, nothing sealed can be read without them.")
    boolean withoutKeys;

    @Option(names = "--db-url", paramLabel = "URL", hidden = true)
    String dbUrl;

    @Override
    public Integer call() {
      if (dbUrl != null) {
        System.err.println("error: an external PostgreSQL is backed up by its own tools (pg_basebackup, pg_dump), together with the folders evidence and keys of the data folder; see docs/backup.md");
        return 2;
      }
      try {
        Backup.Made made = Backup.make(data, file, withoutKeys ? null : keys != null ? keys : data.resolve("keys"));
        double seconds = made.took().toNanos() / 1e9;
        System.out.printf(Locale.ROOT, "%s: %d files, %.1f MB in %.1f s (%.0f MB/s), %s%n", made.file(), made.files(), made.bytes() / MEGABYTE, seconds,
            made.bytes() / MEGABYTE / seconds, made.online() ? "of the running server" : "of the server at rest");
        System.out.println(made.keys() ? "The file holds the installation's keys and the database's passwords: keep it where only you can read it."
            : "The file holds the database's passwords, but not the installation's keys: keep those elsewhere, nothing sealed can be read without them.");
        return 0;
      } catch (BackupRefused e) {
        System.err.println("error: " + e.getMessage());
        return 1;
      }
    }
  }

  /** {@code restore FILE}. */
  @Command(name = "restore", mixinStandardHelpOptions = true, description = "Brings a backup back into an empty folder, checks every file of it, and verifies its ledger.")
  static final class Restore implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "A file that 'backup' has written.")
    Path file;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "An empty folder, or one to be made.")
    Path data;

    @Override
    public Integer call() {
      try {
        Backup.Restored restored = Backup.restore(file, data);
        double seconds = restored.took().toNanos() / 1e9;
        System.out.printf(Locale.ROOT, "%s: as of %s, %d files, %.1f MB in %.1f s (%.0f MB/s); every checksum is right, and the database has started%n", data, restored.madeAt(),
            restored.files(), restored.bytes() / MEGABYTE, seconds, restored.bytes() / MEGABYTE / seconds);
        if (!restored.keys()) {
          System.out.println("The keys are not in the backup: put them into " + data.resolve("keys") + " before the first start.");
        }
        int ledger = Citywide.commandLine().execute("ledger", "verify", "--data", data.toString());
        System.out.println("Start it with: ./citywide serve --data " + data);
        return ledger;
      } catch (BackupRefused e) {
        System.err.println("error: " + e.getMessage());
        return 1;
      }
    }
  }
}
