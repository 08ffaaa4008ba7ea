package io.citywide.bench.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What the clients have asked for and what was acknowledged, one JSON object a line. A line is written by one call, so
 * it outlives the kill of its writer; the last line may be torn and is then ignored.
 */
final class Journal implements AutoCloseable {

  /**
   * An act of a worker.
   *
   * @param worker 0..
   * @param life number of the life cycle, 0..
   * @param act which act of the life cycle
   * @param caseId 0: none yet
   * @param signalId 0: none yet
   * @param version of the case afterwards
   * @param sha the photo before, {@code null}: none yet
   * @param shaAfter the photo after the work, {@code null}: none yet
   */
  record Entry(int worker, int life, Act act, long caseId, long signalId, long version, String sha, String shaAfter) {

    static Entry of(JsonNode line) {
      return new Entry(line.path("worker").asInt(), line.path("life").asInt(), Act.valueOf(line.path("act").asString()), line.path("caseId").asLong(),
          line.path("signalId").asLong(), line.path("version").asLong(), line.path("sha").asString(null), line.path("shaAfter").asString(null));
    }
  }

  private final FileChannel channel;

  Journal(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    if (channel.size() > 0) {
      channel.write(ByteBuffer.wrap("\n".getBytes(StandardCharsets.UTF_8))); // after a torn line
    }
  }

  synchronized void acknowledged(Entry entry) throws IOException {
    channel.write(ByteBuffer.wrap((Caller.JSON.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  /** An answer that must not be: neither done nor an honest refusal. */
  synchronized void unexpected(String what) throws IOException {
    channel.write(ByteBuffer.wrap((Caller.JSON.writeValueAsString(java.util.Map.of("unexpected", what)) + "\n").getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  static List<Entry> acknowledged(Path file) throws IOException {
    return lines(file).stream().filter(line -> line.has("act")).map(Entry::of).toList();
  }

  static List<String> unexpected(Path file) throws IOException {
    return lines(file).stream().filter(line -> line.has("unexpected")).map(line -> line.path("unexpected").asString()).toList();
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      try {
        if (!line.isBlank()) {
          lines.add(Caller.JSON.readTree(line));
        }
      } catch (JacksonException torn) {
        // Its writer was killed in the middle: nobody was told that this is done.
      }
    }
    return lines;
  }
}
