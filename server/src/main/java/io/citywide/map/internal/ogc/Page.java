package io.citywide.map.internal.ogc;

import java.util.List;
import java.util.Map;
import org.springframework.web.util.HtmlUtils;

/** A document as a plain page, without script: what the tree of maps and lists says, in words and links. */
final class Page {

  private final StringBuilder html = new StringBuilder();

  private Page() {}

  static String of(String title, String language, String base, Map<String, ?> document) {
    Page page = new Page();
    page.html.append("<!doctype html>\n<html lang=\"").append(language).append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
        .append(escaped(title)).append("</title><link rel=\"stylesheet\" href=\"").append(escaped(base)).append("/style.css\"></head><body>\n<nav><a href=\"")
        .append(escaped(base)).append("?f=html\">OGC API</a></nav>\n<h1>").append(escaped(title)).append("</h1>\n");
    page.members(document);
    return page.html.append("</body></html>\n").toString();
  }

  private void members(Map<?, ?> members) {
    html.append("<dl>\n");
    members.forEach((name, value) -> {
      html.append("<dt>").append(escaped(String.valueOf(name))).append("</dt><dd>");
      value(value);
      html.append("</dd>\n");
    });
    html.append("</dl>\n");
  }

  private void value(Object value) {
    switch (value) {
      case Map<?, ?> link when link.get("href") instanceof String href && !href.contains("{") -> html.append("<a href=\"").append(escaped(page(href))).append("\">")
          .append(escaped(String.valueOf(link.get("title")))).append("</a> <small>").append(escaped(String.valueOf(link.get("rel")))).append("</small>");
      case Map<?, ?> map -> members(map);
      case List<?> list when list.stream().allMatch(Number.class::isInstance) -> html.append(escaped(list.toString()));
      case List<?> list -> {
        html.append("<ul>");
        for (Object item : list) {
          html.append("<li>");
          value(item);
          html.append("</li>");
        }
        html.append("</ul>");
      }
      case null -> html.append("–");
      default -> html.append(escaped(String.valueOf(value)));
    }
  }

  /** A person who follows a link wants a page again. */
  private static String page(String href) {
    return href.startsWith("http") && href.contains("/ogc") ? href.replaceFirst("([?&])f=json", "$1f=html") : href;
  }

  static String escaped(String text) {
    return HtmlUtils.htmlEscape(text, "UTF-8");
  }
}
