package io.citywide.intake.internal;

import java.io.IOException;
import java.util.Optional;

/** Bytes by name, kept when {@link #put} has returned. Names are {@code [0-9a-z.]+}. */
interface BlobStore {

  void put(String name, byte[] content) throws IOException;

  Optional<byte[]> get(String name) throws IOException;

  /** Does nothing where there is none. */
  void delete(String name) throws IOException;
}
