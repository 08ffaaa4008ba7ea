package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Several requests in one body, in the JSON form of OData 4.01 (§19 of its JSON format) that FROST-Server takes:
 * {@code {"requests": [{"id": "1", "atomicityGroup": "g", "method": "post", "url": "Things", "body": {…}}]}}. What can be seen to be wrong before
 * anything is done is refused as a whole.
 *
 * @param items 1 to {@value #MOST} in their order; those of a group stand together
 */
record RequestBatch(List<Item> items) {

  static final int MOST = 1_000;

  private static final Set<String> MEMBERS = Set.of("id", "atomicityGroup", "method", "url", "body");
  private static final Set<String> METHODS = Set.of("GET", "POST", "PATCH", "PUT", "DELETE");
  private static final String NAME = "[A-Za-z0-9_.:,;-]{1,64}";
  private static final Pattern FIRST = Pattern.compile("^\\$(" + NAME + ")(?=/|$)");
  private static final Pattern KEY = Pattern.compile("\\(\\$(" + NAME + ")\\)");

  /**
   * @param group {@code null}: by itself
   * @param url below the root of the service, as it was written
   * @param body missing node: none
   */
  record Item(String id, String group, String method, String url, JsonNode body) {

    /** Ids of the requests to whose entities it refers. */
    Set<String> references() {
      Set<String> ids = new LinkedHashSet<>();
      FIRST.matcher(path()).results().forEach(found -> ids.add(found.group(1)));
      KEY.matcher(path()).results().forEach(found -> ids.add(found.group(1)));
      linked(body, id -> {
        ids.add(id);
        return null;
      });
      return ids;
    }

    private String path() {
      int query = url.indexOf('?');
      return query < 0 ? url : url.substring(0, query);
    }

    /** The same with what was made in the places of the references. */
    Item with(Map<String, Made> made) {
      Function<MatchResult, String> address = found -> Matcher.quoteReplacement(made.get(found.group(1)).address());
      Function<MatchResult, String> key = found -> Matcher.quoteReplacement("(" + made.get(found.group(1)).key() + ")");
      String at = KEY.matcher(FIRST.matcher(path()).replaceFirst(address)).replaceAll(key);
      JsonNode copy = body.deepCopy();
      linked(copy, id -> made.get(id).id());
      return new Item(id, group, method, at + url.substring(path().length()), copy);
    }

    /** Goes to each link such as {@code {"@iot.id": "$1"}} of a body; what the function gives takes its place, {@code null} leaves it. */
    private static void linked(JsonNode node, Function<String, JsonNode> with) {
      if (node instanceof ObjectNode object && object.path("@iot.id").isString() && object.path("@iot.id").asString().startsWith("$")) {
        JsonNode id = with.apply(object.path("@iot.id").asString().substring(1));
        if (id != null) {
          object.set("@iot.id", id);
        }
      }
      node.forEach(member -> linked(member, with));
    }
  }

  /**
   * An entity that a request has made.
   *
   * @param address below the root of the service, such as {@code Things(1)}
   * @param id its {@code @iot.id}
   */
  record Made(String address, JsonNode id) {

    String key() {
      return address.substring(address.indexOf('(') + 1, address.length() - 1);
    }
  }

  /**
   * Reads a batch.
   *
   * @param base address of the root of the service
   * @param root its path, such as {@code /sta/v1.1}
   */
  static RequestBatch of(JsonNode body, String base, String root) {
    if (!(body.path("requests") instanceof ArrayNode requests) || requests.isEmpty()) {
      throw invalid("", "the body is {\"requests\": [{\"id\": \"1\", \"method\": \"get\", \"url\": \"Things\"}]}", "请求体应为 {\"requests\": […]}");
    }
    if (requests.size() > MOST) {
      throw new ProblemException(StaProblem.TOO_WIDE, "a batch holds at most " + MOST + " requests, was " + requests.size(), Map.of("bound", MOST)).zh("一批最多 " + MOST + " 个请求");
    }
    Map<String, Item> items = new LinkedHashMap<>();
    Set<String> groups = new HashSet<>();
    String group = null;
    for (JsonNode request : requests) {
      String at = "requests[" + items.size() + "]/";
      Item item = item(request, at, base, root);
      if (items.containsKey(item.id()) || groups.contains(item.id())) {
        throw invalid(at + "id", "'" + item.id() + "' is the id of an earlier request, or of a group", "id 重复");
      }
      if (item.group() != null && !item.group().equals(group) && (!groups.add(item.group()) || items.containsKey(item.group()))) {
        throw invalid(at + "atomicityGroup", "the requests of a group stand together, and it has the id of no request", "同一原子组的请求须相邻，且组名不得与请求 id 相同");
      }
      group = item.group();
      for (String id : item.references()) {
        Item referred = items.get(id);
        if (referred == null || !referred.method().equals("POST")) {
          throw invalid(at, "refers to $" + id + ", and no POST before it has this id", "引用了 $" + id + "，但之前没有此 id 的 POST 请求");
        }
      }
      items.put(item.id(), item);
    }
    return new RequestBatch(List.copyOf(items.values()));
  }

  private static Item item(JsonNode request, String at, String base, String root) {
    for (String name : request.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        throw invalid(at + name, "is no member of a request; it has id, atomicityGroup, method, url and body", "不是请求的成员");
      }
    }
    String id = text(request, "id", at);
    String group = request.path("atomicityGroup").isMissingNode() ? null : text(request, "atomicityGroup", at);
    for (String name : group == null ? List.of(id) : List.of(id, group)) {
      if (!name.matches(NAME)) {
        throw invalid(at, "an id and a group have 1 to 64 of the characters a-z A-Z 0-9 _ . : , ; -, was '" + name + "'", "id 与组名为 1 至 64 个字母、数字或 _ . : , ; -");
      }
    }
    String method = text(request, "method", at).toUpperCase(Locale.ROOT);
    if (!METHODS.contains(method)) {
      throw invalid(at + "method", "is get, post, patch, put or delete, was '" + method + "'", "应为 get、post、patch、put 或 delete");
    }
    String url = below(text(request, "url", at), at + "url", base, root);
    if (url.matches("\\$batch([/?].*)?")) {
      throw invalid(at + "url", "a batch holds no batch", "批处理中不能再含批处理");
    }
    Item item = new Item(id, group, method, url, request.path("body"));
    try {
      URI.create("/" + item.path());
    } catch (IllegalArgumentException e) {
      throw invalid(at + "url", "has a path whose characters are not those of an address; encode them by %", "路径中有不能出现在地址里的字符，请用 % 编码");
    }
    if (group != null && url.startsWith("CreateObservations")) {
      throw invalid(at + "url", "CreateObservations takes what it can, a group all or nothing: send it outside of the group", "CreateObservations 不能放在原子组中");
    }
    return item;
  }

  private static String below(String url, String at, String base, String root) {
    for (String begin : List.of(base + "/", root + "/")) {
      if (url.startsWith(begin)) {
        return url.substring(begin.length());
      }
    }
    if (url.isEmpty() || url.startsWith("/") || url.contains("://") && url.indexOf("://") < (url + "?").indexOf('?') || url.contains("#")) {
      throw invalid(at, "is an address below the root of the service, such as Things(1)/Datastreams, was '" + url + "'", "应为服务根地址之下的地址，如 Things(1)/Datastreams");
    }
    return url;
  }

  private static String text(JsonNode request, String name, String at) {
    if (!request.path(name).isString()) {
      throw invalid(at + name, "is a text", "应为文字");
    }
    return request.path(name).asString();
  }

  /** The requests in their order, each by itself or with those of its group. */
  List<List<Item>> units() {
    List<List<Item>> units = new ArrayList<>();
    String group = null;
    for (Item item : items) {
      if (item.group() == null || !item.group().equals(group)) {
        units.add(new ArrayList<>());
      }
      units.getLast().add(item);
      group = item.group();
    }
    return units;
  }

  static ProblemException invalid(String field, String en, String zh) {
    return new ProblemException(StaProblem.INVALID_BATCH, (field + " " + en).strip(), Map.of("field", field)).zh((field + " " + zh).strip());
  }
}
