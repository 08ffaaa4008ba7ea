package io.citywide.platform;

import io.citywide.platform.internal.backup.BackupJob;
import io.citywide.platform.internal.backup.RestoreJob;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * One file that holds everything of a data folder: the embedded database as of one moment, the photos, the settings
 * file, and unless left out the keys. A tar archive whose last member names every other with its SHA-256.
 */
public final class Backup {
  private Backup() {}

  /**
   * What was written.
   *
   * @param bytes of all members
   * @param files members
   * @param online whether the server ran meanwhile
   * @param keys whether the installation's keys are in it
   */
  public record Made(Path file, long bytes, int files, Duration took, boolean online, boolean keys) {}

  /**
   * What was brought back.
   *
   * @param madeAt when the backup was begun
   * @param keys whether the keys were in it
   */
  public record Restored(Instant madeAt, long bytes, int files, Duration took, boolean keys) {}

  /**
   * Writes a backup of a data folder, whether a server runs on it or not.
   *
   * @param data the data folder of a server with the embedded database
   * @param file to be made, with mode 0600
   * @param keys folder of the installation's keys; {@code null}: without them
   * @throws BackupRefused if there is no embedded database, the file exists, or the copy fails; then nothing is left
   */
  public static Made make(Path data, Path file, Path keys) {
    return new BackupJob(data, file, keys).run();
  }

  /**
   * Brings a backup back into an empty folder, checks every member, and starts and stops its database once.
   *
   * @throws BackupRefused if the folder is not empty, or the file is incomplete or altered; the message names the
   *     member, and nothing is left in the folder
   */
  public static Restored restore(Path file, Path data) {
    return new RestoreJob(file, data).run();
  }
}
