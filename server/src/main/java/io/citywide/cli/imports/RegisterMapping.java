package io.citywide.cli.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What the columns of a register of buildings mean.
 *
 * @param encoding {@code auto} (UTF-8 if the file is valid UTF-8, else GB18030) or a charset's name
 * @param delimiter one character
 * @param crs coordinate system of the file: WGS84, CGCS2000, GCJ02 or BD09
 * @param columns column by field; a field that is not named stands in the column of its own name
 * @param values ours by theirs, by field, such as {@code use: {住宅: RESIDENTIAL}}
 */
public record RegisterMapping(String encoding, String delimiter, String crs, Map<String, String> columns, Map<String, Map<String, String>> values) {

  private static final List<String> SYSTEMS = List.of("WGS84", "CGCS2000", "GCJ02", "BD09");

  /** Columns of the names of the fields, UTF-8 or GB18030, WGS-84. */
  public static final RegisterMapping PLAIN = new RegisterMapping("auto", ",", "WGS84", Map.of(), Map.of());

  /**
   * @param fields that there are
   * @throws Mapping.Invalid where it is missing, is no YAML, has an unknown key or an impossible value
   */
  public static RegisterMapping read(Path file, List<String> fields) throws Mapping.Invalid {
    RegisterMapping raw;
    try {
      raw = YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build().readValue(Files.readString(file), RegisterMapping.class);
    } catch (IOException e) {
      throw new Mapping.Invalid("cannot read the mapping " + file + ": " + e.getMessage());
    } catch (UnrecognizedPropertyException e) {
      throw new Mapping.Invalid("the mapping " + file + ": unknown key '" + e.getPropertyName() + "'; known here are " + e.getKnownPropertyIds());
    } catch (JacksonException e) {
      throw new Mapping.Invalid("the mapping " + file + ": " + e.getOriginalMessage());
    }
    RegisterMapping mapping = new RegisterMapping(raw.encoding == null ? PLAIN.encoding : raw.encoding, raw.delimiter == null ? PLAIN.delimiter : raw.delimiter,
        raw.crs == null ? PLAIN.crs : raw.crs, raw.columns == null ? Map.of() : raw.columns, raw.values == null ? Map.of() : raw.values);
    if (!SYSTEMS.contains(mapping.crs)) {
      throw new Mapping.Invalid("the mapping " + file + ": crs must be one of " + SYSTEMS + ", was '" + mapping.crs + "'");
    }
    if (mapping.delimiter.length() != 1) {
      throw new Mapping.Invalid("the mapping " + file + ": delimiter must be one character, was '" + mapping.delimiter + "'");
    }
    for (String field : List.copyOf(mapping.columns.keySet())) {
      if (!fields.contains(field)) {
        throw new Mapping.Invalid("the mapping " + file + ": there is no field columns." + field + "; there are " + fields);
      }
    }
    return mapping;
  }
}
