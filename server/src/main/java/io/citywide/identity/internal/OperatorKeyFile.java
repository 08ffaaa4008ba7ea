package io.citywide.identity.internal;

import io.citywide.identity.OperatorKey;
import io.citywide.identity.Viewer;
import io.citywide.platform.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes the {@link OperatorKey} at the start of the server and takes it back at its stop. */
@Component
class OperatorKeyFile {

  private static final Logger log = LoggerFactory.getLogger(OperatorKeyFile.class);

  private final ApplicationContext own;
  private final ApiKeys keys;
  private final AccessLogStore accessLog;
  private final TransactionTemplate transaction;
  private final Path file;
  private final String holder;
  private String key;

  OperatorKeyFile(ApplicationContext own, ApiKeys keys, AccessLogStore accessLog, TransactionTemplate transaction, ServerSettings settings) {
    this.own = own;
    this.keys = keys;
    this.accessLog = accessLog;
    this.transaction = transaction;
    this.file = OperatorKey.file(settings.data().toAbsolutePath().normalize());
    this.holder = host() + ":" + settings.data().toAbsolutePath().normalize();
  }

  @EventListener(ApplicationReadyEvent.class)
  @Order(10)
  void make() throws IOException {
    String made =
        Viewer.callAs(Viewer.system("operator key"), () -> transaction.execute(status -> {
          int revoked = keys.revokeOperator(holder);
          String next = keys.createOperator("operator", OperatorKey.PERMISSIONS, holder);
          accessLog.record("api-key.created", "operator", "done", Map.of("holder", holder, "revoked", revoked));
          return next;
        }));
    write(made);
    key = made;
  }

  @EventListener
  void takeBack(ContextClosedEvent event) {
    if (key == null || event.getApplicationContext() != own) {
      return;
    }
    try {
      if (Files.exists(file) && Files.readString(file).strip().equals(key)) {
        Files.delete(file);
      }
      Viewer.runAs(Viewer.system("operator key"), () -> transaction.executeWithoutResult(status -> keys.revokeOperator(holder)));
    } catch (IOException | RuntimeException e) {
      // The next start revokes it; a stop must not fail over this.
      log.warn("could not take back the operator key in {}: {}", file, e.getMessage());
    }
    key = null;
  }

  /** Another process reads either the whole key or none, and no other user ever any of it. */
  private void write(String text) throws IOException {
    Files.createDirectories(file.getParent(), forOwner("rwx------"));
    Path draft = Files.createTempFile(file.getParent(), "operator", ".key", forOwner("rw-------"));
    Files.writeString(draft, text + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static FileAttribute<?>[] forOwner(String permissions) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))} : new FileAttribute<?>[0];
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
