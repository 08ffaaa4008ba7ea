package io.citywide.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the server of a data folder answers, noted in the folder while it runs. */
record RunningAddress(URI url, long pid) {

  private static Path file(Path data) {
    return data.resolve("run").resolve("server.address");
  }

  /** {@code null} where no server runs on the folder; a note of one that was killed does not count. */
  static RunningAddress find(Path data) throws IOException {
    if (!Files.isReadable(file(data))) {
      return null;
    }
    String[] parts = Files.readString(file(data)).strip().split(" ");
    RunningAddress noted = new RunningAddress(URI.create(parts[0]), Long.parseLong(parts[1]));
    return ProcessHandle.of(noted.pid()).map(ProcessHandle::isAlive).orElse(false) ? noted : null;
  }

  static void write(Path data, String url) throws IOException {
    Files.createDirectories(file(data).getParent());
    Files.writeString(file(data), url + " " + ProcessHandle.current().pid() + "\n");
  }

  static void delete(Path data) throws IOException {
    Files.deleteIfExists(file(data));
  }
}
