package io.citywide.place.internal;

import io.citywide.place.Area;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.AreaMention;
import io.citywide.place.PlaceReading;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the areas a text names: the longest name at each place wins, names and aliases alike. A name that several
 * areas bear is decided by the other areas in the text, or not at all. Immutable.
 */
final class Gazetteer {

  /** One character further into the names; {@code areas} where a name ends. */
  private static final class Node {
    private final Map<Character, Node> next = new HashMap<>(2);
    private List<Area> full = List.of();
    private List<Area> shortened = List.of();
  }

  /**
   * A name without its suffix is often a part of another name: 望江 is not the street in 望江路. Such a name counts
   * only where none of these follows.
   */
  private static final Set<String> FOLLOWERS = Set.of("路", "街", "道", "大道", "大街", "巷", "弄", "里", "桥", "大桥", "园", "苑",
      "村", "镇", "乡", "港", "河", "湖", "江", "山", "站", "医院", "学校", "中学", "小学", "大学", "小区", "花园", "花苑", "公园", "公馆",
      "广场", "大厦", "公司", "酒店", "学院", "市场", "城", "府", "居", "庭", "湾", "洲", "岛", "寺", "塔", "集团", "银行", "超市", "楼");

  /** Ways to say street and community beside the official word. */
  private static final Map<AreaLevel, List<String>> SUFFIXES = Map.of(
      AreaLevel.CITY, List.of("市"),
      AreaLevel.DISTRICT, List.of("区", "县", "市", "新区"),
      AreaLevel.STREET, List.of("街道", "街道办事处", "街道办", "镇", "乡"),
      AreaLevel.COMMUNITY, List.of("社区", "社区居委会", "居委会", "村", "村委会"));

  private final Node root = new Node();
  private final Map<String, Area> byCode;

  Gazetteer(Map<String, Area> byCode) {
    this.byCode = byCode;
    for (Area area : byCode.values()) {
      learn(area);
    }
  }

  private void learn(Area area) {
    if (area.level() == AreaLevel.UNIT_GRID) {
      // 003网格 is no name by itself: it needs its community before it.
      Area community = byCode.get(area.parentCode());
      if (community != null) {
        add(community.name() + area.name(), area, false);
      }
      add(area.code(), area, false);
    } else {
      add(area.name(), area, false);
      if (area.nameEn() != null) {
        add(area.nameEn(), area, false);
      }
      variants(area);
    }
    area.aliases().forEach(alias -> add(alias, area, false));
  }

  private void variants(Area area) {
    String name = area.name();
    List<String> suffixes = SUFFIXES.get(area.level());
    for (String suffix : suffixes) {
      if (!name.endsWith(suffix) || name.length() - suffix.length() < 2) {
        continue;
      }
      String stem = name.substring(0, name.length() - suffix.length());
      if (stem.chars().anyMatch(c -> c < 128)) {
        continue; // A3 alone says nothing
      }
      if (area.level() == AreaLevel.STREET && suffix.equals("街道")) {
        add(stem + "街道办", area, false);
        add(stem + "街道办事处", area, false);
      }
      if (area.level() == AreaLevel.COMMUNITY) {
        if (suffix.equals("社区")) {
          add(stem + "居委会", area, false);
        }
      } else {
        add(stem, area, true);
      }
      break;
    }
  }

  private void add(String name, Area area, boolean shortened) {
    String key = normal(name);
    if (key.isBlank()) {
      return;
    }
    Node node = root;
    for (int i = 0; i < key.length(); i++) {
      node = node.next.computeIfAbsent(key.charAt(i), c -> new Node());
    }
    if (shortened) {
      node.shortened = with(node.shortened, area);
    } else {
      node.full = with(node.full, area);
    }
  }

  private static List<Area> with(List<Area> areas, Area area) {
    if (areas.contains(area)) {
      return areas;
    }
    List<Area> more = new ArrayList<>(areas);
    more.add(area);
    return List.copyOf(more);
  }

