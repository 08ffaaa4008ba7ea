package io.citywide.platform.internal.backup;

import io.citywide.platform.BackupRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Copies the files of an embedded PostgreSQL into an archive: at rest as they are; at work between
 * {@code pg_backup_start} and {@code pg_backup_stop} (PostgreSQL 18, 25.3.3 "Making a Base Backup Using the Low Level
 * API"), with all of the log written between them, so that the restored one begins where the copy ended.
 */
final class ClusterCopy {

  static final String PGDATA = "postgres/pgdata";

  /** Made anew at each start; see 25.3.3.1 of the manual, and basebackup.c. */
  private static final Set<String> EMPTY_FOLDERS =
      Set.of("pg_dynshmem", "pg_notify", "pg_replslot", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans");

  private static final Set<String> LEFT_OUT =
      Set.of("postmaster.pid", "postmaster.opts", "pg_internal.init", "backup_label", "tablespace_map", "current_logfiles", "backup_manifest");

  private static final String CONTROL = "global/pg_control";
  private static final String WAL = "pg_wal";

  private final Path pgdata;
  private final ArchiveWriter archive;

  ClusterCopy(Path pgdata, ArchiveWriter archive) {
    this.pgdata = pgdata;
    this.archive = archive;
  }

  /** Nobody may be at work on it. */
  void atRest() throws IOException {
    refuseTablespaces();
    copyTree(false);
    archive.file(PGDATA + "/" + CONTROL, pgdata.resolve(CONTROL));
  }

  /** @param superuser a session on the cluster, kept open to the end */
  void atWork(Connection superuser) throws IOException, SQLException {
    refuseTablespaces();
    try (Statement sql = superuser.createStatement()) {
      // Keeps the log from the start of the copy on the disk; ends with the session, however it ends.
      String slot = "citywide_backup_" + ProcessHandle.current().pid();
      one(sql, "SELECT lsn FROM pg_create_physical_replication_slot('" + slot + "', true, true)");
      String start = one(sql, "SELECT pg_backup_start('citywide backup', true)");
      copyTree(true);
      archive.file(PGDATA + "/" + CONTROL, pgdata.resolve(CONTROL)); // last, as pg_basebackup does
      String stop;
      try (ResultSet row = sql.executeQuery("SELECT lsn, labelfile, spcmapfile FROM pg_backup_stop(false)")) {
        row.next();
        stop = row.getString(1);
        archive.text(PGDATA + "/backup_label", row.getString(2).getBytes(StandardCharsets.UTF_8));
      }
      copyLog(one(sql, "SELECT pg_walfile_name('" + start + "')"), one(sql, "SELECT pg_walfile_name('" + stop + "')"),
          Long.parseLong(one(sql, "SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'")));
      archive.manifest().fact("log", start + " to " + stop);
      one(sql, "SELECT pg_drop_replication_slot('" + slot + "')");
    }
  }

  private void refuseTablespaces() throws IOException {
    Path spaces = pgdata.resolve("pg_tblspc");
    if (Files.isDirectory(spaces)) {
      try (Stream<Path> entries = Files.list(spaces)) {
        entries.findFirst().ifPresent(space -> {
          throw new BackupRefused("the database has a tablespace outside its folder (" + space + "), which a backup would not hold");
        });
      }
    }
  }

  /** All but the control file, and at work without the log. */
  private void copyTree(boolean atWork) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(pgdata)) {
      paths = all.sorted().toList();
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause() instanceof NoSuchFileException ? new IOException("a folder of the database vanished while it was read; try again", e) : e.getCause();
    }
    for (Path path : paths) {
      String name = pgdata.relativize(path).toString();
      String top = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
      boolean inside = !top.equals(name);
      String last = path.getFileName().toString();
      if (name.isEmpty() || LEFT_OUT.contains(last) || last.startsWith("pgsql_tmp") || name.equals(CONTROL) || inside && EMPTY_FOLDERS.contains(top)) {
        continue;
      }
      if (Files.isDirectory(path)) {
        archive.folder(PGDATA + "/" + name);
      } else if (!(atWork && top.equals(WAL))) {
        archive.file(PGDATA + "/" + name, path);
      }
    }
  }

  /** Segments {@code first} to {@code last}, whole; PostgreSQL writes no more into them. */
  private void copyLog(String first, String last, long segmentBytes) throws IOException {
    List<String> segments = segments(first, last, segmentBytes);
    for (String segment : segments) {
      if (!archive.file(PGDATA + "/" + WAL + "/" + segment, pgdata.resolve(WAL).resolve(segment))) {
        throw new IOException("the log segment " + segment + " is gone, although a slot keeps it");
      }
    }
    try (Stream<Path> histories = Files.list(pgdata.resolve(WAL))) {
      for (Path history : histories.filter(p -> p.toString().endsWith(".history")).toList()) {
        archive.file(PGDATA + "/" + WAL + "/" + history.getFileName(), history);
      }
    }
  }

  /** Names are timeline, log and segment, eight hexadecimal digits each; a log has 2^32 bytes. */
  static List<String> segments(String first, String last, long segmentBytes) {
    long perLog = (1L << 32) / segmentBytes;
    String timeline = first.substring(0, 8);
    if (!last.startsWith(timeline)) {
      throw new IllegalStateException("the timeline changed from " + first + " to " + last + " during the copy");
    }
    List<String> names = new ArrayList<>();
    for (long n = number(first, perLog); n <= number(last, perLog); n++) {
      names.add(timeline + "%08X%08X".formatted(n / perLog, n % perLog));
    }
    return names;
  }

  private static long number(String name, long perLog) {
    return Long.parseLong(name.substring(8, 16), 16) * perLog + Long.parseLong(name.substring(16, 24), 16);
  }

  private static String one(Statement sql, String query) throws SQLException {
    try (ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
