package io.citywide.grid.index;

import java.nio.file.Path;

/** A file of an index is not what was written: shortened, altered, or of another format. It must be built anew. */
public final class DamagedIndexException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Path file;

  DamagedIndexException(Path file, String fault) {
    super(file + " is damaged: " + fault);
    this.file = file;
  }

  public Path file() {
    return file;
  }
}
