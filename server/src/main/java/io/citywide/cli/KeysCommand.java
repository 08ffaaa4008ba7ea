package io.citywide.cli;

import io.citywide.platform.KeyFolder;
import io.citywide.platform.PersonalSeal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code keys}: looks after the keys of personal data; works on the files alone, whether or not a server runs. */
@Command(name = "keys", mixinStandardHelpOptions = true, description = "Looks after the keys of personal data; see docs/personal-data.md.",
    subcommands = KeysCommand.Rotate.class)
final class KeysCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    System.err.println("error: say what to do: rotate");
    return 2;
  }

  /** {@code keys rotate}. */
  @Command(name = "rotate", mixinStandardHelpOptions = true,
      description = "Makes the next key of personal data. It seals from the next start on; what older keys sealed is sealed anew in the background.")
  static final class Rotate implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "data", description = "Data folder (default: ${DEFAULT-VALUE}).")
    Path data;

    @Option(names = "--keys", paramLabel = "DIR", description = "Folder of the keys where citywide.keys is set (default: DIR/keys of the data folder).")
    Path keys;

    @Override
    public Integer call() {
      Path folder = keys == null ? data.resolve("keys") : keys;
      if (!Files.isDirectory(folder)) {
        System.err.println("error: there is no folder " + folder + "; a server makes it at its first start");
        return 2;
      }
      KeyFolder secrets = new KeyFolder(folder);
      int newest = newest(secrets);
      if (newest == 0) {
        System.err.println("error: there is no " + PersonalSeal.file(1) + " in " + folder + "; a server makes it at its first start");
        return 2;
      }
      String next = PersonalSeal.file(newest + 1);
      secrets.get(next, PersonalSeal::newMaster);
      System.out.println(secrets.folder().resolve(next) + " made.");
      System.out.println("1. Copy it to your copy of the keys, and into the folder of keys of every other server on the same database.");
      System.out.println("2. Restart the servers, one after another. New values are sealed with it; older ones anew, in the background.");
      System.out.println("3. Keep " + PersonalSeal.file(newest) + " until the log says that no row needs it, and longer: as long as you keep backups from before that.");
      return 0;
    }

    private static int newest(KeyFolder secrets) {
      var names = secrets.list();
      return IntStream.rangeClosed(1, PersonalSeal.MOST_VERSIONS).filter(v -> names.contains(PersonalSeal.file(v))).max().orElse(0);
    }
  }
}
