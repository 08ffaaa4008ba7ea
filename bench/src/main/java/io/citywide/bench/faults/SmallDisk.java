package io.citywide.bench.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A small file system of its own, in memory, that can be filled to the last byte without harm to anybody else. */
final class SmallDisk implements AutoCloseable {

  /** Takes a database with its log, twice. */
  static final int MEGABYTES = 1_500;

  private static final int MEGABYTE = 1 << 20;

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Empty where this account may not mount; root may, and whoever runs the command under {@code unshare -rm}. */
  static Optional<SmallDisk> mount(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    return code("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", folder.toString()) == 0 ? Optional.of(new SmallDisk(folder)) : Optional.empty();
  }

  Path folder() {
    return folder;
  }

  /** Takes all space but this. */
  void fill(int leaveMegabytes) throws IOException {
    Path filler = filler();
    try (FileChannel channel = FileChannel.open(filler, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      for (int size : new int[] {MEGABYTE, 4096}) {
        ByteBuffer zeros = ByteBuffer.allocate(size);
        while (Files.getFileStore(filler).getUsableSpace() > (long) leaveMegabytes * MEGABYTE + size) {
          channel.write(zeros.clear());
        }
      }
      if (leaveMegabytes == 0) {
        while (true) {
          channel.write(ByteBuffer.allocate(1024));
        }
      }
    } catch (IOException full) {
      // As wanted.
    }
  }

  /** Gives all space back. */
  void empty() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (code("umount", folder.toString()) != 0) {
      code("umount", "-l", folder.toString());
    }
  }

  private static int code(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
  }
}