  /** Same length as the text, so that positions hold: lower case, full-width letters and digits as plain ones. */
  private static String normal(String text) {
    StringBuilder normal = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= '！' && c <= '～') {
        c = (char) (c - '！' + '!');
      }
      normal.append(Character.toLowerCase(c));
    }
    return normal.toString();
  }

  private record Hit(List<Area> areas, int start, int end) {}

  private List<Hit> hits(String text) {
    String in = normal(text);
    List<Hit> hits = new ArrayList<>();
    int at = 0;
    while (at < in.length()) {
      Hit longest = null;
      if (!continuesWord(in, at)) {
        Node node = root;
        for (int i = at; i < in.length() && (node = node.next.get(in.charAt(i))) != null; i++) {
          if (continuesWord(in, i + 1)) {
            continue;
          }
          if (!node.full.isEmpty()) {
            longest = new Hit(node.full, at, i + 1);
          } else if (!node.shortened.isEmpty() && !namesSomethingElse(in, i + 1)) {
            longest = new Hit(node.shortened, at, i + 1);
          }
        }
      }
      if (longest == null) {
        at++;
      } else {
        hits.add(longest);
        at = longest.end;
      }
    }
    return hits;
  }

  /** Whether a Latin word or a number goes on over this position. */
  private static boolean continuesWord(String in, int at) {
    if (at == 0 || at >= in.length()) {
      return false;
    }
    char before = in.charAt(at - 1);
    char after = in.charAt(at);
    return before < 128 && after < 128 && Character.isLetterOrDigit(before) && Character.isLetterOrDigit(after);
  }

  private static boolean namesSomethingElse(String in, int end) {
    for (int ahead = 0; ahead <= 2; ahead++) {
      // 望江东路, 望江二桥: one or two characters may stand between
      for (int length = 1; length <= 2; length++) {
        int from = end + ahead;
        if (from + length <= in.length() && FOLLOWERS.contains(in.substring(from, from + length))) {
          return true;
        }
      }
      if (end + ahead < in.length() && "东南西北中一二三四五六七八九十新老".indexOf(in.charAt(end + ahead)) < 0) {
        return false;
      }
    }
    return false;
  }

  /** Mentions after ambiguous names were decided by the certain ones. */
  List<AreaMention> mentions(String text) {
    List<Hit> hits = hits(text);
    List<Area> certain = hits.stream().filter(h -> h.areas.size() == 1).map(h -> h.areas.getFirst()).toList();
    List<AreaMention> mentions = new ArrayList<>();
    for (Hit hit : hits) {
      List<Area> fitting =
          hit.areas.size() == 1
              ? hit.areas
              : hit.areas.stream().filter(a -> !certain.isEmpty() && certain.stream().allMatch(c -> related(a, c))).toList();
      if (fitting.size() == 1) {
        mentions.add(new AreaMention(fitting.getFirst(), hit.start, hit.end));
      }
    }
    return mentions;
  }

  PlaceReading read(String text) {
    List<AreaMention> mentions = mentions(text);
    Set<Area> named = mentions.stream().map(AreaMention::area).collect(Collectors.toCollection(LinkedHashSet::new));
    List<Hit> ambiguous = hits(text).stream()
        .filter(h -> h.areas.size() > 1 && mentions.stream().noneMatch(m -> m.start() == h.start)).toList();
    if (named.isEmpty()) {
      return ambiguous.isEmpty()
          ? new PlaceReading(Optional.empty(), mentions, "the text names no known area")
          : undecided(text, ambiguous, mentions);
    }
    String names = named.stream().map(Area::name).collect(Collectors.joining(", "));
    Area deepest = Collections.max(named, java.util.Comparator.comparingInt(a -> a.level().ordinal()));
    if (named.stream().allMatch(a -> related(a, deepest))) {
      return new PlaceReading(Optional.of(deepest), mentions,
          "the text names " + names + (named.size() > 1 ? "; " + deepest.name() + " is the deepest of them" : ""));
    }
    Optional<Area> common = common(named);
    return new PlaceReading(common, mentions, "the text names " + names
        + common.map(a -> ", which have only " + a.name() + " in common").orElse(", which contradict each other"));
  }

  private PlaceReading undecided(String text, List<Hit> ambiguous, List<AreaMention> mentions) {
    Set<Area> candidates = new HashSet<>();
    ambiguous.forEach(h -> candidates.addAll(h.areas));
    Hit first = ambiguous.getFirst();
    Optional<Area> common = common(candidates);
    return new PlaceReading(common, mentions, "'" + text.substring(first.start, first.end) + "' may be any of "
        + first.areas.size() + " areas"
        + common.map(a -> ", which have " + a.name() + " in common").orElse(""));
  }

  /** Deepest area above or equal to all. */
  private Optional<Area> common(Set<Area> areas) {
    List<Area> chain = null;
    for (Area area : areas) {
      List<Area> own = chain(area);
      if (chain == null) {
        chain = new ArrayList<>(own);
      } else {
        chain.retainAll(own);
      }
    }
    return chain == null || chain.isEmpty() ? Optional.empty() : Optional.of(chain.getLast());
  }

  private List<Area> chain(Area area) {
    List<Area> chain = new ArrayList<>();
    for (Area at = area; at != null; at = at.parentCode() == null ? null : byCode.get(at.parentCode())) {
      chain.addFirst(at);
    }
    return chain;
  }

  private static boolean related(Area a, Area b) {
    return AreaCode.within(a.code(), b.code()) || AreaCode.within(b.code(), a.code());
  }

  /** Areas whose name, alias or code holds the words, shallow ones first. */
  List<Area> search(String words, int limit) {
    String wanted = normal(words.strip()).toLowerCase(Locale.ROOT);
    return byCode.values().stream()
        .filter(a -> normal(a.name()).contains(wanted) || a.code().startsWith(words.strip())
            || a.nameEn() != null && normal(a.nameEn()).contains(wanted)
            || a.aliases().stream().anyMatch(alias -> normal(alias).contains(wanted)))
        .sorted(java.util.Comparator.comparing((Area a) -> !normal(a.name()).startsWith(wanted)).thenComparing(Area::level).thenComparing(Area::code))
        .limit(limit)
        .toList();
  }
}
