package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.EntitySet.Navigation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An address below the root of the service (18-088 §9.2), such as {@code Things(1)/Datastreams(2)/Observations}.
 *
 * @param steps sets and entities from the root on, one or more
 * @param property names of a property and of members of its value; empty: none
 */
record ResourcePath(List<Step> steps, List<String> property, Ending ending) {

  private static final Pattern SEGMENT = Pattern.compile("([A-Za-z]+)(?:\\((.*)\\))?");
  private static final int MOST_STEPS = 20;

  enum Ending { NONE, VALUE, REF }

  /**
   * @param navigation by which it was reached; {@code null} for the first
   * @param key of the one entity; {@code null}: the set, or the one entity to which the navigation leads
   */
  record Step(EntitySet set, Navigation navigation, Key key) {

    boolean collection() {
      return key == null && (navigation == null || navigation.many());
    }
  }

  /**
   * @param id of a row, or of a device or a series; {@code null} for an observation of a device
   * @param series of an observation of a device
   * @param at of an observation of a device, milliseconds since 1970 UTC
   */
  record Key(Long id, int series, long at) {

    static Key of(long id) {
      return new Key(id, 0, 0);
    }

    /** As it stands between parentheses. */
    String text() {
      return id == null ? "'" + ObservationId.of(series, at) + "'" : id.toString();
    }

    boolean own() {
      return id != null && id >= EntitySet.FIRST_OWN;
    }
  }

  Step last() {
    return steps.getLast();
  }

  /**
   * What the property is of an entity; {@code null}: it has no value.
   *
   * @throws ProblemException where its value has no such member
   */
  JsonNode value(ObjectNode entity) {
    String name = property.getFirst();
    JsonNode value = name.equals("id") ? entity.get("@iot.id") : entity.get(name);
    for (String member : property.subList(1, property.size())) {
      value = value == null ? null : value.isArray() && member.matches("[0-9]{1,6}") ? value.get(Integer.parseInt(member)) : value.get(member);
    }
    if (value == null && property.size() > 1) {
      throw notFound("there is no " + String.join("/", property) + " here", "此处没有 " + String.join("/", property));
    }
    return value;
  }

  /** @param path decoded, without a slash at its begin or end, not empty */
  static ResourcePath of(String path) {
    List<String> segments = List.of(path.split("/", -1));
    if (segments.size() > MOST_STEPS) {
      throw refuse("an address has at most " + MOST_STEPS + " steps", "地址最多 " + MOST_STEPS + " 级");
    }
    List<Step> steps = new ArrayList<>();
    List<String> property = new ArrayList<>();
    Ending ending = Ending.NONE;
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      boolean end = i == segments.size() - 1;
      if (end && segment.equals("$value") && !property.isEmpty()) {
        ending = Ending.VALUE;
      } else if (end && segment.equals("$ref") && property.isEmpty() && !steps.isEmpty()) {
        ending = Ending.REF;
      } else if (!property.isEmpty()) {
        property.add(segment);
      } else {
        Step step = step(steps.isEmpty() ? null : steps.getLast(), segment);
        if (step == null) {
          property.add(segment);
        } else {
          steps.add(step);
        }
      }
    }
    return new ResourcePath(List.copyOf(steps), List.copyOf(property), ending);
  }

  /** {@code null}: the segment is a property of the entity before it. */
  private static Step step(Step before, String segment) {
    Matcher matcher = SEGMENT.matcher(segment);
    if (!matcher.matches()) {
      throw refuse("'" + segment + "' is no part of an address such as Things(1)/Datastreams", "“" + segment + "”不是有效的地址部分");
    }
    String name = matcher.group(1);
    if (before == null) {
      EntitySet set = EntitySet.find(name).orElseThrow(() -> notFound("there is no set of entities '" + name + "'; the root of the service lists them", "没有实体集“" + name + "”"));
      return new Step(set, null, key(set, matcher.group(2)));
    }
    if (before.collection()) {
      throw refuse("'" + segment + "' follows a set; name one entity of it first, such as " + before.set().plural() + "(1)/" + segment, "请先在 " + before.set().plural() + " 中指定一个实体");
    }
    Navigation navigation = before.set().findNavigation(name).orElse(null);
    if (navigation == null) {
      if ((before.set().findProperty(name).isPresent() || name.equals("id")) && matcher.group(2) == null) {
        return null;
      }
      throw notFound("a " + before.set().singular() + " has no '" + segment + "'; it has " + before.set().names(), before.set().singular() + " 没有“" + segment + "”");
    }
    if (!navigation.many() && matcher.group(2) != null) {
      throw refuse("'" + name + "' leads to one entity; leave the id out", "“" + name + "”只指向一个实体，不需要 id");
    }
    return new Step(navigation.target(), navigation, key(navigation.target(), matcher.group(2)));
  }

  static Key key(EntitySet set, String text) {
    if (text == null) {
      return null;
    }
    String id = text.length() >= 2 && text.startsWith("'") && text.endsWith("'") ? text.substring(1, text.length() - 1) : text;
    if (id.matches("-?[0-9]{1,18}")) {
      return Key.of(Long.parseLong(id));
    }
    if (id.matches("-?[0-9]{19,}")) {
      throw notFound("there is no " + set.singular() + " with the id " + id, "没有 id 为 " + id + " 的 " + set.singular());
    }
    long[] parts = set == EntitySet.OBSERVATIONS ? ObservationId.parts(id) : null;
    if (parts == null) {
      throw refuse("'" + id + "' is no id of a " + set.singular() + "; ids are whole numbers" + (set == EntitySet.OBSERVATIONS ? ", or such as '12-1767225600000'" : ""),
          "“" + id + "”不是有效的 id");
    }
    return new Key(null, (int) parts[0], parts[1]);
  }

  static ProblemException notFound(String en, String zh) {
    return new ProblemException(StaProblem.NOT_FOUND, en).zh(zh);
  }

  private static ProblemException refuse(String en, String zh) {
    return new ProblemException(StaProblem.INVALID_QUERY, en).zh(zh);
  }
}
