package io.citywide.cli.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * How the columns of somebody's file become reports or components; read from YAML. docs/import.md describes every
 * key, docs/mappings has examples.
 *
 * @param source name of the system the file comes from, the first half of each row's natural key
 * @param channel channel the reports are booked under, default {@code IMPORT}
 * @param encoding {@code auto} (UTF-8 if the file is valid UTF-8, else GB18030) or a charset's name
 * @param delimiter one character, default a comma
 * @param timezone zone of the file's times, such as {@code Asia/Shanghai}
 * @param timeFormats patterns tried in this order, default ISO
 * @param crs coordinate system of the file: WGS84, CGCS2000, GCJ02 or BD09
 * @param columns which column (or columns, joined) feeds which field of a report
 * @param kinds which value of the kind column means which kind
 * @param units which value of the unit column means which unit
 * @param status which value of the status column means OPEN, CLOSED or VOID
 * @param history the rows were already dealt with elsewhere: each becomes a case of its own as it was
 * @param areas how to make an area tree where the city has none for these rows
 * @param compare a column whose verdict on punctuality is compared with the evaluation's
 */
public record Mapping(
    String source,
    String channel,
    String encoding,
    String delimiter,
    String timezone,
    List<String> timeFormats,
    String crs,
    Columns columns,
    Kinds kinds,
    Units units,
    Map<String, String> status,
    boolean history,
    Areas areas,
    Compare compare) {

  private static final List<String> SYSTEMS = List.of("WGS84", "CGCS2000", "GCJ02", "BD09");

  /** A file that cannot be used as a mapping; the message says what and where. */
  public static final class Invalid extends Exception {
    public Invalid(String message) {
      super(message);
    }
  }

  /**
   * Columns by the field they feed. {@code title}, {@code description} and {@code address} may name several,
   * joined by a blank; the others exactly one.
   *
   * @param ref the row's id in its own system; without it a row is known by its content
   * @param ident identification code of a component; this and what follows, with kind, lon, lat and status, is for components
   * @param owner code of the unit in charge
   * @param origin where the position came from (数据来源)
   */
  public record Columns(
      String ref,
      List<String> title,
      List<String> description,
      String kind,
      String lon,
      String lat,
      List<String> address,
      String area,
      String component,
      String occurredAt,
      String openedAt,
      String targetAt,
      String closedAt,
      String status,
      String unit,
      String closure,
      String urgency,
      String reporterName,
      String reporterPhone,
      Map<String, String> attributes,
      String ident,
      String name,
      String owner,
      String accuracy,
      String origin,
      String recordedOn,
      String changedOn) {}

  /**
   * @param values kind id by value of the column
   * @param local name of a local catalogue in which values without an entry become kinds; {@code null}: such a
   *     value is left to recognition
   */
  public record Kinds(Map<String, String> values, String local) {}

  /**
   * @param names unit name by value of the column
   * @param create units that do not exist are made, as departments of this area
   */
  public record Units(Map<String, String> names, boolean create) {}

  /**
   * Either {@code columns} (district, street and community of each row; boundaries are drawn around the rows'
   * positions) or {@code pattern} (names in the text, without boundaries).
   *
   * @param city code of six digits ending in 00
   * @param name of the city
   * @param columns column by level: district, street, community; one that is missing takes the name of the level above
   * @param clean a regular expression whose matches are removed from names, such as {@code ^Ward\s*0*}
   * @param pattern regular expression with the groups {@code city} and {@code district}
   */
  public record Areas(String city, String name, Levels columns, String clean, Pattern pattern) {

    /** Columns by level. */
    public record Levels(String district, String street, String community) {}

    /** Names of areas inside texts, as in anonymised messages: A市, A3区. */
    public record Pattern(String district) {}
  }

  /**
   * @param column of the file
   * @param onTime its values that mean on time
   * @param overdue its values that mean late
   */
  public record Compare(String column, Set<String> onTime, Set<String> overdue) {}

  /**
   * A mapping for reports.
   *
   * @throws Invalid where it is missing, is no YAML, has an unknown key or an impossible value
   */
  public static Mapping read(Path file) throws Invalid {
    return parse(file).checkedForReports(file).checked(file);
  }

  /**
   * A mapping for components.
   *
   * @throws Invalid where it is missing, is no YAML, has an unknown key or an impossible value
   */
  public static Mapping readForComponents(Path file) throws Invalid {
    Mapping raw = parse(file);
    if (raw.columns == null || raw.columns.ident() == null) {
      throw new Invalid("the mapping " + file + ": columns.ident is required, the identification code of each component");
    }
    if (raw.history || raw.areas != null || raw.compare != null) {
      throw new Invalid("the mapping " + file + ": history, areas and compare are for reports, not for components");
    }
    return raw.checked(file);
  }

  private static Mapping parse(Path file) throws Invalid {
    try {
      return YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY).disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build()
          .readValue(Files.readString(file), Mapping.class);
    } catch (IOException e) {
      throw new Invalid("cannot read the mapping " + file + ": " + e.getMessage());
    } catch (UnrecognizedPropertyException e) {
      throw new Invalid("the mapping " + file + ": unknown key '" + e.getPropertyName() + "'; known here are " + e.getKnownPropertyIds());
    } catch (JacksonException e) {
      String where = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      throw new Invalid("the mapping " + file + where + ": " + e.getOriginalMessage());
    }
  }

  private Mapping checkedForReports(Path file) throws Invalid {
    if (columns == null || columns.description() == null || columns.description().isEmpty()) {
      throw new Invalid("the mapping " + file + ": columns.description is required");
    }
    if (history && columns.openedAt() == null) {
      throw new Invalid("the mapping " + file + ": history needs columns.openedAt");
    }
    return this;
  }

  private Mapping checked(Path file) throws Invalid {
    if (source == null || !source.matches("[a-z0-9.-]{2,40}")) {
      throw new Invalid("the mapping " + file + ": source must be 2 to 40 of a-z 0-9 . -, was '" + source + "'");
    }
    if ((columns.lon() == null) != (columns.lat() == null)) {
      throw new Invalid("the mapping " + file + ": columns.lon and columns.lat go together");
    }
    if (crs != null && !SYSTEMS.contains(crs)) {
      throw new Invalid("the mapping " + file + ": crs must be one of " + SYSTEMS + ", was '" + crs + "'");
    }
    try {
      ZoneId.of(timezone == null ? "Asia/Shanghai" : timezone);
    } catch (DateTimeException e) {
      throw new Invalid("the mapping " + file + ": timezone '" + timezone + "' is unknown; use a name such as Asia/Shanghai");
    }
    return new Mapping(
        source,
        channel == null ? "IMPORT" : channel,
        encoding == null ? "auto" : encoding,
        delimiter == null ? "," : delimiter,
        timezone == null ? "Asia/Shanghai" : timezone,
        timeFormats == null ? List.of() : timeFormats,
        crs == null ? "WGS84" : crs,
        columns,
        kinds == null ? new Kinds(Map.of(), null) : new Kinds(kinds.values() == null ? Map.of() : kinds.values(), kinds.local()),
        units == null ? new Units(Map.of(), false) : new Units(units.names() == null ? Map.of() : units.names(), units.create()),
        status == null ? Map.of() : status,
        history,
        areas,
        compare);
  }

  public ZoneId zone() {
    return ZoneId.of(timezone);
  }
}
