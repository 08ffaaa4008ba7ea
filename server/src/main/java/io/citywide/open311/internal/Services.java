package io.citywide.open311.internal;

import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.platform.ProblemException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The services of the city: the matters in force of its catalogues, and what each asks its reporter. */
@Component
class Services {

  /**
   * A question to the reporter.
   *
   * @param pattern kind id, or its beginning followed by {@code *}
   */
  record Attribute(String pattern, String code, int order, String datatype, boolean required, String description,
      String datatypeDescription, List<Choice> choices) {

    boolean asksFor(String kindId) {
      return pattern.endsWith("*") ? kindId.startsWith(pattern.substring(0, pattern.length() - 1)) : pattern.equals(kindId);
    }
  }

  /** One value of a list. */
  record Choice(String key, String name) {}

  private final Catalogue catalogue;
  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final Clock clock;

  Services(Catalogue catalogue, JdbcClient jdbc, JsonMapper json, Clock clock) {
    this.catalogue = catalogue;
    this.jdbc = jdbc;
    this.json = json;
    this.clock = clock;
  }

  List<Kind> list() {
    return catalogue.listKinds(Kind.Family.MATTER, null);
  }

  /**
   * @throws ProblemException {@code open311.unknown-service}
   */
  Kind get(String code) {
    return catalogue.findKind(code)
        .filter(kind -> kind.family() == Kind.Family.MATTER && kind.activeOn(LocalDate.now(clock)))
        .orElseThrow(() -> new ProblemException(Open311Problem.UNKNOWN_SERVICE, "service_code '" + code + "' is unknown; GET services lists all"));
  }

  @Transactional(readOnly = true)
  List<Attribute> attributes() {
    return jdbc.sql(
            """
            SELECT kind_id, code, ordering, datatype, required, description, datatype_description, choices
            FROM open311_attribute ORDER BY kind_id, ordering, code
            """)
        .query((row, n) -> new Attribute(row.getString("kind_id"), row.getString("code"), row.getInt("ordering"), row.getString("datatype"),
            row.getBoolean("required"), row.getString("description"), row.getString("datatype_description"),
            json.readValue(row.getString("choices"), new TypeReference<List<Choice>>() {})))
        .list();
  }

  List<Attribute> attributesOf(String kindId) {
    return attributes().stream().filter(a -> a.asksFor(kindId)).toList();
  }

  /**
   * Checks the answers ({@code attribute[CODE]}) to the questions of a service.
   *
   * @return the answers in words, by the question's code
   * @throws ProblemException {@code open311.argument} naming the attribute, what it must be and what it was
   */
  Map<String, String> check(String kindId, Map<String, List<String>> answers) {
    List<Attribute> asked = attributesOf(kindId);
    Set<String> known = asked.stream().map(Attribute::code).collect(Collectors.toSet());
    for (String code : answers.keySet()) {
      if (!known.contains(code)) {
        throw argument("attribute[" + code + "] is not asked by service " + kindId + "; it asks " + (known.isEmpty() ? "nothing" : known));
      }
    }
    Map<String, String> checked = new LinkedHashMap<>();
    for (Attribute attribute : asked) {
      List<String> given = answers.getOrDefault(attribute.code(), List.of()).stream().filter(v -> !v.isBlank()).toList();
      if (given.isEmpty()) {
        if (attribute.required()) {
          throw argument("attribute[" + attribute.code() + "] is required by service " + kindId + ": " + attribute.description());
        }
        continue;
      }
      checked.put(attribute.code(), String.join(", ", given.stream().map(value -> check(attribute, value)).toList()));
    }
    return checked;
  }

  private static String check(Attribute attribute, String value) {
    String name = "attribute[" + attribute.code() + "]";
    switch (attribute.datatype()) {
      case "number" -> {
        if (!value.strip().matches("[+-]?\\d{1,15}(\\.\\d{1,10})?")) {
          throw argument(name + " must be a number, was '" + value + "'");
        }
      }
      case "datetime" -> {
        try {
          OffsetDateTime.parse(value);
        } catch (DateTimeParseException e) {
          throw argument(name + " must be a W3C date and time with offset such as 2026-11-22T08:00:00+08:00, was '" + value + "'");
        }
      }
      case "singlevaluelist", "multivaluelist" -> {
        if (attribute.choices().stream().noneMatch(choice -> choice.key().equals(value))) {
          throw argument(name + " must be one of " + new ArrayList<>(attribute.choices().stream().map(Choice::key).toList()) + ", was '" + value + "'");
        }
      }
      default -> {
        if (value.length() > 1000) {
          throw argument(name + " has " + value.length() + " characters; at most 1000 are taken");
        }
      }
    }
    return value;
  }

  static ProblemException argument(String detail) {
    return new ProblemException(Open311Problem.ARGUMENT, detail);
  }
}
