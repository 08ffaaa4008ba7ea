package io.citywide.platform.internal.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * Two roles share a Citywide database: the owner makes tables, the app role works with them and is bound by
 * row-level security. Prepared the same way in the embedded PostgreSQL and in an external one, as often as one
 * likes.
 *
 * <p>The app role may read and write what the owner makes from now on (default privileges: SELECT, INSERT,
 * UPDATE, DELETE on tables, USAGE and SELECT on sequences). Existing tables are left as they are, so that a
 * migration can take a privilege away and it stays away.
 */
public final class DatabaseRoles {
  private static final int OLDEST_VERSION = 15; // the first where strangers may not create in public, and with security_invoker views

  private DatabaseRoles() {}

  /**
   * Prepares a database for the two roles, making the app role or setting its password where it does not let
   * {@code app} in.
   *
   * @param jdbcUrl address of the database, {@code jdbc:postgresql://host:port/name}
   * @param owner owner of the tables; must be able to create tables in schema {@code public}, and to create
   *     roles unless {@code app} can already log in
   * @throws DatabaseUnavailableException if the database is not PostgreSQL 15 or later, cannot be reached, or
   *     the app role could see past row-level security; nothing is changed then
   */
  public static void prepare(String jdbcUrl, Credentials owner, Credentials app) {
    try (Connection connection = DriverManager.getConnection(jdbcUrl, owner.user(), owner.password())) {
      refuseOldVersion(connection.getMetaData().getDatabaseMajorVersion());
      refuseOwnerWithoutSchema(connection);
      if (owner.user().equals(app.user())) {
        throw new DatabaseUnavailableException("the app role must be another role than the owner " + owner.user()
            + ", because row-level security does not bind the owner of a table");
      }
      if (roleExists(connection, app.user())) refusePowerful(connection, app.user());
      letIn(connection, jdbcUrl, app);
      grant(connection, app.user());
    } catch (SQLException e) {
      throw new DatabaseUnavailableException("cannot prepare the database " + jdbcUrl + " as " + owner.user() + ": "
          + e.getMessage(), e);
    }
  }

  /** Makes a role that may log in and nothing else, if there is none of that name. */
  static void createLogin(Connection connection, Credentials login) throws SQLException {
    if (roleExists(connection, login.user())) return;
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE " + quote(connection, login.user())
          + " NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS");
    }
    setPassword(connection, login);
  }

  private static void setPassword(Connection connection, Credentials login) throws SQLException {
    // The driver hashes it here, so the plain text never stands in a statement that the server could log.
    connection.unwrap(PGConnection.class).alterUserPassword(login.user(), login.password().toCharArray(), "scram-sha-256");
    try (Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE " + quote(connection, login.user()) + " LOGIN");
    }
  }

  static void refuseOldVersion(int version) {
    if (version < OLDEST_VERSION) {
      throw new DatabaseUnavailableException("the database is PostgreSQL " + version + "; " + OLDEST_VERSION
          + " or later is needed");
    }
  }

  private static void refuseOwnerWithoutSchema(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("""
            SELECT current_user, current_database(),
                   has_schema_privilege('public', 'CREATE'), has_schema_privilege('public', 'USAGE')""")) {
      row.next();
      if (!row.getBoolean(3) || !row.getBoolean(4)) {
        throw new DatabaseUnavailableException("role %s may not create tables in schema public of database %s: run "
            .formatted(row.getString(1), row.getString(2))
            + "ALTER DATABASE %s OWNER TO %s, or GRANT CREATE, USAGE ON SCHEMA public TO %s"
                .formatted(row.getString(2), row.getString(1), row.getString(1)));
      }
    }
  }

  /**
   * Refuses an app role that row-level security does not bind: itself, or through a role that it belongs to.
   *
   * @throws DatabaseUnavailableException naming the role and every reason
   */
  static void refusePowerful(Connection connection, String app) throws SQLException {
    List<String> reasons = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement("""
        SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolname = current_user
        FROM pg_roles a JOIN pg_roles r ON r.oid = a.oid OR (NOT a.rolsuper AND pg_has_role(a.oid, r.oid, 'MEMBER'))
        WHERE a.rolname = ? ORDER BY r.oid <> a.oid, r.rolname""")) {
      statement.setString(1, app);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          String name = row.getString(1);
          String whose = name.equals(app) ? "it" : "it is a member of " + name + ", which";
          if (row.getBoolean(2)) reasons.add(whose + " is a superuser");
          if (row.getBoolean(3)) reasons.add(whose + " has BYPASSRLS");
          if (row.getBoolean(4)) reasons.add(whose + " has CREATEROLE");
          if (row.getBoolean(5)) reasons.add(whose + " owns the tables");
        }
      }
    }
    if (!reasons.isEmpty()) {
      throw new DatabaseUnavailableException("role " + app + " must not be used by the server, because row-level "
          + "security would not hold: " + String.join("; ", reasons));
    }
  }

  private static void letIn(Connection owner, String jdbcUrl, Credentials app) throws SQLException {
    if (roleExists(owner, app.user()) && canLogIn(jdbcUrl, app)) return;
    try {
      createLogin(owner, app);
      if (!canLogIn(jdbcUrl, app)) {
        setPassword(owner, app);
        grantConnect(owner, app.user());
      }
    } catch (SQLException e) {
      throw new DatabaseUnavailableException("role " + app.user() + " cannot log in with the password given, and the "
          + "owner may not create or change it (" + e.getMessage() + "): create the role, or give the owner CREATEROLE", e);
    }
    if (!canLogIn(jdbcUrl, app)) {
      throw new DatabaseUnavailableException("role " + app.user() + " cannot log in to " + jdbcUrl
          + ": check pg_hba.conf of the database");
    }
  }

  private static boolean canLogIn(String jdbcUrl, Credentials login) throws SQLException {
    try (Connection _ = DriverManager.getConnection(jdbcUrl, login.user(), login.password())) {
      return true;
    } catch (SQLException e) {
      // 28: invalid authorization or password; 42501: no CONNECT privilege
      if (e.getSQLState() != null && (e.getSQLState().startsWith("28") || e.getSQLState().equals("42501"))) return false;
      throw e;
    }
  }

  private static void grantConnect(Connection connection, String app) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("GRANT CONNECT, TEMPORARY ON DATABASE " + quote(connection, connection.getCatalog()) + " TO " + quote(connection, app));
    }
  }

  private static void grant(Connection connection, String app) throws SQLException {
    String role = quote(connection, app);
    try (Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO " + role);
      statement.execute("ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO " + role);
      statement.execute("ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO " + role);
      statement.execute("GRANT USAGE ON SCHEMA public TO " + role);
      connection.commit();
    }
  }

  private static boolean roleExists(Connection connection, String role) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM pg_roles WHERE rolname = ?")) {
      statement.setString(1, role);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static String quote(Connection connection, String identifier) throws SQLException {
    return connection.unwrap(PGConnection.class).escapeIdentifier(identifier);
  }
}
