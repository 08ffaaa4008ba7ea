package io.citywide.platform.internal.postgres;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;

/**
 * Generated passwords of database roles, one {@code user=password} line each, in a file that only its owner
 * may read (mode 0600). A password is made at the first use of a name and stays the same from then on.
 */
public final class CredentialFile {
  private static final int PASSWORD_BYTES = 24; // 192 bits, out of reach of guessing

  private final Path file;

  public CredentialFile(Path file) {
    this.file = file;
  }

  /**
   * The stored login of {@code user}; made and stored first where there is none.
   *
   * @throws DatabaseUnavailableException if the file cannot be read or written
   */
  public synchronized Credentials get(String user) {
    try {
      Properties known = read();
      String password = known.getProperty(user);
      if (password == null) {
        byte[] secret = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(secret);
        password = HexFormat.of().formatHex(secret);
        known.setProperty(user, password);
        write(known);
      }
      return new Credentials(user, password);
    } catch (IOException e) {
      throw new DatabaseUnavailableException("cannot read or write the password file " + file + ": " + e, e);
    }
  }

  public boolean exists() {
    return Files.exists(file);
  }

  private Properties read() throws IOException {
    Properties known = new Properties();
    if (exists()) known.load(new StringReader(Files.readString(file)));
    return known;
  }

  /** Whole or not at all: a new file beside the old one, on disk before it takes the name. */
  private void write(Properties known) throws IOException {
    StringWriter text = new StringWriter();
    known.store(text, "Citywide database passwords. Keep this file with the data folder.");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
