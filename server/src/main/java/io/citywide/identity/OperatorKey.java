package io.citywide.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The API key of whoever owns the data folder, for the command line of the same machine: readable by
 * the owner only, made anew at every start of the server, revoked and deleted at a clean stop.
 */
public final class OperatorKey {

  /** What the command line may do: load a city, import reports, read the outcome. Nothing about people. */
  public static final Set<Permission> PERMISSIONS =
      Set.of(Permission.PLACE_READ, Permission.PLACE_EDIT, Permission.BUILDING_READ, Permission.BUILDING_EDIT, Permission.CATALOGUE_EDIT, Permission.UNIT_READ, Permission.UNIT_EDIT,
          Permission.SIGNAL_IMPORT, Permission.SIGNAL_REPORT, Permission.SIGNAL_READ, Permission.CASE_READ,
          Permission.EVALUATION_READ, Permission.MATRIX_READ, Permission.MATRIX_EDIT, Permission.METRICS_READ,
          Permission.SENSING_READ, Permission.DEVICE_EDIT, Permission.OBSERVATION_WRITE);

  private OperatorKey() {}

  /** Where a server that keeps its data in {@code data} holds the key. */
  public static Path file(Path data) {
    return data.resolve("run").resolve("operator.key");
  }

  /**
   * The key of the server that runs on {@code data}; empty where none runs (or it was killed before its first start was done).
   *
   * @throws IOException where the file exists but may not be read by this user
   */
  public static Optional<String> find(Path data) throws IOException {
    try {
      return Optional.of(Files.readString(file(data)).strip()).filter(key -> !key.isEmpty());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
