package io.citywide.intake.internal.evidence;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/** Bytes by name, kept when {@link #put} has returned. Names are {@code [0-9a-z.]+}, of at least five characters. */
interface BlobStore {

  /** Does nothing where the name is known: names come from the content. */
  void put(String name, byte[] content) throws IOException;

  Optional<byte[]> get(String name) throws IOException;

  /** Does nothing where there is none. */
  void delete(String name) throws IOException;

  /** Every name that is there; to be closed. What is stored or deleted meanwhile may be in it or not. */
  Stream<String> names() throws IOException;

  /** Removes what a killed server was still writing when it died; never what another server writes now. */
  void removeUnfinished() throws IOException;
}
