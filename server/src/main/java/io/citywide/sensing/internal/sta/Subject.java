package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.EntitySet.Navigation;
import io.citywide.sensing.internal.sta.ResourcePath.Key;
import io.citywide.sensing.internal.sta.ResourcePath.Step;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one may wish to hear of (18-088, receive-updates-via-mqtt): a set, the set below an entity, an entity, a property of one; of the first three also
 * some properties by {@code $select}. Beyond the standard {@code Things(1)/Datastreams/Observations}: those of all Datastreams of a Thing.
 */
public final class Subject {

  private static final Pattern THROUGH = Pattern.compile("(Things\\([^/]*\\)/Datastreams)/Observations");

  /** Whose observations of devices it takes in. */
  public enum Reach { NONE, SERIES, DEVICE, ALL }

  final String address;
  final ResourcePath path;
  final Options options;
  /** Of the Observations below all Datastreams to which the path leads. */
  final boolean through;

  private Subject(String address, ResourcePath path, Options options, boolean through) {
    this.address = address;
    this.path = path;
    this.options = options;
    this.through = through;
  }

  /**
   * Reads an address below the root of the service.
   *
   * @throws ProblemException where it is none, or one of which nothing is told
   */
  public static Subject of(String text) {
    if (text.indexOf('+') >= 0 || text.indexOf('#') >= 0) {
      throw refuse("there are no wildcards here; name a set, an entity or a property", "不支持通配符，请指定实体集、实体或属性");
    }
    int query = text.indexOf('?');
    String address = query < 0 ? text : text.substring(0, query);
    Matcher through = THROUGH.matcher(address);
    ResourcePath path = ResourcePath.of(through.matches() ? through.group(1) : address);
    Options options = Options.of(through.matches() ? EntitySet.OBSERVATIONS : path.last().set(), query < 0 ? null : text.substring(query + 1));
    if (options.written().stream().anyMatch(option -> !option.getKey().equals("$select"))) {
      throw refuse("of the query options there is only $select here", "此处只支持 $select");
    }
    if (path.ending() != ResourcePath.Ending.NONE || !path.property().isEmpty() && query >= 0) {
      throw refuse("$value, $ref and the selection within a property cannot be subscribed to; name a set, an entity or a property", "不能订阅 $value、$ref 或属性内的选择");
    }
    return new Subject(address, path, options, through.matches());
  }

  /** Name of the set whose changes concern it. */
  public String set() {
    return entities().plural();
  }

  private EntitySet entities() {
    return through ? EntitySet.OBSERVATIONS : path.last().set();
  }

  /** Where it listens, as {@link Change#places}. @param found the entity to which it leads, or below which its set is */
  public String place(long found) {
    boolean one = ofOne() ? path.last().key() != null && entities() != EntitySet.OBSERVATIONS : reach() == Reach.SERIES;
    return one ? set() + "/" + found : set();
  }

  /** One property, told only when it is not what it was. */
  public boolean ofProperty() {
    return !path.property().isEmpty();
  }

  boolean ofOne() {
    return !through && !path.last().collection();
  }

  public Reach reach() {
    Step last = path.last();
    if (entities() != EntitySet.OBSERVATIONS || ofOne()) {
      return Reach.NONE;
    }
    if (!through && last.navigation() == null) {
      return Reach.ALL;
    }
    return !through && last.navigation().ofStream() ? Reach.SERIES : Reach.DEVICE;
  }

  /** Whether a change of its set may be one of it; the answer for {@link #at} says whether it is. */
  public boolean mayConcern(Change change) {
    Key last = path.last().key();
    if (ofOne()) {
      return last == null || last.id() != null && last.id() == change.id();
    }
    Navigation navigation = path.last().navigation();
    Key parent = path.steps().size() < 2 ? null : path.steps().get(path.steps().size() - 2).key();
    return through || navigation == null || parent == null || !navigation.ofStream() || parent.id() != null && parent.id() == change.stream();
  }

  /** The address of what has changed, by the way that it names. */
  ResourcePath at(Change change) {
    return ofOne() ? path : ResourcePath.of(through ? address.replaceFirst("/Observations$", "(" + change.stream() + ")/Observations(" + change.id() + ")") : address + "(" + change.id() + ")");
  }

  private static ProblemException refuse(String en, String zh) {
    return new ProblemException(StaProblem.INVALID_QUERY, en).zh(zh);
  }
}
